"""What a slot's own page and the quarter say of a post that was taken down and put up anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from desk.feeds import Feeds
from desk.web.outlook import Outlook
from desk.web.views.status import Status
from editorial.approval import approve
from editorial.correction import next_key
from editorial.delivery import Delivery, State
from editorial.role import Person, Role
from editorial.workflow import Action
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice, open_small_office, work_off

ENTRY = "giai-phong-thu-do"
QUARTER = (date(2026, 10, 1), date(2026, 12, 31))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


def put_up_anew(office: SmallOffice, delivery: Delivery, after: timedelta) -> Delivery:
    """Take the live copy down and sign its next one, as a correction does where a channel allows no edit."""
    office.clock.advance(after)
    store = office.store
    live = store.posts.version(delivery.post_key, delivery.post_digest)
    again = replace(live, key=next_key(live.key), due_at=office.clock.now())
    store.approvals.save(approve((again,), (), author="Nguyễn An", approver="Trần Bình", at=office.clock.now()), (again,))
    store.deliveries.pass_to(delivery, State.WITHDRAWN, detail="đính chính: đăng lại")
    return store.deliveries.plan(again)


def statuses(office: SmallOffice) -> dict[str, Status]:
    shown = Outlook(office).between(*QUARTER)
    return {each.slot.channel: each.status for each in shown if each.slot.entry == ENTRY}


def staff_starts(office: SmallOffice) -> dict[str, object]:
    told = (each.event for each in Feeds(office).tell_staff().events)
    return {event.uid: event.start for event in told if f"entry.{ENTRY}" in event.uid}


@pytest.mark.parametrize("after", [timedelta(days=1), timedelta(days=150)])
def test_a_slot_stands_as_its_newest_copy_does_however_late_that_came(office: SmallOffice, after: timedelta) -> None:
    copy = next(each for each in office.store.deliveries.list(entry=ENTRY) if each.channel == "facebook")
    before = statuses(office)
    assert before["facebook"] is Status.VERIFIED
    for _ in range(2):
        copy = put_up_anew(office, copy, after)
        assert statuses(office) == {**before, "facebook": Status.READY}
        work_off(office)
        copy = office.store.deliveries.get(copy.id)
        assert copy.state is State.VERIFIED
        assert statuses(office) == before
    assert [each.status for each in Outlook(office).of_entry(ENTRY) if each.slot.channel == "facebook"] == [Status.VERIFIED]


def test_a_post_that_was_put_up_anew_keeps_its_place_in_the_staffs_calendar(office: SmallOffice) -> None:
    copy = next(each for each in office.store.deliveries.list(entry=ENTRY) if each.channel == "facebook")
    before = staff_starts(office)
    put_up_anew(office, copy, timedelta(days=1))
    assert staff_starts(office) == before and len(before) == 1


def test_a_withdrawn_entry_says_who_took_it_back_and_why_and_that_its_approval_is_over(
    browser: Browser, office: SmallOffice
) -> None:
    person = Person(id="le-chi", name="Lê Chi", roles=(Role.APPROVER,))
    office.store.workflow.take(ENTRY, Action.WITHDRAW, person, revision="", why="error: Đăng nhầm số liệu.")
    html = browser.get(f"/entries/{ENTRY}").text
    assert "Lê Chi ký: Đăng nhầm số liệu." in html
    assert "Phê duyệt đã hết hiệu lực khi mục được rút" in html
    assert "Chưa có người duyệt" not in html
