"""How a layer comes, stays and goes in a clip: each way, its ease, its delay, rows one after another, figures that run up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from editorial.problem import BadInput
from studio.brand import Brand
from studio.compose import Projector, Scenery
from studio.film import Film, make_film
from studio.motion import eased
from studio.paint import Easel
from studio.plane import Plane
from studio.scene import stage
from studio.template import load_template

CLIP = """\
schema: 1
kind: clip
name: {vi: Thử}
fields: {rows: {type: list, of: text}, wards: {type: figure}}
sizes: {square: {}}
scenes:
  - id: one
    seconds: 3
    layers:
      - {id: white, type: fill, fill: "#ffffff"}
      - LAYER
  - id: two
    seconds: 2
    transition: {move: cut}
    layers: [{id: white2, type: fill, fill: "#ffffff"}]
layers: OVERLAY
"""
BOX = '{id: box, type: shape, fill: "#000000", box: [400, 400, 200, 200], WITH}'
WHITE, BLACK = 235, 16


def film_of(workspace: Path, layer: str, overlay: str = "[]", **data: object) -> Film:
    """Return the film of a scene of three seconds with one layer, and of one of two seconds."""
    folder = workspace / "templates" / "clip" / "moves"
    folder.mkdir(exist_ok=True)
    (folder / "template.yaml").write_text(CLIP.replace("LAYER", layer).replace("OVERLAY", overlay), encoding="utf-8")
    brand = Brand.load(workspace / "assets")
    return make_film(stage(load_template(folder, brand, workspace), brand, data, "square", "light"))


def luma(film: Film, second: float) -> Plane:
    """Return a frame's luma."""
    return Projector(film, Easel()).frame(round(second * 30)).y.copy()


def where(plane: Plane) -> tuple[int, int, int, int] | None:
    """Return the rectangle that is darker than white, None where nothing is."""
    rows, columns = np.nonzero(plane < WHITE - 2)
    return (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1) if rows.size else None


REST = (400, 400, 600, 600)


@pytest.mark.parametrize("move", ["fade", "rise", "slide", "pop", "wipe"])
def test_a_layer_is_not_there_before_it_comes_and_stands_still_after(workspace: Path, move: str) -> None:
    film = film_of(workspace, BOX.replace("WITH", f"enter: {{move: {move}, delay: 0.5, seconds: 0.5}}"))
    assert [where(luma(film, second)) for second in (0, 0.45)] == [None, None]
    assert where(luma(film, 0.7)) is not None
    for second in (1.0, 2.0, 2.9):
        frame = luma(film, second)
        assert where(frame) == REST and (frame[400:600, 400:600] == BLACK).all()


@pytest.mark.parametrize("move", ["fade", "rise", "slide", "pop", "wipe"])
def test_a_layer_goes_as_its_scene_ends_or_so_much_before(workspace: Path, move: str) -> None:
    film = film_of(workspace, BOX.replace("WITH", f"exit: {{move: {move}, seconds: 0.5, before: 1}}"))
    frame = luma(film, 1.5)
    assert where(frame) == REST and (frame[400:600, 400:600] == BLACK).all()
    assert where(luma(film, 2.0)) is None and where(luma(film, 2.9)) is None
    late = film_of(workspace, BOX.replace("WITH", f"exit: {{move: {move}, seconds: 0.5}}"))
    assert where(luma(late, 2.5)) == REST
    assert where(luma(late, 2.97)) is None or luma(late, 2.97)[500, 500] > BLACK + 60


def half(workspace: Path, motion: str) -> Plane:
    """Return the frame in the middle of a second's coming, at an even pace."""
    return luma(film_of(workspace, BOX.replace("WITH", f"enter: {{{motion}, seconds: 1, ease: linear}}")), 0.5)


def test_a_fade_is_half_seen_half_way(workspace: Path) -> None:
    frame = half(workspace, "move: fade")
    assert where(frame) == REST
    assert frame[500, 500] == pytest.approx((WHITE + BLACK) / 2, abs=4)


@pytest.mark.parametrize(
    ("motion", "place"),
    [
        ("move: rise", (400, 424, 600, 624)),  # 48 units, half of them left
        ("move: rise, distance: 200", (400, 500, 600, 700)),
        ("move: slide", (340, 400, 540, 600)),
        ("move: slide, from: right", (460, 400, 660, 600)),
        ("move: slide, from: top", (400, 340, 600, 540)),
        ("move: slide, from: bottom, distance: 40", (400, 420, 600, 620)),
        ("move: pop", (410, 410, 590, 590)),  # from 80 % of its size
        ("move: wipe", (400, 400, 500, 600)),
        ("move: wipe, from: right", (500, 400, 600, 600)),
        ("move: wipe, from: top", (400, 400, 600, 500)),
        ("move: wipe, from: bottom", (400, 500, 600, 600)),
    ],
)
def test_half_way_a_layer_is_where_its_move_says(workspace: Path, motion: str, place: tuple[int, int, int, int]) -> None:
    assert where(half(workspace, motion)) == pytest.approx(place, abs=1)


def test_none_is_no_move_at_all(workspace: Path) -> None:
    assert where(luma(film_of(workspace, BOX.replace("WITH", "enter: none, exit: none")), 0)) == REST


def test_each_ease_starts_at_nothing_and_ends_at_rest_in_its_own_way() -> None:
    ways = ("out", "in", "in_out", "linear", "back")
    assert [(eased(way, 0.0), eased(way, 1.0)) for way in ways] == [pytest.approx((0, 1))] * len(ways)
    halves = {way: eased(way, 0.5) for way in ways}
    assert halves == pytest.approx({"out": 0.875, "in": 0.125, "in_out": 0.5, "linear": 0.5, "back": 1.025})
    assert max(eased("back", share / 100) for share in range(100)) > 1.02, "a little too far, then back"


def test_a_stacks_move_takes_along_what_is_in_it_and_its_children_keep_their_own(workspace: Path) -> None:
    rise, slide = (f"enter: {{move: {way}, seconds: 1, ease: linear}}" for way in ("rise, distance: 100", "slide, distance: 80"))
    inner = f'{{id: box, type: shape, fill: "#000000", width: 200, height: 200, {rise}}}'
    stack = f"{{id: page, type: stack, box: [400, 400, 200, 200], {slide}, children: [{inner}]}}"
    assert where(luma(film_of(workspace, stack), 0.5)) == pytest.approx((360, 450, 560, 650), abs=1)


def test_rows_come_one_after_another(workspace: Path) -> None:
    row = '{id: bar, type: shape, fill: "#000000", height: 100, enter: {move: fade, seconds: 0.2}}'
    rows = f"{{id: rows, type: list, items: rows, stagger: 0.5, gap: 100, box: [100, 100, 400, 800], layer: {row}}}"
    film = film_of(workspace, rows, rows=["a", "b", "c"])
    there = [[int(luma(film, second)[150 + 200 * index, 300]) == BLACK for index in range(3)] for second in (0.3, 0.8, 1.3)]
    assert there == [[True, False, False], [True, True, False], [True, True, True]]


def test_a_figure_runs_up_to_its_value_and_stays_there(workspace: Path) -> None:
    plain = '{id: n, type: number, value: "{{ wards }}", size: 300, colour: "#000000", box: [100, 300, 900, 400]}'
    running = plain[:-1] + ", count: {from: 0, delay: 0.5, seconds: 1}}"
    rest, nought = (luma(film_of(workspace, plain, wards=value), 2).astype(int) for value in (126, 0))
    counting = film_of(workspace, running, wards=126)
    frames = {second: luma(counting, second).astype(int) for second in (0.2, 0.6, 0.9, 1.55, 2.9)}
    assert np.abs(frames[1.55] - rest).max() <= 2 and np.abs(frames[2.9] - rest).max() <= 2
    assert int((frames[0.2] < 120).sum()) == pytest.approx(int((nought < 120).sum()), rel=0.02), "it begins at nought"
    assert all(np.abs(frames[second] - rest).max() > 100 for second in (0.2, 0.6, 0.9))
    assert np.abs(frames[0.6] - frames[0.9]).max() > 100


def test_what_lies_over_all_scenes_is_left_out_where_it_is_hidden(workspace: Path) -> None:
    over = "[" + BOX.replace("WITH", "hide_in: [two]") + "]"
    film = film_of(workspace, "{id: nothing, type: space}", over)
    assert where(luma(film, 1)) == REST and where(luma(film, 4)) is None
    assert where(luma(film_of(workspace, "{id: nothing, type: space}", over.replace("two", "one")), 4)) == REST


@pytest.mark.parametrize(
    ("layer", "overlay", "key"),
    [
        ("{id: nothing, type: space}", "[" + BOX.replace("WITH", "hide_in: [too]") + "]", "layers[0].hide_in"),
        (BOX.replace("WITH", "hide_in: [two]"), "[]", "scenes[0].layers[1].hide_in"),
    ],
)
def test_a_scene_to_hide_in_that_is_not_there_is_told_and_so_is_hiding_what_lies_over_no_other(
    workspace: Path, layer: str, overlay: str, key: str
) -> None:
    with pytest.raises(BadInput) as caught:
        film_of(workspace, layer, overlay)
    assert [problem.key for problem in caught.value.problems] == [key]


def test_words_and_the_plate_below_them_lie_over_the_scenes_as_one_part_and_another_layer_as_its_own(workspace: Path) -> None:
    said = '{id: said, type: text, text: "Hà Nội", colour: "#ffffff", fill: "#000000", box: [400, 400, 300, 80]}'
    film = film_of(workspace, BOX.replace(", WITH", ""), f"[{said}, {said.replace('id: said', 'id: other')}]")
    assert [overlay.item.id for overlay in film.overlays] == ["said", "said", "other", "other"]
    assert [overlay.item.id for overlay, _ in Scenery(film, Easel()).overlays] == ["said", "other"]
    lines = luma(film, 1.0)[400:480, 400:700]
    assert (int(lines.min()), int(lines.max())) == (BLACK, WHITE)
