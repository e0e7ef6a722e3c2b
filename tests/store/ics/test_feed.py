"""What subscribers get: the bytes of a feed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from editorial.calendar import Catalogue
from editorial.clock import OFFICE_ZONE
from editorial.days_off import DayOff, DaysOff, DayStatus
from editorial.occasion import Name
from store.ics.entries import EntryWords, PlannedPost, Publication, planned_events, published_events
from store.ics.event import FeedEvent, Standing, ToldEvent
from store.ics.occasions import REMINDERS, occasion_events
from store.ics.writer import Cover, write_feed, write_resource
from tests.store.ics.calendars import DOMAIN, KNOWN, assert_well_folded, catalogue, day, unfolded

COVER = Cover(name="Hà Nội: ngày lễ", description="Ngày dương lịch kèm âm lịch", refresh=timedelta(hours=6))
AT = datetime(2026, 10, 9, 1, 0, tzinfo=UTC)
ENTRY = EntryWords(
    id="giai-phong", headline="72 năm Giải phóng Thủ đô", summary="Mời bà con.", group="Văn hóa, xã hội",
    unit="Sở Văn hóa và Thể thao", contact="Đầu mối của Sở",
)  # fmt: skip


def told(*events: FeedEvent, sequence: int = 0) -> tuple[ToldEvent, ...]:
    return tuple(ToldEvent(event=event, sequence=sequence, changed_at=KNOWN) for event in events)


def written(*events: FeedEvent, sequence: int = 0) -> bytes:
    return write_feed(COVER, told(*events, sequence=sequence), KNOWN).body


def planned(channel: str = "portal", *, at: datetime = AT, approved: bool = True, live: bool = False) -> PlannedPost:
    return PlannedPost(
        entry=ENTRY, channel=channel, channel_name=channel.title(), at=at, rule="giai_phong_thu_do/2026-1d@08:00",
        occasion="Ngày Giải phóng Thủ đô", provisional=False, status="Chờ giờ đăng" if approved else "Chưa duyệt",
        approved=approved, live=live,
    )  # fmt: skip


def published(channel: str, *, at: datetime = AT, url: str = "") -> Publication:
    return Publication(
        entry="giai-phong", headline="72 năm Giải phóng Thủ đô", summary="Mời bà con.", language="vi", group="Văn hóa, xã hội",
        channel=channel, at=at, url=url,
    )  # fmt: skip


def test_a_day_is_a_whole_day_with_its_lunar_date_its_anniversary_and_its_rule() -> None:
    body = unfolded(written(*occasion_events(catalogue(), (2026,), DOMAIN)))
    part = next(part for part in body.split("BEGIN:VEVENT") if "giai_phong_thu_do" in part)
    assert "DTSTART;VALUE=DATE:20261010\n" in part
    assert "DTEND;VALUE=DATE:20261011\n" in part  # not included, as RFC 5545 has it
    assert "SUMMARY:Ngày Giải phóng Thủ đô (72 năm)\n" in part
    assert "Âm lịch: 1/9 năm Bính Ngọ (2026)" in part
    assert "X-HN-RULE:solar:10-10\n" in part
    assert "TRANSP:TRANSPARENT\n" in part
    assert "CATEGORIES:Hà Nội\n" in part


def test_the_tier_stands_in_the_name_where_a_ceremony_may_belong_to_it() -> None:
    names = {event.uid: event.summary for event in occasion_events(catalogue(), (2026, 2029), DOMAIN)}
    assert names[f"occasion.toan_quoc_khang_chien.2026@{DOMAIN}"] == "Ngày Toàn quốc kháng chiến (80 năm, năm tròn)"
    assert names[f"occasion.giai_phong_thu_do.2029@{DOMAIN}"] == "Ngày Giải phóng Thủ đô (75 năm, năm lẻ 5)"
    assert names[f"occasion.trung_thu.2026@{DOMAIN}"] == "Tết Trung thu"


def test_a_lunar_day_is_materialised_each_year_under_its_own_uid() -> None:
    days = {event.uid: event.start for event in occasion_events(catalogue(), (2026, 2027), DOMAIN) if "trung_thu" in event.uid}
    assert days == {
        f"occasion.trung_thu.2026@{DOMAIN}": date(2026, 9, 25),
        f"occasion.trung_thu.2027@{DOMAIN}": date(2027, 9, 15),
    }


def test_the_public_feed_reminds_nobody_and_the_staff_feed_of_what_is_due() -> None:
    public = occasion_events(catalogue(), (2026,), DOMAIN)
    staff = {event.uid: event.reminders for event in occasion_events(catalogue(), (2026,), DOMAIN, staff=True)}
    assert not any(event.reminders for event in public)
    assert {uid for uid, reminders in staff.items() if reminders} == {f"occasion.q4_end.2026@{DOMAIN}"}
    assert all(minutes % (24 * 60) == 16 * 60 for minutes in REMINDERS)  # eight in the morning, of an event at midnight


def test_a_published_entry_is_one_event_at_its_first_moment_with_every_address() -> None:
    (event,) = published_events(
        (
            published("Fanpage", at=AT + timedelta(hours=1), url="https://facebook.example/1"),
            published("Cổng", url="https://hanoi.example/1"),
        ),
        DOMAIN,
    )
    assert (event.uid, event.start, event.url) == (f"published.giai-phong.2026@{DOMAIN}", AT, "https://hanoi.example/1")
    assert event.description.splitlines() == ["Mời bà con.", "Cổng: https://hanoi.example/1", "Fanpage: https://facebook.example/1"]
    assert not event.reminders


def test_a_published_entry_is_called_by_its_vietnamese_name() -> None:
    first = replace(published("Website", url="https://hanoi.example/en"), headline="72 years", language="en")
    (event,) = published_events((first, published("Cổng", at=AT + timedelta(hours=1))), DOMAIN)
    assert event.summary == "72 năm Giải phóng Thủ đô"


def test_a_working_note_is_for_the_staff_and_what_the_public_is_told_for_all() -> None:
    known = catalogue().get("giai_phong_thu_do")
    doubtful = replace(known, uncertain="chưa kiểm tra số quyết định", public_note="Theo thông báo của thành phố.", note="nháp")
    one = Catalogue((doubtful,))
    (public,), (staff,) = (tuple(occasion_events(one, (2026,), DOMAIN, staff=staff)) for staff in (False, True))
    assert "Theo thông báo của thành phố." in public.description
    assert "chưa kiểm tra" not in public.description
    assert "Chưa chắc chắn: chưa kiểm tra số quyết định" in staff.description
    assert not any(hidden in staff.description for hidden in ("nháp", "thử"))


def test_a_day_without_an_english_name_of_its_own_is_not_named_twice() -> None:
    known = replace(catalogue().get("giai_phong_thu_do"), name=Name(vi="Hội sách", en="Hội sách"))
    (event,) = occasion_events(Catalogue((known,)), (2026,), DOMAIN)
    assert event.description.splitlines()[0].startswith("Âm lịch: ")


def test_a_holiday_whose_day_off_nobody_has_announced_is_called_so() -> None:
    known = replace(catalogue().get("giai_phong_thu_do"), public_holiday=True)
    off = [
        DayOff(day=date(2026, 10, 10), name="Nghỉ", status=DayStatus.OFFICIAL),
        DayOff(day=date(2027, 10, 10), name="Nghỉ", status=DayStatus.PROJECTED),
    ]
    events = occasion_events(Catalogue((known,), DaysOff(off)), (2026, 2027), DOMAIN)
    assert [event.description.splitlines()[-1] for event in events] == ["Ngày nghỉ lễ", "Ngày nghỉ lễ (dự kiến)"]


def test_channels_that_go_out_together_are_one_planned_event() -> None:
    later = AT + timedelta(days=2)
    events = tuple(planned_events((planned(), planned("zalo"), planned("youtube", at=later)), DOMAIN))
    assert [(event.uid.split("@")[0], event.start) for event in events] == [
        ("entry.giai-phong", AT),
        ("entry.giai-phong.2", later),
    ]
    assert "Zalo: Chờ giờ đăng" in events[0].description


def test_an_entry_s_event_keeps_its_uid_when_a_channel_goes_or_its_day_moves_into_another_year() -> None:
    last_day = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)
    plans = (
        (planned("facebook", at=last_day), planned("zalo", at=last_day)),
        (planned("zalo", at=last_day),),
        (planned("zalo", at=last_day + timedelta(days=4)),),
    )
    assert {event.uid for posts in plans for event in planned_events(posts, DOMAIN)} == {f"entry.giai-phong@{DOMAIN}"}


def test_what_nobody_approved_is_tentative_and_what_is_live_needs_no_reminder() -> None:
    (draft,), (ready,), (live,) = (
        tuple(planned_events((post,), DOMAIN)) for post in (planned(approved=False), planned(), planned(live=True))
    )
    assert (draft.standing, len(draft.reminders)) == (Standing.TENTATIVE, 2)
    assert (ready.standing, len(ready.reminders)) == (Standing.CONFIRMED, 1)
    assert live.reminders == ()


def test_the_zone_is_declared_with_one_standard_block() -> None:
    body = unfolded(written(*planned_events((planned(),), DOMAIN)))
    assert body.count("BEGIN:VTIMEZONE") == body.count("BEGIN:STANDARD") == body.count("TZOFFSETTO:+0700") == 1
    assert "BEGIN:DAYLIGHT" not in body
    assert "+0800" not in body  # Saigon's hour before June 1975
    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261009T080000\n" in body


def test_the_cover_says_its_name_and_how_often_to_look() -> None:
    body = unfolded(written())
    for line in ("X-WR-CALNAME:Hà Nội: ngày lễ", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"):
        assert f"{line}\n" in body


def test_an_event_reads_back_as_it_was_meant() -> None:
    meant = day(summary="Kỷ niệm; 70 năm, “Thủ đô”\\", description="Dòng một\nDòng hai, có dấu; phẩy", rule="solar:10-10")
    (event,) = Calendar.from_ical(written(meant, sequence=3)).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (meant.summary, meant.description)
    assert (event["SEQUENCE"], event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (3, KNOWN, KNOWN)


def test_a_moment_without_a_zone_is_refused() -> None:
    bare = datetime(2026, 10, 10, 8)  # noqa: DTZ001  # what has to be refused
    with pytest.raises(ValueError, match="without a time zone"):
        FeedEvent(uid="a@b.loa", start=bare, end=bare, summary="x", known_since=KNOWN)


@pytest.mark.parametrize("uid", ["a/b@c", "a@", "mã@loa", "a b@loa", "a@b@c", ""])
def test_a_uid_that_a_server_would_change_is_refused(uid: str) -> None:
    with pytest.raises(ValueError, match="UID"):
        day(uid)


def test_a_resource_is_one_event_without_a_method() -> None:
    (event,) = told(day())
    body = write_resource(event)
    assert b"METHOD" not in body
    assert len(Calendar.from_ical(body).walk("VEVENT")) == 1


def test_the_etag_is_of_the_bytes() -> None:
    first, again, other = (write_feed(COVER, told(day(summary=name)), KNOWN) for name in ("A", "A", "B"))
    assert first.etag == again.etag != other.etag
    assert first.etag.startswith('"') and first.etag.endswith('"')


@given(st.text(max_size=300), st.text(max_size=600))
def test_whatever_people_write_is_folded_between_letters_and_reads_back(summary: str, description: str) -> None:
    body = written(day(summary=summary, description=description))
    lines = body.split(b"\r\n")[:-1]
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode().isprintable() for line in lines)
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    shown = "".join(letter for letter in unicodedata.normalize("NFC", summary) if letter.isprintable() or letter == "\n")
    assert str(event["SUMMARY"]).strip() == shown.replace(r"\N", "\n").strip()  # icalendar takes a written \N for a line break


def test_vietnamese_that_came_in_two_parts_a_letter_is_made_whole() -> None:
    text = "Tết Nguyên đán, Giỗ Tổ Hùng Vương, Giải phóng Thủ đô, " * 8
    body = written(replace(day(), summary=unicodedata.normalize("NFD", text), description=unicodedata.normalize("NFD", text)))
    assert_well_folded(body)
    assert f"SUMMARY:{text}".replace(",", "\\,") in unfolded(body)


def test_the_hour_is_the_office_s_wherever_the_moment_came_from() -> None:
    event = FeedEvent(uid="a@b.loa", start=AT, end=AT.astimezone(OFFICE_ZONE), summary="x", known_since=KNOWN)
    assert event.start == event.end
    assert str(event.start) == "2026-10-09 08:00:00+07:00"
    late = FeedEvent(uid="a@b.loa", start=AT.replace(hour=18), end=AT.replace(hour=19), summary="x", known_since=KNOWN)
    assert late.day == date(2026, 10, 10)
