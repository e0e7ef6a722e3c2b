"""Text fitted into a width: the largest size whose lines fit, set with the room that Vietnamese marks need."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from studio.breaking import Measure, even, lonely, torn
from studio.font import advance, ink
from studio.number import NBSP
from studio.words import Piece, keep_names, keep_together, normal, paragraphs

_TOP = 0.92  # em above the first baseline: most Vietnamese lines reach it, so that baselines do not jump with the text
_BOTTOM = 0.22  # em below the last baseline
_FIGURE_TOP = 0.74
_FIGURE_BOTTOM = 0.15  # a decimal comma hangs this deep
_A_LITTLE = 0.88  # of the size: how much smaller a text may be set so that it breaks well
_TRIES = 40  # sizes that are tried for it, at most an eighth of them
_MUCH_SMALLER = 0.82  # of the size that a text would have with a name of it on two lines
_CLEAR = 0.05  # em between the ink of two lines


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How a text wants to be set; sizes in px."""

    text: str
    font: Path
    largest: float
    smallest: float
    max_lines: int
    leading: float
    tracking: float
    balance: bool
    emphasis: bool
    ellipsis: bool
    figure: bool
    names: bool = False  # keep names of several syllables on one line


@dataclass(frozen=True, kw_only=True)
class Line:
    """A set line; `baseline` from the block's top."""

    pieces: tuple[Piece, ...]
    width: float
    baseline: float


@dataclass(frozen=True, kw_only=True)
class Block:
    """Set lines, their size in px, and whether everything fitted."""

    lines: tuple[Line, ...]
    size: int
    width: float
    height: float
    fits: bool
    cut: bool = False


@lru_cache(maxsize=8192)
def fit(setting: Setting, width: float, height: float | None, cap: float) -> Block:
    """Return the text set as large as it can be: at most `cap` px, inside width and height (None = any height).

    A name is broken only where keeping it whole would make the text much smaller.
    """
    block = _fitted(setting, width, height, cap)
    if not block.fits or block.cut or not _tears_a_name(setting, block):
        return block
    whole = _fitted(replace(setting, names=True), width, height, cap)
    return whole if whole.fits and not whole.cut and whole.size >= block.size * _MUCH_SMALLER else block


def _tears_a_name(setting: Setting, block: Block) -> bool:
    if len(block.lines) < 2:
        return False
    kept = keep_together(keep_names(normal(setting.text))).replace("**", "")
    ends = ((above.pieces[-1:], below.pieces[:1]) for above, below in pairwise(block.lines))
    return any(f"{last[0].text}{NBSP}{first[0].text}" in kept for last, first in ends if last and first)


def _fitted(setting: Setting, width: float, height: float | None, cap: float) -> Block:
    high = max(1, int(min(setting.largest, cap)))
    low = max(1, min(high, int(setting.smallest)))
    block = _set(setting, high, width)
    if _good(block, height):
        return _smoothed(setting, block, width, height, low)
    while low < high:
        middle = (low + high) // 2
        if _good(_set(setting, middle + 1, width), height) and middle + 1 <= high:
            low = middle + 1
        else:
            high = middle
    block = _set(setting, low, width)
    if _good(block, height):
        return _smoothed(setting, block, width, height, int(setting.smallest))
    if not setting.ellipsis:
        return _unfit(block)
    return _cut(setting, low, width, height)


def _smoothed(setting: Setting, block: Block, width: float, height: float | None, smallest: int) -> Block:
    """Return the text a little smaller where that gives a lonely last syllable company, or mends a word torn in two."""
    if not setting.balance or not (_orphaned(block) or _torn(block)):
        return block
    least = max(smallest, math.ceil(block.size * _A_LITTLE))
    step = max(1, block.size // _TRIES)
    tried = (_set(setting, size, width) for size in range(block.size - 1, least - 1, -step))
    better = [one for one in tried if _good(one, height) and not _orphaned(one)]
    if not better:
        return block
    return next((one for one in better if not _torn(one)), better[0] if _orphaned(block) else block)


def _torn(block: Block) -> bool:
    """Return whether a word of two syllables stands on two lines."""
    ends = ((above.pieces[-1:], below.pieces[:1]) for above, below in pairwise(block.lines))
    return any(torn(last[0], first[0]) for last, first in ends if last and first)


def _orphaned(block: Block) -> bool:
    """Return whether a text of several lines ends in a line of one syllable."""
    return len(block.lines) > 1 and lonely(block.lines[-1].pieces) and len(block.lines[-2].pieces) > 1


def natural_width(setting: Setting, cap: float) -> float:
    """Return how wide the text is when nothing makes it break."""
    size = max(1, int(min(setting.largest, cap)))
    return max((_width(setting, line, size) for line in paragraphs(setting.text, setting.emphasis, setting.names)), default=0.0)


def _good(block: Block, height: float | None) -> bool:
    return block.fits and (height is None or block.height <= height + 0.5)


def _unfit(block: Block) -> Block:
    return Block(lines=block.lines, size=block.size, width=block.width, height=block.height, fits=False)


def _set(setting: Setting, size: int, width: float) -> Block:
    lines, fits = _broken(setting, size, width)
    if setting.balance and fits and 1 < len(lines) <= setting.max_lines:
        lines = _without_widows(_balanced(setting, size, width, lines), setting, size, width)
    return _block(setting, size, lines, fits and len(lines) <= setting.max_lines)


def _broken(setting: Setting, size: int, width: float) -> tuple[list[tuple[Piece, ...]], bool]:
    lines: list[tuple[Piece, ...]] = []
    fits = True
    for paragraph in paragraphs(setting.text, setting.emphasis, setting.names):
        line: tuple[Piece, ...] = ()
        for piece in paragraph:
            if line and _width(setting, (*line, piece), size) > width:
                lines.append(line)
                line = ()
            line = (*line, piece)
            fits = fits and _width(setting, (piece,), size) <= width + 0.01
        lines.append(line)
    return lines, fits


def _balanced(setting: Setting, size: int, width: float, lines: list[tuple[Piece, ...]]) -> list[tuple[Piece, ...]]:
    """Return the same number of lines, of even lengths and broken where a reader pauses anyway."""
    done: list[tuple[Piece, ...]] = []
    left = lines
    for paragraph in paragraphs(setting.text, setting.emphasis, setting.names):
        count = _lines_of(left, len(paragraph))
        done += even(paragraph, _measure(setting, paragraph, size), count, width) or left[:count]
        left = left[count:]
    return done


def _measure(setting: Setting, paragraph: tuple[Piece, ...], size: int) -> Measure:
    spaced = setting.tracking * size / 1000
    wide = tuple(advance(setting.font, piece.text) * size + len(piece.text) * spaced for piece in paragraph)
    return Measure(pieces=wide, space=advance(setting.font, " ") * size + spaced)


def _without_widows(lines: list[tuple[Piece, ...]], setting: Setting, size: int, width: float) -> list[tuple[Piece, ...]]:
    """Return the lines with company for the lonely last word of each paragraph, where the line above can spare one."""
    done: list[tuple[Piece, ...]] = []
    left = lines
    for paragraph in paragraphs(setting.text, setting.emphasis, setting.names):
        count = _lines_of(left, len(paragraph))
        done += _without_widow(left[:count], setting, size, width)
        left = left[count:]
    return done


def _lines_of(lines: list[tuple[Piece, ...]], pieces: int) -> int:
    """Return how many of the first lines hold so many pieces; an empty paragraph has a line of its own."""
    held = 0
    for count, line in enumerate(lines, start=1):
        held += len(line)
        if held >= pieces:
            return count
    return len(lines)


def _without_widow(lines: list[tuple[Piece, ...]], setting: Setting, size: int, width: float) -> list[tuple[Piece, ...]]:
    if len(lines) < 2:
        return lines
    *above, giver, last = lines
    moved = (*giver[-1:], *last)
    least = 2 if lonely(last) else 3  # a word of two syllables is company enough for itself, where the line above is short
    if len(last) > 1 or len(giver) < least or _width(setting, moved, size) > width:
        return lines
    return [*above, giver[:-1], moved]


def _width(setting: Setting, pieces: tuple[Piece, ...], size: int) -> float:
    if not pieces:
        return 0.0
    letters = sum(len(piece.text) for piece in pieces) + len(pieces) - 1
    em = sum(advance(setting.font, piece.text) for piece in pieces) + advance(setting.font, " ") * (len(pieces) - 1)
    return em * size + max(0, letters) * setting.tracking * size / 1000


def _block(setting: Setting, size: int, lines: list[tuple[Piece, ...]], fits: bool) -> Block:
    top, bottom = (_FIGURE_TOP, _FIGURE_BOTTOM) if setting.figure else (_TOP, _BOTTOM)
    placed: list[Line] = []
    below = 0.0
    baseline = 0.0
    for pieces in lines:
        reach = ink(setting.font, size, " ".join(piece.text for piece in pieces) or " ")
        above = -reach.top
        if placed:
            baseline += max(setting.leading * size, below + above + _CLEAR * size)
        else:
            baseline = max(top * size, above)
        below = reach.bottom
        placed.append(Line(pieces=pieces, width=_width(setting, pieces, size), baseline=round(baseline)))
    return Block(
        lines=tuple(placed),
        size=size,
        width=max((line.width for line in placed), default=0.0),
        height=baseline + max(bottom * size, below),
        fits=fits,
    )


def _cut(setting: Setting, size: int, width: float, height: float | None) -> Block:
    """Return as many words as fit at the smallest size, ending in an ellipsis."""
    words = setting.text.split()
    low, high = 0, len(words)
    best = _block(setting, size, [(Piece("…"),)], True)
    while low < high:
        middle = (low + high + 1) // 2
        shorter = replace(setting, text=" ".join(words[:middle]).rstrip(" ,.;:–-") + "…", ellipsis=False)
        block = _set(shorter, size, width)
        if _good(block, height):
            low, best = middle, block
        else:
            high = middle - 1
    return Block(lines=best.lines, size=best.size, width=best.width, height=best.height, fits=True, cut=True)
