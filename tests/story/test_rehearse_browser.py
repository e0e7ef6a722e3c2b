"""Somebody rehearses a few days with faults from the desk, watches, stops one, and looks at what the other came to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from desk.place import Place
from desk.web.app import create_app
from desk.workbench import open_workbench
from editorial.clock import SystemClock
from tests.desk.web.small_office import open_small_office
from tests.story.axe import violations
from tests.story.served import served, sign_in
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser
PATIENCE = 120_000  # milliseconds: a picture may have to be rendered on a machine that is busy
SEED = "1126"


@dataclass
class Rehearsing:
    """A desk, its workspace, and the pages of two people."""

    root: Path
    address: str
    page: Page
    other: Page


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Rehearsing]:
    place = Place(root=make_workspace(tmp_path / "office", ("ngay-phap-luat",)))
    with open_workbench(place, place.memory / "office", SystemClock()) as bench:
        app = create_app(bench)
        with served(app) as address:
            contexts = [chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN") for _ in range(2)]
            for context, person in zip(contexts, ("duyet", "bien-tap"), strict=True):
                sign_in(context, address, bench, person)
            yield Rehearsing(place.root, address, *(context.new_page() for context in contexts))
            for context in contexts:
                context.close()
        app.state.rehearsals.close()


@pytest.mark.parametrize("path", ["/inbox", "/report?quarter=2026-Q4", "/coverage?quarter=2026-Q4", "/coverage?quarter=2027-Q1"])
def test_the_thin_pages_are_for_everybody_and_fit_a_phone(path: str, tmp_path: Path, chromium: Browser) -> None:
    office = open_small_office(tmp_path)
    with served(office) as address:
        context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
        sign_in(context, address, office, "le-chi")
        page = context.new_page()
        page.goto(address + path)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        context.close()
    office.store.close()


def ask(page: Page, address: str) -> None:
    page.goto(f"{address}/rehearse")
    page.get_by_label("Từ ngày").fill("2026-11-05")
    page.get_by_label("Đến hết ngày").fill("2026-11-22")
    page.get_by_label(re.compile("Hạt giống")).fill(SEED)
    page.get_by_role("button", name="Bắt đầu diễn tập").press("Enter")
    page.wait_for_url(re.compile(r"/rehearse/\d"))


def test_a_period_is_rehearsed_watched_stopped_and_looked_at(desk: Rehearsing) -> None:
    page, other = desk.page, desk.other
    kept = desk.root / ".loa" / "rehearsals"
    ask(page, desk.address)
    expect(page.locator("#progress .steps [aria-current]")).to_be_visible()
    other.goto(f"{desk.address}/rehearse")
    expect(other.get_by_role("heading", name="Người duyệt mẫu đang diễn tập")).to_be_visible()
    assert violations(other) == []
    other.get_by_role("link", name="Theo dõi").click()
    expect(other.get_by_role("heading", name=re.compile("Đang diễn tập"))).to_be_visible()
    assert violations(other) == []
    page.get_by_role("button", name="Dừng, không giữ gì").press("Enter")
    expect(page.get_by_text("Lần diễn tập đã dừng")).to_be_visible(timeout=PATIENCE)
    assert list(kept.glob("*")) == []
    expect(other.get_by_text("Lần diễn tập đã dừng")).to_be_visible(timeout=PATIENCE)

    ask(page, desk.address)
    expect(page.locator("#progress .fill").first).to_be_attached(timeout=PATIENCE)
    expect(page.get_by_role("heading", name=re.compile("^.*Đạt:"))).to_be_visible(timeout=PATIENCE)
    assert len(list(kept.glob("*/result.json"))) == 1
    expect(page.get_by_text(f"Có sự cố, hạt giống {SEED}")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"\d sự cố"))).to_be_visible()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name=re.compile("Trang công khai.*Facebook")).click()
    expect(page.locator("article").first).to_be_visible()
    expect(page.locator(".sign")).to_have_css("text-align", "center")  # its style came along
    picture = page.locator("article img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 100
    page.locator("article .when a").first.click()
    expect(page.locator("article")).to_have_count(1)

    page.goto(f"{desk.address}/rehearse")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert violations(page) == []
    page.get_by_role("button", name=re.compile("Xóa lần diễn tập")).press("Enter")
    expect(page.get_by_text("Chưa có lần nào")).to_be_visible()
    assert list(kept.glob("*")) == []
