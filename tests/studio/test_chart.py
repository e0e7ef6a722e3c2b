"""Charts: lengths in proportion, every figure in words, and nothing drawn of what is no number."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from editorial.problem import BadInput
from studio.brand import Brand
from studio.chart import read_rows
from studio.charts.bar import draw_bars
from studio.charts.donut import draw_donut
from studio.charts.graph import Datum, Graph, Look, largest_size_that_fits
from studio.charts.line import draw_line
from studio.charts.progress import draw_progress
from studio.charts.timeline import draw_timeline
from studio.colour import Colour
from studio.display import Box, Outline, Shape, Words
from studio.layer import ChartLayer
from studio.lettering import Hand
from studio.number import read_amount
from studio.scene import stage
from studio.studio import Studio
from studio.template import load_template
from tests.studio.conftest import FONT

Open = Callable[[str], Studio]
BLACK, RED, GOLD, GREY = Colour(0, 0, 0), Colour(200, 0, 0), Colour(200, 150, 0), Colour(200, 200, 200)
BOX = Box(left=50, top=80, width=900, height=700)
HAND = Hand(font=FONT, colour=BLACK)


def look(**changes: object) -> Look:
    """Return a plain look."""
    base = {
        "label": HAND,
        "value": HAND,
        "value_scale": 1.1,
        "colour": RED,
        "highlight": GOLD,
        "track": GREY,
        "gap": 20,
        "unit": 1,
    }
    return Look(**{**base, **changes})  # type: ignore[arg-type]


def data(*amounts: float, highlight: int = 0) -> list[Datum]:
    """Return rows of these amounts."""
    return [
        Datum(label=f"Hàng {index}", value=f"{amount:g}", amount=amount, highlight=index == highlight)
        for index, amount in enumerate(amounts)
    ]


def bars(graph: Graph) -> list[Box]:
    """Return the boxes of a chart's bars, row by row."""
    return [
        mark.drawing.box for mark in graph.marks if isinstance(mark.drawing, Shape) and mark.grows_from and mark.row is not None
    ]


@pytest.mark.parametrize("horizontal", [True, False])
def test_bars_start_at_zero_and_are_as_long_as_their_numbers(horizontal: bool) -> None:
    graph = draw_bars(data(10, 25, 40), BOX, look(horizontal=horizontal), 30)
    lengths = [box.width if horizontal else box.height for box in bars(graph)]
    assert lengths[1] / lengths[0] == pytest.approx(2.5)
    assert lengths[2] / lengths[0] == pytest.approx(4)
    starts = {round(box.left if horizontal else box.bottom, 3) for box in bars(graph)}
    assert len(starts) == 1
    assert graph.fits


@pytest.mark.parametrize("horizontal", [True, False])
def test_negative_bars_run_the_other_way_from_the_same_zero(horizontal: bool) -> None:
    up, down = bars(draw_bars(data(30, -10), BOX, look(horizontal=horizontal), 30))
    if horizontal:
        assert up.left == pytest.approx(down.right)
        assert up.width == pytest.approx(3 * down.width)
    else:
        assert up.bottom == pytest.approx(down.top)
        assert up.height == pytest.approx(3 * down.height)


def test_a_highlighted_row_has_its_own_colour() -> None:
    graph = draw_bars(data(10, 25, highlight=1), BOX, look(), 30)
    assert [mark.drawing.fill for mark in graph.marks if isinstance(mark.drawing, Shape) and mark.grows_from] == [RED, GOLD]


@pytest.mark.parametrize("draw", [draw_bars, draw_line, draw_donut, draw_progress, draw_timeline])
@pytest.mark.parametrize("box", [BOX, Box(left=0, top=0, width=1700, height=600), Box(left=0, top=0, width=600, height=1000)])
def test_every_chart_writes_each_value_inside_its_box(draw: Callable[..., Graph], box: Box) -> None:
    rows = data(12, 7, 30, 4)
    graph = draw(rows, box, look(), 28)
    texts = [mark.drawing for mark in graph.marks if isinstance(mark.drawing, Words)]
    written = {" ".join(run.text for run in text.runs) for text in texts}
    assert graph.fits
    assert {row.value for row in rows} | {row.label for row in rows} <= written
    for mark in graph.marks:
        inside = mark.drawing.box
        assert inside.left >= box.left - 1 and inside.right <= box.right + 1
        assert inside.top >= box.top - 1 and inside.bottom <= box.bottom + 1


def test_the_parts_of_a_ring_have_the_area_of_their_share() -> None:
    graph = draw_donut(data(50, 30, 20), BOX, look(), 28)
    areas = [
        _area(mark.drawing.points)
        for mark in graph.marks
        if isinstance(mark.drawing, Shape) and mark.drawing.outline is Outline.POLYGON
    ]
    assert [area / sum(areas) for area in areas] == pytest.approx([0.5, 0.3, 0.2], abs=0.004)


def _area(points: tuple[tuple[float, float], ...]) -> float:
    pairs = zip(points, (*points[1:], points[0]), strict=True)
    return abs(math.fsum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def test_a_line_starts_at_zero_unless_asked_and_then_has_no_area() -> None:
    rows = data(90, 95, 100)
    dots = [_dots(draw_line(rows, BOX, look(from_zero=zero), 28)) for zero in (True, False)]
    assert dots[0][0] - dots[0][2] < 0.2 * BOX.height < 0.5 * BOX.height < dots[1][0] - dots[1][2]
    near = draw_line(rows, BOX, look(from_zero=False), 28)
    assert not [mark for mark in near.marks if isinstance(mark.drawing, Shape) and mark.drawing.outline is not Outline.ELLIPSE]


def _dots(graph: Graph) -> list[float]:
    return [
        mark.drawing.box.top
        for mark in graph.marks
        if isinstance(mark.drawing, Shape) and mark.drawing.outline is Outline.ELLIPSE
    ]


def test_progress_beyond_the_whole_lengthens_the_scale() -> None:
    half, over = bars(draw_progress(data(50, 125), BOX, look(), 28))
    assert over.width == pytest.approx(BOX.width)
    assert half.width == pytest.approx(BOX.width * 50 / 125)


def test_type_shrinks_to_its_smallest_size_and_then_does_not_fit() -> None:
    long = [Datum(label="Giải phóng mặt bằng " * 3, value="1.250 tỷ đồng", amount=5.0) for _ in range(5)]
    small = largest_size_that_fits(partial(draw_bars, long, Box(left=0, top=0, width=500, height=700), look()), (60, 20))
    assert small.fits
    tight = partial(draw_bars, long, Box(left=0, top=0, width=200, height=200), look())
    assert not largest_size_that_fits(tight, (60, 26)).fits


@pytest.mark.parametrize(
    ("written", "language", "amount"),
    [
        ("38,3 km", "vi", 38.3),
        ("1.250.000", "vi", 1250000),
        ("−3,5 %", "vi", -3.5),
        ("1.25", "vi", None),
        ("3-5", "vi", None),
        ("10/10/2026", "vi", None),
        ("chưa rõ", "vi", None),
        ("1,250.5", "en", 1250.5),
        (True, "vi", None),
        (float("inf"), "vi", None),
        (12, "vi", 12),
    ],
)
def test_an_amount_is_read_as_its_language_writes_it(written: object, language: str, amount: float | None) -> None:
    read = read_amount(written, language)
    assert (None if read is None else float(read)) == amount


CHART = """\
schema: 1
kind: infographic
name: {vi: Biểu đồ}
fields:
  growth: {type: chart, required: true, max: 6}
  icon: {type: icon}
sizes: {square: {}}
layers:
  - {id: ground, type: fill, fill: background}
  - {id: badge, type: icon, icon: "{{ icon }}", box: [20, 20, 80, 80], visible_if: icon}
  - {id: bars, type: chart, chart: bar, items: growth, within: safe, unit: "%", box: {left: 0, top: 100, right: 0, bottom: 0}}
"""


def write_chart(workspace: Path, text: str = CHART) -> Path:
    """Write the chart template and two icons, and return its folder."""
    folder = workspace / "templates" / "infographic" / "chart"
    folder.mkdir(parents=True)
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    icons = workspace / "assets" / "icons"
    icons.mkdir()
    for name in ("bus", "bike"):
        (icons / f"{name}.svg").write_text(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><rect width='24' height='24' fill='currentColor'/></svg>"
        )
    return folder


def test_the_figures_of_a_chart_are_among_the_words_of_the_picture(workspace: Path, open_studio: Open) -> None:
    write_chart(workspace)
    growth = [{"label": "Quý I", "value": 8.25}, {"label": "Quý II", "value": "-1,5", "highlight": True}]
    studio = open_studio("cache")
    rendition = studio.render(studio.recipe("infographic/chart", {"growth": growth}, "square"))
    assert rendition.words == ("Quý I", "8,25%", "Quý II", "-1,5%")
    assert rendition.problems == ()


def test_a_row_that_is_no_number_is_told_and_not_drawn(workspace: Path, open_studio: Open) -> None:
    write_chart(workspace)
    growth = [{"label": "Quý I", "value": 8}, {"label": "Quý II", "value": "chưa có"}]
    studio = open_studio("cache")
    assert [(problem.rule, problem.key) for problem in studio.check("infographic/chart", {"growth": growth}, "square")] == [
        ("chart-value", "bars")
    ]
    wrong = studio.check("infographic/chart", {"growth": [{"name": "Quý I", "value": 8}]}, "square")
    assert [(problem.rule, problem.key) for problem in wrong] == [("unknown-field", "growth[0].name")]


def test_a_ring_refuses_negative_parts() -> None:
    spec = ChartLayer(id="ring", type="chart", chart="donut", items="rows")
    rows = [type("Row", (), {"label": "a", "value": "5"})(), type("Row", (), {"label": "b", "value": "-2"})()]
    read = read_rows(spec, rows, "%", "vi")
    assert [row.value for row in read.rows] == ["5%"]
    assert [problem.rule for problem in read.problems] == ["chart-value"]


def test_a_year_and_a_day_of_a_timeline_are_written_as_people_write_them() -> None:
    spec = ChartLayer(id="line", type="chart", chart="timeline", items="rows")
    rows = [type("Row", (), {"label": "a", "value": value})() for value in ("1010", "1954-10-10", "thế kỷ XI")]
    assert [row.value for row in read_rows(spec, rows, "", "vi").rows] == ["1010", "10/10/1954", "thế kỷ XI"]


@pytest.mark.parametrize(
    ("old", "new", "rule", "line", "key"),
    [
        ("growth: {type: chart, required: true, max: 6}", "growth: {type: text}", "unknown-field", 11, "layers[2].items"),
        (
            "growth: {type: chart,",
            "growth: {type: list, of: {name: text, value: figure},",
            "unknown-field",
            11,
            "layers[2].items",
        ),
        ("chart: bar", "chart: pie", "unknown-value", 11, "layers[2].chart"),
        ("unit:", "track: gray, unit:", "unknown-name", 11, "layers[2].track"),
        ('icon: "{{ icon }}"', "icon: buss", "unknown-name", 10, "layers[1].icon"),
    ],
)
def test_a_mistake_in_a_chart_or_icon_has_its_line_and_key(
    workspace: Path, old: str, new: str, rule: str, line: int, key: str
) -> None:
    folder = write_chart(workspace, CHART.replace(old, new))
    with pytest.raises(BadInput) as caught:
        load_template(folder, Brand.load(workspace / "assets"), workspace)
    problem = caught.value.problems[0]
    assert (problem.rule, problem.line, problem.key) == (rule, line, key)
    if "buss" in new:
        assert "có phải: bus" in problem.message


def test_an_icon_takes_its_colour_and_an_unknown_one_is_told_with_near_names(workspace: Path, open_studio: Open) -> None:
    write_chart(workspace)
    studio = open_studio("cache")
    growth = [{"label": "Quý I", "value": 8}]
    found = studio.check("infographic/chart", {"growth": growth, "icon": "bikes"}, "square")
    assert [(problem.rule, problem.key) for problem in found] == [("unknown-icon", "badge")]
    assert "bike" in found[0].message
    assert studio.check("infographic/chart", {"growth": growth, "icon": "bus"}, "square") == ()
    before = studio.recipe("infographic/chart", {"growth": growth, "icon": "bus"}, "square")
    (workspace / "assets" / "icons" / "bus.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'/>")
    after = open_studio("other").recipe("infographic/chart", {"growth": growth, "icon": "bus"}, "square")
    assert before.digest != after.digest


def test_in_a_clip_a_chart_builds_up_row_by_row_and_its_figures_come_last(workspace: Path) -> None:
    folder = write_chart(
        workspace, CHART.replace("items: growth,", "items: growth, reveal: {delay: 1, stagger: 0.5, seconds: 1},")
    )
    brand = Brand.load(workspace / "assets")
    template = load_template(folder, brand, workspace)
    growth = [{"label": "Quý I", "value": 8}, {"label": "Quý II", "value": 9}]
    made = stage(template, brand, {"growth": growth}, "square", "light")
    display = made.display(template.designs["square"].layers, made.context, 5.0)
    moves = [(motion.move, motion.start) for item in display.items if item.id == "bars" for motion in item.motions]
    assert ("wipe", 1.0) in moves and ("wipe", 1.5) in moves
    assert max(moves, key=lambda move: move[1]) == ("fade", 2.0)
    still = made.display(template.designs["square"].layers, made.context)
    assert not any(item.motions for item in still.items)
