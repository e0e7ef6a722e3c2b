"""How clips move from scene to scene and bring their layers in: ways over, typing, paths."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from editorial.problem import BadInput
from studio.brand import Brand
from studio.compose import Projector
from studio.display import Counter, Words
from studio.film import Film, make_film
from studio.inspect import items_of, words_of
from studio.motion import pose, typing_steps
from studio.paint import Easel
from studio.plane import Plane
from studio.scene import stage
from studio.studio import Studio
from studio.template import load_template

Open = Callable[[str], Studio]
TRACKS = """\
schema: 1
kind: clip
name: {vi: Thử}
fields: {headline: {type: text, required: true}}
sizes: {link: {}}
scenes:
  - id: one
    seconds: 2
    layers:
      - {id: white, type: fill, fill: "#ffffff"}
      - {id: headline, type: text, within: safe, text: "{{ headline }}", size: title, colour: "#000000", WITH}
  - id: two
    seconds: 2
    transition: {move: MOVE, seconds: 1, from: SIDE, colour: "#c8102e"}
    layers:
      - {id: black, type: fill, fill: "#000000"}
"""


def write(workspace: Path, move: str = "crossfade", side: str = "right", **changes: str) -> Path:
    """Write the clip template with one transition and one more key, and return its folder."""
    text = TRACKS.replace("MOVE", move).replace("SIDE", side).replace("WITH", changes.get("also", "opacity: 1"))
    folder = workspace / "templates" / "clip" / "tracks"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.yaml").write_text(text, encoding="utf-8")
    return folder


def film_of(folder: Path, headline: str = "Hà Nội có 126 phường") -> Film:
    """Return the film of the template."""
    workspace = folder.parents[2]
    brand = Brand.load(workspace / "assets")
    template = load_template(folder, brand, workspace)
    return make_film(stage(template, brand, {"headline": headline}, "link", "light"))


def luma(film: Film, number: int) -> Plane:
    """Return a frame's luma."""
    return Projector(film, Easel()).frame(number).y.copy()


HALF = 45  # the middle of the second's overlap of two scenes of two seconds
WHITE, BLACK, RED = 235, 16, 63


@pytest.mark.parametrize("move", ["slide", "push", "wipe"])
@pytest.mark.parametrize(
    ("side", "dark"), [("right", (315, 1100)), ("left", (315, 100)), ("top", (40, 600)), ("bottom", (600, 600))]
)
def test_the_next_scene_comes_in_from_its_side(workspace: Path, move: str, side: str, dark: tuple[int, int]) -> None:
    film = film_of(write(workspace, move, side))
    assert (luma(film, 28)[200:] == WHITE).all()
    assert (luma(film, 61) == BLACK).all()
    half = luma(film, HALF)
    light = (630 - 1 - dark[0], 1200 - 1 - dark[1])
    assert half[dark] == BLACK
    assert half[light] == WHITE
    share = (half == BLACK).mean()
    assert 0.35 < share < 0.65
    film_of(write(workspace))


def test_a_push_moves_the_first_scene_away_and_a_slide_covers_it(workspace: Path) -> None:
    pushed, slid = (luma(film_of(write(workspace, move, "bottom")), HALF) for move in ("push", "slide"))
    still = luma(film_of(write(workspace, "cut")), 20)
    top = np.flatnonzero((still < 128).any(axis=1))[0]
    assert (slid[top : top + 10] == still[top : top + 10]).all()
    assert not (pushed[top : top + 10] == still[top : top + 10]).all()


def test_a_dip_goes_through_its_colour(workspace: Path) -> None:
    film = film_of(write(workspace, "dip"))
    middle = [int(luma(film, number)[500, 600]) for number in (30, 37, 44, 45, 52, 59)]
    assert min(abs(value - RED) for value in middle[2:4]) <= 6
    assert middle[0] > middle[1] > middle[2] and middle[3] > middle[4] > middle[5]


def test_another_transition_is_other_pictures_in_the_same_cache(workspace: Path, open_studio: Open) -> None:
    made = []
    for move in ("crossfade", "wipe"):
        write(workspace, move)
        studio = open_studio("cache")
        made.append(studio.render(studio.recipe("clip/tracks", {"headline": "Hà Nội"}, "link")).sha256)
    assert made[0] != made[1]


@pytest.mark.parametrize(("by", "partly"), [("word", {"Hà", "Hà Nội", "Hà Nội có", "Hà Nội có 126"}), ("letter", {"H", "Hà N"})])
def test_text_is_typed_and_its_words_are_whole_for_the_check(workspace: Path, by: str, partly: set[str]) -> None:
    film = film_of(write(workspace, also=f"type_on: {{by: {by}, delay: 0.2, seconds: 1}}"))
    item = next(item for item in items_of(film) if item.id == "headline")
    assert isinstance(item.live, Counter) and len(item.live.steps) == 31
    shown = [" ".join(run.text for run in step.runs).replace("\u00a0", " ") for step in item.live.steps]
    assert shown[0] == "" and shown[-1] == "Hà Nội có 126 phường"
    assert partly <= set(shown)
    assert all(after.startswith(before) for before, after in pairwise(shown))
    assert words_of(items_of(film)) == ("Hà Nội có 126 phường",)
    ink = [int((luma(film, number) < 128).sum()) for number in (3, 20, 40)]
    assert ink[0] == 0 < ink[1] < ink[2]


def test_a_long_text_is_typed_in_few_steps() -> None:
    steps = typing_steps(["chữ " * 200, "cuối"], "letter", 90)
    assert len(set(steps)) <= 49
    assert steps == sorted(steps) and steps[0] == 0


def test_a_layer_moves_along_its_points_and_ends_where_it_stands(workspace: Path) -> None:
    film = film_of(write(workspace, also="path: {points: [[300, 0], [300, 200], [0, 0]], seconds: 1, ease: linear}"))
    item = next(item for item in items_of(film) if isinstance(item.drawing, Words))
    unit = 630 / 1080
    start, corner, end = (pose(item.motions, moment) for moment in (0.0, 200 / (200 + 360.555), 1.0))
    assert (start.dx, start.dy) == pytest.approx((300 * unit, 0))
    assert (corner.dx, corner.dy) == pytest.approx((300 * unit, 200 * unit), abs=0.1)
    assert (end.dx, end.dy, end.opacity) == (0, 0, 1)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("opacity: 1", "path: {points: [[0, 0], [5, 5]]}", "scenes[0].layers[1].path.points"),
        ("opacity: 1", "type_on: {by: line}", "scenes[0].layers[1].type_on.by"),
        ("move: crossfade", "move: star", "scenes[1].transition.move"),
        ('colour: "#c8102e"', "colour: redd", "scenes[1].transition.colour"),
    ],
)
def test_a_mistake_in_a_track_has_its_key(workspace: Path, old: str, new: str, key: str) -> None:
    folder = write(workspace)
    path = folder / "template.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        film_of(folder)
    assert [(problem.key, problem.line is not None) for problem in caught.value.problems] == [(key, True)]


def test_a_clip_of_which_no_scene_is_shown_is_a_problem(workspace: Path, open_studio: Open) -> None:
    folder = write(workspace)
    path = folder / "template.yaml"
    hidden = path.read_text(encoding="utf-8").replace("seconds: 2", 'seconds: 2\n    visible_if: "headline == 1"')
    path.write_text(hidden, encoding="utf-8")
    found = open_studio("cache").check("clip/tracks", {"headline": "x"}, "link")
    assert [problem.rule for problem in found] == ["no-scene"]
