"""Alt text proposed from a picture: what it says, with units and source, in whole sentences that take no minute to hear."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from studio.alt_text import MOST_LETTERS, Proposal
from studio.brand import Brand
from studio.description import described
from studio.studio import Studio
from studio.template import load_templates

ROOT = Path(__file__).parents[2]
BRAND = Brand.load(ROOT / "assets")
TEMPLATES = load_templates(ROOT / "templates", BRAND, ROOT)
SAMPLES = [(template.id, sample) for template in TEMPLATES.values() for sample in template.samples]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(templates=TEMPLATES, brand=BRAND, cache=tmp_path_factory.mktemp("cache"))


def proposed(studio: Studio, template: str, data: Mapping[str, object]) -> Proposal:
    return studio.alt_text(template, data, data)


@pytest.mark.parametrize(("template", "sample"), SAMPLES)
def test_every_shipped_picture_is_told_in_whole_sentences_with_its_source(studio: Studio, template: str, sample: str) -> None:
    data = TEMPLATES[template].samples[sample]
    text = proposed(studio, template, data).text
    assert 20 <= len(text) <= MOST_LETTERS
    assert text.endswith((".", "!", "?", "”")) and "  " not in text and "\u00a0" not in text
    assert text[0].isupper() or text[0].isdigit() or text[0] == "“"
    assert "Nguồn: " in text
    assert not any(word in text.casefold() for word in (".svg", "hình ảnh về", "none"))


def test_figures_are_said_with_their_units_and_what_they_count(studio: Studio) -> None:
    text = proposed(studio, "infographic/figures", TEMPLATES["infographic/figures"].samples["typical"]).text
    assert "126 xã, phường cùng thực hiện một kế hoạch; 26 chỉ tiêu phát triển kinh tế - xã hội;" in text
    assert "Khuê Văn Các soi bóng xuống mặt nước" in text


def test_what_the_picture_leaves_out_is_not_said(studio: Studio) -> None:
    """The link size has no room for the lead: who hears it shall not hear more than who sees it."""
    data = TEMPLATES["infographic/figures"].samples["typical"]
    lead = str(data["lead"])
    assert lead in studio.alt_text("infographic/figures", data, data, "portrait").text
    assert lead not in studio.alt_text("infographic/figures", data, data, "link").text


def test_a_clip_says_that_it_moves_and_english_is_english(studio: Studio) -> None:
    data = {"headline": "Autumn in Hanoi", "art": "art/thap-rua.svg", "source": "City portal", "language": "en"}
    assert proposed(studio, "clip/occasion", data).text == (
        "Video. Autumn in Hanoi. Drawing: the Turtle Tower in Hoàn Kiếm lake under willow branches. Source: City portal."
    )


def test_facts_stay_quoted_in_what_is_written_down(studio: Studio) -> None:
    spoken = {"headline": "Hà Nội có 126 phường, xã", "figures": [{"value": "126", "unit": "phường, xã"}], "source": "UBND"}
    written = {
        "headline": "Hà Nội có {{ fact.wards }}",
        "figures": [{"value": "{{ fact.wards.value }}", "unit": "{{ fact.wards.unit }}"}],
        "source": "UBND",
    }
    proposal = studio.alt_text("infographic/figures", spoken, written)
    assert proposal.text == "Hà Nội có 126 phường, xã. 126 phường, xã. Nguồn: UBND."
    assert proposal.source == "Hà Nội có {{ fact.wards }}. {{ fact.wards.value }} {{ fact.wards.unit }}. Nguồn: UBND."


def test_a_long_list_says_how_much_it_leaves_out(studio: Studio) -> None:
    text = proposed(studio, "infographic/steps", TEMPLATES["infographic/steps"].samples["worst"]).text
    assert " mục nữa." in text and len(text) <= MOST_LETTERS


@pytest.mark.parametrize("drawing", sorted((ROOT / "assets" / "art").glob("*.svg")), ids=lambda path: path.stem)
def test_every_drawing_is_described_in_both_languages(drawing: Path) -> None:
    vietnamese, english = (described(drawing, language, ROOT) for language in ("vi", "en"))
    assert vietnamese and english and vietnamese != english
