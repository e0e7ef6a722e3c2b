"""How something went over time: a line through its values, each written at its point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.charts.graph import Axis, Datum, Graph, Look, Mark, bar, faded
from studio.display import Box, Outline, Shape, Stroke
from studio.fit import Block

_ROOM = 0.15  # of the span kept free under a line that does not start at zero


def draw_line(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    """Return the line; from zero with its area filled, or from near its lowest value without, for an area would exaggerate."""
    step = box.width / len(rows)
    labels = [look.label.block(row.label, size, step - 0.25 * size, 2) for row in rows]
    values = [look.value.block(row.value, size * look.value_scale, step - 0.1 * size, 1) for row in rows]
    foot = max(block.height for block in labels) + 0.3 * size
    head = max(block.height for block in values) + 0.3 * size
    plot = Box(left=box.left, top=box.top + head, width=box.width, height=box.height - foot - head)
    axis = _axis(rows, look)
    under = head if axis.low < 0 or not look.from_zero else 0.0
    plot = Box(left=plot.left, top=plot.top, width=plot.width, height=plot.height - under)
    points = tuple(
        (plot.left + (index + 0.5) * step, plot.top + (1 - axis.share(row.amount)) * plot.height)
        for index, row in enumerate(rows)
    )
    marks = [*_ground(plot, points, axis, look), *_line(plot, points, rows, look, size)]
    for index, (label, value) in enumerate(zip(labels, values, strict=True)):
        cell = Box(left=box.left + index * step, top=box.bottom - foot + 0.3 * size, width=step, height=label.height)
        marks.append(Mark(drawing=look.label.words(label, cell, 0.5), row=index))
        place = _beside_the_line(rows, index, points[index], value, cell, plot, size)
        marks.append(Mark(drawing=look.value.words(value, place), row=index))
    fits = plot.height >= 2.5 * size and all(block.fits for block in (*labels, *values))
    return Graph(marks=tuple(marks), fits=fits)


def _axis(rows: Sequence[Datum], look: Look) -> Axis:
    amounts = [row.amount for row in rows]
    if look.from_zero:
        return Axis.over(amounts)
    span = (max(amounts) - min(amounts)) or abs(amounts[0]) or 1.0
    return Axis(low=min(amounts) - _ROOM * span, high=max(amounts))


def _beside_the_line(
    rows: Sequence[Datum], index: int, point: tuple[float, float], value: Block, cell: Box, plot: Box, size: float
) -> Box:
    """Return where a value stands clear of the line: under a valley, on the outer side of a slope, else over its point."""
    x, y = point
    before, after = (
        rows[other].amount - rows[index].amount if 0 <= other < len(rows) else 0.0 for other in (index - 1, index + 1)
    )
    top = y - 0.3 * size - value.height
    if before > 0 and after > 0 and y + 0.3 * size + value.height <= plot.bottom + value.height:
        top = y + 0.3 * size
        before, after = -before, -after
    left = x - value.width / 2
    if after > 0:
        left = x + 0.25 * size - value.width
    elif before > 0:
        left = x - 0.25 * size
    return Box(left=min(max(left, cell.left), cell.right - value.width), top=top, width=value.width, height=value.height)


def _ground(plot: Box, points: tuple[tuple[float, float], ...], axis: Axis, look: Look) -> Iterator[Mark]:
    if not look.from_zero:
        return  # a line at the foot would be read as zero
    thin = max(1.0, 2 * look.unit)
    zero = plot.top + (1 - axis.share(0.0)) * plot.height
    if len(points) > 1:
        corners = ((points[0][0], zero), *points, (points[-1][0], zero))
        around = Box(left=points[0][0], top=plot.top, width=points[-1][0] - points[0][0], height=plot.height)
        area = Shape(box=around, outline=Outline.POLYGON, fill=faded(look.colour, 0.14), points=corners)
        yield Mark(drawing=area, grows_from="left")
    yield Mark(drawing=bar(plot.left, zero - thin / 2, plot.width, thin, look.track))


def _line(plot: Box, points: tuple[tuple[float, float], ...], rows: Sequence[Datum], look: Look, size: float) -> Iterator[Mark]:
    thick = 0.16 * size
    if len(points) > 1:
        yield Mark(drawing=Stroke(box=plot, points=points, width=thick, colour=look.colour), grows_from="left")
    for index, (row, (x, y)) in enumerate(zip(rows, points, strict=True)):
        radius = (0.3 if row.highlight else 0.2) * size
        dot = Box(left=x - radius, top=y - radius, width=2 * radius, height=2 * radius)
        yield Mark(drawing=Shape(box=dot, outline=Outline.ELLIPSE, fill=look.ink(row)), row=index)
