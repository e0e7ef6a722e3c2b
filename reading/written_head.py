"""The text of a front matter and where its values stand: one step of a change is taken, and every other letter stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from reading.anchors import Name, names_in, yaml_reader
from reading.document import parse_tree
from reading.key_path import KeyPath
from reading.yaml_lines import EXACT, WORDS, Tree, flow_line, in_block, item_lines, mapping_lines, one_line

_MESSAGE = ("link", "action", "summary")
_OF_MEDIUM: Mapping[str, tuple[str, ...]] = {
    "template": ("id",), "theme": ("template", "id"), "channels": ("theme", "template", "id"),
    "alt": ("channels", "theme", "template", "id"),
}  # fmt: skip
# Where a key that is not there yet belongs: behind the first of these that is.
_BEHIND: Mapping[str, tuple[str, ...]] = {
    "summary": ("headline",), "action": ("summary",), "link": _MESSAGE[1:], "hashtags": _MESSAGE,
    "uses": ("hashtags", *_MESSAGE), "facts": ("uses", "hashtags", *_MESSAGE),
    "moments": ("when",), "languages": ("moments", "when"), "repeat": ("when",), "after": ("moments", "when"),
    "form": ("tone",), "campaign": ("form", "tone"),
}  # fmt: skip
_BLOCK = ("|", ">")
_DASH = re.compile(r"-(\s|$)")


class ByHand(Exception):
    """Only a person can write this place."""

    def __init__(self, path: KeyPath) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change: `kind` is "set", "remove" or "append"; to append, `path` is the list's."""

    kind: str
    path: KeyPath
    value: Tree = None


def value_in(head: str, file: str, path: KeyPath) -> Tree | None:
    """Return what a front matter says at a key path, as it is written there; None for nothing."""
    found = parse_tree(head, file, first_line=2).value
    for part in path:
        if isinstance(found, Mapping) and isinstance(part, str):
            found = found.get(part)
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
        else:
            return None
    return found


@dataclass(frozen=True, kw_only=True)
class _Spot:
    """Where a value stands: what follows its colon or its dash."""

    start: int
    end: int
    column: int  # of its key, or of its dash
    flow: bool
    is_item: bool
    node: Node


class Head:
    """The text of a front matter, and where its values stand; a new text of several lines stands behind `block`."""

    def __init__(self, text: str, file: str, block: str) -> None:
        self._text = text
        self._file = file
        self._block = block
        self._lines = text.split("\n")
        try:
            self._root = yaml_reader().compose(text)
        except (YAMLError, ValueError) as error:
            raise ByHand(()) from error

    # values that stand in several places

    def freed(self, step: Step) -> str | None:
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
            raise ByHand(alias.path)
        value = value_in(self._text, self._file, alias.path)
        spot = self._spot(alias.path)
        return self._text[: spot.start] + _placed(value, spot, self._block) + self._text[alias.end :]

    # changing

    def changed(self, step: Step) -> str:
        """Return the text with one step taken."""
        if step.kind == "append":
            return self._append(step)
        if step.kind == "remove":
            return self._remove(step.path)
        parent = self._node(step.path[:-1])
        if isinstance(parent, MappingNode) and all(key.value != step.path[-1] for key, _ in parent.value):
            return self._insert(parent, step)
        return self._set(step)

    def _set(self, step: Step) -> str:
        spot = self._spot(step.path)
        node, value = spot.node, step.value
        if isinstance(value, str) and isinstance(node, ScalarNode):
            return self._set_text(spot, node, value)
        if isinstance(node, SequenceNode) and isinstance(value, list) and value and not any(map(_is_tree, value)):
            made = flow_line(value)  # a list stands as it stood, beside its key or below
            if not node.flow_style:
                made = "\n".join(item_lines(value, node.start_mark.column)).lstrip()
            return self._text[: node.start_mark.index] + made + self._text[spot.end :]
        return self._text[: spot.start] + _placed(value, spot, self._block) + self._text[spot.end :]

    def _set_text(self, spot: _Spot, node: ScalarNode, value: str) -> str:
        """Return the text with another one in the place of a value: in a block where it was in one, or has several lines."""
        behind = self._text[spot.end :].split("\n", 1)[0].strip()  # a remark, which cannot stand behind a block
        was_block, style = node.style in _BLOCK, node.style
        block = _header(self._text, node) if was_block else self._block
        if not spot.flow and not behind and (was_block or "\n" in value) and value and in_block(value, self._block):
            pad = " " * (spot.column + 2)
            made = "".join(f"\n{pad}{line}" if line else "\n" for line in value.split("\n"))
            return f"{self._text[: spot.start]} {block}{made}{self._text[spot.end :]}"
        made = one_line(value, None if was_block else style, flow=spot.flow or bool(behind and "\n" in value))
        if was_block or not node.value:
            space = "" if spot.flow and spot.is_item else " "
            return f"{self._text[: spot.start]}{space}{made}{self._text[spot.end :]}"
        return self._text[: node.start_mark.index] + made + self._text[node.end_mark.index :]

    def _insert(self, parent: MappingNode, step: Step) -> str:
        key = str(step.path[-1])
        if parent.flow_style:
            return self._into_flow(parent, f"{one_line(key, None, flow=True)}: {flow_line(step.value)}")
        column = parent.value[0][0].start_mark.column
        wanted = (_OF_MEDIUM if step.path[0] == "media" else _BEHIND).get(key, ())
        pairs = {each.value: (each, value) for each, value in parent.value}
        behind = next((pairs[name] for name in wanted if name in pairs), parent.value[-1])
        at = self._last_line_of(*behind) + 1
        return "\n".join((*self._lines[:at], *mapping_lines({key: step.value}, column, self._block), *self._lines[at:]))

    def _append(self, step: Step) -> str:
        node = self._node(step.path)
        if not isinstance(node, SequenceNode):
            raise ByHand(step.path)
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
                raise ByHand(path)
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
        before, after = self._text[:start], self._text[end:]
        if after.lstrip().startswith(","):
            rest = after.lstrip()[1:].lstrip(" ")
            return before + (f" {rest}" if rest.startswith("#") else rest)
        line = before[before.rfind("\n") + 1 :]
        if "\n" in before[parent.start_mark.index :] and not line.strip() and not before.rstrip().endswith(","):
            return before.rstrip(" ") + after.lstrip(" ")  # a remark stands before it: the comma above may stay
        return before.rstrip().removesuffix(",") + after

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
                raise ByHand(path)
        return cast(Node, node)

    def _pair(self, node: MappingNode, path: KeyPath, told: KeyPath = ()) -> tuple[ScalarNode, Node]:
        found = next(((key, value) for key, value in node.value if key.value == path[-1]), None)
        if found is None:
            raise ByHand(told or path)
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
            raise ByHand(path)
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


def _header(text: str, node: ScalarNode) -> str:
    """Return what a text's block begins with: `|-` where it was read to the letter; what was folded is folded no more."""
    said = text[node.start_mark.index :].split("\n", 1)[0].split("#", 1)[0].strip()
    return EXACT if "-" in said else WORDS


def _is_tree(value: Tree) -> bool:
    return isinstance(value, Mapping | list | tuple)


def _placed(value: Tree, spot: _Spot, block: str) -> str:
    """Return a value as it stands behind its colon or dash."""
    if spot.flow:
        return ("" if spot.is_item else " ") + flow_line(value)
    if spot.is_item:
        return item_lines([value], spot.column)[0][spot.column + 1 :] + "".join(
            f"\n{line}" for line in item_lines([value], spot.column)[1:]
        )
    return "\n".join(mapping_lines({"k": value}, spot.column, block))[spot.column + 2 :]
