"""What a proof is made of: frames as the clip shows them, problems in their place, pictures that do not lie over one another."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from editorial.problem import BadInput, Problem
from studio.mark import still_marks
from studio.packing import pack
from studio.storyboard import make_storyboard
from studio.studio import Studio

DATA = {"headline": "Chào", "photo": "photo.jpg", "wards": 126}


def decoded(path: Path, number: int) -> np.ndarray:
    """Return a frame of an MP4 as a player that obeys its BT.709 tags shows it."""
    with av.open(str(path)) as clip:
        frame = next(frame for index, frame in enumerate(clip.decode(video=0)) if index == number)
        return np.asarray(frame.to_ndarray(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709"))


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.astype(float) - other.astype(float)) ** 2)))


def test_a_frame_is_what_the_clip_shows_at_that_moment(open_studio: Callable[[str], Studio]) -> None:
    studio = open_studio("cache")
    recipe = studio.recipe("clip/short", DATA, "link")
    numbers = [10, 52, 75]  # entering, between two scenes, a figure running up
    paths = studio.frames(recipe, numbers)
    clip = studio.render(recipe).path
    for number, path in zip(numbers, paths, strict=True):
        assert psnr(np.asarray(Image.open(path)), decoded(clip, number)) >= 34


def test_a_storyboard_has_the_poster_and_each_scene_at_rest(open_studio: Callable[[str], Studio]) -> None:
    studio = open_studio("cache")
    board = make_storyboard(studio, studio.recipe("clip/short", DATA, "link"))
    assert [panel.scene for panel in board.scenes] == ["opening", "figure", "end"]
    assert board.poster.scene == "opening"
    assert 0.5 < board.scenes[0].second < board.scenes[1].second < board.scenes[2].second < board.seconds


def test_a_problem_is_marked_in_the_scene_that_has_its_layer(open_studio: Callable[[str], Studio]) -> None:
    studio = open_studio("cache")
    board = make_storyboard(studio, studio.recipe("clip/short", {**DATA, "headline": "Chào 🚲"}, "link"))
    marked = {
        panel.scene: [mark.problem.rule for mark in panel.marks if mark.problem.key == "headline"] for panel in board.scenes
    }
    assert marked == {"opening": ["missing-glyph"], "figure": [], "end": []}


def test_a_problem_of_a_stack_that_paints_nothing_is_marked_round_what_is_in_it(open_studio: Callable[[str], Studio]) -> None:
    studio = open_studio("cache")
    data = {"headline": "Chào", "figures": [{"value": 126, "label": "xã"}]}
    made = studio.stage(studio.recipe("infographic/card", data, "square"))
    (mark,) = still_marks(made, [Problem(rule="does-not-fit", key="page", message="không vừa")])
    (headline,) = still_marks(made, [Problem(rule="does-not-fit", key="headline", message="không vừa")])
    assert mark.box and headline.box
    assert mark.box.top <= headline.box.top and mark.box.height > headline.box.height * 2


def test_problems_come_whole_out_of_a_worker() -> None:
    problems = (Problem(rule="one", message="một", file="a.yaml", line=3), Problem(rule="two", message="hai"))
    assert pickle.loads(pickle.dumps(BadInput(*problems))).problems == problems


@given(some.lists(some.tuples(some.integers(10, 400), some.integers(10, 400)), min_size=1, max_size=12))
def test_pictures_on_a_sheet_never_lie_over_one_another(sizes: list[tuple[int, int]]) -> None:
    places, width, height = pack(sizes, 10, 500)
    boxes = [
        (place.left, place.top, place.left + wide, place.top + tall) for place, (wide, tall) in zip(places, sizes, strict=True)
    ]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert all(box[2] <= min(width, 500) and box[3] <= height for box in boxes)


@pytest.mark.parametrize("frames", [1, 5])
def test_a_render_that_is_interrupted_leaves_no_file_behind(open_studio: Callable[[str], Studio], frames: int) -> None:
    studio = open_studio("cache")
    recipe = studio.recipe("clip/short", DATA, "link")

    def press_ctrl_c(done: int, _whole: int) -> None:
        if done >= frames:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        studio.render(recipe, press_ctrl_c)
    assert studio.find(recipe) is None
    cache = next(path for path in Path(studio.templates["clip/short"].root).iterdir() if path.name == "cache")
    assert [path for path in cache.rglob("*") if path.is_file()] == []
