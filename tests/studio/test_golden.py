"""Every shipped template looks as it did when somebody last agreed, and the comparison finds what a person would see."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.brand import Brand
from studio.comparison import compare
from studio.fitness import text_layout
from studio.golden import STILL_SHARE, Golden, accept, file_of, goldens, judge, write_difference
from studio.studio import Studio
from studio.template import load_templates

ROOT = Path(__file__).parents[2]
KEPT_IN = Path(__file__).with_name("golden")
SHOWN_IN = ROOT / "out" / "golden"
BRAND = Brand.load(ROOT / "assets")
STUDIO = Studio(templates=load_templates(ROOT / "templates", BRAND, ROOT), brand=BRAND, cache=ROOT / ".loa")
GOLDENS = tuple(goldens(STUDIO))
MOST_BYTES = 4_000_000


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_a_template_looks_as_it_did_when_it_was_accepted(golden: Golden) -> None:
    if not text_layout().full and "CI" not in os.environ:
        pytest.skip("libfribidi0 is missing: basic layout sets letters up to a px elsewhere; see ./loa doctor")
    verdict = judge(STUDIO, golden, KEPT_IN)
    if verdict.before is None and "CI" not in os.environ:
        pytest.skip("no picture is kept of it yet; look at it and run ./loa golden --accept")
    if not verdict.same:
        path = SHOWN_IN / f"{golden.name}.png"
        write_difference(verdict, BRAND, path)
        pytest.fail(f"looks different: see {path.relative_to(ROOT)}; if it is meant so, run ./loa golden --accept")


def test_what_is_kept_is_small_and_belongs_to_a_template() -> None:
    files = set(KEPT_IN.glob("*"))
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    assert files <= {file_of(KEPT_IN, golden) for golden in GOLDENS}


# the comparison itself, on a picture with small type, drawings and a QR code


@pytest.fixture(scope="module")
def draw() -> Callable[..., Image.Image]:
    """Return what draws infographic/steps at full size with some fields changed."""
    template = STUDIO.templates["infographic/steps"]

    def drawn(theme: str = "light", **changed: object) -> Image.Image:
        recipe = STUDIO.recipe(template.id, {**template.samples["typical"], **changed}, "portrait", theme)
        with Image.open(STUDIO.render(recipe).path) as picture:
            return picture.convert("RGB")

    return drawn


@pytest.fixture(scope="module")
def plain(draw: Callable[..., Image.Image]) -> Image.Image:
    return draw()


def small(picture: Image.Image) -> Image.Image:
    size = (round(picture.width * STILL_SHARE), round(picture.height * STILL_SHARE))
    return picture.resize(size, Image.Resampling.LANCZOS)


def shaded(picture: Image.Image, share: float) -> Image.Image:
    """Return a picture with some edge px five levels off, as another FreeType paints them."""
    chance = np.random.default_rng(2026)
    pixels = np.asarray(picture).astype(int)
    edges = np.argwhere(np.abs(np.diff(pixels.sum(axis=2), axis=1, prepend=0)) > 60)
    chosen = edges[chance.choice(len(edges), min(len(edges), round(share * pixels.shape[0] * pixels.shape[1])), replace=False)]
    pixels[chosen[:, 0], chosen[:, 1]] += chance.choice([-5, 5], (len(chosen), 3))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("share", [0.002, 0.02])
def test_edges_painted_a_shade_differently_are_no_difference(plain: Image.Image, share: float) -> None:
    assert compare(small(plain), small(shaded(plain, share))).same


@pytest.mark.parametrize(
    "source", ["Cóng an Thành phố", "Công án Thành phố", "Công an Thánh phố", "Công an Thành phó", "Công am Thành phố"]
)
def test_one_letter_or_one_mark_of_the_smallest_type_is_found(
    draw: Callable[..., Image.Image], plain: Image.Image, source: str
) -> None:
    difference = compare(small(plain), small(draw(source=source)))
    assert not difference.same
    assert all(box.top > 0.85 * 1350 * STILL_SHARE for box in difference.boxes), "and nowhere else than in the last line"


def test_a_shift_of_three_px_is_found(plain: Image.Image) -> None:
    moved = plain.copy()
    moved.paste(plain.crop((60, 300, 1020, 700)), (63, 300))
    assert not compare(small(plain), small(moved)).same


@pytest.mark.parametrize("step", [4, 8])
def test_a_colour_that_is_a_little_off_is_found(plain: Image.Image, step: int) -> None:
    pixels = np.asarray(plain).astype(int)
    ground = (pixels == pixels[5, 5]).all(axis=2)
    pixels[ground] += (0, -step, step)
    assert not compare(small(plain), small(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))).same


def test_another_size_is_told_as_such(plain: Image.Image) -> None:
    assert compare(plain, plain.crop((0, 0, 1080, 1300))).why == "1080 × 1350 → 1080 × 1300"


def test_a_difference_is_shown_in_red_and_accepted_with_one_call(tmp_path: Path) -> None:
    golden = next(golden for golden in GOLDENS if golden.name.startswith("infographic-steps-portrait"))
    first = judge(STUDIO, golden, tmp_path)
    assert (first.before, first.same) == (None, False)
    accept(first, tmp_path)
    assert judge(STUDIO, golden, tmp_path).same
    template = STUDIO.templates["infographic/steps"]
    changed = STUDIO.recipe(template.id, {**template.samples["worst"], "headline": "Một tiêu đề khác"}, "portrait", "light")
    other = judge(STUDIO, replace(golden, recipe=changed), tmp_path)
    assert not other.same
    write_difference(other, BRAND, tmp_path / "difference.png")
    sheet = np.asarray(Image.open(tmp_path / "difference.png"))
    red = np.argwhere((sheet == (209, 26, 42)).all(axis=2))
    assert len(red) > 500
    assert red[:, 1].min() > sheet.shape[1] * 0.6, "only on the third picture"
    accept(other, tmp_path)
    assert judge(STUDIO, replace(golden, recipe=changed), tmp_path).same
