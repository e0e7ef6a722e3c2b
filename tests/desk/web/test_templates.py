"""Templates on the desk: the gallery, and a template in every size with its problems where they are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Response

from desk.errands import Errands
from tests.desk.small_studio import CARD as CARD_YAML
from tests.desk.small_studio import SAMPLES, TOO_LONG, write_card
from tests.desk.web.browser import Browser
from tests.desk.web.drawing_office import CARD, READER, DrawingOffice, drawing_office

MANY = 400  # looks at an errand that takes a third of a second each
HTMX = {"hx_request": "true"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawingOffice]:
    """Return an office that tests share and leave as it is."""
    with drawing_office(Path(tmp_path_factory.mktemp("office"))) as office:
        yield office


@pytest.fixture
def office(shared: DrawingOffice) -> Iterator[DrawingOffice]:
    """Return the shared office with its card as it was."""
    yield shared
    write_card(shared.root)


def drawn(browser: Browser, page: Response) -> str:
    """Return the pictures of a page, once they are drawn."""
    text = page.text
    for _ in range(MANY):
        found = re.search(r'hx-get="(/templates/[^"]+/looks/[0-9a-f]+)"', text)
        if found is None:
            return text
        text = browser.get(found[1], **HTMX).text
    raise AssertionError("it is never drawn")


def test_the_gallery_shows_every_template_with_a_picture_that_the_studio_made(office: DrawingOffice) -> None:
    browser = office.browser()
    for _ in range(MANY):
        page = browser.get("/templates").text
        if found := re.search(r'<img src="(/template-pictures/[0-9a-f]{64}/small-360\.jpg)"', page):
            break
    assert found is not None
    picture = browser.get(found[1])
    assert (picture.status_code, picture.headers["content-type"], picture.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert "Thẻ" in page
    assert 'href="/templates/infographic/card"' in page
    assert "2 khổ" in page


def test_a_desk_on_which_nothing_is_rendered_still_shows_its_templates(office: DrawingOffice) -> None:
    write_card(office.root, SAMPLES.replace("Chào buổi sáng", "Chưa ai vẽ"))
    page = Browser(office.bench, READER, errands=Errands()).get("/templates")
    assert page.status_code == 200
    assert "Thẻ" in page.text


def test_a_template_is_shown_in_every_size_with_its_fields_as_a_form(office: DrawingOffice) -> None:
    browser = office.browser()
    page = browser.get(f"/templates/{CARD}")
    assert page.status_code == 200
    assert 'name="f.headline" value="Chào buổi sáng"' in page.text
    assert 'name="f.notes.0.label"' in page.text
    shown = drawn(browser, page)
    assert re.findall(r"<strong>(\w+)</strong>", shown) == ["square", "link"]
    pictures = re.findall(r'<img src="(/template-pictures/[^"]+)"', shown)
    assert [browser.get(picture).status_code for picture in pictures] == [200, 200]
    assert "Không có vướng mắc nào" in shown


def test_another_sample_and_another_theme_are_another_picture(office: DrawingOffice) -> None:
    browser = office.browser()
    seen = {
        re.search(r'<img src="(/template-pictures/[^"]+)"', drawn(browser, browser.get(f"/templates/{CARD}{asked}")))[1]  # type: ignore[index]
        for asked in ("", "?sample=worst", "?theme=dark", "?sample=shortest&theme=dark")
    }
    assert len(seen) == 4
    assert 'value="Chào"' in browser.get(f"/templates/{CARD}?sample=shortest").text


def test_a_name_that_the_template_has_not_is_its_first_instead(office: DrawingOffice) -> None:
    page = office.browser().get(f"/templates/{CARD}?sample=%00&theme=xanh")
    assert page.status_code == 200
    assert 'name="sample" value="typical"' in page.text


def test_what_is_typed_is_drawn_and_its_problem_is_marked_where_it_is(office: DrawingOffice) -> None:
    browser = office.browser()
    form = {"sample": "typical", "theme": "light", "f.headline": TOO_LONG}
    shown = drawn(browser, browser.post(f"/templates/{CARD}/look", form, **HTMX))
    assert "<form" not in shown, "an open page asks for its pictures alone"
    assert 'class="mark-wrong"' in shown
    assert "Khung 1: " in shown
    assert f"templates/{CARD}/template.yaml:" in shown
    assert f'href="/templates/{CARD}/edit?line=' in shown


def test_without_a_script_the_whole_page_comes_back_with_what_was_typed(office: DrawingOffice) -> None:
    form = {"sample": "typical", "theme": "dark", "f.headline": "Tự gõ", "f.notes.0.label": "một", "f.notes.2.label": "ba"}
    page = office.browser().post(f"/templates/{CARD}/look", form)
    assert 'name="f.headline" value="Tự gõ"' in page.text
    assert 'name="f.notes.1.label" value="ba"' in page.text, "an empty row between them is gone"
    assert re.search(r'value="dark" checked', page.text)


def test_data_that_leaves_nothing_to_draw_says_what_is_missing(office: DrawingOffice) -> None:
    browser = office.browser()
    shown = drawn(browser, browser.post(f"/templates/{CARD}/look", {"sample": "typical", "f.headline": " "}, **HTMX))
    assert "shot-none" in shown
    assert "Mẫu cần “headline”; hãy điền vào." in shown


@pytest.mark.parametrize(
    "card",
    [
        CARD_YAML.replace("font: display", "font: khong-co"),
        CARD_YAML.replace("layers:", "layer:"),
        "schema: [",
        "",
        "- 1\n- 2\n",
        "\x00\x01",
        CARD_YAML.replace('"{{ headline }}"', '"{{ headline.__class__.__mro__ }}"'),
        CARD_YAML.replace('"{{ headline }}"', '"{% for a in range(9) %}{{ a }}{% endfor %}"'),
    ],
)
def test_a_template_that_cannot_be_read_says_where_and_breaks_nothing(office: DrawingOffice, card: str) -> None:
    write_card(office.root, card=card)
    browser = office.browser()
    page = browser.get(f"/templates/{CARD}")
    assert page.status_code == 200
    if "Mẫu này chưa dùng được" in page.text:
        assert f"templates/{CARD}/template.yaml" in page.text
        assert "chỗ phải sửa" in browser.get("/templates").text
    assert browser.post(f"/templates/{CARD}/look", {"f.headline": "x"}).status_code == 200


def test_what_is_not_there_is_not_found(office: DrawingOffice) -> None:
    browser = office.browser()
    nothing = "0" * 64
    for path in (
        "/templates/infographic/khong-co", "/templates/caption/facebook.j2", "/templates/infographic/%2e%2e",
        f"/template-pictures/{nothing}/whole.jpg", f"/template-pictures/{nothing}/..%2Frendition.json",
        f"/template-pictures/{nothing}/rendition.json", f"/templates/{CARD}/looks/khong-co",
    ):  # fmt: skip
        assert browser.get(path).status_code in (400, 404), path


def test_the_form_takes_a_figure_with_its_unit_and_every_kind_of_row() -> None:
    from desk.sample_form import data_of, form_fields
    from studio.contract import FieldSpec
    from tests.desk.template_of import template_of

    fields = {
        "figure": FieldSpec(type="figure"), "flag": FieldSpec(type="flag"), "plain": FieldSpec(type="list", of="text"),
        "chart": FieldSpec(type="chart"), "day": FieldSpec(type="date"),
    }  # fmt: skip
    data = {
        "figure": {"value": 38.5, "unit": "km"}, "flag": True, "plain": ["một", "hai"], "day": "2026-10-10",
        "chart": [{"label": "A", "value": 3, "highlight": True}, {"label": "B", "value": "4,5"}],
    }  # fmt: skip
    template = template_of(fields)
    controls = [
        each for field in form_fields(template, data) for row in (field.rows or (field.controls,)) for each in row
    ]
    sent = {each.name: each.value for each in controls if each.kind != "flag" or each.value}
    assert data_of(template, sent) == data
