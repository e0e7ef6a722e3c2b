"""An editor begins an entry on the calendar, writes it, adds a picture with a fact in it, and hands it in: no file is touched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from desk.place import Place
from desk.web.app import create_app
from desk.workbench import Workbench, open_workbench
from desk.workspace import read_workspace
from editorial.clock import SimulatedClock
from editorial.workflow import Stage
from store.entry_text import read_entry_text
from store.medium_text import written_media
from tests.desk.written_content import drawing_errands
from tests.story.axe import violations
from tests.story.screens import HELD, THEMES, WIDTHS
from tests.story.served import served, sign_in
from tests.story.workspace import make_workspace

pytestmark = pytest.mark.browser

ENTRY, OTHER = "ngay-hoi-doc-sach", "di-san-van-hoa"
BODY = "Mời bà con đến đọc sách cùng con trẻ trong dịp cuối tuần."
SLOW = 120_000  # ms: pictures are drawn by processes that have to start first


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Wait longer than usual for what the server has to draw: on a busy machine it takes its time."""
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    workspace = read_workspace(Place(root=make_workspace(tmp_path_factory.mktemp("office"), (OTHER,))))
    clock = SimulatedClock(datetime(2026, 9, 1, tzinfo=UTC))
    with open_workbench(workspace.place, tmp_path_factory.mktemp("memory"), clock, workspace) as bench:
        yield bench


@pytest.fixture(scope="module")
def desk(bench: Workbench) -> Iterator[str]:
    with drawing_errands() as errands, served(create_app(bench, errands=errands)) as address:
        yield address


@pytest.fixture
def context(chromium: Browser, desk: str, bench: Workbench) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(SLOW)
    sign_in(context, desk, bench, "bien-tap")
    yield context
    context.close()


def begun(page: Page, desk: str) -> None:
    page.goto(f"{desk}/calendar/new?day=2026-11-20")
    page.get_by_label("Tiêu đề", exact=True).fill("Ngày hội đọc sách")
    page.get_by_label("Một câu tóm tắt").fill("Mời bà con cùng tham gia.")
    for channel in page.locator("input[name=channel]").all():
        channel.set_checked(channel.get_attribute("value") in ("facebook", "portal"))
    for name, value in (("unit", "btgdv"), ("axis", "thanh-uy"), ("group", "1.7")):
        page.locator(f"#new-{name}").select_option(value)
    page.get_by_role("button", name="Tạo bài").click()
    page.wait_for_url(f"**/entries/{ENTRY}")


def test_an_editor_begins_writes_and_illustrates_an_entry_without_touching_a_file(
    context: BrowserContext, desk: str, bench: Workbench
) -> None:
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    begun(page, desk)
    page.goto(f"{desk}/entries/{ENTRY}/edit")
    page.locator("[name='f.body']").fill(BODY)
    page.get_by_role("button", name="Thêm hình").click()
    page.wait_for_url(f"**/entries/{ENTRY}/media/new?kind=infographic")
    page.get_by_role("link", name="Một con số lớn").click()
    page.locator("[name='f.value']").fill("@126")
    page.locator(".fact-option").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("[name='f.value']")).to_have_value("{{ fact.wards }}")
    page.locator("[name='f.value']").fill("{{ fact.wards.value }}")
    page.locator("[name='f.unit']").fill("{{ fact.wards.unit }}")
    page.locator("[name='f.headline']").fill("nơi cùng mở trang sách đầu tiên")
    page.locator("[name='f.source']").fill("Kế hoạch năm 2026")
    picture = page.locator(".medium-shot img").first
    picture.wait_for()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    page.get_by_role("button", name="Xem thử").last.click()
    page.get_by_role("button", name="Nhận lời đề xuất").first.click()
    expect(page.locator("[name='alt.vi']")).not_to_have_value("")
    assert violations(page) == []
    page.get_by_role("button", name="Thêm vào bài").click()
    page.wait_for_url(f"**/entries/{ENTRY}/edit?saved=medium-new**")
    expect(page.locator("[name='f.body']")).to_have_value(BODY)
    expect(page.locator(".media-card")).to_have_count(1)
    assert violations(page) == []
    page.get_by_role("button", name="Lưu và trình duyệt").click()
    expect(page.locator("#edit-handing")).to_contain_text("Đã trình duyệt")
    assert bench.store.workflow.of(ENTRY).stage is Stage.IN_REVIEW
    made = written_media(read_entry_text(bench.root, ENTRY))[0]
    assert (made.id, made.data["vi"]["value"]) == ("anh", "{{ fact.wards.value }}")
    assert made.alt["vi"]
    assert wrong == []


def test_another_template_draws_its_own_fields_and_a_row_is_added_by_keyboard(context: BrowserContext, desk: str) -> None:
    page = context.new_page()
    page.goto(f"{desk}/entries/{OTHER}/media/anh")
    rows = page.locator("[id='f.figures'] .row")
    before = rows.count()
    page.locator(f"[name='f.figures.{before - 1}.value']").fill("7")
    page.locator(f"[name='f.figures.{before - 1}.label']").fill("ga")
    page.locator("[id='more.f.figures']").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(before + 1)
    expect(page.locator(f"[name='f.figures.{before - 1}.value']")).to_have_value("7")
    page.locator("#template").select_option("infographic/occasion")
    expect(page.locator("[id='f.figures']")).to_have_count(0)
    expect(page.locator("[name='keep.figures']")).not_to_be_checked()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", ["anh", "new", "new?template=infographic/figures"])
def test_the_pages_of_pictures_can_be_read_by_everybody(
    chromium: Browser, desk: str, bench: Workbench, path: str, theme: str
) -> None:  # fmt: skip
    context = chromium.new_context(color_scheme="dark" if theme == "dark" else "light", locale="vi-VN")
    sign_in(context, desk, bench, "bien-tap")
    page = context.new_page()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{desk}/entries/{OTHER}/media/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert (theme, width) not in HELD or violations(page) == []
    context.close()
