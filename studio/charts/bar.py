"""Bars from zero: rows of them under or beside their labels, or columns over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.charts.graph import Axis, Datum, Graph, Look, Mark, bar
from studio.display import Box

_BESIDE = 0.36  # of the width: longer labels stand over their bars
_THICKEST = 2.2  # of the type: a bar is no poster
_PAD = 0.35  # of the type, between a bar and its value


def draw_bars(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    """Return bars; lying ones unless the look says otherwise."""
    return _columns(rows, box, look, size) if look.horizontal is False else _rows(rows, box, look, size)


# lying bars


def _rows(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    tall = (box.height - look.gap * (len(rows) - 1)) / len(rows)
    beside = max(look.label.width(row.label, size) for row in rows) <= _BESIDE * box.width
    column = max(look.label.width(row.label, size) for row in rows) + 0.6 * size if beside else 0.0
    blocks = [look.label.block(row.label, size, column or box.width, 1 if beside else 2) for row in rows]
    above = 0.0 if beside else max(block.height for block in blocks) + 0.18 * size
    thick = min(tall - above, _THICKEST * size)
    plot = Box(left=box.left + column, top=box.top, width=box.width - column, height=box.height)
    lengths = _Lengths(rows, plot, look, size)
    fits = thick >= 0.5 * size and lengths.room >= 0.25 * box.width and all(block.fits for block in blocks)
    marks = [Mark(drawing=lengths.zero)]
    for index, (row, block) in enumerate(zip(rows, blocks, strict=True)):
        top = box.top + index * (tall + look.gap) + (tall - above - thick) / 2 + above
        place = Box(left=box.left, top=top - 0.18 * size - block.height, width=column or box.width, height=block.height)
        words = look.label.centred(block, place, top + thick / 2) if beside else look.label.words(block, place)
        marks += [Mark(drawing=words, row=index), *lengths.marks(row, index, top, thick)]
    return Graph(marks=tuple(marks), fits=fits)


class _Lengths:
    """Where zero is, and how long a bar is; room is kept at both ends for the values."""

    def __init__(self, rows: Sequence[Datum], plot: Box, look: Look, size: float) -> None:
        self._axis = Axis.over(row.amount for row in rows)
        self._look = look
        self._size = size * look.value_scale
        self._pad = _PAD * size
        right = max((self._wide(row) for row in rows if row.amount >= 0), default=0.0)
        left = max((self._wide(row) for row in rows if row.amount < 0), default=0.0)
        self.room = plot.width - right - left
        self._start = plot.left + left
        thin = max(1.0, 2 * look.unit)
        at = self._at(0.0)
        self.zero = bar(at - thin, plot.top, thin, plot.height, look.track)

    def _wide(self, row: Datum) -> float:
        return self._look.value.width(row.value, self._size) + self._pad

    def _at(self, amount: float) -> float:
        return self._start + self._axis.share(amount) * self.room

    def marks(self, row: Datum, index: int, top: float, thick: float) -> Iterator[Mark]:
        """Yield a row's bar and its value at the bar's end."""
        zero, end = self._at(0.0), self._at(row.amount)
        left, wide = min(zero, end), abs(end - zero)
        if wide > 0:
            drawn = bar(left, top, wide, thick, self._look.ink(row), min(thick * 0.12, 6 * self._look.unit))
            yield Mark(drawing=drawn, row=index, grows_from="right" if row.amount < 0 else "left")
        block = self._look.value.block(row.value, self._size, 1e6, 1)
        beyond = end - self._pad - block.width if row.amount < 0 else end + self._pad
        place = Box(left=beyond, top=top, width=block.width, height=thick)
        yield Mark(drawing=self._look.value.centred(block, place, top + thick / 2), row=index)


# standing bars


def _columns(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    step = (box.width + look.gap) / len(rows)
    wide = step - look.gap
    labels = [look.label.block(row.label, size, step - 0.3 * size, 3) for row in rows]
    values = [look.value.block(row.value, size * look.value_scale, step - 0.15 * size, 1) for row in rows]
    foot = max(block.height for block in labels) + 0.25 * size
    head = max((block.height for block, row in zip(values, rows, strict=True) if row.amount >= 0), default=0.0)
    below = max((block.height for block, row in zip(values, rows, strict=True) if row.amount < 0), default=0.0)
    axis = Axis.over(row.amount for row in rows)
    room = box.height - foot - head - below
    marks: list[Mark] = []
    thin = max(1.0, 2 * look.unit)
    zero = box.top + head + (1 - axis.share(0.0)) * room
    for index, (row, label, value) in enumerate(zip(rows, labels, values, strict=True)):
        left = box.left + index * step
        end = box.top + head + (1 - axis.share(row.amount)) * room
        thick = min(wide, 3.2 * size)
        if end != zero:
            edge = min(thick * 0.08, 6 * look.unit)
            drawn = bar(left + (wide - thick) / 2, min(zero, end), thick, abs(end - zero), look.ink(row), edge)
            marks.append(Mark(drawing=drawn, row=index, grows_from="top" if row.amount < 0 else "bottom"))
        cell = Box(left=left - (step - wide) / 2, top=box.bottom - foot + 0.25 * size, width=step, height=label.height)
        marks.append(Mark(drawing=look.label.words(label, cell, 0.5), row=index))
        over = Box(left=cell.left, top=end if row.amount < 0 else end - value.height, width=step, height=value.height)
        marks.append(Mark(drawing=look.value.words(value, over, 0.5), row=index))
    marks.append(Mark(drawing=bar(box.left, zero - thin / 2, box.width, thin, look.track)))
    fits = room >= 2.5 * size and wide >= 0.5 * size and all(block.fits for block in (*labels, *values))
    return Graph(marks=tuple(marks), fits=fits)
