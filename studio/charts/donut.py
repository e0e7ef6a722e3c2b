"""Parts of a whole: a ring, and a list that says what each part is, for nobody can read a ring alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from studio.charts.graph import Datum, Graph, Look, Mark, bar, faded
from studio.colour import Colour
from studio.display import Box, Outline, Shape

_SHADES = (1.0, 0.72, 0.5, 0.34, 0.22, 0.14)  # of the colour's opacity, part by part
_HOLE = 0.6  # of the radius
_CENTRE = (2.0, 1.7, 1.4, 1.2, 1.0)  # of a value: how large the words in the hole are, the first that fits
_APART = 0.022  # radians between two parts
_WIDE = 1.25  # width / height from which on the list stands beside the ring


def draw_donut(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    """Return the ring with its list."""
    beside = box.width >= _WIDE * box.height
    legend = _Legend(rows, look, size, box.width * (0.5 if beside else 1.0))
    gap = 1.2 * size
    side = min(box.height, box.width * 0.46) if beside else min(box.width * 0.8, box.height - legend.height - gap)
    ring = Box(
        left=box.left + (0.0 if beside else (box.width - side) / 2),
        top=box.top + ((box.height - side) / 2 if beside else 0.0),
        width=side,
        height=side,
    )
    place = (
        Box(left=ring.right + gap, top=box.top, width=box.right - ring.right - gap, height=box.height)
        if beside
        else Box(left=box.left, top=ring.bottom + gap, width=box.width, height=box.bottom - ring.bottom - gap)
    )
    if beside:
        legend = _Legend(rows, look, size, place.width)
    marks = [*_ring(rows, ring, look), *_centre(ring, look, size), *legend.marks(place)]
    return Graph(marks=tuple(marks), fits=side >= 4 * size and legend.fits and legend.height <= place.height + 0.5)


def shades(rows: Sequence[Datum], look: Look) -> list[Colour]:
    """Return one colour a part: the highlighted ones in theirs, the others from strong to pale."""
    plain = iter(_SHADES)
    return [look.highlight if row.highlight else faded(look.colour, next(plain, _SHADES[-1])) for row in rows]


def _ring(rows: Sequence[Datum], ring: Box, look: Look) -> Iterator[Mark]:
    whole = sum(row.amount for row in rows) or 1.0
    at = -math.pi / 2
    for index, (row, colour) in enumerate(zip(rows, shades(rows, look), strict=True)):
        turn = 2 * math.pi * row.amount / whole
        apart = min(_APART, turn / 3) if len(rows) > 1 else 0.0
        if turn > 0:
            yield Mark(drawing=_sector(ring, at + apart / 2, at + turn - apart / 2, colour), row=index, grows_from="fade")
        at += turn


def _sector(ring: Box, start: float, end: float, colour: Colour) -> Shape:
    """Return a part of a ring as a polygon of steps under a degree."""
    steps = max(2, math.ceil((end - start) / math.radians(0.8)))
    angles = [start + (end - start) * step / steps for step in range(steps + 1)]
    outer = [_on(ring, angle, 1.0) for angle in angles]
    inner = [_on(ring, angle, _HOLE) for angle in reversed(angles)]
    return Shape(box=ring, outline=Outline.POLYGON, fill=colour, points=(*outer, *inner))


def _on(ring: Box, angle: float, share: float) -> tuple[float, float]:
    radius = ring.width / 2 * share
    return ring.left + ring.width / 2 + radius * math.cos(angle), ring.top + ring.height / 2 + radius * math.sin(angle)


def _centre(ring: Box, look: Look, size: float) -> Iterator[Mark]:
    if look.centre:
        inside = ring.width * _HOLE * 0.82
        sizes = (size * look.value_scale * scale for scale in _CENTRE)
        block = next(filter(lambda tried: tried.fits, (look.value.block(look.centre, each, inside, 3) for each in sizes)), None)
        block = block or look.value.block(look.centre, size, inside, 3)
        place = Box(left=ring.left, top=ring.top, width=ring.width, height=block.height)
        yield Mark(drawing=look.value.centred(block, place, ring.top + ring.height / 2, 0.5))


class _Legend:
    """One line a part: its colour, what it is, its value."""

    def __init__(self, rows: Sequence[Datum], look: Look, size: float, width: float) -> None:
        self._rows, self._look, self._size = rows, look, size
        self._values = [look.value.block(row.value, size * look.value_scale, width * 0.6, 1) for row in rows]
        room = width - 1.3 * size - max(value.width for value in self._values) - 0.6 * size
        self._labels = [look.label.block(row.label, size, max(1.0, room), 3) for row in rows]
        heights = [max(a.height, b.height) for a, b in zip(self._labels, self._values, strict=True)]
        self._heights = heights
        self.height = sum(heights) + look.gap * (len(rows) - 1)
        self.fits = all(block.fits for block in (*self._labels, *self._values))

    def marks(self, place: Box) -> Iterator[Mark]:
        """Yield the list in the middle of its place."""
        top = place.top + max(0.0, (place.height - self.height) / 2)
        colours = shades(self._rows, self._look)
        for index, (label, value, height) in enumerate(zip(self._labels, self._values, self._heights, strict=True)):
            middle = top + height / 2
            side = 0.8 * self._size
            yield Mark(drawing=bar(place.left, middle - side / 2, side, side, colours[index], side * 0.2), row=index)
            text = Box(left=place.left + 1.3 * self._size, top=top, width=place.width, height=height)
            yield Mark(drawing=self._look.label.centred(label, text, middle), row=index)
            yield Mark(drawing=self._look.value.centred(value, place, middle, 1.0), row=index)
            top += height + self._look.gap
