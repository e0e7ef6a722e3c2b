"""Sandboxed Jinja: the only code that templates and captions may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, UndefinedError, meta, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from editorial.problem import BadInput, Problem
from studio.number import NBSP, long_day, short_day, write_number

OWN_NAMES = frozenset({"language", "theme", "size", "layout"})
ROW_NAMES = frozenset({"item", "number", "count", "first", "last"})
_LARGEST = 10**12
_PADDING = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "format", "format_map", "indent"})
_GREEDY = frozenset({"batch", "slice", "wordwrap", "urlize"})  # filters that can make much of little, or markup of words
_LOOPS = 2  # one within another
_NAMED = re.compile("'([^']+)'")
_BARE = re.compile(r"^https?://(www\.)?")


@pass_context
def _number(context: Context, value: object) -> str:
    return write_number(value, str(context.get("language", "vi")))


@pass_context
def _long_day(context: Context, value: object) -> str:
    return long_day(value, str(context.get("language", "vi"))) if isinstance(value, date) else str(value)


def _day(value: object) -> str:
    return short_day(value) if isinstance(value, date) else str(value)


def _keep(value: object) -> str:
    return str(value).replace(" ", NBSP)


def _bare(value: object) -> str:
    return _BARE.sub("", str(value)).rstrip("/")


def _two_digits(value: object) -> str:
    return f"{int(str(value)):02d}"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox without what a short text can eat the machine's time or memory with."""

    intercepted_binops = frozenset({"**", "*", "%"})

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Calculate with small numbers only: `x * 999999999` on a text is gigabytes, `9 ** 9 ** 9` an hour."""
        small = all(isinstance(side, int | float | Decimal) and -_LARGEST < side < _LARGEST for side in (left, right))
        if operator == "**" or not small:
            raise SecurityError(f"{operator} is for numbers under {_LARGEST:,}, and ** is not there")
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: object) -> None:
        """Have no `format` of texts at all: `'{:>999999999}'` pads as well."""
        return

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Refuse macros, which can call themselves, and loops in loops in loops: a line of them takes hours."""
        tree = super()._parse(source, name, filename)
        greedy = next(tree.find_all((nodes.Macro, nodes.CallBlock)), None)
        if greedy is not None:
            raise TemplateSyntaxError("macro is not there", greedy.lineno, name, filename)
        if _depth(tree) > _LOOPS:
            raise TemplateSyntaxError("loops stand at most two deep", 1, name, filename)
        return tree

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Refuse the methods that pad a text to any width."""
        return attr not in _PADDING and super().is_safe_attribute(obj, attr, value)


def _depth(node: nodes.Node) -> int:
    """Return how deep loops stand in one another."""
    inner = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.For)


def environment() -> ImmutableSandboxedEnvironment:
    """Return a fresh sandbox with the house's filters, in which an unknown name is an error."""
    made = _Sandbox(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(number=_number, day=_day, long_day=_long_day, keep=_keep, bare=_bare, two_digits=_two_digits)
    for name in (_PADDING | _GREEDY) & made.filters.keys():
        del made.filters[name]
    made.globals = {}
    return made


@lru_cache(maxsize=1)
def _shared() -> ImmutableSandboxedEnvironment:
    return environment()


@lru_cache(maxsize=4096)
def names_in(source: str) -> frozenset[str]:
    """Return the names that a Jinja text asks for; raise TemplateError when it is not Jinja."""
    return frozenset(meta.find_undeclared_variables(_shared().parse(source)))


@lru_cache(maxsize=4096)
def columns_in(source: str) -> frozenset[str]:
    """Return the columns that a Jinja text asks of `item`; raise TemplateError when it is not Jinja."""
    reads = _shared().parse(source).find_all(nodes.Getattr)
    return frozenset(read.attr for read in reads if isinstance(read.node, nodes.Name) and read.node.name == "item")


def print_text(source: str, context: Mapping[str, object]) -> str:
    """Return a Jinja text filled in; raise BadInput where the data makes it fail."""
    if "{" not in source:
        return source
    try:
        return _compiled(source).render(context)
    except (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BadInput(Problem(rule="wrong-expression", key=source, message=_told(source, error))) from error


def _told(source: str, error: Exception) -> str:
    """Say what is wrong with a Jinja text to whoever wrote it; Jinja says it in English, with names of our own classes."""
    if isinstance(error, UndefinedError) and (named := _NAMED.findall(str(error))):
        return f"“{source}” hỏi “{named[-1]}”, tên không có ở đây; hãy xem lại tên"
    if isinstance(error, TemplateSyntaxError):
        return f"“{source}” có dấu ngoặc nhọn hoặc phép tính viết sai, thiếu hay chưa khép; hãy xem lại"
    return f"không tính được “{source}” với dữ liệu này: {error}"


def holds(source: str | None, context: Mapping[str, object]) -> bool:
    """Return whether a bare expression is true; no expression is true."""
    if source is None:
        return True
    return print_text("{% if " + source + " %}1{% endif %}", context) == "1"


@lru_cache(maxsize=4096)
def may_hold(source: str, size: str, layout: str) -> bool:
    """Return whether a bare expression can be true at a size, whatever the data."""
    tree = _shared().parse("{{ " + source + " }}")
    _Known({"size": size, "layout": layout}).visit(tree)
    output = next(tree.find_all(nodes.Output), None)
    return output is None or _truth(output.nodes[0]) is not False


class _Known(NodeTransformer):
    """Put the values of known names in their place."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802  # the name by which Jinja calls it
        return nodes.Const(self._names[node.name]) if node.name in self._names else node


def _truth(node: nodes.Node) -> bool | None:
    """Return whether an expression is true, None where that depends on the data."""
    if isinstance(node, nodes.Not):
        inner = _truth(node.node)
        return None if inner is None else not inner
    if isinstance(node, nodes.And | nodes.Or):
        decides = isinstance(node, nodes.Or)
        sides = (_truth(node.left), _truth(node.right))
        return decides if decides in sides else None if None in sides else not decides
    try:
        return bool(node.as_const()) if isinstance(node, nodes.Expr) else None
    except (nodes.Impossible, TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
        return None


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Template:
    return _shared().from_string(source)


__all__ = ["OWN_NAMES", "ROW_NAMES", "TemplateError", "columns_in", "environment", "holds", "may_hold", "names_in", "print_text"]
