"""A page whose front matter gets some values exchanged and whose every other character stays as a person wrote it.

Comments, blank lines, quotation marks and the order of the keys are theirs. What is written in a way that only a person can
change (an anchor, an alias) is left alone, and told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from editorial.problem import BadInput, Problem
from reading.amending_lists import edited_list, without_item
from reading.document import dotted, parse_tree
from reading.front_matter import FENCE, closing_fence
from reading.key_path import KeyPath

Scalar = str | int | Decimal
Given = Scalar | tuple[str, ...] | Mapping[str, Scalar]  # a mapping is written on one line, where there was nothing
Value = Given | None  # None takes the key, or the item of a list, away
_BLOCK = ("|", ">")
# Where a key that is not there yet belongs: behind the first of these that is.
_BEHIND: Mapping[str, tuple[str, ...]] = {
    "summary": ("headline",),
    "action": ("summary",),
    "link": ("action", "summary"),
    "hashtags": ("link", "action", "summary"),
    "moments": ("when",),
    "languages": ("moments", "when"),
    "repeat": ("when",),
    "after": ("moments", "when"),
    "form": ("tone",),
    "campaign": ("form", "tone"),
    "uses": ("hashtags", "link", "action", "summary"),
    "facts": ("uses", "hashtags", "link", "action", "summary"),
    "alt": ("template",),
}


def amended(text: str, file: str, changes: Mapping[KeyPath, Value], body: str | None = None) -> str:
    """Return the page with these values at these key paths, and this body; raise BadInput where only a person can write it."""
    for path, value in changes.items():
        lines = text.split("\n")
        fence = closing_fence(lines, file)
        head = _Head("\n".join(lines[1:fence]) + "\n", file).put(path, value)
        text = "\n".join((lines[0], head + "\n".join(lines[fence:])))
    return text if body is None else _with_body(text, file, body)


def _with_body(text: str, file: str, body: str) -> str:
    """Return the page with another body; the blank lines around it stay."""
    lines = text.split("\n")
    fence = closing_fence(lines, file)
    old = "\n".join(lines[fence + 1 :])
    bare = old.strip("\n")
    start = old.index(bare) if bare else 0
    before, after = (old[:start], old[start + len(bare) :]) if bare else ("", "\n")
    return "\n".join((*lines[: fence + 1], before + body.strip("\n") + after))


@dataclass(frozen=True)
class _Step:
    """A mapping on the way to a value, and the key in it that leads on."""

    mapping: MappingNode
    key: ScalarNode
    value: Node


class _Head:
    """The text of a front matter, and where its nodes stand."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file

    def put(self, path: KeyPath, value: Value) -> str:
        """Return the text with one value set or taken away."""
        node, way = self._root(), list[_Step]()
        for depth, part in enumerate(path):
            if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
                if value is None and depth == len(path) - 1:
                    return self._without(node, part, way, path)
                node = node.value[part]
                continue
            if not isinstance(node, MappingNode) or not isinstance(part, str):
                raise self._by_hand(path, value)
            found = next(((key, inner) for key, inner in node.value if key.value == part), None)
            if found is None:
                return self._text if value is None else self._insert(node, [str(each) for each in path[depth:]], value, path)
            way.append(_Step(node, *found))
            self._ask_plain(way[-1], path, value)
            node = found[1]
        return self._remove(way, path) if value is None else self._replace(way[-1], value)

    def _root(self) -> MappingNode:
        reader = YAML(typ="rt", pure=True)
        reader.version = (1, 2)
        try:
            node = reader.compose(self._text)
        except (YAMLError, ValueError) as error:
            raise self._by_hand((), None) from error
        if not isinstance(node, MappingNode):
            raise self._by_hand((), None)
        return node

    def _ask_plain(self, step: _Step, path: KeyPath, value: Value) -> None:
        """Raise BadInput where the value stands elsewhere (an alias), or others stand on it (an anchor)."""
        at = step.value.start_mark.index
        written = self._text[step.key.end_mark.index :].lstrip(" ").removeprefix(":").lstrip()
        if written[:1] in ("*", "&", "!") or at < step.key.end_mark.index:
            raise self._by_hand(path, value)

    # replacing

    def _replace(self, step: _Step, value: Given) -> str:
        node, flow = step.value, bool(step.mapping.flow_style)
        if isinstance(value, tuple) and isinstance(node, SequenceNode):
            edited = edited_list(self._text, node, value, lambda word: one_line(word, None, flow=True))
            if edited is not None:
                return edited
        start, end = node.start_mark.index, self._end(step)
        column = step.key.start_mark.column
        if isinstance(value, tuple):
            made = self._list(node, value, flow)
        elif isinstance(value, Mapping):
            made = _value(value, column, flow=True)
        else:
            rest = self._text[end:].split("\n", 1)[0]  # behind a block no comment can stand
            style = node.style if isinstance(node, ScalarNode) else None
            made = _scalar(value, style, column, flow=flow or bool(rest.strip()))
        if isinstance(node, SequenceNode) and not node.flow_style and "\n" not in made:
            start = step.key.end_mark.index + 1  # a list below its key becomes one beside it
            made = f" {made}"
        return self._text[:start] + made + self._text[end:]

    def _list(self, node: Node, values: tuple[str, ...], flow: bool) -> str:
        words = [one_line(value, None, flow=True) for value in values]
        if isinstance(node, SequenceNode) and not node.flow_style and values and not flow:
            return f"\n{' ' * node.start_mark.column}".join(f"- {word}" for word in words)
        return f"[{', '.join(words)}]"

    # adding

    def _insert(self, mapping: MappingNode, keys: list[str], value: Given, path: KeyPath) -> str:
        if mapping.flow_style:
            return self._insert_in_flow(mapping, keys, value)
        steps = [_Step(mapping, key, inner) for key, inner in mapping.value]
        if not steps:
            raise self._by_hand(path, value)
        column = steps[0].key.start_mark.column
        wanted = _BEHIND.get(keys[0], ())
        behind = next((step for name in wanted for step in steps if step.key.value == name), steps[-1])
        lines = self._text.split("\n")
        at = self._last_line(behind) + 1
        return "\n".join((*lines[:at], *_block(keys, value, column), *lines[at:]))

    def _insert_in_flow(self, mapping: MappingNode, keys: list[str], value: Given) -> str:
        at = mapping.end_mark.index - 1  # before the closing brace
        before = self._text[:at].rstrip()
        comma = "" if before.endswith(("{", ",")) else ","
        space = " " if not before.endswith("{") else ""
        return f"{before}{comma}{space}{_flow(keys, value)}{self._text[at:]}"

    # taking away

    def _without(self, node: SequenceNode, index: int, way: Sequence[_Step], path: KeyPath) -> str:
        """Return the text without an item of a list; the last one takes the list's key with it."""
        if len(node.value) == 1 and way and way[-1].value is node:
            return self._remove(way, path)
        found = without_item(self._text, node, index)
        if found is None:
            raise self._by_hand(path, None)
        return found

    def _remove(self, way: Sequence[_Step], path: KeyPath) -> str:
        step = way[-1]
        if len(step.mapping.value) == 1:  # the last key takes its mapping with it
            if len(way) == 1 or not any(inner is step.mapping for _, inner in way[-2].mapping.value):
                raise self._by_hand(path, None)
            return self._remove(way[:-1], path)
        if step.mapping.flow_style:
            return self._remove_from_flow(step)
        lines = self._text.split("\n")
        first = step.key.start_mark.line
        if lines[first][: step.key.start_mark.column].strip():  # beside the dash of a list
            raise self._by_hand(path, None)
        return "\n".join((*lines[:first], *lines[self._last_line(step) + 1 :]))

    def _remove_from_flow(self, step: _Step) -> str:
        start, end = step.key.start_mark.index, step.value.end_mark.index
        after = self._text[end:]
        if after.lstrip().startswith(","):
            return self._text[:start] + after.lstrip()[1:].lstrip()
        return self._text[:start].rstrip().removesuffix(",") + after

    # where things end

    def _end(self, step: _Step) -> int:
        """Return the index behind a value, its line break left out."""
        node = step.value
        if _is_closed(node):
            return int(node.end_mark.index)
        lines = self._text.split("\n")
        return sum(len(line) + 1 for line in lines[: self._last_line(step) + 1]) - 1

    def _last_line(self, step: _Step) -> int:
        """Return the last line of a key's value, from 0: what is deeper than the key, up to its last line with words."""
        node, lines = step.value, self._text.split("\n")
        if _is_closed(node):
            return int(node.end_mark.line)
        last = int(step.key.start_mark.line)
        column, block = int(step.key.start_mark.column), isinstance(node, ScalarNode)
        for line in range(last + 1, len(lines)):
            words = lines[line].lstrip(" ")
            depth = len(lines[line]) - len(words)
            dash = isinstance(node, SequenceNode) and depth == column and words.startswith("- ")
            if words and depth <= column and not dash and not (words.startswith("#") and not block):
                break
            if words and (block or not words.startswith("#")):
                last = line
        return last

    def _by_hand(self, path: KeyPath, value: Value) -> BadInput:
        key = dotted(path)
        message = "chỗ này viết theo cách mà chỉ người mới sửa được; hãy mở tệp và tự sửa"
        if value is not None:
            words = ", ".join(value) if isinstance(value, tuple) else _value(value, 0, flow=True)
            message = f"{message}: {key}: {words}"
        return BadInput(Problem(rule="cannot-write", file=self._file, line=1, key=key or None, message=message))


def _is_closed(node: Node) -> bool:
    """Tell whether a value has an end of its own; a block ends where something less deep begins."""
    if isinstance(node, ScalarNode):
        return node.style not in _BLOCK
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def _block(keys: Sequence[str], value: Given, column: int) -> Iterator[str]:
    pad = " " * column
    if len(keys) > 1:
        yield f"{pad}{one_line(keys[0], None, flow=False)}:"
        yield from _block(keys[1:], value, column + 2)
    else:
        yield from f"{pad}{one_line(keys[0], None, flow=False)}: {_value(value, column, flow=False)}".split("\n")


def _flow(keys: Sequence[str], value: Given) -> str:
    key = one_line(keys[0], None, flow=True)
    return f"{key}: {{{_flow(keys[1:], value)}}}" if len(keys) > 1 else f"{key}: {_value(value, 0, flow=True)}"


def _value(value: Given, column: int, *, flow: bool) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_scalar(each, None, 0, flow=True)}' for key, each in value.items())}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(one_line(each, None, flow=True) for each in value)}]"
    return _scalar(value, None, column, flow=flow)


def _scalar(value: Scalar, style: str | None, column: int, *, flow: bool) -> str:
    """Return a text as YAML, in the style that it had: of several lines as a block, where one may stand; a number bare."""
    if not isinstance(value, str):
        return str(value)
    fenced = any(line.strip() == FENCE for line in value.split("\n"))  # in a block it would end the front matter
    if not flow and not fenced and ("\n" in value or style in _BLOCK):
        pad = " " * (column + 2)
        return "|\n" + "\n".join(f"{pad}{line}" if line else "" for line in value.split("\n"))
    return one_line(value, None if style in _BLOCK else style, flow=flow)


def one_line(value: str, style: str | None, *, flow: bool) -> str:
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
