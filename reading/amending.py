"""A page whose front matter is brought to say something else, and whose every other character stays as a person wrote it.

Comments, blank lines, quotation marks and the order of the keys are theirs. What only a person can change is left alone and told.
Where a whole part is brought to say something else, a value that stands in several places by an anchor is written out, so that
the others go on saying what they said; a single value on which others stand is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from ruamel.yaml.error import YAMLError

from editorial.problem import BadInput, Problem
from reading.anchors import names_in
from reading.document import dotted
from reading.front_matter import closing_fence
from reading.key_path import KeyPath
from reading.written_head import ByHand, Head, Step, value_in
from reading.yaml_lines import EXACT, WORDS, OneLine, Tree, flow_line

Scalar = str | int | Decimal
Given = Scalar | tuple[str, ...] | Mapping[str, Scalar]  # a mapping is written on one line, where there was nothing
Value = Given | None  # None takes the key, or the item of a list, away
MOST_ROWS = 3  # of a list that is all new: longer ones are written anew as a whole
MOST_STEPS = 4000  # of one change: a slip of ours must not go round for ever


def amended(text: str, file: str, changes: Mapping[KeyPath, Value], body: str | None = None) -> str:
    """Return the page with these values at these key paths, and this body; raise BadInput where only a person can write it."""
    for path, value in changes.items():
        if _stands_elsewhere(_head_of(text, file), path):
            raise _by_hand(file, path, _as_tree(value))
        text = reshaped(text, file, path, _as_tree(value), block=WORDS)
    return text if body is None else _with_body(text, file, body)


def reshaped(text: str, file: str, path: KeyPath, wanted: Tree | None, *, block: str = EXACT) -> str:
    """Return the page with this value at a key path, None for no such key; raise BadInput where only a person can write it.

    A text of several lines stands behind `block` where it did not before.
    """
    lines, head = text.split("\n"), _head_of(text, file)
    fence = closing_fence(lines, file)
    path, wanted = _without_item(head, file, path) if wanted is None else (path, wanted)
    try:
        for _ in range(MOST_STEPS):
            made = _one_step(head, file, *_from_what_is_there(head, file, path, wanted), block)
            if made is None:
                return "\n".join((lines[0], head + "\n".join(lines[fence:])))
            if made == head:
                break
            head = made
    except ByHand as error:
        raise _by_hand(file, error.path or path, wanted) from error
    raise _by_hand(file, path, wanted)


def value_at(text: str, file: str, path: KeyPath) -> Tree | None:
    """Return what a page's front matter says at a key path, as it is written there; None for nothing."""
    return value_in(_head_of(text, file), file, path)


def _head_of(text: str, file: str) -> str:
    lines = text.split("\n")
    return "\n".join(lines[1 : closing_fence(lines, file)]) + "\n"


def _stands_elsewhere(head: str, path: KeyPath) -> bool:
    """Tell whether a value stands on another by an anchor, or others on it; or where that cannot be told."""
    try:
        return any(path[: len(each.path)] == each.path for each in names_in(head))
    except (YAMLError, ValueError):
        return True


def _one_step(head: str, file: str, path: KeyPath, wanted: Tree | None, block: str) -> str | None:
    """Return the front matter one change nearer to what is wanted; None where it says that."""
    step = next(_differences(value_in(head, file, path), wanted, path), None)
    if step is None:
        return None
    shown = Head(head, file, block)
    return shown.freed(step) or shown.changed(step)


def _without_item(head: str, file: str, path: KeyPath) -> tuple[KeyPath, Tree | None]:
    """Return the taking away of a list's item as a change of its list: once it is gone, the next one stands in its place.

    The last key of an item takes the item with it.
    """
    holder = value_in(head, file, path[:-1])
    if len(path) > 1 and isinstance(holder, Mapping | list) and len(holder) == 1 and value_in(head, file, path) is not None:
        return _without_item(head, file, path[:-1])
    if not isinstance(holder, list) or not isinstance(path[-1], int) or path[-1] >= len(holder):
        return path, None
    return path[:-1], [each for number, each in enumerate(holder) if number != path[-1]]


def _from_what_is_there(head: str, file: str, path: KeyPath, wanted: Tree | None) -> tuple[KeyPath, Tree | None]:
    """Return the same change at the nearest key that is there: what is missing on the way comes with it."""
    while wanted is not None and len(path) > 1 and isinstance(path[-1], str) and value_in(head, file, path[:-1]) in (None, {}):
        path, wanted = path[:-1], {path[-1]: wanted}
    return path, wanted


def _as_tree(value: Value) -> Tree | None:
    if isinstance(value, Mapping):
        return OneLine(value)
    return list(value) if isinstance(value, tuple) else value


def _with_body(text: str, file: str, body: str) -> str:
    """Return the page with another body; the blank lines around it stay."""
    lines = text.split("\n")
    fence = closing_fence(lines, file)
    old = "\n".join(lines[fence + 1 :])
    bare = old.strip("\n")
    start = old.index(bare) if bare else 0
    before, after = (old[:start], old[start + len(bare) :]) if bare else ("", "\n")
    return "\n".join((*lines[: fence + 1], before + body.strip("\n") + after))


def _differences(now: Tree | None, wanted: Tree | None, path: KeyPath) -> Iterator[Step]:
    """Yield what differs; each step is worked out anew after the one before it."""
    if _same(now, wanted):
        return
    if wanted is None:
        yield Step(kind="remove", path=path)
    elif isinstance(now, Mapping) and isinstance(wanted, Mapping) and now and wanted:
        for key in wanted:
            yield from _differences(now.get(key), wanted[key], (*path, key))
        yield from (Step(kind="remove", path=(*path, key)) for key in now if key not in wanted)
    elif isinstance(now, list) and isinstance(wanted, list) and now and wanted:
        yield from _list_differences(now, wanted, path)
    else:
        yield Step(kind="set", path=path, value=wanted)


def _list_differences(now: Sequence[Tree], wanted: Sequence[Tree], path: KeyPath) -> Iterator[Step]:
    if _is_fewer_or_more(now, wanted):  # the others stay, with their remarks
        yield from (Step(kind="append", path=path, value=each) for each in wanted if each not in now)
        yield from (Step(kind="remove", path=(*path, index)) for index, each in enumerate(now) if each not in wanted)
        return
    pairs = tuple(zip(now, wanted, strict=False))
    others = [index for index, (one, other) in enumerate(pairs) if not _same(one, other)]
    if len(others) > MOST_ROWS and len(others) == len(pairs):  # nothing of it stays where it was
        yield Step(kind="set", path=path, value=wanted)
        return
    first = others[0] if others else len(pairs)
    if first < len(now) and (len(now) > len(wanted) or any(_same(each, wanted[first]) for each in now[first + 1 :])):
        yield Step(kind="remove", path=(*path, first))
    for index, (one, other) in enumerate(pairs):
        yield from _differences(one, other, (*path, index))
    yield from (Step(kind="append", path=path, value=each) for each in wanted[len(now) :])


def _is_fewer_or_more(now: Sequence[Tree], wanted: Sequence[Tree]) -> bool:
    """Tell whether one list of words comes of another by taking some out and adding some behind."""
    if not all(isinstance(each, str) for each in (*now, *wanted)) or len(set(now)) != len(now) or len(set(wanted)) != len(wanted):
        return False
    kept = [each for each in now if each in wanted]
    return bool(kept) and list(wanted[: len(kept)]) == kept


def _same(one: Tree | None, other: Tree | None) -> bool:
    """Tell whether two values are read alike: 1 is not 1.0, yes is not 1, and blanks around a text count for nothing."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    if isinstance(other, Decimal):
        return isinstance(one, int | float) and not isinstance(one, bool) and Decimal(str(one)) == other
    return type(one) is type(other) and one == other


def _by_hand(file: str, path: KeyPath, wanted: Tree | None) -> BadInput:
    key = dotted(path)
    message = "chỗ này viết theo cách mà chỉ người mới sửa được; hãy mở tệp và tự sửa"
    if isinstance(wanted, str | int | Decimal):
        message = f"{message}: {key}: {flow_line(wanted)}"
    elif isinstance(wanted, list) and all(isinstance(each, str) for each in wanted):
        message = f"{message}: {key}: {', '.join(wanted)}"
    return BadInput(Problem(rule="cannot-write", file=file, line=1, key=key or None, message=message))
