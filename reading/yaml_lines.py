"""Values as a person would write them in a YAML file: a key a line, short lists and rows in one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from reading.amending import one_line
from reading.front_matter import FENCE

Tree = object  # text, number, yes or no; a list or a mapping of such
WIDE = 100  # letters that a list may have in one line
_NO_BLOCK = re.compile(r"^\s|\s$|[^\S\n]\n|\t|\u00a0|\u0085|\u2028|\u2029")  # what a block does not give back as it was


def mapping_lines(value: Mapping[str, Tree], column: int) -> list[str]:
    """Return a mapping, a key a line."""
    lines, pad = list[str](), " " * column
    for key, inner in value.items():
        name = f"{pad}{one_line(key, None, flow=False)}:"
        if isinstance(inner, Mapping) and inner:
            lines += [name, *mapping_lines(inner, column + 2)]
        elif isinstance(inner, list | tuple) and not _is_short(inner):
            lines += [name, *item_lines(inner, column + 2)]
        elif isinstance(inner, str) and _in_block(inner):
            lines += [f"{name} |-", *(f"{pad}  {line}" if line else "" for line in inner.split("\n"))]
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


def _in_block(value: str) -> bool:
    fenced = any(line.strip() == FENCE for line in value.split("\n"))  # in a block it would end the front matter
    return "\n" in value and not fenced and _NO_BLOCK.search(value) is None


def flow_line(value: Tree, *, inside: bool = True) -> str:
    """Return a value on one line; `inside` brackets more has to be quoted."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{one_line(str(key), None, flow=True)}: {flow_line(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow_line, value))}]"
    if isinstance(value, str):
        return one_line(value, None, flow=inside)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
