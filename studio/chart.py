"""A chart or map layer: its rows read from the data, its look from the brand, drawn by the kind that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from editorial.problem import Problem
from studio.atlas import load_atlas, map_file
from studio.charts.bar import draw_bars
from studio.charts.donut import draw_donut
from studio.charts.graph import Datum, Draw, Graph, Look, largest_size_that_fits
from studio.charts.line import draw_line
from studio.charts.mapping import MapLook, draw_map
from studio.charts.progress import draw_progress
from studio.charts.timeline import draw_timeline
from studio.display import Box
from studio.layer import ChartLayer, MapLayer
from studio.lettering import Hand
from studio.number import Figure, read_amount, short_day
from studio.ruler import Ruler

COLUMNS = ("label", "value", "highlight")  # of the rows that a chart takes; the last may be missing
_KINDS: Mapping[str, Draw] = {
    "bar": draw_bars,
    "line": draw_line,
    "donut": draw_donut,
    "progress": draw_progress,
    "timeline": draw_timeline,
}
_OF_A_WHOLE = frozenset({"donut", "progress"})
_MOST_PARTS = 6  # more slices of a ring cannot be told apart
_VALUE_SCALE = 1.12  # values are a little larger than labels, where a designer says nothing
_SMALLEST = 26.0  # units: what is smaller cannot be read on a phone
_LEAST_LINES = 5.0  # of type: the height under which no chart is drawn
_YEARS = range(1000, 3000)  # in a timeline, numbers that are years: written without a separator


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The rows of a chart that can be drawn, how many were left out for want of room, and what is wrong with others."""

    rows: tuple[Datum, ...]
    dropped: int
    problems: tuple[Problem, ...]


def read_rows(spec: ChartLayer, rows: object, unit: str, language: str) -> Reading:
    """Return a list field's rows as a chart's rows."""
    written = rows if isinstance(rows, list) else []
    most = min(spec.limit, _MOST_PARTS) if spec.chart == "donut" else spec.limit
    good: list[Datum] = []
    problems: list[Problem] = []
    for row in written[:most]:
        datum = _datum(spec, row, unit, language)
        fault = _fault(spec, datum)
        if fault:
            problems.append(Problem(rule="chart-value", key=spec.id, message=fault))
        else:
            good.append(datum)
    return Reading(rows=tuple(good), dropped=max(0, len(written) - most), problems=tuple(problems))


def _datum(spec: ChartLayer, row: object, unit: str, language: str) -> Datum:
    value = getattr(row, "value", "")
    figure = value if isinstance(value, Figure) else Figure(value=str(value), amount=read_amount(value, language))
    amount = float("nan") if figure.amount is None else float(figure.amount)
    shown = _moment(value, figure) if spec.chart == "timeline" else str(Figure(value=figure.value, unit=figure.unit or unit))
    return Datum(
        label=str(getattr(row, "label", "")), value=shown, amount=amount, highlight=bool(getattr(row, "highlight", False))
    )


def _moment(value: object, figure: Figure) -> str:
    """Return a date or year of a timeline as people write it."""
    if isinstance(value, date):
        return short_day(value)
    if figure.amount is not None and not figure.unit and figure.amount in _YEARS:
        return str(int(figure.amount))
    try:
        return short_day(date.fromisoformat(str(value)))
    except ValueError:
        return str(figure)


def _fault(spec: ChartLayer, row: Datum) -> str | None:
    """Return why a row cannot be drawn honestly, None when it can."""
    if spec.chart == "timeline":
        return None
    if row.amount != row.amount:
        return f"“{row.value}” của “{row.label}” không phải là số; hãy ghi một số như 38,3"
    if spec.chart in _OF_A_WHOLE and row.amount < 0:
        return f"biểu đồ kiểu {spec.chart} không vẽ được số âm ({row.label}: {row.value}); hãy dùng kiểu bar"
    return None


def draw_chart(spec: ChartLayer, rows: Sequence[Datum], centre: str, box: Box, ruler: Ruler) -> Graph:
    """Return the chart drawn in its box, with the largest type that fits."""
    largest = ruler.type_size(spec.size)
    smallest = min(largest, ruler.type_size(_SMALLEST if spec.min_size is None else spec.min_size))
    look = _look(spec, centre, ruler, largest)
    return largest_size_that_fits(lambda size: _KINDS[spec.chart](rows, box, look, size), (largest, smallest))


def _look(spec: ChartLayer, centre: str, ruler: Ruler, size: float) -> Look:
    fonts = ruler.brand.fonts
    return Look(
        label=Hand(font=fonts[spec.font], colour=ruler.colour(spec.text_colour)),
        value=Hand(font=fonts[spec.value_font], colour=ruler.colour(spec.value_colour)),
        value_scale=_VALUE_SCALE if spec.value_size is None else ruler.type_size(spec.value_size) / size,
        colour=ruler.colour(spec.colour),
        highlight=ruler.colour(spec.highlight),
        track=ruler.colour(spec.track),
        gap=ruler.length(spec.gap, 0.0),
        unit=ruler.unit,
        whole=spec.whole,
        from_zero=spec.start == "zero",
        horizontal=None if spec.direction is None else spec.direction == "horizontal",
        centre=centre,
    )


def read_places(spec: MapLayer, rows: object, unit: str, language: str) -> tuple[Datum, ...]:
    """Return the places that a list names, with their values where they have any; a plain row is a name."""
    return tuple(_place(row, unit, language) for row in (rows if isinstance(rows, list) else []))


def _place(row: object, unit: str, language: str) -> Datum:
    if isinstance(row, str):
        return Datum(label=row, value="", amount=float("nan"), highlight=True)
    value = getattr(row, "value", "")
    figure = value if isinstance(value, Figure) else Figure(value=str(value), amount=read_amount(value, language))
    shown = str(Figure(value=figure.value, unit=figure.unit or unit)) if figure.value else ""
    amount = float("nan") if figure.amount is None else float(figure.amount)
    return Datum(
        label=str(getattr(row, "place", "")), value=shown, amount=amount, highlight=bool(getattr(row, "highlight", False))
    )


def draw_atlas(spec: MapLayer, rows: Sequence[Datum], language: str, box: Box, ruler: Ruler) -> Graph:
    """Return a map drawn in its box, with the largest names that fit."""
    path = map_file(spec.map, ruler.brand.assets)
    if path is None:
        return Graph(marks=(), fits=True)
    atlas = load_atlas(path)
    named = {place.name: row for row in rows if (place := atlas.find(row.label)) is not None}
    largest = ruler.type_size(spec.size)
    smallest = min(largest, ruler.type_size(_SMALLEST if spec.min_size is None else spec.min_size))
    look = _map_look(spec, atlas.note.en if language == "en" and atlas.note.en else atlas.note.vi, ruler)
    return largest_size_that_fits(lambda size: draw_map(atlas, named, box, look, size), (largest, smallest))


def _map_look(spec: MapLayer, note: str, ruler: Ruler) -> MapLook:
    font = ruler.brand.fonts[spec.font]
    return MapLook(
        label=Hand(font=font, colour=ruler.colour(spec.text_colour)),
        on_ink=Hand(font=font, colour=ruler.colour(spec.highlight_text)),
        foot=Hand(font=font, colour=ruler.colour(spec.foot_colour)),
        foot_size=ruler.type_size(spec.foot_size),
        colour=ruler.colour(spec.colour),
        highlight=ruler.colour(spec.highlight),
        track=ruler.colour(spec.track),
        plate=ruler.colour(spec.plate),
        named=spec.named,
        note=note,
        unit=ruler.unit,
    )


def natural_height(spec: ChartLayer, rows: Sequence[Datum], width: float, ruler: Ruler) -> float:
    """Return how high a chart wants to be at a width; one that grows takes what is left, however little."""
    size, gap = ruler.type_size(spec.size), ruler.length(spec.gap, 0.0)
    if spec.grow:
        return _LEAST_LINES * size
    stacked = spec.chart in ("progress", "timeline") or (spec.chart == "bar" and spec.direction != "vertical")
    if not stacked or (spec.chart == "timeline" and spec.direction == "horizontal"):
        return width * 0.62
    return len(rows) * 2.9 * size + gap * (len(rows) - 1)


def column_mistakes(spec: ChartLayer, columns: Sequence[str]) -> Iterator[str]:
    """Yield what the rows of a list field lack to be drawn as a chart."""
    for name in COLUMNS[:2]:
        if name not in columns:
            yield f"biểu đồ cần cột “{name}” trong danh sách {spec.items}"
