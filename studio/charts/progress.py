"""How far each of some works has come: a bar on a track, the value over its end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from studio.charts.graph import Datum, Graph, Look, Mark, bar
from studio.display import Box

_THICKEST = 0.9  # of the type


def draw_progress(rows: Sequence[Datum], box: Box, look: Look, size: float) -> Graph:
    """Return one track a row, filled to the row's share of the whole; what is more than the whole lengthens the scale."""
    tall = (box.height - look.gap * (len(rows) - 1)) / len(rows)
    values = [look.value.block(row.value, size * look.value_scale, box.width * 0.6, 1) for row in rows]
    labels = [
        look.label.block(row.label, size, box.width - value.width - 0.8 * size, 2)
        for row, value in zip(rows, values, strict=True)
    ]
    head = max(max(label.height, value.height) for label, value in zip(labels, values, strict=True)) + 0.12 * size
    thick = min(tall - head, _THICKEST * size)
    scale = max(look.whole, *(row.amount for row in rows))
    marks: list[Mark] = []
    for index, (row, label, value) in enumerate(zip(rows, labels, values, strict=True)):
        top = box.top + index * (tall + look.gap) + (tall - head - thick) / 2
        text = Box(left=box.left, top=top + head - 0.12 * size - label.height, width=box.width, height=label.height)
        marks.append(Mark(drawing=look.label.words(label, text), row=index))
        lower = label.lines[-1].baseline - value.lines[-1].baseline  # label and value stand on one line
        figure = Box(left=box.left, top=text.top + lower, width=box.width, height=value.height)
        marks.append(Mark(drawing=look.value.words(value, figure, 1.0), row=index))
        marks += _track(row, index, Box(left=box.left, top=top + head, width=box.width, height=thick), look, scale)
    fits = thick >= 0.3 * size and all(block.fits for block in (*labels, *values))
    return Graph(marks=tuple(marks), fits=fits)


def _track(row: Datum, index: int, place: Box, look: Look, scale: float) -> Iterator[Mark]:
    whole = place.width * look.whole / scale
    yield Mark(drawing=bar(place.left, place.top, whole, place.height, look.track, place.height / 2))
    done = place.width * row.amount / scale
    if done > 0:
        shape = bar(place.left, place.top, max(done, place.height), place.height, look.ink(row), place.height / 2)
        yield Mark(drawing=shape, row=index, grows_from="left")
