"""Where the lines of a text end: as even as they can be, and where a reader pauses anyway."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from studio.compounds import COMPOUNDS, LEANING
from studio.number import NBSP
from studio.words import Piece

# What a break costs, against (length / even length - 1)² of a line: 0.25 is a line half as long as the others
_TORN = 0.3  # in the middle of a word of two syllables
_LEANING = 0.05  # after a small word that belongs to what follows
_PAUSE = -0.05  # after a comma or a stop
_LONELY = 1.0  # before a last line of one syllable
_ALONE = 0.1  # before a last line of one word
_SYLLABLE = 8  # letters of the longest Vietnamese syllable, "nghiêng", and a stop
_MOST = 4000  # pieces x lines that are worth weighing: 130 words in 30 lines; longer texts are filled line by line

_STOPS = (",", ";", ":", ".", "!", "?", "…", "–", "—", " -", f"{NBSP}-")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How wide pieces are set side by side, in px: each piece, and the space between two."""

    pieces: tuple[float, ...]
    space: float


def lonely(line: Sequence[Piece]) -> bool:
    """Return whether a line has one syllable only."""
    return len(line) == 1 and len(line[0].text) <= _SYLLABLE and NBSP not in line[0].text


def torn(above: Piece, below: Piece) -> bool:
    """Return whether a break between two pieces goes through a word of two syllables."""
    first, second = above.text.split(NBSP)[-1], below.text.split(NBSP)[0]
    return f"{_letters(first, left=True)} {_letters(second, right=True)}" in COMPOUNDS


def _letters(syllable: str, *, left: bool = False, right: bool = False) -> str:
    """Return a syllable in small letters, without the quotes and brackets outside the word, or the stop after it."""
    plain = syllable.replace("**", "").lower()
    return plain.lstrip("“\"'‘(") if left else plain.rstrip("”\"'’),.;:!?…") if right else plain


def even(paragraph: tuple[Piece, ...], measure: Measure, count: int, width: float) -> list[tuple[Piece, ...]] | None:
    """Return a paragraph in `count` lines, none wider than `width`; None where there are none such, or too many to be weighed."""
    if not 1 < count <= len(paragraph) or len(paragraph) * count > _MOST:
        return None
    starts = [0.0, *accumulate(wide + measure.space for wide in measure.pieces)]
    fair = (starts[-1] - count * measure.space) / count
    breaks = _breaks(paragraph)
    reached = [0.0] + [math.inf] * len(paragraph)
    ends: list[list[int]] = []
    for _ in range(count):
        reached, back = _one_more(reached, starts, measure.space, width, fair, breaks)
        ends.append(back)
    return _lines(paragraph, ends) if math.isfinite(reached[-1]) else None


def _breaks(paragraph: tuple[Piece, ...]) -> list[float]:
    """Return what it costs to end a line before each piece; the last is the paragraph's own end, which is free."""
    costs = [0.0, *(_cost(above, below) for above, below in pairwise(paragraph)), 0.0]
    costs[-2] += _LONELY if lonely(paragraph[-1:]) else _ALONE
    return costs


def _cost(above: Piece, below: Piece) -> float:
    if torn(above, below):
        return _TORN
    if above.text.endswith(_STOPS):
        return _PAUSE
    return _LEANING if above.text.split(NBSP)[-1].lower() in LEANING else 0.0


def _one_more(
    reached: list[float], starts: list[float], space: float, width: float, fair: float, breaks: list[float]
) -> tuple[list[float], list[int]]:
    """Return the least cost of one line more up to each piece, and where that line begins."""
    costs, back = [math.inf] * len(reached), [0] * len(reached)
    for end in range(1, len(reached)):
        for start in range(end - 1, -1, -1):
            wide = starts[end] - starts[start] - space
            if wide > width:
                break
            cost = reached[start] + (wide / fair - 1) ** 2 + breaks[end]
            if cost < costs[end]:
                costs[end], back[end] = cost, start
    return costs, back


def _lines(paragraph: tuple[Piece, ...], ends: list[list[int]]) -> list[tuple[Piece, ...]]:
    lines: list[tuple[Piece, ...]] = []
    end = len(paragraph)
    for back in reversed(ends):
        lines.append(paragraph[back[end] : end])
        end = back[end]
    return lines[::-1]
