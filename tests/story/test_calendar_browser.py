"""The calendar as a planner uses it: by mouse, by keyboard alone, and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from desk.workbench import Workbench
from editorial.workflow import Stage
from tests.desk.written_office import markdown, open_written_office, sign
from tests.story.axe import violations
from tests.story.hands import Hands
from tests.story.screens import HELD, THEMES, WIDTHS
from tests.story.served import served, sign_in

pytestmark = pytest.mark.browser

ENTRY = "giai-phong-thu-do"
MONTH = "/calendar?month=2026-10"
TEXTS = {"ban-nhap": markdown("ban-nhap", "2026-10-20@09:00", channels="[portal, zalo]")}
REFUSED = "the server responded with a status of 4"  # what the browser says of a form that came back


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with open_written_office(tmp_path, (ENTRY, "ngay-phap-luat"), texts=TEXTS) as bench:
        sign(bench, ENTRY)
        yield bench


@pytest.fixture
def page(chromium: Browser, bench: Workbench) -> Iterator[Page]:
    """Return a desktop page of the desk that must end without errors and without a word to another host."""
    with served(bench) as desk:
        context = chromium.new_context(
            viewport={"width": 1440, "height": 1000}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", base_url=desk
        )
        sign_in(context, desk, bench, "bien-tap")
        page, errors = context.new_page(), list[str]()
        page.on("console", lambda said: errors.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((f"{desk}/", "data:")) else errors.append(asked.url))
        yield page
        context.close()
    assert [each for each in errors if REFUSED not in each] == []


def stage(bench: Workbench) -> Stage:
    return bench.store.workflow.of(ENTRY).stage


def cell(page: Page, day: str) -> str:
    return f"td[data-drop='{day}']"


def test_dragging_a_signed_entry_says_that_its_approval_ends_and_only_then_moves_it(page: Page, bench: Workbench) -> None:
    path = bench.root / "content" / f"{ENTRY}.md"
    before = path.read_bytes()
    page.goto(MONTH)
    card = page.locator(f"{cell(page, '2026-10-09')} [data-entry='{ENTRY}']")
    card.drag_to(page.locator(cell(page, "2026-10-07")))
    dialog = page.get_by_role("dialog", name="Dời lịch")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("hết hiệu lực: phải trình và duyệt lại")
    expect(dialog).to_contain_text("08:00 thứ Tư 7/10/2026")
    assert stage(bench) is Stage.SCHEDULED and path.read_bytes() == before  # shown, and nothing done
    dialog.get_by_role("button", name="Dời", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Đã dời")).to_contain_text("Phê duyệt cũ đã hết hiệu lực")
    moved = page.locator(f"{cell(page, '2026-10-07')} [data-entry='{ENTRY}']")
    expect(moved).to_have_attribute("data-status", "draft")
    assert stage(bench) is Stage.DRAFT
    assert b"when: giai_phong_thu_do/2026-3d@08:00" in path.read_bytes()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("status").filter(has_text="Đã hoàn tác")).to_contain_text("không tự trở lại")
    expect(page.locator(f"{cell(page, '2026-10-09')} [data-entry='{ENTRY}']")).to_be_visible()
    assert path.read_bytes() == before and stage(bench) is Stage.DRAFT


def test_the_keyboard_alone_does_the_same(page: Page, bench: Workbench) -> None:
    page.goto(MONTH)
    hands = Hands(page)
    hands.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    hands.look()
    hands.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    hands.to(page.locator(f"[data-entry='{ENTRY}'] .entry-link").first)
    hands.press("d")
    dialog = page.get_by_role("dialog", name="Dời lịch")
    expect(dialog.get_by_label("Ngày mới")).to_be_focused()
    send = dialog.get_by_role("button", name="Dời", exact=True)
    expect(send).to_be_disabled()
    hands.type("10072026")
    hands.press("Tab")
    expect(dialog).to_contain_text("hết hiệu lực")
    expect(send).to_be_enabled()
    assert stage(bench) is Stage.SCHEDULED
    hands.use(send)
    expect(page.get_by_role("status").filter(has_text="Đã dời")).to_be_visible()
    assert stage(bench) is Stage.DRAFT
    hands.use(page.get_by_role("button", name="Hoàn tác"))
    expect(page.get_by_role("status").filter(has_text="Đã hoàn tác")).to_be_visible()
    assert stage(bench) is Stage.DRAFT, "no undo brings a signature back"


def test_a_dialog_holds_the_focus_until_it_is_left(page: Page) -> None:
    page.goto(MONTH)
    hands = Hands(page)
    opener = page.locator(f"[data-entry='{ENTRY}'] .entry-move").first
    hands.use(opener)
    dialog = page.get_by_role("dialog", name="Dời lịch")
    expect(dialog.get_by_label("Ngày mới")).to_be_focused()
    for at in islice(hands.stops(), 40):
        assert at["ringed"] and at["seen"], at["what"]
        assert dialog.evaluate("box => box.contains(document.activeElement)"), at["what"]
    hands.press("Escape")
    expect(opener).to_be_focused()
    hands.press("b")
    expect(page.get_by_role("dialog", name="Bài mới")).to_be_visible()
    hands.use(page.get_by_role("dialog", name="Bài mới").get_by_role("button", name="Đóng"))
    expect(opener).to_be_focused()


def test_filters_keep_the_focus_although_the_page_below_them_is_drawn_anew(page: Page) -> None:
    page.goto(MONTH)
    hands = Hands(page)
    hands.use(page.locator(".filter-box > summary"))
    hands.to(page.get_by_label("Kênh"))
    hands.type("Kênh Y")
    expect(page).to_have_url(re.compile("channel=youtube"))
    expect(page.get_by_role("list", name="Đang lọc")).to_contain_text("Kênh YouTube")
    expect(page.get_by_label("Kênh")).to_be_focused()
    hands.look()


def test_a_dialog_that_is_closed_has_done_nothing_and_gives_the_focus_back(page: Page, bench: Workbench) -> None:
    page.goto(MONTH)
    opener = page.locator(f"[data-entry='{ENTRY}'] .entry-move").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Dời lịch")).to_be_visible()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    assert stage(bench) is Stage.SCHEDULED


def test_somebody_s_edit_meanwhile_is_shown_before_anything_is_done(page: Page, bench: Workbench) -> None:
    path = bench.root / "content" / f"{ENTRY}.md"
    page.goto(MONTH)
    page.locator(f"[data-entry='{ENTRY}']").first.drag_to(page.locator(cell(page, "2026-10-07")))
    dialog = page.get_by_role("dialog", name="Dời lịch")
    expect(dialog).to_contain_text("hết hiệu lực")
    path.write_text(path.read_text() + "\nCâu mới của đồng nghiệp.\n")
    dialog.get_by_role("button", name="Dời", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Chưa dời: hệ quả đã khác")
    assert stage(bench) is Stage.SCHEDULED
    dialog.get_by_role("button", name="Dời", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Đã dời")).to_be_visible()
    assert "Câu mới của đồng nghiệp." in path.read_text()


def test_an_hour_of_the_week_takes_an_entry_too(page: Page, bench: Workbench) -> None:
    page.goto("/calendar?view=week&day=2026-10-20")
    page.locator("[data-entry='ban-nhap']").drag_to(page.locator("td[data-drop='2026-10-21'][data-time='16:00']"))
    dialog = page.get_by_role("dialog", name="Dời lịch")
    expect(dialog).to_contain_text("16:00 thứ Tư 21/10/2026")
    dialog.get_by_role("button", name="Dời", exact=True).click()
    expect(page.locator("td[data-drop='2026-10-21'][data-time='16:00'] [data-entry='ban-nhap']")).to_be_visible()
    assert "when: 2026-10-21@16:00" in (bench.root / "content" / "ban-nhap.md").read_text()


def test_an_entry_is_begun_from_an_occasion(page: Page, bench: Workbench) -> None:
    page.goto(MONTH)
    page.get_by_role("link", name="Ngày Giải phóng Thủ đô", exact=True).click()
    dialog = page.get_by_role("dialog", name="Bài mới")
    expect(dialog).to_contain_text("Ngày Giải phóng Thủ đô, thứ Bảy 10/10/2026")
    dialog.get_by_role("textbox", name="Tiêu đề", exact=True).fill("Đêm hội phố cổ mừng ngày Giải phóng")
    dialog.get_by_label("Số ngày sau dịp").fill("-2")
    dialog.get_by_label("Số ngày sau dịp").press("Tab")
    expect(dialog.locator("#new-outcome")).to_contain_text("08:00 thứ Năm 8/10/2026")
    dialog.get_by_role("button", name="Tạo bài").click()
    expect(dialog.locator("#error-summary")).to_contain_text("Hãy ghi câu tóm tắt")  # beside its field, and nothing is lost
    expect(dialog.get_by_role("textbox", name="Tiêu đề", exact=True)).to_have_value("Đêm hội phố cổ mừng ngày Giải phóng")
    dialog.get_by_label("Một câu tóm tắt").fill("Mời bà con cùng vui.")
    for label, value in (("Đơn vị", "so-vhtt"), ("Trục", "ubnd"), ("Nhóm nội dung", "1.7")):
        dialog.get_by_label(label).select_option(value)
    dialog.get_by_role("button", name="Tạo bài").click()
    expect(page).to_have_url(re.compile("/entries/dem-hoi-pho-co-mung-ngay-giai-phong$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Đêm hội phố cổ mừng ngày Giải phóng")
    made = (bench.root / "content" / "dem-hoi-pho-co-mung-ngay-giai-phong.md").read_text()
    assert "when: giai_phong_thu_do/2026-2d@08:00\n" in made
    page.goto(MONTH)
    expect(page.locator(cell(page, "2026-10-08"))).to_contain_text("Đêm hội phố cổ")


def test_a_page_of_its_own_says_what_is_wrong_and_goes_on_there(page: Page) -> None:
    page.goto("/calendar/new?day=2026-12-10")
    page.get_by_label("Tiêu đề", exact=True).fill("Chợ phiên cuối năm")
    page.get_by_role("button", name="Tạo bài").click()
    expect(page.get_by_text("Hãy ghi câu tóm tắt")).to_be_visible()
    expect(page.get_by_label("Tiêu đề", exact=True)).to_have_value("Chợ phiên cuối năm")
    expect(page.get_by_label("Một câu tóm tắt")).to_be_focused()


def test_a_dialog_goes_on_at_the_number_of_days_that_leads_into_the_past(page: Page) -> None:
    page.goto(MONTH)
    page.get_by_role("link", name="Ngày Giải phóng Thủ đô", exact=True).click()
    dialog = page.get_by_role("dialog", name="Bài mới")
    dialog.get_by_label("Tiêu đề", exact=True).fill("Chợ phiên cuối năm")
    dialog.get_by_label("Một câu tóm tắt").fill("Mời bà con cùng vui.")
    for label, value in (("Đơn vị", "so-vhtt"), ("Trục", "ubnd"), ("Nhóm nội dung", "1.7")):
        dialog.get_by_label(label).select_option(value)
    dialog.get_by_label("Số ngày sau dịp").fill("-300")
    dialog.get_by_role("button", name="Tạo bài").click()
    expect(dialog.get_by_text("đã qua; hãy chọn một giờ sắp tới")).to_be_visible()
    expect(dialog.get_by_label("Số ngày sau dịp")).to_be_focused()


def test_a_move_on_a_page_of_its_own_says_why_it_was_refused(page: Page) -> None:
    page.goto(f"/calendar/move?entry={ENTRY}")
    page.get_by_label("Ngày mới").fill("2026-10-20")
    expect(page.locator("#move-outcome")).to_contain_text("20/10/2026")
    page.locator("#move-form").evaluate("form => { form.elements.to_day.value = '2026-10-01'; }")
    page.get_by_role("button", name="Dời", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa dời: hệ quả đã khác với lúc bạn xem.")


def test_filters_stand_as_chips_through_every_view_and_come_off_one_by_one(page: Page) -> None:
    page.goto(MONTH)
    page.get_by_text("Lọc", exact=True).click()
    form = page.get_by_role("form", name="Lọc bài")
    form.get_by_label("Kênh").select_option("youtube")
    expect(page).to_have_url(re.compile("channel=youtube"))
    form.get_by_label("Đơn vị").select_option("btgdv")
    expect(page).to_have_url(re.compile("unit=btgdv"))
    chips = page.get_by_role("list", name="Đang lọc")
    for view in ("Tuần", "Quý", "Danh sách", "Tháng"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(chips).to_contain_text("Kênh YouTube")
        expect(page).to_have_url(re.compile("channel=youtube.*unit=btgdv"))
    chips.get_by_role("link", name=re.compile("Đơn vị")).click()
    expect(page).not_to_have_url(re.compile("unit="))
    expect(chips).to_contain_text("Kênh YouTube")
    chips.get_by_role("link", name="Bỏ lọc").click()
    expect(chips).to_have_count(0)


def test_keys_walk_the_calendar_and_can_be_turned_off(page: Page) -> None:
    page.goto(MONTH)
    for key, heading in (("s", "Tháng 11/2026"), ("t", "Tháng 10/2026"), ("q", "Quý IV/2026"), ("m", "Tháng 10/2026")):
        page.keyboard.press(key)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.keyboard.press("?")
    help = page.get_by_role("dialog", name="Phím tắt")
    expect(help).to_contain_text("Dời bài đang chọn")
    help.get_by_label("Tắt phím tắt trên máy này").check()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tháng 10/2026")


def test_the_list_goes_on_by_itself(page: Page) -> None:
    page.goto("/calendar?view=agenda&day=2026-08-20")
    page.get_by_role("link", name="Xem tiếp").scroll_into_view_if_needed()
    expect(page.locator("#d2026-10-09")).to_be_attached()


def test_a_month_is_one_sheet_of_paper(page: Page, tmp_path: Path) -> None:
    page.goto(MONTH)
    page.evaluate("document.fonts.ready")
    page.pdf(path=tmp_path / "thang.pdf", prefer_css_page_size=True)
    printed = (tmp_path / "thang.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    width, height = map(float, re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", printed).groups())  # type: ignore[union-attr]
    assert (round(width), round(height)) == (842, 595)


VIEWS = (
    MONTH,
    "/calendar?view=week&day=2026-10-08",
    "/calendar?view=quarter&month=2026-10",
    "/calendar?view=agenda&day=2026-10-05&channel=youtube",
    f"/calendar/move?entry={ENTRY}&to_day=2026-10-11&to_time=08:00",
    "/calendar/new?day=2026-10-20",
)


@pytest.mark.parametrize("theme", THEMES)
def test_every_view_fits_every_screen_and_breaks_no_rule_of_access(chromium: Browser, bench: Workbench, theme: str) -> None:
    with served(bench) as desk:
        for width in WIDTHS:
            context = chromium.new_context(
                viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light", base_url=desk
            )
            sign_in(context, desk, bench, "bien-tap")
            page = context.new_page()
            for path in VIEWS:
                page.goto(path)
                page.evaluate("document.fonts.ready")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than {width}"
                assert (theme, width) not in HELD or violations(page) == [], path
            context.close()
