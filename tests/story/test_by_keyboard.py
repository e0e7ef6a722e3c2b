"""Somebody who has no mouse: each page by Tab from first to last, its cards by Escape, and a mourning that holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from editorial.delivery import HoldReason, State
from tests.desk.web.small_office import SmallOffice, open_small_office, work_off
from tests.story.axe import violations
from tests.story.hands import Hands
from tests.story.served import served, sign_in

pytestmark = pytest.mark.browser

PAGES = (
    "/inbox", "/calendar?month=2026-10", "/calendar?view=week&day=2026-10-08", "/calendar/new?day=2026-12-10",
    "/entries/phu-nu-viet-nam?channel=facebook", "/review", "/facts", "/facts/wards", "/deliveries", "/pauses", "/channels",
    "/people", "/account", "/rehearse", "/coverage?quarter=2026-Q4", "/report?quarter=2026-Q4",
)  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture(params=[1440, 390])
def page(chromium: Browser, office: SmallOffice, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return the page of the administrator, wide and on a phone; nothing slides, as who gets dizzy asks for."""
    with served(office) as desk:
        size = {"width": request.param, "height": 844}
        context = chromium.new_context(viewport=size, locale="vi-VN", base_url=desk, reduced_motion="reduce")
        sign_in(context, desk, office, "vu-quan")
        yield context.new_page()
        context.close()


def test_tab_goes_through_every_page_in_its_order_and_is_seen_at_each_step(page: Page) -> None:
    for path in PAGES:
        page.goto(path)
        hands = Hands(page)
        stops = list(hands.stops())
        assert "skip" in stops[0]["what"] or "autofocus" in page.content(), path
        assert len(stops) > 8, path
        for at in stops:
            assert at["ringed"], f"{path}: nothing shows the focus on {at['what']}"
            assert at["seen"], f"{path}: out of sight is {at['what']}"
            assert at["named"], f"{path}: nothing says what this is: {at['what']}"
        assert page.evaluate(IN_ORDER), path


# Every place at which the focus stopped comes later in the page than the one before, as it is read.
IN_ORDER = """() => {
  const stops = [...document.querySelectorAll("*")].map((each) => window.loaSteps.get(each)).filter(Boolean);
  return stops.every((number, index) => !index || number > stops[index - 1]);
}"""


def test_what_lies_over_a_page_is_left_by_escape_and_by_going_on(page: Page) -> None:
    page.goto("/deliveries")
    hands = Hands(page)
    menu, summary = page.locator("details.me"), page.locator("details.me > summary")
    hands.use(summary)
    hands.to(menu.get_by_role("link", name="Báo cáo quý"))
    hands.press("Escape")
    expect(summary).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")
    hands.look()
    hands.press("Enter")
    expect(menu).to_have_attribute("open", "")
    hands.to(page.locator(".states a").first)
    expect(menu).not_to_have_attribute("open", "")


def test_a_filter_keeps_the_focus_when_the_list_is_drawn_anew(page: Page) -> None:
    page.goto("/deliveries")
    hands, channel = Hands(page), page.locator("select[name='channel']")
    hands.to(channel)
    hands.press("ArrowDown")
    page.wait_for_url("**channel=*")
    expect(page.locator("select[name='channel'].narrowed")).to_be_focused()
    hands.look()


def test_what_has_the_focus_stays_in_sight_when_what_is_said_above_it_comes_late(page: Page) -> None:
    late: list[Route] = []
    page.goto("/pauses")
    page.wait_for_load_state("networkidle")
    page.route("**/pauses/mourning/preview*", lambda route: late.append(route))
    hands, declare = Hands(page), page.get_by_role("button", name="Khai báo quốc tang")
    hands.to(page.locator("#day-to"))
    with page.expect_request("**/pauses/mourning/preview*"):
        hands.type("10312026")
        hands.to(declare)
    declare.evaluate(AT_THE_FOOT)
    said = "<p class='told'>Một bài được giữ lại.</p>" * 30
    for route in late:
        route.fulfill(body=said, content_type="text/html")
    expect(page.locator(".holds .told")).to_have_count(30)
    hands.look()
    foot = page.evaluate("() => { scrollTo({ top: 0, behavior: 'instant' }); return scrollY; }")
    page.route("**/pauses/mourning/preview*", lambda route: route.fulfill(body=said * 2, content_type="text/html"))
    page.locator("#day-to").evaluate("node => node.dispatchEvent(new Event('change', { bubbles: true }))")
    expect(page.locator(".holds .told")).to_have_count(60)
    assert page.evaluate("scrollY") == foot, "who has scrolled away reads on"


AT_THE_FOOT = "node => scrollTo({ top: node.getBoundingClientRect().bottom + scrollY - innerHeight + 4, behavior: 'instant' })"


def test_mourning_is_declared_holds_and_is_ended_by_keyboard(page: Page, office: SmallOffice) -> None:
    page.goto("/pauses")
    hands = Hands(page)
    hands.to(page.locator("#day-to"))
    hands.type("10312026")
    hands.write(page.locator("#mourning-why"), "Theo thông cáo")
    hands.use(page.get_by_role("button", name="Khai báo quốc tang"))
    expect(page.get_by_role("heading", name="Quốc tang: chỉ bài trang nghiêm được đăng")).to_be_visible()
    waiting = min(office.store.deliveries.list(states=[State.SCHEDULED]), key=lambda each: each.due_at)
    office.clock.move_to(waiting.due_at + timedelta(seconds=1))
    work_off(office)
    kept = office.store.deliveries.get(waiting.id)
    assert (kept.state, kept.hold_reason, kept.attempts) == (State.HELD, HoldReason.BLACKOUT, 0)
    sign_in(page.context, page.url.partition("/pauses")[0], office, "vu-quan")  # a session does not last for days
    page.goto("/pauses")
    row = page.locator(".pause-row")
    hands.use(row.locator("summary"))
    hands.use(row.get_by_role("button", name="Cho chạy lại"))
    expect(page.get_by_text("Không có gì đang tạm dừng.")).to_be_visible()
    assert office.store.deliveries.get(waiting.id).attempts == 0, "nothing bursts out when it ends"
    assert violations(page) == []
