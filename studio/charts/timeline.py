"""What happened when: dots on a line, each with its date and what it was."""

from __future__ import annotations

from collections.abc import Sequence

from studio.charts.graph import Datum, Graph, Look, Mark, bar
from studio.display import Box, Outline, Shape

_APART = 4.0  # of the type: how far rows may move apart to fill their box
_HIGHLIGHT = 1.35  # times a dot: one that matters
_WIDE = 1.6  # width / height from which on a timeline lies


def draw_timeline(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    """Return the timeline, lying where its box is wide and the look does not say otherwise; evenly spaced."""
    lying = box.width >= _WIDE * box.height if look.horizontal is None else look.horizontal
    return _lying(rows, box, look, size) if lying else _standing(rows, box, look, size)


def _standing(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    radius = 0.34 * size
    spine_at = box.left + _HIGHLIGHT * radius
    inset = 2 * radius + 0.9 * size
    width = box.width - inset
    values = [look.value.block(row.value, size * look.value_scale, width, 1) for row in rows]
    labels = [look.label.block(row.label, size, width, 4) for row in rows]
    heights = [value.height + label.height for value, label in zip(values, labels, strict=True)]
    spare = box.height - sum(heights) - look.gap * (len(rows) - 1)
    more = min(max(0.0, spare) / max(1, len(rows) - 1), _APART * size) if len(rows) > 1 else 0.0
    gap = look.gap + more
    top = box.top + max(0.0, spare - more * (len(rows) - 1)) / 2
    centres: list[float] = []
    marks: list[Mark] = []
    for index, (row, value, label, height) in enumerate(zip(rows, values, labels, heights, strict=True)):
        middle = top + value.lines[0].baseline - 0.35 * value.size
        centres.append(middle)
        marks.append(_dot(row, index, spine_at, middle, radius, look))
        text = Box(left=box.left + inset, top=top, width=width, height=value.height)
        marks.append(Mark(drawing=look.value.words(value, text), row=index))
        under = Box(left=text.left, top=top + value.height, width=width, height=label.height)
        marks.append(Mark(drawing=look.label.words(label, under), row=index))
        top += height + gap
    thin = max(1.0, 0.1 * size)
    spine = bar(spine_at - thin / 2, centres[0], thin, centres[-1] - centres[0], look.track)
    fits = spare >= -0.5 and all(block.fits for block in (*values, *labels))
    return Graph(marks=(Mark(drawing=spine, grows_from="top"), *marks), fits=fits)


def _lying(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    step = box.width / len(rows)
    width = step - 0.6 * size
    values = [look.value.block(row.value, size * look.value_scale, width, 1) for row in rows]
    labels = [look.label.block(row.label, size, width, 5) for row in rows]
    radius = 0.34 * size
    head = max(block.height for block in values) + 0.35 * size
    foot = max(block.height for block in labels) + 0.25 * size
    free = box.height - head - 2 * radius - foot
    middle = box.top + max(0.0, free) / 2 + head + radius
    thin = max(1.0, 0.1 * size)
    marks = [Mark(drawing=bar(box.left, middle - thin / 2, box.width, thin, look.track), grows_from="left")]
    for index, (row, value, label) in enumerate(zip(rows, values, labels, strict=True)):
        left = box.left + index * step
        marks.append(_dot(row, index, left + _HIGHLIGHT * radius, middle, radius, look))
        over = Box(left=left, top=middle - radius - 0.35 * size - value.height + 0.2 * size, width=width, height=value.height)
        marks.append(Mark(drawing=look.value.words(value, over), row=index))
        under = Box(left=left, top=middle + radius + 0.25 * size, width=width, height=label.height)
        marks.append(Mark(drawing=look.label.words(label, under), row=index))
    fits = free >= -0.5 and all(block.fits for block in (*values, *labels))
    return Graph(marks=tuple(marks), fits=fits)


def _dot(row: Datum, index: int, x: float, y: float, radius: float, look: Look) -> Mark:
    reach = radius * (_HIGHLIGHT if row.highlight else 1.0)
    box = Box(left=x - reach, top=y - reach, width=2 * reach, height=2 * reach)
    return Mark(drawing=Shape(box=box, outline=Outline.ELLIPSE, fill=look.ink(row)), row=index)
