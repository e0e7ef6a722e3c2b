"""Find every Vietnamese sentence that can become a part of a Problem's message, by following expressions through the product."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from editorial.lunar import year_name

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("editorial", "reading", "store", "studio", "publishers", "scheduler", "desk")
LETTERS = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
Function = ast.FunctionDef | ast.AsyncFunctionDef
# What a Problem is made with, beside the class itself: (callee, parameter). The rest is found from these.
SEEDS = {("Problem", "message"), ("TextFault", "message"), ("Fault", "message"), ("in_words", "text")}
RAISED = frozenset({"ValueError", "PydanticCustomError"})  # what a record's own check says; the reader makes a Problem of it
# What these say goes into the ledger, onto a page, into a calendar or out to the public, in the office's language.
NOT_MESSAGES = (
    "editorial/claims/", "editorial/expectation.py", "editorial/fact_guess.py", "editorial/likeness.py",
    "editorial/correction.py", "scheduler/correct.py", "store/ics/entries.py", "store/ics/occasions.py", "store/ics/slug.py",
    "studio/font.py", "studio/number.py", "desk/web/", "desk/capability_words.py", "desk/deed_words.py", "desk/certificate.py",
    "desk/rehearsal_words.py", "desk/consistency_score.py", "desk/catalogue.py", "studio/alt_text.py",
    "desk/proofing.py", "studio/golden.py", "desk/studio_speed.py", "desk/studio_trials.py", "studio/trial.py",
    "desk/trials.py",
    "editorial/fact_words.py", "editorial/period_words.py", "scheduler/verify.py", "desk/silence_speed.py",
    "desk/silence_trial.py", "publishers/static_site/page.py", "desk/deliveries_speed.py", "desk/deliveries_trial.py",
    "desk/desk_speed.py", "desk/large_office.py", "desk/large_records.py",
    "desk/commands/coverage_grid.py", "desk/commands/days_off.py", "scheduler/follow.py", "scheduler/publish.py",
    "scheduler/reconcile.py", "store/followers.py", "store/turn.py",
)  # fmt: skip


def skeleton(node: ast.expr) -> str:
    """Return a literal with its values numbered: `không có “{0}”`."""
    if isinstance(node, ast.Constant):
        return str(node.value).replace("{", "{{").replace("}", "}}")
    assert isinstance(node, ast.JoinedStr)
    parts, number = [], 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value).replace("{", "{{").replace("}", "}}"))
        else:
            parts.append(f"{{{number}}}")
            number += 1
    return "".join(parts)


@dataclass
class Module:
    """One file: its functions by name, its constants, and which function encloses each node."""

    path: Path
    tree: ast.Module

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]

    @cached_property
    def imports(self) -> dict[str, list[Path]]:
        """Return, by imported name, the files that it may come from."""
        found: dict[str, list[Path]] = defaultdict(list)
        for statement in (node for node in ast.walk(self.tree) if isinstance(node, ast.ImportFrom)):
            for alias in statement.names:
                found[alias.name].append(HOUSE / f"{(statement.module or '').replace('.', '/')}.py")
        return found

    def enclosing(self, node: ast.AST) -> Function | None:
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                return node
        return None


@dataclass
class Flow:
    """Expressions that reach a message, followed until nothing new is found."""

    modules: list[Module]
    found: dict[str, str] = field(default_factory=dict)  # skeleton -> where
    _done: set[tuple[int, int]] = field(default_factory=set)
    _tainted: set[tuple[str, str]] = field(default_factory=lambda: set(SEEDS))
    _by_callee: dict[str, set[str]] = field(default_factory=lambda: {callee: {parameter} for callee, parameter in SEEDS})
    _given: dict[int, dict[str, list[ast.expr]]] = field(default_factory=dict)  # by scope, then by name
    _answers: dict[int, list[ast.expr]] = field(default_factory=dict)  # by function, what it returns

    def run(self) -> dict[str, str]:
        before = -1
        while before != len(self._tainted):
            before = len(self._tainted)
            self._done.clear()
            for module in self.modules:
                for call in module.calls:
                    for argument in self._reaching(module, call):
                        self._follow(module, argument)
        return self.found

    @cached_property
    def by_path(self) -> dict[Path, Module]:
        return {module.path: module for module in self.modules}

    @cached_property
    def functions(self) -> dict[str, list[tuple[Module, Function]]]:
        found: dict[str, list[tuple[Module, Function]]] = defaultdict(list)
        for module in self.modules:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    found[node.name].append((module, node))
        return found

    def _reaching(self, module: Module, call: ast.Call) -> Iterator[ast.expr]:
        name = _callee(call)
        if name in RAISED:
            yield from call.args
        wanted = tuple(self._by_callee.get(_known_as(module, name), ()))
        if not wanted:
            return
        yield from (keyword.value for keyword in call.keywords if keyword.arg in wanted)
        for _, function in self._called(module, name):
            parameters = [one.arg for one in (*function.args.posonlyargs, *function.args.args) if one.arg not in ("self", "cls")]
            yield from (value for parameter, value in zip(parameters, call.args, strict=False) if parameter in wanted)

    def _called(self, module: Module, name: str) -> list[tuple[Module, Function]]:
        """Return what a call may mean: of private functions, only those of the same file."""
        found = self.functions.get(name, [])
        return [each for each in found if each[0] is module] if _is_private(name) else found

    def _follow(self, module: Module, node: ast.AST) -> None:
        if (id(module), id(node)) in self._done:
            return
        self._done.add((id(module), id(node)))
        if isinstance(node, ast.Constant | ast.JoinedStr):
            self._literal(module, node)
        elif isinstance(node, ast.Name):
            self._name(module, node)
        elif isinstance(node, ast.Call):
            self._call(module, node)
        elif isinstance(node, ast.IfExp):
            self._follow(module, node.body)
            self._follow(module, node.orelse)
        elif not isinstance(node, ast.Compare):
            for child in ast.iter_child_nodes(node):
                self._follow(module, child)

    def _literal(self, module: Module, node: ast.Constant | ast.JoinedStr) -> None:
        if isinstance(node, ast.JoinedStr):
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    self._follow(module, value.value)
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, str):
            words = skeleton(node)
            if LETTERS.search(words):
                self.found.setdefault(words, f"{module.path.relative_to(HOUSE)}:{node.lineno}")

    def _name(self, module: Module, node: ast.Name) -> None:
        function = module.enclosing(node)
        if function is not None:
            parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            if node.id in {parameter.arg for parameter in parameters}:
                known_as = _known_as(module, function.name)
                self._tainted.add((known_as, node.id))
                self._by_callee.setdefault(known_as, set()).add(node.id)
                return
        for scope in (function, module.tree):
            if scope is not None:
                for value in self._assigned(scope, node.id):
                    self._follow(module, value)
        for owner in (self.by_path[path] for path in module.imports.get(node.id, ()) if path in self.by_path):
            for value in self._assigned(owner.tree, node.id):
                self._follow(owner, value)

    def _assigned(self, scope: ast.AST, name: str) -> list[ast.expr]:
        """Return what the name is given anywhere in the scope."""
        if id(scope) not in self._given:
            self._given[id(scope)] = _given_in(scope)
        return self._given[id(scope)].get(name, [])

    def _returned(self, function: Function) -> list[ast.expr]:
        if id(function) not in self._answers:
            said = (node.value for node in ast.walk(function) if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom))
            self._answers[id(function)] = [value for value in said if value is not None]
        return self._answers[id(function)]

    def _call(self, module: Module, node: ast.Call) -> None:
        name = _callee(node)
        for owner, function in self._called(module, name):
            if name not in _EVERYDAY:
                for value in self._returned(function):
                    self._follow(owner, value)
        if isinstance(node.func, ast.Attribute):
            self._follow(module, node.func.value)
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            if name in _JOINING:
                self._follow(module, argument)


_JOINING = frozenset(
    {"join", "strip", "format", "tuple", "list", "sorted", "next", "dict", "map", "filter", "min", "max", "get", "str"}
)
_EVERYDAY = frozenset({
    "get", "read", "open", "find", "check", "of", "list", "all", "one", "one_or_none", "count", "rows", "ask", "problems", "plan",
    "words", "text",
})  # fmt: skip


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _known_as(module: Module, name: str) -> str:
    """Return the name under which a function's parameters are known: a private one's is its file's own."""
    return f"{module.path}:{name}" if _is_private(name) else name


def _callee(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def _given_in(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """Return, by name, what every name is given anywhere in the scope, also as one of several: rule, message = ..."""
    found: dict[str, list[ast.expr]] = defaultdict(list)
    for node in ast.walk(scope):
        targets: list[ast.expr] = []
        value: ast.expr | None = None
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            targets, value = (node.targets if isinstance(node, ast.Assign) else [node.target]), node.value
        elif isinstance(node, ast.For):
            targets, value = [node.target], node.iter
        for name in {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}:
            if value is not None:
                found[name].append(value)
    return found


def said_messages() -> dict[str, str]:
    """Return every sentence with the place where it is written."""
    paths = [path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py"))]
    paths.remove(HOUSE / "desk" / "web" / "phrase_book.py")  # passes on whatever a page says
    found = Flow([Module(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]).run()
    years = {name for year in range(1984, 2044) for name in year_name(year).split()}  # Bính Ngọ is so in every language
    return {words: place for words, place in found.items() if words not in years and not place.startswith(NOT_MESSAGES)}
