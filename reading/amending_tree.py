"""A part of a page's front matter brought to say something else, lists and mappings included, and every other letter as it was.

What stays the same keeps its comments, quotation marks and order. A value that stands in several places by an anchor is written
out where one of them is to change, so that the others go on saying what they said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from editorial.problem import BadInput, Problem
from reading.amending import one_line
from reading.anchors import Name, names_in, yaml_reader
from reading.document import dotted, parse_tree
from reading.front_matter import closing_fence
from reading.key_path import KeyPath
from reading.yaml_lines import Tree, flow_line, item_lines, mapping_lines

_BEHIND: Mapping[str, tuple[str, ...]] = {
    "template": ("id",), "theme": ("template", "id"), "channels": ("theme", "template", "id"),
    "alt": ("channels", "theme", "template", "id"),
}  # fmt: skip
_BLOCK = ("|", ">")
_DASH = re.compile(r"-(\s|$)")
MOST_ROWS = 3  # of a list that is all new: longer ones are written anew as a whole
MOST_STEPS = 4000  # of one change: a slip of ours must not go round for ever


def reshaped(text: str, file: str, path: KeyPath, wanted: Tree | None) -> str:
    """Return the page with this value at a key path, None for no such key; raise BadInput where only a person can write it."""
    lines = text.split("\n")
    fence = closing_fence(lines, file)
    head = "\n".join(lines[1:fence]) + "\n"
    for _ in range(MOST_STEPS):
        step = next(_differences(_value_at(head, file, path), wanted, path), None)
        if step is None:
            return "\n".join((lines[0], head + "\n".join(lines[fence:])))
        shown = _Text(head, file)
        made = shown.freed(step) or shown.changed(step)
        if made == head:
            break
        head = made
    raise _by_hand(file, path)


def value_at(text: str, file: str, path: KeyPath) -> Tree | None:
    """Return what a page's front matter says at a key path, as it is written there; None for nothing."""
    lines = text.split("\n")
    return _value_at("\n".join(lines[1 : closing_fence(lines, file)]) + "\n", file, path)


@dataclass(frozen=True, kw_only=True)
class _Step:
    """One change: `kind` is "set", "remove" or "append"; to append, `path` is the list's."""

    kind: str
    path: KeyPath
    value: Tree = None


def _value_at(head: str, file: str, path: KeyPath) -> Tree | None:
    found = parse_tree(head, file, first_line=2).value
    for part in path:
        if isinstance(found, Mapping) and isinstance(part, str):
            found = found.get(part)
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
        else:
            return None
    return found


def _differences(now: Tree | None, wanted: Tree | None, path: KeyPath) -> Iterator[_Step]:
    """Yield what differs; each step is worked out anew after the one before it."""
    if _same(now, wanted):
        return
    if wanted is None:
        yield _Step(kind="remove", path=path)
    elif isinstance(now, Mapping) and isinstance(wanted, Mapping) and now and wanted:
        for key in wanted:
            yield from _differences(now.get(key), wanted[key], (*path, key))
        yield from (_Step(kind="remove", path=(*path, key)) for key in now if key not in wanted)
    elif isinstance(now, list) and isinstance(wanted, list) and now and wanted:
        yield from _list_differences(now, wanted, path)
    else:
        yield _Step(kind="set", path=path, value=wanted)


def _list_differences(now: Sequence[Tree], wanted: Sequence[Tree], path: KeyPath) -> Iterator[_Step]:
    pairs = tuple(zip(now, wanted, strict=False))
    others = [index for index, (one, other) in enumerate(pairs) if not _same(one, other)]
    if len(others) > MOST_ROWS and len(others) == len(pairs):  # nothing of it stays where it was
        yield _Step(kind="set", path=path, value=wanted)
        return
    first = others[0] if others else len(pairs)
    if first < len(now) and (len(now) > len(wanted) or any(_same(each, wanted[first]) for each in now[first + 1 :])):
        yield _Step(kind="remove", path=(*path, first))
    for index, (one, other) in enumerate(pairs):
        yield from _differences(one, other, (*path, index))
    yield from (_Step(kind="append", path=path, value=each) for each in wanted[len(now) :])


def _same(one: Tree | None, other: Tree | None) -> bool:
    """Tell whether two values are read alike: 1 is not 1.0, yes is not 1, and blanks around a text count for nothing."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    return type(one) is type(other) and one == other


@dataclass(frozen=True, kw_only=True)
class _Spot:
    """Where a value stands: what follows its colon or its dash."""

    start: int
    end: int
    column: int  # of its key, or of its dash
    flow: bool
    is_item: bool
    node: Node


class _Text:
    """The text of a front matter, and where its values stand."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._lines = text.split("\n")
        try:
            self._root = yaml_reader().compose(text)
        except (YAMLError, ValueError) as error:
            raise _by_hand(file, ()) from error

    # values that stand in several places

    def freed(self, step: _Step) -> str | None:
        """Return the text with one value written out that the step would change in other places too; None where there is none."""
        names = tuple(names_in(self._text))
        for each in names:
            above = step.path[: len(each.path)] == each.path
            below = step.kind != "append" and not each.is_alias and each.path[: len(step.path)] == step.path
            if above or below:
                return self._written_out(each, names)
        return None

    def _written_out(self, one: Name, names: Sequence[Name]) -> str:
        alias = one if one.is_alias else next((each for each in names if each.is_alias and each.name == one.name), None)
        if alias is None:  # an anchor that nothing stands on (any more)
            after = self._text[one.end :].removeprefix(" ")
            return (self._text[: one.start].rstrip(" ") if after.startswith("\n") else self._text[: one.start]) + after
        if "<<" in alias.path:
            raise _by_hand(self._file, alias.path)
        value = _value_at(self._text, self._file, alias.path)
        spot = self._spot(alias.path)
        return self._text[: spot.start] + _placed(value, spot) + self._text[alias.end :]

    # changing

    def changed(self, step: _Step) -> str:
        """Return the text with one step taken."""
        if step.kind == "append":
            return self._append(step)
        if step.kind == "remove":
            return self._remove(step.path)
        parent = self._node(step.path[:-1])
        if isinstance(parent, MappingNode) and all(key.value != step.path[-1] for key, _ in parent.value):
            return self._insert(parent, step)
        return self._set(step)

    def _set(self, step: _Step) -> str:
        spot = self._spot(step.path)
        node, value = spot.node, step.value
        of_one_line = isinstance(value, str) and "\n" not in value
        if isinstance(node, ScalarNode) and node.style not in _BLOCK and of_one_line and node.value:
            made = one_line(str(value), node.style, flow=spot.flow)
            return self._text[: node.start_mark.index] + made + self._text[node.end_mark.index :]
        return self._text[: spot.start] + _placed(value, spot) + self._text[spot.end :]

    def _insert(self, parent: MappingNode, step: _Step) -> str:
        key = str(step.path[-1])
        if parent.flow_style:
            return self._into_flow(parent, f"{one_line(key, None, flow=True)}: {flow_line(step.value)}")
        column = parent.value[0][0].start_mark.column
        wanted = _BEHIND.get(key, ()) if len(step.path) > 1 else ()
        pairs = {each.value: (each, value) for each, value in parent.value}
        behind = next((pairs[name] for name in wanted if name in pairs), parent.value[-1])
        at = self._last_line_of(*behind) + 1
        return "\n".join((*self._lines[:at], *mapping_lines({key: step.value}, column), *self._lines[at:]))

    def _append(self, step: _Step) -> str:
        node = self._node(step.path)
        if not isinstance(node, SequenceNode):
            raise _by_hand(self._file, step.path)
        if node.flow_style:
            return self._into_flow(node, flow_line(step.value))
        dashes = self._dashes(node, step.path)
        at = self._last_line(node.value[-1], dashes[-1], node.start_mark.column) + 1
        return "\n".join((*self._lines[:at], *item_lines([step.value], node.start_mark.column), *self._lines[at:]))

    def _into_flow(self, node: Node, made: str) -> str:
        at = node.end_mark.index - 1  # before the closing bracket
        last = node.value[-1] if node.value else None
        end = (last[1] if isinstance(last, tuple) else last).end_mark.index if last else 0
        if node.start_mark.index < end < at:  # else there is none, or it stands elsewhere
            return f"{self._text[:end]}, {made}{self._text[end:]}"
        before = self._text[:at].rstrip()
        comma = "" if before.endswith(("{", "[")) else ", "
        return f"{before.removesuffix(',')}{comma}{made}{self._text[at:]}"

    def _remove(self, path: KeyPath) -> str:
        parent = cast(MappingNode | SequenceNode, self._node(path[:-1]))
        if len(parent.value) == 1:  # the last one takes what holds it with it
            if len(path) == 1:
                raise _by_hand(self._file, path)
            return self._remove(path[:-1])
        if parent.flow_style:
            return self._remove_from_flow(parent, path)
        return self._remove_key(parent, path) if isinstance(parent, MappingNode) else self._remove_item(parent, path)

    def _remove_from_flow(self, parent: MappingNode | SequenceNode, path: KeyPath) -> str:
        if isinstance(parent, MappingNode):
            key, value = self._pair(parent, path)
            start, end = key.start_mark.index, self._closed_end(key, value)
        else:
            value = parent.value[cast(int, path[-1])]
            start, end = value.start_mark.index, value.end_mark.index
        after = self._text[end:]
        if after.lstrip().startswith(","):
            return self._text[:start] + after.lstrip()[1:].lstrip(" ")
        return self._text[:start].rstrip().removesuffix(",") + after

    def _remove_item(self, parent: SequenceNode, path: KeyPath) -> str:
        index = cast(int, path[-1])
        first = self._dashes(parent, path)[index]
        after = self._last_line(parent.value[index], first, parent.start_mark.column) + 1
        return "\n".join((*self._lines[:first], *self._lines[after:]))

    def _remove_key(self, parent: MappingNode, path: KeyPath) -> str:
        key, value = self._pair(parent, path)
        line = key.start_mark.line
        if not self._lines[line][: key.start_mark.column].strip():
            return "\n".join((*self._lines[:line], *self._lines[self._last_line_of(key, value) + 1 :]))
        following = parent.value[1][0]  # it stands beside the dash of a list: the next key comes there
        return self._text[: key.start_mark.index] + self._text[following.start_mark.index :]

    # where things stand

    def _node(self, path: KeyPath) -> Node:
        node = self._root
        for part in path:
            if isinstance(node, MappingNode) and isinstance(part, str):
                node = self._pair(node, (part,), path)[1]
            elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
            else:
                raise _by_hand(self._file, path)
        return cast(Node, node)

    def _pair(self, node: MappingNode, path: KeyPath, told: KeyPath = ()) -> tuple[ScalarNode, Node]:
        found = next(((key, value) for key, value in node.value if key.value == path[-1]), None)
        if found is None:
            raise _by_hand(self._file, told or path)
        return found

    def _spot(self, path: KeyPath) -> _Spot:
        parent, node = cast(MappingNode | SequenceNode, self._node(path[:-1])), self._node(path)
        if isinstance(parent, MappingNode):
            key = self._pair(parent, path)[0]
            start = self._text.index(":", key.end_mark.index) + 1
            flow = bool(parent.flow_style)
            end = self._closed_end(key, node) if flow else self._end_of_line(self._last_line_of(key, node), node)
            return _Spot(start=start, end=end, column=key.start_mark.column, flow=flow, is_item=False, node=node)
        if parent.flow_style:
            start, end = node.start_mark.index, node.end_mark.index
            return _Spot(start=start, end=end, column=0, flow=True, is_item=True, node=node)
        line = self._dashes(parent, path)[cast(int, path[-1])]
        column = parent.start_mark.column
        start = sum(len(each) + 1 for each in self._lines[:line]) + column + 1
        end = self._end_of_line(self._last_line(node, line, column), node)
        return _Spot(start=start, end=end, column=column, flow=False, is_item=True, node=node)

    def _end_of_line(self, line: int, node: Node) -> int:
        """Return where a value ends: at its own end where it has one, so that a comment behind it stays."""
        if _is_closed(node) and node.end_mark.line == line and node.end_mark.index > node.start_mark.index:
            return int(node.end_mark.index)
        return sum(len(each) + 1 for each in self._lines[: line + 1]) - 1

    @staticmethod
    def _closed_end(key: Node, value: Node) -> int:
        return max(int(value.end_mark.index), int(key.end_mark.index))

    def _dashes(self, node: SequenceNode, path: KeyPath) -> list[int]:
        """Return the line of each item's dash."""
        column, found = node.start_mark.column, list[int]()
        for number in range(node.start_mark.line, len(self._lines)):
            line = self._lines[number]
            depth = len(line) - len(line.lstrip(" "))
            if depth == column and _DASH.match(line[column:]):
                found.append(number)
            elif line.strip() and depth <= column and not line.lstrip().startswith("#"):
                break
        if len(found) != len(node.value):
            raise _by_hand(self._file, path)
        return found

    def _last_line_of(self, key: Node, value: Node) -> int:
        line = int(key.end_mark.line)
        if value.start_mark.index < key.end_mark.index or value.start_mark.index == value.end_mark.index:
            return line  # it stands elsewhere (an alias), or there is none
        return self._last_line(value, line, int(key.start_mark.column))

    def _last_line(self, node: Node, first: int, column: int) -> int:
        """Return the last line, from 0, of a value whose key, or whose dash, stands on the line `first` at this column."""
        if node.start_mark.line < first or node.start_mark.index == node.end_mark.index:
            return first
        if _is_closed(node):
            return int(node.end_mark.line)
        if isinstance(node, MappingNode):
            return max(first, *(self._last_line_of(key, value) for key, value in node.value))
        if isinstance(node, SequenceNode):
            return self._last_line(node.value[-1], self._dashes(node, ())[-1], int(node.start_mark.column))
        return self._last_of_block(int(node.start_mark.line), column)

    def _last_of_block(self, first: int, column: int) -> int:
        """Return the last line of a text behind `|` or `>`: all that is deeper than what names it."""
        last = first
        for number in range(first + 1, len(self._lines)):
            line = self._lines[number]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= column:
                break
            last = number if line.strip() else last
        return last


def _is_closed(node: Node) -> bool:
    if isinstance(node, ScalarNode):
        return node.style not in _BLOCK
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def _by_hand(file: str, path: KeyPath) -> BadInput:
    key = dotted(path)
    message = "chỗ này viết theo cách mà chỉ người mới sửa được; hãy mở tệp và tự sửa"
    return BadInput(Problem(rule="cannot-write", file=file, line=1, key=key or None, message=message))


def _placed(value: Tree, spot: _Spot) -> str:
    """Return a value as it stands behind its colon or dash."""
    if spot.flow:
        return ("" if spot.is_item else " ") + flow_line(value)
    if spot.is_item:
        return item_lines([value], spot.column)[0][spot.column + 1 :] + "".join(
            f"\n{line}" for line in item_lines([value], spot.column)[1:]
        )
    return "\n".join(mapping_lines({"k": value}, spot.column))[spot.column + 2 :]
