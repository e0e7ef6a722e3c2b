"""The desk over a finished demo, opened in a real browser as a person would open it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from desk.workbench import Workbench
from editorial.delivery import State
from tests.story.axe import violations
from tests.story.screens import THEMES, WIDTHS, keep_picture
from tests.story.served import served, sign_in
from tests.story.watched import Watched

pytestmark = pytest.mark.browser

ENTRY = "giai-phong-thu-do"
PAGES = {"lich": "/calendar?month=2026-10", "bai": f"/entries/{ENTRY}?channel=facebook", "luot-dang": "/deliveries",
         "nguoi": "/people", "nhat-ky": "/audit", "thiet-lap": "/settings", "tai-khoan": "/account"}  # fmt: skip


@pytest.fixture(scope="module")
def desk(chromium_path: str, finished_demo: Workbench) -> Iterator[str]:
    """Return the address of the desk, served for the module."""
    with served(finished_demo) as address:
        yield address


@pytest.fixture
def watched(chromium: Browser, desk: str, finished_demo: Workbench) -> Iterator[Watched]:
    """Return a desktop page that must end without errors and without a word to another host."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    sign_in(context, desk, finished_demo, "duyet")
    watched = Watched(context, desk)
    yield watched
    context.close()
    assert watched.errors == []
    assert watched.strangers == []


def test_the_calendar_shows_the_finished_quarter_and_leads_to_an_entry(watched: Watched) -> None:
    page = watched.open("/calendar?month=2026-10")
    expect(page.get_by_role("heading", name="Tháng 10/2026")).to_be_visible()
    tenth = page.locator("td", has=page.locator("time[datetime='2026-10-10']"))
    expect(tenth).to_contain_text("1/9")
    expect(tenth).to_contain_text("Ngày Giải phóng Thủ đô 72 năm")
    figures = page.locator(".figures dd").all_inner_texts()
    assert int(figures[0]) > 0
    assert figures[0] == figures[1] == figures[2]
    page.locator(f"table a[href='/entries/{ENTRY}']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hà Nội kỷ niệm 72 năm Ngày Giải phóng Thủ đô")


def test_filters_and_months_move_without_losing_one_another(watched: Watched) -> None:
    page = watched.open("/calendar?month=2026-10")
    page.get_by_text("Lọc", exact=True).click()
    page.get_by_label("Kênh").select_option("youtube")
    expect(page).to_have_url(re.compile("channel=youtube"))
    expect(page.locator("table .entry").first).to_contain_text("YT")
    page.get_by_role("link", name="Tháng sau").click()
    expect(page.get_by_role("heading", name="Tháng 11/2026")).to_be_visible()
    expect(page.get_by_label("Kênh")).to_have_value("youtube")


def test_an_entry_shows_each_channel_s_post_and_what_was_read_back(watched: Watched) -> None:
    page = watched.open(f"/entries/{ENTRY}")
    expect(page.get_by_text("Nguồn:").first).to_be_visible()
    page.get_by_role("link", name="Kênh Telegram").click()
    expect(page.locator(".preview-head")).to_contain_text("Kênh Telegram")
    expect(page.locator(".channel-side")).to_contain_text("Khớp bản đã duyệt")
    picture = page.locator(".preview .medium img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 300
    assert len(picture.get_attribute("alt") or "") > 20


def test_a_clip_has_a_poster_controls_and_captions(watched: Watched) -> None:
    page = watched.open(f"/entries/{ENTRY}?channel=youtube")
    clip = page.locator(".preview video")
    expect(clip).to_have_attribute("controls", "")
    source = clip.locator("source").get_attribute("src")
    part = page.request.get(page.url.split("/entries")[0] + str(source), headers={"range": "bytes=0-99"})
    assert part.status == 206
    for address in (clip.get_attribute("poster"), clip.locator("track").get_attribute("src")):
        assert page.request.get(page.url.split("/entries")[0] + str(address)).ok


def test_deliveries_list_every_post_with_its_address_and_attempts(watched: Watched, finished_demo: Workbench) -> None:
    page = watched.open("/deliveries")
    verified = len(finished_demo.store.deliveries.list(states=[State.VERIFIED]))
    assert verified > 0
    count = page.locator(".states a[data-status='verified'] .states-count")
    expect(count).to_have_text(f"{verified:,}".replace(",", "."))
    row = page.locator("table.deliveries tbody tr").first
    expect(row.get_by_role("link", name="Mở bài")).to_have_attribute("href", re.compile("^https?://"))
    row.get_by_role("link", name="Chi tiết").click()
    expect(page.locator(".detail-row")).to_contain_text("Lần 1: đã đăng")


def test_the_reader_s_theme_is_kept(watched: Watched) -> None:
    page = watched.open("/deliveries")
    page.locator(".me summary").click()
    page.get_by_role("button", name="Giao diện tối").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    watched.open("/calendar")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_every_screen_in_both_themes(
    chromium: Browser, desk: str, finished_demo: Workbench, tmp_path: Path, width: int, theme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    sign_in(context, desk, finished_demo, "quan-tri")
    watched = Watched(context, desk)
    for name, path in PAGES.items():
        page = watched.open(path)
        keep_picture(page, tmp_path / f"{name}-{width}-{theme}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
        assert page.locator("main h1").first.is_visible(), f"{name} shows nothing"
    context.close()
    assert watched.errors == []
    assert watched.strangers == []


@pytest.mark.parametrize("theme", THEMES)
def test_nobody_is_shut_out_of_a_page(chromium: Browser, desk: str, finished_demo: Workbench, theme: str) -> None:
    dark = "dark" if theme == "dark" else "light"
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, color_scheme=dark, locale="vi-VN")
    sign_in(context, desk, finished_demo, "quan-tri")
    watched = Watched(context, desk)
    found = [f"{name}: {each}" for name, path in PAGES.items() for each in violations(watched.open(path))]
    context.close()
    assert found == []


def test_the_look_at_a_page_finds_what_shuts_people_out(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content("<html lang='vi'><title>Thử</title><main><h1>Thử</h1><img src='data:,'><p style='color:#aaa'>mờ</p></main>")
    found = " ".join(violations(page))
    page.close()
    assert "image-alt" in found
    assert "color-contrast" in found
