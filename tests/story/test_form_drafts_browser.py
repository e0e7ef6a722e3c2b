"""Nothing filled in for a picture or for properties is lost: by a session that ends, a line that goes or a tab that is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from desk.place import Place
from desk.workbench import Workbench, open_workbench
from desk.workspace import read_workspace
from editorial.clock import SimulatedClock
from store.entry_text import read_entry_text
from tests.story.axe import violations
from tests.story.screens import HELD, THEMES, WIDTHS
from tests.story.served import served, sign_in
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser

ENTRY = "di-san-van-hoa"
ANH, PROPERTIES = f"/entries/{ENTRY}/media/anh", f"/entries/{ENTRY}/properties"
SLOW = 60_000  # ms


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait longer than usual: on a busy machine the desk takes its time."""
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    workspace = read_workspace(Place(root=make_workspace(tmp_path_factory.mktemp("office"), (ENTRY,))))
    clock = SimulatedClock(datetime(2026, 9, 1, tzinfo=UTC))
    with open_workbench(workspace.place, tmp_path_factory.mktemp("memory"), clock, workspace) as bench:
        yield bench


@pytest.fixture
def desk(bench: Workbench) -> Iterator[str]:
    with served(bench) as address:
        yield address


@pytest.fixture
def context(chromium: Browser, desk: str, bench: Workbench) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(SLOW)
    sign_in(context, desk, bench, "bien-tap")
    yield context
    context.close()


def end_sessions(bench: Workbench) -> None:
    bench.store.sessions.end_all("bien-tap", by="quan-tri")


def test_what_was_typed_for_a_picture_is_back_after_the_session_was_lost(
    context: BrowserContext, desk: str, bench: Workbench
) -> None:
    page = context.new_page()
    page.goto(desk + ANH)
    headline, state = page.locator("[name='f.headline']"), page.locator("#edit-state")
    expect(state).to_have_text("Chưa đổi gì so với tệp.")
    headline.fill("Câu gõ khi còn phiên")
    expect(state).to_contain_text("Đã giữ bản nháp lúc")
    end_sessions(bench)
    headline.fill("Câu gõ khi phiên đã hết")
    expect(state).to_contain_text("Phiên làm việc đã hết")
    page.close()
    sign_in(context, desk, bench, "bien-tap")
    page = context.new_page()
    page.goto(desk + ANH)
    expect(page.locator("[name='f.headline']")).to_have_value("Câu gõ khi phiên đã hết")
    expect(page.locator("#edit-state")).to_contain_text("Đang xem bản nháp của bạn, gõ lúc")
    assert violations(page) == []
    page.get_by_role("button", name="Lưu hình").click()
    page.wait_for_url(f"**/entries/{ENTRY}/edit?saved=medium**")
    assert "Câu gõ khi phiên đã hết" in read_entry_text(bench.root, ENTRY).texts["vi"]
    page.goto(desk + ANH)
    expect(page.locator("#edit-state")).to_have_text("Chưa đổi gì so với tệp.")


def test_what_was_typed_is_kept_when_the_line_goes_and_comes_and_a_tab_is_closed(
    context: BrowserContext, desk: str, bench: Workbench
) -> None:
    page = context.new_page()
    page.goto(f"{desk}/entries/{ENTRY}/media/new?template=infographic/figures")
    headline, state = page.locator("[name='f.headline']"), page.locator("#edit-state")
    context.set_offline(True)
    headline.fill("Hình mới gõ khi mất mạng")
    expect(state).to_contain_text("Mất kết nối. Chữ bạn viết vẫn ở đây và trên máy này")
    context.set_offline(False)
    expect(state).to_contain_text("Đã giữ bản nháp lúc")
    page.close()
    page = context.new_page()
    page.goto(f"{desk}/entries/{ENTRY}/media/new")
    page.get_by_role("link", name="Mở").click()
    expect(page.locator("[name='f.headline']")).to_have_value("Hình mới gõ khi mất mạng")


def test_what_was_chosen_of_the_properties_is_back_after_the_session_was_lost(
    context: BrowserContext, desk: str, bench: Workbench
) -> None:
    page = context.new_page()
    page.goto(desk + PROPERTIES)
    state = page.locator("#edit-state")
    page.locator("#axis").select_option("hdnd")
    expect(state).to_contain_text("Đã giữ bản nháp lúc")
    end_sessions(bench)
    page.locator("#channel-zalo").uncheck()
    expect(state).to_contain_text("Phiên làm việc đã hết")
    page.close()
    sign_in(context, desk, bench, "bien-tap")
    page = context.new_page()
    page.goto(desk + PROPERTIES)
    expect(page.locator("#channel-zalo")).not_to_be_checked()
    expect(page.locator("#axis")).to_have_value("hdnd")
    expect(page.locator("#properties-outcome")).to_contain_text("Sẽ đổi:")
    assert violations(page) == []
    page.get_by_role("button", name="Bỏ nháp, xem tệp").click()
    expect(page.locator("#channel-zalo")).to_be_checked()
    expect(page.locator("#edit-state")).to_have_text("Chưa đổi gì so với tệp.")


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_that_goes_on_with_a_draft_is_whole_on_every_screen(
    chromium: Browser, desk: str, bench: Workbench, theme: str
) -> None:
    context = chromium.new_context(color_scheme="dark" if theme == "dark" else "light", locale="vi-VN")
    sign_in(context, desk, bench, "bien-tap")
    page = context.new_page()
    for address in (ANH, f"/entries/{ENTRY}/media/new?template=infographic/figures", PROPERTIES):
        page.goto(desk + address)
        if address == PROPERTIES:
            page.locator("#axis").select_option("hdnd")
        else:
            page.locator("[name='f.headline']").fill("Di sản gõ dở")
        expect(page.locator("#edit-state")).to_contain_text("Đã giữ bản nháp lúc")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for address in (ANH, f"/entries/{ENTRY}/media/new", PROPERTIES):
            page.goto(desk + address)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert (theme, width) not in HELD or violations(page) == []
    context.close()
