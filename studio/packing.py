"""Cards put on a sheet: in lines from left to right, low cards under one another beside the tallest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Place:
    """The corner of a card on its sheet, in px."""

    left: int
    top: int


@dataclass(kw_only=True)
class _Column:
    left: int
    width: int
    filled: int


@dataclass(kw_only=True)
class _Line:
    """Columns beside one another, none higher than the first card."""

    top: int
    height: int
    columns: list[_Column] = field(default_factory=list)

    @property
    def right(self) -> int:
        return max((column.left + column.width for column in self.columns), default=0)


def pack(sizes: Sequence[tuple[int, int]], gap: int, most: int) -> tuple[tuple[Place, ...], int, int]:
    """Return where cards of (width, height) go, in their order, and how wide and high it all is; `most` is the widest line."""
    lines: list[_Line] = []
    places: list[Place] = []
    for width, height in sizes:
        places.append(_put(lines, width, height, gap, most))
    return tuple(places), max((line.right for line in lines), default=0), sum(line.height + gap for line in lines)


def _put(lines: list[_Line], width: int, height: int, gap: int, most: int) -> Place:
    if lines:
        line = lines[-1]
        for column in line.columns:
            if width <= column.width and column.filled + gap + height <= line.height:
                place = Place(left=column.left, top=line.top + column.filled + gap)
                column.filled += gap + height
                return place
        left = line.right + gap
        if left + width <= most and height <= line.height:
            line.columns.append(_Column(left=left, width=width, filled=height))
            return Place(left=left, top=line.top)
    top = lines[-1].top + lines[-1].height + gap if lines else 0
    lines.append(_Line(top=top, height=height, columns=[_Column(left=0, width=width, filled=height)]))
    return Place(left=0, top=top)
