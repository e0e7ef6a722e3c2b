"""A designer at the desk: a template is sent, its mistake mended at its line, and every size looked at, by keyboard."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from desk.web.app import create_app
from tests.desk.small_studio import CARD, SAMPLES, TOO_LONG
from tests.desk.web.drawing_office import DESIGNER, DrawingOffice, drawing_office
from tests.desk.web.test_template_versions import entry, write_clip
from tests.story.axe import violations
from tests.story.hands import Hands
from tests.story.screens import WIDTHS, keep_picture
from tests.story.served import served, sign_in
from tests.story.watched import Watched

pytestmark = pytest.mark.browser

FAULTY = CARD.replace("font: display", "font: dispaly")  # on line 11
PAGES = ("", "/new", "/infographic/card", "/infographic/card/edit", "/clip/loi", "/infographic/card/proof",
         "/infographic/card/versions")  # fmt: skip
SLOW = 120_000  # ms: pictures are drawn by processes that have to start first


@dataclass
class Served:
    """The office and where its desk answers."""

    office: DrawingOffice
    address: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Served]:
    with drawing_office(Path(tmp_path_factory.mktemp("office"))) as office:
        write_clip(office)
        entry(office, "infographic/card")  # which waits for its template
        with served(create_app(office.bench, errands=office.errands)) as address:
            yield Served(office, address)


@pytest.fixture
def watched(chromium: Browser, desk: Served) -> Iterator[Watched]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    sign_in(context, desk.address, desk.office.bench, DESIGNER)
    watched = Watched(context, desk.address)
    yield watched
    context.close()
    assert watched.errors == []
    assert watched.strangers == []


def zipped(template: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("lễ hội/template.yaml", template)
        archive.writestr("lễ hội/sample.yaml", SAMPLES)
    return stream.getvalue()


def go_to(page: Page, place: Locator) -> None:
    """Press Tab until the place has the focus, which is seen at each step."""
    Hands(page).to(place)


def test_a_designer_sends_a_template_and_mends_its_mistake_at_its_line(watched: Watched, desk: Served) -> None:
    page = watched.open("/templates")
    expect(page.locator(".errand")).to_have_count(0, timeout=SLOW)  # the page is shown anew once the cards are drawn
    go_to(page, page.get_by_role("link", name="Thêm mẫu"))
    page.keyboard.press("Enter")
    zip_field = page.get_by_label("Tệp zip của thư mục mẫu")
    go_to(page, zip_field)
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files({"name": "gui.zip", "mimeType": "application/zip", "buffer": zipped(FAULTY)})
    go_to(page, page.get_by_role("button", name="Tải lên và kiểm tra"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 lỗi phải sửa")).to_be_visible()
    expect(page.locator(".code-lines .is-wrong")).to_have_text("11")
    expect(page.locator(".fault-line")).to_contain_text("font: dispaly")
    assert not (desk.office.root / "templates/infographic/le-hoi").exists()
    go_to(page, page.get_by_role("link", name="dòng 11"))
    page.keyboard.press("Enter")
    text = page.locator("#text")
    expect(text).to_be_focused()
    selected = text.evaluate("node => node.value.slice(node.selectionStart, node.selectionEnd)")
    assert selected == FAULTY.splitlines()[10], "the faulty line is chosen"
    page.keyboard.insert_text(CARD.splitlines()[10])
    expect(page.get_by_role("heading", name="Đọc được, không có lỗi")).to_be_visible(timeout=SLOW)
    expect(page.locator(".code-lines .is-wrong")).to_have_count(0)
    go_to(page, page.get_by_role("button", name="Lưu", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**/templates/infographic/le-hoi")
    expect(page.locator(".shot")).to_have_count(2, timeout=SLOW)
    assert (desk.office.root / "templates/infographic/le-hoi/template.yaml").read_text(encoding="utf-8") == CARD


def test_what_is_typed_is_seen_with_its_problem_on_the_picture(watched: Watched) -> None:
    page = watched.open("/templates/infographic/card")
    expect(page.get_by_text("Không có vướng mắc nào")).to_be_visible(timeout=SLOW)
    headline = page.get_by_label("headline")
    go_to(page, headline)
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(TOO_LONG)
    expect(page.locator(".mark-wrong")).to_have_count(1, timeout=SLOW)
    expect(page.locator(".problem-line")).to_contain_text("không vừa khung")
    expect(headline).to_be_focused()
    light = page.locator(".shot-frame img").first.get_attribute("src")
    assert light is not None
    themes = page.get_by_role("group", name="Bảng màu")
    Hands(page).to(themes.get_by_role("radio", checked=True), key="Shift+Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Tối")).to_be_checked()
    expect(page.locator(".shot-frame img").first).not_to_have_attribute("src", light, timeout=SLOW)
    expect(page.locator(".mark-wrong")).to_have_count(1, timeout=SLOW)
    way = page.locator(".problem-line a")
    go_to(page, way)
    page.keyboard.press("Enter")
    text = page.locator("#text")
    expect(text).to_be_focused()
    assert "id: headline" in text.evaluate("node => node.value.slice(node.selectionStart, node.selectionEnd)")


def test_a_clip_is_scrubbed_by_keyboard(watched: Watched) -> None:
    page = watched.open("/templates/clip/loi")
    picture = page.locator(".shot-frame img")
    expect(picture).to_have_attribute("src", re.compile("small-"), timeout=SLOW)
    bar = page.get_by_label("Thời điểm trong clip, khổ square")
    go_to(page, bar)
    page.keyboard.press("End")
    expect(picture).to_have_attribute("src", re.compile(r"/template-frames/[0-9a-f]+/59"), timeout=SLOW)
    expect(bar).to_have_attribute("aria-valuetext", "2,0 giây")
    expect(page.locator(".scrub-scenes .here")).to_have_attribute("data-scene", "two")


def test_every_page_of_a_template_can_be_read_by_everybody(chromium: Browser, desk: Served, tmp_path: Path) -> None:
    for theme in ("light", "dark"):
        context = chromium.new_context(color_scheme="dark" if theme == "dark" else "light", locale="vi-VN")
        sign_in(context, desk.address, desk.office.bench, DESIGNER)
        watched = Watched(context, desk.address)
        for path in PAGES:
            page = watched.open(f"/templates{path}")
            page.locator("#looks[aria-busy]").wait_for(state="detached", timeout=SLOW)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width}"
            keep_picture(page, tmp_path / f"{theme}{path.replace('/', '-')}.png")
            assert violations(page) == [], path
        context.close()
        assert watched.errors == []
