"""Plain shapes: what is drawn is what is written, and what cannot be drawn is told at its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from editorial.problem import BadInput
from studio.brand import Brand
from studio.paint import Easel
from studio.scene import stage
from studio.still import fold
from studio.template import load_template

GOLD, PAPER, RED = (255, 205, 0), (255, 250, 242), (200, 16, 46)
TEMPLATE = """\
schema: 1
kind: infographic
name: {vi: Hình}
fields: {headline: {type: text}}
sizes: {square: {}}
layers:
  - {id: ground, type: fill, fill: background}
  - {id: form, type: shape, box: [100, 100, 400, 400], fill: accent, SHAPE}
"""


def drawn(workspace: Path, shape: str) -> np.ndarray:
    """Return the pixels of a square with one shape; raise BadInput where it cannot be drawn."""
    folder = workspace / "templates" / "infographic" / "form"
    folder.mkdir(exist_ok=True)
    (folder / "template.yaml").write_text(TEMPLATE.replace("SHAPE", shape), encoding="utf-8")
    brand = Brand.load(workspace / "assets")
    made = stage(load_template(folder, brand, workspace), brand, {}, "square", "light")
    return np.asarray(fold(made.display(made.template.designs["square"].layers, made.context), Easel()).convert("RGB"))


def colour(pixels: np.ndarray, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(part) for part in pixels[y, x])


TRIANGLE = "shape: polygon, points: [[0, 1], [0.5, 0], [1, 1]]"


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [
        ("shape: rect", [(102, 102), (497, 497)], [(98, 300), (502, 300)]),
        ("shape: rect, radius: round", [(300, 102)], [(105, 105), (495, 495)]),
        ("shape: ellipse", [(300, 103), (103, 300), (300, 300)], [(120, 120), (480, 480)]),
        (TRIANGLE, [(300, 130), (110, 495), (490, 495)], [(110, 110), (490, 110)]),
    ],
)
def test_a_shape_is_filled_inside_its_outline_only(
    workspace: Path, shape: str, inside: list[tuple[int, int]], outside: list[tuple[int, int]]
) -> None:
    pixels = drawn(workspace, shape)
    assert [colour(pixels, *point) for point in inside] == [GOLD] * len(inside)
    assert [colour(pixels, *point) for point in outside] == [PAPER] * len(outside)


@pytest.mark.parametrize("shape", ["shape: rect", "shape: ellipse", TRIANGLE])
def test_a_border_is_a_rim_and_the_fill_is_seen_within_it(workspace: Path, shape: str) -> None:
    pixels = drawn(workspace, f"{shape}, border: {{colour: primary, width: 12}}")
    assert colour(pixels, 300, 360) == GOLD
    assert colour(pixels, 300, 495) == RED


@pytest.mark.parametrize("shape", ["shape: rect, radius: 60", "shape: ellipse", TRIANGLE])
def test_the_fill_does_not_shine_through_at_the_outer_edge_of_its_border(workspace: Path, shape: str) -> None:
    """A dot with a border in the colour of the ground had a thin ring of its own colour around it."""
    pixels = drawn(workspace, f"{shape}, border: {{colour: background, width: 12}}")
    alone = drawn(workspace, f"{shape}, border: {{colour: background, width: 13}}")
    edge = np.abs(pixels.astype(int) - alone).max(axis=-1) == 0  # all but the inner edge of the border
    assert set(map(tuple, pixels[edge].tolist())) == {PAPER, GOLD}


@pytest.mark.parametrize(
    ("shape", "key"),
    [
        ("shape: polygon", "points"),
        ("shape: polygon, points: [[0, 0], [1, 1]]", "points"),
        ("shape: polygon, points: [[0, 0], [2, 0], [1, 1]]", "points"),
        ("shape: ellipse, points: [[0, 0], [1, 0], [1, 1]]", "points"),
        ("shape: star", "shape"),
    ],
)
def test_a_shape_that_cannot_be_drawn_as_written_is_told_at_its_line(workspace: Path, shape: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        drawn(workspace, shape)
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (8, f"layers[1].{key}")
