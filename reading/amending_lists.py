"""A list in a page that gets items or loses some: the others stay as a person wrote them, with their remarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode


def edited_list(text: str, node: SequenceNode, values: Sequence[str], write: Callable[[str], str]) -> str | None:
    """Return the text with a list that says `values`; None where that is more than taking items out and adding some behind."""
    items: list[Node] = node.value
    if not all(isinstance(item, ScalarNode) and item.anchor is None for item in items):
        return None
    old = [str(item.value) for item in items]
    kept = [value for value in values if value in old]
    if not kept or len(set(old)) != len(old) or list(values[: len(kept)]) != [value for value in old if value in kept]:
        return None
    new = values[len(kept) :]
    last = next(item for item in reversed(items) if item.value in kept)
    text = _with_added(text, node, last, [write(value) for value in new])  # behind what goes is taken out first: marks stay right
    for index in range(len(items) - 1, -1, -1):
        if items[index].value not in kept:
            found = without_item(text, node, index)
            if found is None:
                return None
            text = found
    return text


def _with_added(text: str, node: SequenceNode, last: Node, words: Sequence[str]) -> str:
    if not words:
        return text
    if node.flow_style:
        end = node.value[-1].end_mark.index if last is not node.value[-1] else last.end_mark.index
        return text[:end] + "".join(f", {word}" for word in words) + text[end:]
    lines, pad = text.split("\n"), " " * node.start_mark.column
    at = _last_line(lines, node, len(node.value) - 1) + 1
    return "\n".join((*lines[:at], *(f"{pad}- {word}" for word in words), *lines[at:]))


def without_item(text: str, node: SequenceNode, index: int) -> str | None:
    """Return the text without one item of a list that has others; None where only a person can take it out."""
    items: list[Node] = node.value
    if node.flow_style:
        start, end = items[index].start_mark.index, items[index].end_mark.index
        behind = text[end:]
        if behind.lstrip().startswith(","):
            rest = behind.lstrip()[1:]
            cut = (text[:start], rest.lstrip(" ") if rest.lstrip(" ")[:1] != "\n" else rest.lstrip())
        else:
            cut = (text[:start].rstrip().removesuffix(","), behind)
        gone = text[len(cut[0]) : len(text) - len(cut[1])]
        return None if "#" in gone.replace(text[start:end], "", 1) else "".join(cut)
    lines = text.split("\n")
    first, last = _first_line(node, index), _last_line(lines, node, index)
    return "\n".join((*lines[:first], *lines[last + 1 :])) if lines[first].lstrip().startswith("-") else None


def _first_line(node: SequenceNode, index: int) -> int:
    return int(node.value[index].start_mark.line)


def _last_line(lines: Sequence[str], node: SequenceNode, index: int) -> int:
    """Return the last line with words of a block item: a remark behind it belongs to what follows."""
    column, first = int(node.start_mark.column), _first_line(node, index)
    last = first
    for line in range(first + 1, len(lines)):
        words = lines[line].lstrip(" ")
        depth = len(lines[line]) - len(words)
        if words and depth <= column:
            break
        if words:
            last = line
    return _before_remarks(lines, first, last, column)


def _before_remarks(lines: Sequence[str], first: int, last: int, column: int) -> int:
    """Leave out the remarks at an item's end that stand no deeper than the item: they speak of the next one."""
    while last > first and lines[last].lstrip().startswith("#") and len(lines[last]) - len(lines[last].lstrip()) <= column + 1:
        last -= 1
    return last
