"""How two texts differ, word by word, for one line in which what was taken out and what was put in are marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import groupby

_WORDS = re.compile(r"\s+|\d+(?:[.,:/-]\d+)*|\w+|[^\w\s]")  # a figure, a date or a time of day is one word
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


class Became(Enum):
    """What has become of a stretch of text."""

    SAME = "same"
    OUT = "out"  # it was there
    IN = "in"  # it is there now


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of text of one kind."""

    mark: Became
    text: str


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return both texts as one: all `SAME` and `OUT` pieces make the one before, all `SAME` and `IN` pieces the one after."""
    found: list[Piece] = []
    for was, now, same in _of(_LINES.findall(before), _LINES.findall(after)):
        changed = [(was, now, same)] if same or not (was and now) else _phrases(_of(_WORDS.findall(was), _WORDS.findall(now)))
        for out, put_in, unchanged in changed:
            if unchanged:
                found.append(Piece(mark=Became.SAME, text=out))
            else:
                found += [Piece(mark=mark, text=text) for mark, text in ((Became.OUT, out), (Became.IN, put_in)) if text]
    return tuple(_together(found))


_Part = tuple[str, str, bool]  # what was there, what is there, whether they are the same


def _of(old: Sequence[str], new: Sequence[str]) -> Iterator[_Part]:
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield "".join(old[first:last]), "".join(new[start:end]), kind == "equal"


def _phrases(parts: Iterable[_Part]) -> Iterator[_Part]:
    """Yield the parts with a space between two changed words taken as changed: a phrase is one piece, not a row of words."""
    out, put_in, space = "", "", ""
    for was, now, same in parts:
        if same and was.isspace() and (out or put_in) and not space:
            space = was
            continue
        if same:
            yield from _changed(out, put_in)
            yield space + was, space + now, True
            out, put_in, space = "", "", ""
        else:
            out, put_in, space = f"{out}{space}{was}", f"{put_in}{space}{now}", ""
    yield from _changed(out, put_in)
    if space:
        yield space, space, True


def _changed(out: str, put_in: str) -> Iterator[_Part]:
    if out or put_in:
        yield out, put_in, False


def _together(found: Iterable[Piece]) -> Iterator[Piece]:
    """Yield the pieces with neighbours of one kind as one."""
    for mark, alike in groupby(found, key=lambda piece: piece.mark):
        yield Piece(mark=mark, text="".join(piece.text for piece in alike))
