"""The office's own templates and pictures: what is shipped fits, can be read, and is licensed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.brand import Brand
from studio.colour import Colour
from studio.display import Item, Words
from studio.film import make_film
from studio.scene import stage
from studio.studio import Studio
from studio.template import Template, load_templates

ROOT = Path(__file__).parents[2]
BRAND = Brand.load(ROOT / "assets")
TEMPLATES = load_templates(ROOT / "templates", BRAND, ROOT)
PROOFS = [(template, sample, size) for template in TEMPLATES.values() for sample in template.samples for size in template.sizes]
LEAST_TYPE = {"link": 24}  # px; elsewhere 26, which is 9 px on a phone 390 px wide
STORIES = [(template, sample) for template, sample, size in PROOFS if size == "story"]


def proof_name(value: object) -> str:
    """Name a test after its template, sample or size."""
    return value.id if isinstance(value, Template) else str(value)


def words_of(template: Template, sample: str, size: str) -> Iterator[Item]:
    """Yield every item set in type, of all scenes and of what lies over them."""
    made = stage(template, BRAND, template.samples[sample], size, "light")
    if template.kind == "clip":
        film = make_film(made)
        items = [*(item for shot in film.shots for item in shot.display.items), *(overlay.item for overlay in film.overlays)]
    else:
        items = list(made.display(template.designs[size].layers, made.context).items)
    return (item for item in items if isinstance(item.drawing, Words))


def luminance(colour: Colour) -> float:
    """Return the relative luminance of WCAG 2.2."""
    shares = [value / 255 for value in (colour.red, colour.green, colour.blue)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("template", "sample", "size"), PROOFS, ids=proof_name)
def test_every_sample_fits_every_size(template: Template, sample: str, size: str, tmp_path: Path) -> None:
    studio = Studio(templates=TEMPLATES, brand=BRAND, cache=tmp_path)
    assert studio.check(template.id, template.samples[sample], size) == ()


LONGEST_SOURCE = (
    "Báo cáo tình hình kinh tế - xã hội năm 2026 của Ủy ban nhân dân thành phố Hà Nội; Cổng Thông tin điện tử Chính phủ, 2026"
)


@pytest.mark.parametrize("template", [each for each in TEMPLATES.values() if each.kind == "infographic"], ids=proof_name)
def test_the_longest_source_is_whole_in_every_size_beside_the_longest_words(template: Template, tmp_path: Path) -> None:
    assert template.fields["source"].max == len(LONGEST_SOURCE) == 120
    studio = Studio(templates=TEMPLATES, brand=BRAND, cache=tmp_path)
    data = {**template.samples["worst"], "source": LONGEST_SOURCE}
    assert [(size, problem) for size in template.sizes for problem in studio.check(template.id, data, size)] == []


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=proof_name)
def test_every_template_is_proved_on_its_longest_and_its_shortest_data(template: Template) -> None:
    assert set(template.samples) == {"typical", "worst", "shortest"}


@pytest.mark.parametrize(("template", "sample"), STORIES, ids=proof_name)
def test_a_storys_words_stay_clear_of_the_platforms_buttons(template: Template, sample: str) -> None:
    for item in words_of(template, sample, "story"):
        assert item.drawing.box.top >= 0.14 * 1920, item.id
        assert item.drawing.box.bottom <= 0.80 * 1920, item.id


@pytest.mark.parametrize(("template", "sample", "size"), PROOFS, ids=proof_name)
def test_no_word_is_too_small_for_a_phone(template: Template, sample: str, size: str) -> None:
    for item in words_of(template, sample, size):
        assert isinstance(item.drawing, Words)
        assert item.drawing.size >= LEAST_TYPE.get(size, 26), f"{item.id}: {item.drawing.size} px"


@pytest.mark.parametrize("template", [template for template in TEMPLATES.values() if template.music], ids=proof_name)
def test_remembrance_has_its_own_music(template: Template) -> None:
    beds = {theme: make_film(stage(template, BRAND, template.samples["typical"], "square", theme)).bed for theme in BRAND.colours}
    tracks = {theme: bed.path.stem for theme, bed in beds.items() if bed}
    assert tracks == {"light": "bed", "dark": "bed", "solemn": "bed_solemn", "festive": "bed"}


@pytest.mark.parametrize("theme", BRAND.colours)
@pytest.mark.parametrize(
    ("ink", "paper"),
    [(ink, paper) for ink in ("text", "muted", "primary", "figure") for paper in ("background", "surface")]
    + [("on_primary", "primary"), ("on_accent", "accent")],
)
def test_words_can_be_read_in_every_theme(theme: str, ink: str, paper: str) -> None:
    colours = BRAND.colours[theme]
    assert contrast(colours[ink], colours[paper]) >= 4.5


@pytest.mark.parametrize("picture", sorted((ROOT / "assets" / "art").glob("*.svg")), ids=lambda path: path.stem)
def test_every_drawing_is_licensed_and_holds_no_letters(picture: Path) -> None:
    assert f"art/{picture.name}" in (ROOT / "assets" / "LICENCES.md").read_text(encoding="utf-8")
    assert "<text" not in picture.read_text(encoding="utf-8")
