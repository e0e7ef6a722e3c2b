"""Values as a person would write them in a YAML file: a key a line, short lists and rows in one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from editorial.problem import BadInput
from reading.document import parse_tree
from reading.front_matter import FENCE

Tree = object  # text, number, yes or no; a list or a mapping of such
WIDE = 100  # letters that a list may have in one line
EXACT, WORDS = "|-", "|"  # a block that is read to the letter, and one of words, around which blanks count for nothing
# What a block does not give back as it was, or does not show to people.
_NO_BLOCK = {
    EXACT: re.compile(r"^\s|\s$|[^\S\n]\n|\t|\u00a0|\u0085|\u2028|\u2029"),
    WORDS: re.compile(r"^\s|\u0085|\u2028|\u2029"),
}


class OneLine(dict[str, Tree]):
    """A mapping that stands on one line."""


def mapping_lines(value: Mapping[str, Tree], column: int, block: str = EXACT) -> list[str]:
    """Return a mapping, a key a line; a text of several lines stands behind `block`."""
    lines, pad = list[str](), " " * column
    for key, inner in value.items():
        name = f"{pad}{one_line(key, None, flow=False)}:"
        if isinstance(inner, Mapping) and inner and not isinstance(inner, OneLine):
            lines += [name, *mapping_lines(inner, column + 2, block)]
        elif isinstance(inner, list | tuple) and not _is_short(inner):
            lines += [name, *item_lines(inner, column + 2)]
        elif isinstance(inner, str) and "\n" in inner and in_block(inner, block):
            lines += [f"{name} {block}", *(f"{pad}  {line}" if line else "" for line in inner.split("\n"))]
        else:
            lines.append(f"{name} {flow_line(inner, inside=False)}")
    return lines


def item_lines(values: Sequence[Tree], column: int) -> list[str]:
    """Return the items of a list; one that holds lists or mappings itself has a line for each key."""
    lines, pad = list[str](), " " * column
    for value in values:
        if isinstance(value, Mapping) and any(isinstance(inner, Mapping | list | tuple) for inner in value.values()):
            first, *rest = mapping_lines(value, column + 2)
            lines += [f"{pad}- {first.lstrip()}", *rest]
        else:
            lines.append(f"{pad}- {flow_line(value, inside=False)}")
    return lines


def _is_short(values: Sequence[Tree]) -> bool:
    return not any(isinstance(each, Mapping | list | tuple) for each in values) and len(flow_line(values)) <= WIDE


def in_block(value: str, block: str) -> bool:
    """Tell whether a text stands on lines of its own, and is read there as it is."""
    fenced = any(line.strip() == FENCE for line in value.split("\n"))  # in a block it would end the front matter
    return not fenced and _NO_BLOCK[block].search(value) is None


def flow_line(value: Tree, *, inside: bool = True) -> str:
    """Return a value on one line; `inside` brackets more has to be quoted."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{one_line(str(key), None, flow=True)}: {flow_line(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow_line, value))}]"
    if isinstance(value, str):
        return one_line(value, None, flow=inside)
    if isinstance(value, Decimal):
        return str(value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)


def one_line(value: str, style: str | None, *, flow: bool) -> str:
    """Return a text on one line, in the quotation marks that it had, or in none where YAML needs none."""
    if style is None and _is_plain(value, flow=flow):
        return value
    if style == "'" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    # A JSON string is a YAML string; a space that keeps words together is written so that people see it.
    return json.dumps(value, ensure_ascii=False).replace("\u00a0", "\\_")


def _is_plain(value: str, *, flow: bool) -> bool:
    """Tell whether YAML reads these words as these very words without quotation marks."""
    text, meant = (f"[{value}]", [value]) if flow else (f"k: {value}", {"k": value})
    if not value or "\n" in value or "\u00a0" in value or value != value.strip():
        return False
    try:
        return parse_tree(text, "").value == meant
    except BadInput:
        return False
