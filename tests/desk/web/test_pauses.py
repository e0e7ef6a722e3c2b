"""Pauses and days of mourning on the desk: one switch, a reason, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.clock import OFFICE_ZONE
from editorial.delivery import HoldReason, State
from store.halts import ALL, MOURNING, channel_scope
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import NOW, SmallOffice, open_small_office

WHY = "Chờ kiểm tra lại số liệu"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office of the test's own, since pauses change it."""
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


def _waiting(office: SmallOffice) -> list[str]:
    return [each.post_key for each in office.store.deliveries.list(states=[State.SCHEDULED, State.QUEUED])]


@pytest.mark.parametrize(
    ("form", "what"),
    [({"kind": "tone", "tone": "festive"}, "Bài có sắc thái vui, lễ hội"), ({"kind": "channel", "channel": "zalo"}, "Zalo"),
     ({"kind": "unit", "unit": "so-vhtt"}, "Sở Văn hóa")],
)  # fmt: skip
def test_the_deliveries_page_names_what_is_paused_as_pauses_do(office: SmallOffice, form: dict[str, str], what: str) -> None:
    browser = Browser(office)
    assert browser.post("/pauses", form | {"why": WHY}).status_code == 200
    shown = browser.get("/deliveries").text.split('class="halt"')[1].split("</strong>")[0]
    assert what in shown and "đang tạm dừng" in shown
    assert what in browser.get("/pauses").text


def test_mourning_is_told_by_its_name_on_the_deliveries_page(office: SmallOffice) -> None:
    browser, today = Browser(office), NOW.astimezone(OFFICE_ZONE).date().isoformat()
    assert browser.post("/pauses/mourning", {"from": today, "to": today, "why": WHY}).status_code == 200
    assert "Bài không trang nghiêm (quốc tang) đang tạm dừng." in browser.get("/deliveries").text


@pytest.mark.parametrize(
    "page", ["/calendar", "/calendar?view=agenda", "/inbox", "/review", "/deliveries", "/entries/phu-nu-viet-nam"]
)  # fmt: skip
def test_every_page_on_which_people_plan_says_what_is_paused_and_what_will_be(office: SmallOffice, page: str) -> None:
    browser = Browser(office)
    assert 'class="halt' not in browser.get(page).text
    browser.post("/pauses", {"kind": "channel", "channel": "facebook", "why": WHY})
    office.store.halts.set(ALL, why="Bảo trì", who="le-chi", starts_at=NOW + timedelta(days=3), ends_at=NOW + timedelta(days=4))
    shown = browser.get(page).text
    now, later = shown.index("đang tạm dừng.</strong> " + WHY), shown.index("Mọi lượt đăng sẽ tạm dừng.</strong> Bảo trì")
    assert now < later and "(từ " in shown[later : later + 300], "what is to come says when"
    office.store.halts.lift(channel_scope("facebook"), who="le-chi")
    office.store.halts.lift(ALL, who="le-chi")
    assert 'class="halt' not in browser.get(page).text


def test_an_entry_says_the_pauses_that_hold_it_and_no_others(office: SmallOffice) -> None:
    browser, here = Browser(office), "/entries/phu-nu-viet-nam"
    for scope in ("entry:quoc-khanh", "unit:mttq-tp", "tone:solemn", "channel:youtube"):
        office.store.halts.set(scope, why=WHY, who="le-chi")
    assert 'class="halt' not in browser.get(here).text
    office.store.halts.set("entry:phu-nu-viet-nam", why=WHY, who="le-chi")
    office.store.halts.set(MOURNING, why=WHY, who="le-chi", reason=HoldReason.BLACKOUT)
    assert browser.get(here).text.count('class="halt"') == 2
    assert "entry:" not in browser.get("/calendar").text and browser.get("/calendar").text.count("đang tạm dừng.") == 3
    assert "Còn 1 tạm dừng khác" in browser.get("/calendar").text


def test_a_quiet_office_says_so(browser: Browser) -> None:
    assert "Không có gì đang tạm dừng" in browser.get("/pauses").text


def test_what_a_pause_would_hold_is_told_before_it_is_set(browser: Browser, office: SmallOffice) -> None:
    told = browser.get("/pauses/preview?kind=all").text
    assert f"Sẽ giữ {len(_waiting(office))} bài" in told
    channel = office.store.deliveries.list(states=[State.SCHEDULED])[0].channel
    of_channel = [each for each in office.store.deliveries.list(states=[State.SCHEDULED]) if each.channel == channel]
    assert f"Sẽ giữ {len(of_channel)} bài" in browser.get(f"/pauses/preview?kind=channel&channel={channel}").text
    assert "Không có bài nào" in browser.get("/pauses/preview?kind=all&to=2026-10-20T12:01").text
    assert office.store.halts.planned() == ()


def test_a_channel_is_paused_for_a_window_and_let_go_again(browser: Browser, office: SmallOffice) -> None:
    form = {"kind": "channel", "channel": "facebook", "from": "2026-10-21T08:00", "to": "2026-10-22T08:00", "why": WHY}
    shown = browser.post("/pauses", form)
    assert shown.status_code == 200
    (halt,) = office.store.halts.planned()
    assert (halt.scope, halt.why, halt.who) == (channel_scope("facebook"), WHY, "le-chi")
    assert halt.starts_at is not None and halt.starts_at.astimezone(OFFICE_ZONE).hour == 8
    assert WHY in shown.text
    assert "Từ 08:00 21/10/2026 đến 08:00 22/10/2026" in shown.text
    assert office.store.audit.of(halt.scope)[-1].who == "le-chi"
    assert browser.post("/pauses/lift", {"scope": halt.scope}).status_code == 200
    assert office.store.halts.planned() == ()


def test_days_of_mourning_hold_what_is_not_solemn(browser: Browser, office: SmallOffice) -> None:
    days = {"from": "2026-10-20", "to": "2026-12-31"}
    told = browser.get("/pauses/mourning/preview?from=2026-10-20&to=2026-12-31").text
    assert "bài trang nghiêm vẫn đi" in told
    browser.post("/pauses/mourning", {**days, "why": "Theo thông cáo"})
    (halt,) = office.store.halts.planned()
    assert (halt.scope, halt.reason) == (MOURNING, HoldReason.BLACKOUT)
    assert halt.ends_at is not None and halt.ends_at.astimezone(OFFICE_ZONE).date().isoformat() == "2027-01-01"
    assert "chỉ bài trang nghiêm được đăng" in browser.get("/pauses").text


def test_what_lost_its_moment_is_named_when_a_pause_ends(browser: Browser, office: SmallOffice) -> None:
    browser.post("/pauses", {"kind": "all", "why": WHY})
    first = min(office.store.deliveries.list(states=[State.SCHEDULED]), key=lambda each: each.due_at)
    office.clock.move_to(first.due_at + timedelta(minutes=5))
    office.store.deliveries.promote()
    shown = browser.as_person("le-chi").post("/pauses/lift", {"scope": ALL}).text  # her session did not last so long
    assert f"/deliveries/{first.id}" in shown
    assert "chờ bạn quyết định" in shown


def test_lifting_what_has_ended_already_says_so(browser: Browser) -> None:
    assert "đã hết từ trước" in browser.post("/pauses/lift", {"scope": ALL}).text


@pytest.mark.parametrize(("form", "field"), [
    ({"kind": "channel", "channel": "", "why": WHY}, "channel"),
    ({"kind": "channel", "channel": "khong-co", "why": WHY}, "channel"),
    ({"kind": "entry", "entry": "khong-co", "why": WHY}, "entry"),
    ({"kind": "gio", "why": WHY}, "kind"),
    ({"kind": "all", "why": "  "}, "why"),
    ({"kind": "all", "why": "x" * 301}, "why"),
    ({"kind": "all", "why": WHY, "from": "hôm qua"}, "from"),
    ({"kind": "all", "why": WHY, "to": "2026-10-01T08:00"}, "to"),
])  # fmt: skip
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, office: SmallOffice, form: dict[str, str], field: str
) -> None:
    shown = browser.post("/pauses", form)
    assert shown.status_code == 400
    assert f'id="{field}-error"' in shown.text
    if form["why"].strip():
        assert form["why"] in shown.text
    assert office.store.halts.planned() == ()


@pytest.mark.parametrize(("days", "field"), [
    ({"from": "", "to": "2026-10-21"}, "from"),
    ({"from": "2026-10-22", "to": "2026-10-21"}, "to"),
    ({"from": "2026-10-01", "to": "2026-10-02"}, "to"),
])  # fmt: skip
def test_days_that_cannot_be_are_told_at_their_field(
    browser: Browser, office: SmallOffice, days: dict[str, str], field: str
) -> None:
    shown = browser.post("/pauses/mourning", {**days, "why": WHY})
    assert shown.status_code == 400
    assert f'id="{field}-error"' in shown.text
    assert WHY in shown.text
    assert office.store.halts.planned() == ()


def test_who_may_not_pause_is_told_why_and_can_pause_nothing(browser: Browser, office: SmallOffice) -> None:
    editor = browser.as_person("tran-an")
    assert "Khai báo quốc tang" not in editor.get("/pauses").text
    assert editor.post("/pauses", {"kind": "all", "why": WHY}).status_code == 400
    assert editor.post("/pauses/lift", {"scope": ALL}).status_code in (400, 403)
    assert office.store.halts.planned() == ()


def test_a_post_under_way_is_named_since_no_pause_can_call_it_back(browser: Browser, office: SmallOffice) -> None:
    ledger = office.store.deliveries
    first = min(ledger.list(states=[State.SCHEDULED]), key=lambda each: each.due_at)
    office.clock.move_to(max(first.due_at, NOW))
    ledger.promote()
    claim = ledger.claim("máy thử", timedelta(minutes=2))
    assert claim is not None
    office.store.attempts.open(
        ledger.pass_to(claim.delivery, State.PREPARED), deadline=office.clock.now() + timedelta(seconds=30)
    )  # fmt: skip
    shown = browser.as_person("le-chi").post("/pauses", {"kind": "all", "why": WHY}).text
    assert "không dừng được nữa" in shown
    assert f"/deliveries/{claim.delivery.id}" in shown
