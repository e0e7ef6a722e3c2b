from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from desk.feeds import staff_token
from editorial.delivery import State
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice, open_small_office

PUBLIC, STAFF = "/feeds/public.ics", "/feeds/staff.ics"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office of the test's own, since feeds remember what they told."""
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


def uids(body: bytes) -> dict[str, str]:
    return {str(event["UID"]).split("@")[0]: str(event["STATUS"]) for event in Calendar.from_ical(body).walk("VEVENT")}


def test_the_public_feed_has_every_occasion_and_what_is_live_and_nothing_else(browser: Browser, office: SmallOffice) -> None:
    answer = browser.get(PUBLIC)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    found = uids(answer.content)
    occasions = {f"occasion.{each.id}.{year}" for year in (2026, 2027) for each in office.catalogue.occasions(year)}
    assert set(found) == occasions | {"published.giai-phong-thu-do.2026", "published.phu-nu-viet-nam.2026"}
    assert b"VALARM" not in answer.content
    assert "Chợ hoa" not in answer.text  # approved, and not out yet
    assert "Lời kêu gọi" not in answer.text  # a draft


def test_a_reader_that_has_the_bytes_is_answered_304_without_them(browser: Browser) -> None:
    first = browser.get(PUBLIC)
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = browser.get(PUBLIC, if_none_match=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert again.headers["last-modified"] == first.headers["last-modified"]
    assert browser.get(PUBLIC, if_none_match='"other"').status_code == 200


def test_a_feed_keeps_its_bytes_while_nothing_happens_and_gets_others_when_a_post_goes(
    browser: Browser, office: SmallOffice
) -> None:
    before = browser.get(PUBLIC)
    assert browser.get(PUBLIC).content == before.content
    live = next(each for each in office.store.deliveries.list(entry="phu-nu-viet-nam") if each.state is State.VERIFIED)
    for delivery in office.store.deliveries.list(entry="phu-nu-viet-nam", states=(State.VERIFIED,)):
        office.store.deliveries.pass_to(delivery, State.WITHDRAWN, detail="rút")
    assert live.receipt is not None and live.receipt.url is not None
    after = browser.get(PUBLIC, if_none_match=before.headers["etag"])
    assert (after.status_code, after.headers["etag"] == before.headers["etag"]) == (200, False)
    assert uids(after.content)["published.phu-nu-viet-nam.2026"] == "CANCELLED"
    assert "Tri ân phụ nữ" not in after.text
    assert live.receipt.url not in after.text


def test_a_reader_that_knows_the_day_of_the_last_change_alone_is_answered_304_too(browser: Browser) -> None:
    first = browser.get(PUBLIC)
    changed = first.headers["last-modified"]
    before = format_datetime(parsedate_to_datetime(changed) - timedelta(seconds=1), usegmt=True)
    asked = {since: browser.get(PUBLIC, if_modified_since=since) for since in (changed, before, "yesterday", "")}
    assert [answer.status_code for answer in asked.values()] == [304, 200, 200, 200]
    assert (asked[changed].content, asked[before].content) == (b"", first.content)
    both = browser.get(PUBLIC, if_none_match='"other"', if_modified_since=changed)
    assert both.status_code == 200, "the bytes' own name is asked about first (RFC 9110)"


def test_the_staff_feed_opens_with_its_word_alone(browser: Browser, office: SmallOffice) -> None:
    assert browser.get(f"{STAFF}?token=").status_code == 403  # no word was ever made: nothing opens it
    token = staff_token(office.store)
    assert browser.get(f"{STAFF}?token={token}").status_code == 200
    for wrong in ("", "?token=", f"?token={token[:-1]}", f"?token={token}x", "?token=%C3%A9", f"?TOKEN={token}"):
        answer = browser.get(STAFF + wrong)
        assert answer.status_code == 403
        assert token not in answer.text
    assert browser.get(f"{STAFF}?token={staff_token(office.store, new=True)}").status_code == 200
    assert browser.get(f"{STAFF}?token={token}").status_code == 403


def test_the_staff_feed_has_what_is_planned_with_its_status_and_reminders(browser: Browser, office: SmallOffice) -> None:
    answer = browser.get(f"{STAFF}?token={staff_token(office.store)}")
    found = uids(answer.content)
    assert found["entry.ban-nhap"] == "TENTATIVE"
    assert found["entry.cho-hoa"] == "CONFIRMED"
    (draft,) = (each for each in Calendar.from_ical(answer.content).walk("VEVENT") if "ban-nhap" in each["UID"])
    assert "Cổng Thông tin: Chưa duyệt" in str(draft["DESCRIPTION"])
    assert "Đơn vị: Sở Văn hóa và Thể thao" in str(draft["DESCRIPTION"])
    assert len(draft.walk("VALARM")) == 2
    assert answer.headers["cache-control"].startswith("private")
    assert staff_token(office.store) not in answer.text


def test_an_entry_that_loses_a_channel_changes_its_event_and_cancels_none(browser: Browser, office: SmallOffice) -> None:
    staff = f"{STAFF}?token={staff_token(office.store)}"
    before = uids(browser.get(staff).content)
    entry = office.content.entries["ban-nhap"]
    assert len(entry.channels) > 1
    fewer = replace(entry, channels=entry.channels[1:])
    content = replace(office.content, entries={**office.content.entries, entry.id: fewer})
    edited = replace(office, content=content)
    assert uids(Browser(edited).get(staff).content) == before


def test_words_that_nobody_approved_never_reach_the_public_feed(browser: Browser, office: SmallOffice) -> None:
    before = browser.get(PUBLIC).content
    entry = office.content.entries["phu-nu-viet-nam"]
    drafted = replace(entry, messages={"vi": replace(entry.messages["vi"], headline="Bản nháp mới", summary="Chưa duyệt")})
    edited = replace(office, content=replace(office.content, entries={**office.content.entries, entry.id: drafted}))
    assert Browser(edited).get(PUBLIC).content == before
    removed = replace(office, content=replace(office.content, entries={}))
    assert uids(Browser(removed).get(PUBLIC).content)["published.phu-nu-viet-nam.2026"] == "CONFIRMED"
