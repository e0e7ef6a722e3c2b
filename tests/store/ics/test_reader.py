"""Other people's calendars, with their mistakes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from editorial.problem import BadInput, Severity
from store.ics.event import ToldEvent
from store.ics.occasions import occasion_events
from store.ics.reader import ForeignCalendar, read_foreign
from store.ics.writer import Cover, write_feed
from tests.store.ics.calendars import DOMAIN, KNOWN, catalogue

YEARS = (2026, 2027)


def calendar(*events: str, head: str = "", end: str = "\r\n") -> bytes:
    """Return a calendar whose events are given by their lines."""
    parts = [f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT" for event in events]
    text = "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *([head] if head else []), *parts, "END:VCALENDAR", ""))
    return text.replace("\n", end).encode()


def event(start: str, *more: str, summary: str = "Kỷ niệm", uid: str = "a@x") -> str:
    return "\n".join((f"UID:{uid}", f"SUMMARY:{summary}", start, *more))


def read(raw: bytes) -> ForeignCalendar:
    return read_foreign(raw, "so.ics", YEARS)


def days(raw: bytes) -> list[date]:
    return [each.day for each in read(raw).days]


def rules_told(raw: bytes) -> list[str]:
    return [problem.rule for problem in read(raw).problems]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_do_not_matter(end: str, mark: bytes) -> None:
    raw = mark + calendar(event("DTSTART;VALUE=DATE:20261010", f"DESCRIPTION:dài{end}  dòng"), end=end)
    assert days(raw) == [date(2026, 10, 10)]
    assert rules_told(raw) == []


def test_utf_16_of_a_windows_program_is_read() -> None:
    raw = calendar(event("DTSTART;VALUE=DATE:20261010", summary="Kỷ niệm ngày thành lập")).decode().encode("utf-16")
    assert [each.summary for each in read(raw).days] == ["Kỷ niệm ngày thành lập"]


@pytest.mark.parametrize("fold", [b"\r\n ", b"\n\t"])
def test_a_fold_inside_a_letter_is_undone_before_the_letters_are_read(fold: bytes) -> None:
    raw = calendar(event("DTSTART;VALUE=DATE:20261010"))
    letter = raw.index("ỷ".encode())
    for cut in (1, 2):
        folded = raw[: letter + cut] + fold + raw[letter + cut :]
        assert [each.summary for each in read(folded).days] == ["Kỷ niệm"]


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("DTSTART;VALUE=DATE:20261010", date(2026, 10, 10)),
        ("DTSTART:20261009T170000Z", date(2026, 10, 10)),  # midnight in Hanoi
        ("DTSTART:20261009T165959Z", date(2026, 10, 9)),
        ('DTSTART;TZID="(UTC+07:00) Bangkok, Hanoi, Jakarta":20261010T000000', date(2026, 10, 10)),
        ("DTSTART;TZID=(UTC+07:00) Bangkok\\, Hanoi\\, Jakarta:20261010T000000", date(2026, 10, 10)),
        ("DTSTART;TZID=SE Asia Standard Time:20261010T000000", date(2026, 10, 10)),
        ("DTSTART;TZID=Asia/Saigon:20261010T000000", date(2026, 10, 10)),
        ("DTSTART;TZID=Asia/Hanoi:20261010T000000", date(2026, 10, 10)),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Asia/Ho_Chi_Minh:20261010T000000", date(2026, 10, 10)),
        ("DTSTART;TZID=Tokyo Standard Time:20261010T010000", date(2026, 10, 9)),
        ('DTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20261010T130000', date(2026, 10, 11)),
        ("DTSTART;TZID=Europe/Paris:20261010T200000", date(2026, 10, 11)),
    ],
)
def test_a_moment_is_the_office_s_day(start: str, day: date) -> None:
    raw = calendar(event(start))
    assert (days(raw), rules_told(raw)) == ([day], [])


def test_a_zone_that_the_file_declares_is_used() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Gio rieng\nBEGIN:STANDARD\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE"
    assert days(calendar(event("DTSTART;TZID=Gio rieng:20261010T010000"), head=zone)) == [date(2026, 10, 9)]


@pytest.mark.parametrize(
    ("start", "rule"), [("DTSTART:20261010T235900", "floating-time"), ("DTSTART;TZID=Sao Hỏa:20261010T235900", "unknown-zone")]
)
def test_a_time_without_a_known_zone_is_taken_as_hanoi_s_and_told(start: str, rule: str) -> None:
    found = read(calendar(event(start)))
    assert [each.day for each in found.days] == [date(2026, 10, 10)]
    (problem,) = found.problems
    assert (problem.rule, problem.line, problem.severity, problem.file) == (rule, 6, Severity.WARNING, "so.ics")


def test_a_time_without_a_zone_is_told_once_an_event_where_its_end_has_none_either() -> None:
    found = read(calendar(event("DTSTART:20261010T080000", "DTEND:20261012T170000")))
    assert [each.length for each in found.days] == [3]
    assert [problem.line for problem in found.problems] == [6]


def test_a_day_before_1976_is_not_moved_by_saigon_s_old_hour() -> None:
    found = read(calendar(event("DTSTART:19541009T163000Z", "RRULE:FREQ=YEARLY")))
    assert [(each.day, each.rule) for each in found.days] == [(date(1954, 10, 9), "solar:10-09")]


def test_what_is_cancelled_is_left_out() -> None:
    raw = calendar(event("DTSTART;VALUE=DATE:20261010", "STATUS:CANCELLED"), event("DTSTART;VALUE=DATE:20261011", uid="b"))
    assert (days(raw), rules_told(raw)) == ([date(2026, 10, 11)], [])


@pytest.mark.parametrize(
    ("start", "rrule", "said"),
    [
        ("20150905", "FREQ=YEARLY", ["solar:09-05"]),
        ("20240229", "FREQ=YEARLY", ["solar:02-29"]),
        ("20250511", "FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", ["nth:05:2nd-sun"]),
        ("20250328", "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SA;WKST=MO", ["nth:03:last-sat"]),
        ("20150905", "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=5;UNTIL=20261231", ["date:2026-09-05"]),
        ("20150905", "FREQ=YEARLY;COUNT=12", ["date:2026-09-05"]),
        ("20150905", "FREQ=YEARLY;COUNT=13", ["date:2026-09-05", "date:2027-09-05"]),
        ("20230905", "FREQ=YEARLY;INTERVAL=4", ["date:2027-09-05"]),
        ("20150905", "FREQ=YEARLY;UNTIL=20200101T000000Z", []),
    ],
)
def test_yearly_events_come_back(start: str, rrule: str, said: list[str]) -> None:
    found = read(calendar(event(f"DTSTART;VALUE=DATE:{start}", f"RRULE:{rrule}")))
    assert ([each.rule for each in found.days], found.problems) == (said, ())


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=WEEKLY", "FREQ=YEARLY;BYSETPOS=1", "RSCALE=CHINESE;FREQ=YEARLY", "FREQ=YEARLY;BYDAY=5MO;BYMONTH=1",
        "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;COUNT=0", "FREQ=YEARLY;INTERVAL=" + "9" * 5000,
        "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2", "FREQ=YEARLY;UNTIL=20261399", "", "=;;=", "FREQ=YEARLY;COUNT=²",
    ],
)  # fmt: skip
def test_a_repetition_that_our_calendars_cannot_say_is_told_and_the_rest_is_read(rrule: str) -> None:
    raw = calendar(event("DTSTART;VALUE=DATE:20260101", f"RRULE:{rrule}"), event("DTSTART;VALUE=DATE:20261010", uid="b"))
    found = read(raw)
    assert [each.day for each in found.days] == [date(2026, 10, 10)]
    assert [(problem.rule, problem.line) for problem in found.problems] == [("unsupported-recurrence", 3)]


@pytest.mark.parametrize(
    ("start", "rrule", "said"),
    [
        ("DTSTART:20261009T170000Z", "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=9", ["solar:10-10"]),
        ("DTSTART:20261009T170000Z", "FREQ=YEARLY", ["solar:10-10"]),
        ("DTSTART:20261231T180000Z", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", ["solar:01-01"]),
        ("DTSTART;TZID=Tokyo Standard Time:20261010T010000", "FREQ=YEARLY", ["solar:10-09"]),
        ("DTSTART;TZID=Europe/Paris:20261010T100000", "FREQ=YEARLY;BYMONTH=10;BYDAY=2SA", ["nth:10:2nd-sat"]),
        ("DTSTART;TZID=Asia/Ho_Chi_Minh:20241010T060000", "FREQ=YEARLY;UNTIL=20261009T230000Z", ["date:2026-10-10"]),
        ("DTSTART;TZID=Asia/Ho_Chi_Minh:20241010T060000", "FREQ=YEARLY;UNTIL=20261009T225959Z", []),
        ("DTSTART;TZID=Asia/Ho_Chi_Minh:20241010T060000", "FREQ=YEARLY;UNTIL=20261010T060000", ["date:2026-10-10"]),
        ("DTSTART;TZID=Asia/Ho_Chi_Minh:20241010T060000", "FREQ=YEARLY;UNTIL=20261010", ["date:2026-10-10"]),
        ("DTSTART;VALUE=DATE:20241010", "FREQ=YEARLY;UNTIL=20261009T170000Z", ["date:2026-10-10"]),
        ("DTSTART;VALUE=DATE:20240101", "FREQ=YEARLY;UNTIL=20261231T235959Z", ["date:2026-01-01"]),
        ("DTSTART:20251231T170000Z", "FREQ=YEARLY;COUNT=2", ["date:2026-01-01", "date:2027-01-01"]),
    ],
)
def test_what_repeats_by_another_clock_repeats_on_hanoi_s_day(start: str, rrule: str, said: list[str]) -> None:
    found = read(calendar(event(start, f"RRULE:{rrule}")))
    assert ([each.rule for each in found.days], found.problems) == (said, ())


@pytest.mark.parametrize(
    ("start", "rrule", "said"),
    [
        ("DTSTART:20260508T170000Z", "FREQ=YEARLY;BYMONTH=5;BYDAY=2FR", ["date:2026-05-09", "date:2027-05-15"]),
        ("DTSTART:20260228T170000Z", "FREQ=YEARLY", ["date:2026-03-01", "date:2027-03-01"]),
        ("DTSTART;TZID=Europe/Paris:20250329T183000", "FREQ=YEARLY", ["date:2026-03-29", "date:2027-03-29"]),
    ],
)
def test_a_repetition_that_is_no_rule_on_hanoi_s_days_is_imported_day_by_day_and_told(
    start: str, rrule: str, said: list[str]
) -> None:
    found = read(calendar(event(start, f"RRULE:{rrule}", summary="Hội nghị")))
    assert [(problem.rule, problem.line) for problem in found.problems] == [("repeated-elsewhere", 7)]
    assert "“Hội nghị”" in found.problems[0].message
    assert [each.rule for each in found.days] == said


def test_days_left_out_of_a_series_moved_in_it_and_added_to_it() -> None:
    series = event("DTSTART;VALUE=DATE:20200110", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20270110", "RDATE;VALUE=DATE:20260301")
    moved = event("DTSTART;VALUE=DATE:20260112", "RECURRENCE-ID;VALUE=DATE:20260110")
    assert days(calendar(series, moved)) == [date(2026, 1, 12), date(2026, 3, 1)]


def test_an_occurrence_that_was_moved_is_known_by_its_day_in_hanoi() -> None:
    series = event("DTSTART:20200109T180000Z", "RRULE:FREQ=YEARLY")
    moved = event("DTSTART:20260111T180000Z", "RECURRENCE-ID:20260109T180000Z")
    cancelled = event("DTSTART:20270109T180000Z", "RECURRENCE-ID:20270109T180000Z", "STATUS:CANCELLED")
    assert days(calendar(series, moved, cancelled)) == [date(2026, 1, 12)]


def test_a_calendar_that_takes_everything_back_brings_nothing() -> None:
    assert days(calendar(event("DTSTART;VALUE=DATE:20261010"), head="METHOD:CANCEL")) == []


def test_several_days_are_their_first_one_with_their_number() -> None:
    three = read(calendar(event("DTSTART;VALUE=DATE:20261010", "DTEND;VALUE=DATE:20261013")))
    week = read(calendar(event("DTSTART;VALUE=DATE:20261010", "DURATION:P1W")))
    evening = read(calendar(event("DTSTART:20261010T010000Z", "DTEND:20261010T030000Z")))
    assert [each.length for found in (three, week, evening) for each in found.days] == [3, 7, 1]


@pytest.mark.parametrize(
    ("ends", "length"),
    [
        ("DTEND;TZID=Asia/Ho_Chi_Minh:20261012T170000", 3),
        ("DTEND:20261012T100000Z", 3),
        ("DTEND;TZID=Asia/Ho_Chi_Minh:20261012T000000", 2),
        ("DTEND;TZID=Asia/Ho_Chi_Minh:20261011T003000", 1),  # an evening that goes on past midnight
        ("DURATION:PT36H", 2),
        ("DURATION:P1DT12H", 2),
        ("DURATION:PT2H30M", 1),
        ("DTEND;TZID=Asia/Ho_Chi_Minh:20261001T000000", 1),
        ("DTEND:20269999T000000", 1),
        ("DURATION:P", 1),
    ],
)
def test_hours_over_several_days_are_counted_in_days(ends: str, length: int) -> None:
    found = read(calendar(event("DTSTART;TZID=Asia/Ho_Chi_Minh:20261010T080000", ends)))
    assert [(each.day, each.length) for each in found.days] == [(date(2026, 10, 10), length)]


def test_days_of_other_years_are_counted_and_left_out() -> None:
    found = read(calendar(event("DTSTART;VALUE=DATE:20191010"), event("DTSTART;VALUE=DATE:20301010", uid="b")))
    assert (found.days, [problem.rule for problem in found.problems]) == ((), ["outside-years"])
    assert found.problems[0].message.startswith("2 ngày")


def test_an_alarm_s_words_are_not_the_event_s() -> None:
    alarm = "BEGIN:VALARM\nSUMMARY:Nhắc\nTRIGGER:-P1D\nSTATUS:CANCELLED\nEND:VALARM"
    found = read(calendar(f"{alarm}\n{event('DTSTART;VALUE=DATE:20261010')}"))
    assert [each.summary for each in found.days] == ["Kỷ niệm"]


def test_our_own_feed_is_read_back_day_for_day() -> None:
    events = tuple(occasion_events(catalogue(), YEARS, DOMAIN))
    told = tuple(ToldEvent(event=each, sequence=0, changed_at=KNOWN) for each in events)
    found = read(write_feed(Cover(name="Hà Nội", description=""), told, KNOWN).body)
    assert {(each.uid, each.day) for each in found.days} == {(each.uid, each.start) for each in events}
    assert (found.name, found.problems) == ("Hà Nội", ())


@pytest.mark.parametrize(
    ("raw", "rule", "line"),
    [
        (b"", "not-a-calendar", 1),
        (b"<!DOCTYPE html>\n<title>Login</title>", "not-a-calendar", 1),
        (b"\n\nBEGIN:VEVENT\nEND:VEVENT\n", "not-a-calendar", 3),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n", "cut-off", 2),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "crossed-parts", 3),
        (b"BEGIN:VCALENDAR\nSUMMARY:K\xe1\xbb niem\nEND:VCALENDAR", "not-utf8", 2),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 50, "too-deep", 9),
        (b"BEGIN:VCALENDAR\n" * 2 + b"END:VCALENDAR\n", "cut-off", 1),
        (b"x" * 6_000_000, "file-too-large", None),
    ],
)
def test_what_is_no_calendar_is_refused_with_its_line(raw: bytes, rule: str, line: int | None) -> None:
    with pytest.raises(BadInput) as refused:
        read(raw)
    (problem,) = refused.value.problems
    assert (problem.rule, problem.line, problem.file) == (rule, line, "so.ics")


def test_a_line_that_is_none_is_told_and_passed_over() -> None:
    raw = calendar(event("DTSTART;VALUE=DATE:20261010", "một dòng bị ngắt sai"))
    assert (days(raw), rules_told(raw)) == ([date(2026, 10, 10)], ["bad-line"])


LINES = st.sampled_from(
    [
        "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD", "SUMMARY:Kỷ niệm",
        "UID:a", "DTSTART;VALUE=DATE:20261010", "DTSTART:99991231T235959Z", "DTSTART;TZID=x:00000000T000000", "RRULE:FREQ=YEARLY",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "DTEND;VALUE=DATE:20260230", "DURATION:P9999W", "TZID:x", "TZOFFSETTO:+9999",
        "RECURRENCE-ID:20269999", "EXDATE:,,,", "RDATE;VALUE=PERIOD:20260101T000000Z/PT1H", "STATUS:CANCELLED", "DTSTART",
        ";=:", 'X;A="b:c', "DTSTART;TZID=../../etc/passwd:20261010T080000", "DTSTART;TZID=America:20261010T080000",
    ]
)  # fmt: skip


@given(st.binary(max_size=400))
@example(b"BEGIN:VCALENDAR\nEND:VCALENDAR")
def test_no_bytes_raise_anything_but_our_own_error(raw: bytes) -> None:
    _read_or_refuse(raw)


@given(st.lists(st.one_of(LINES, st.text(max_size=60)), max_size=25))
def test_no_lines_in_an_event_raise_anything_but_our_own_error(lines: list[str]) -> None:
    _read_or_refuse("\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR")).encode())


@given(st.text(max_size=40), st.text(max_size=60))
def test_no_value_of_a_date_or_a_rule_raises_anything_but_our_own_error(when: str, rrule: str) -> None:
    _read_or_refuse(calendar(event(f"DTSTART;TZID={when}:20261010T080000", f"RRULE:{rrule}"), event(f"DTSTART:{when}", uid="b")))


def _read_or_refuse(raw: bytes) -> None:
    try:
        found = read(raw)
    except BadInput as refused:
        assert all(problem.file == "so.ics" and problem.message for problem in refused.problems)
    else:
        assert all(each.summary and each.rule for each in found.days)
        assert all(problem.severity is Severity.WARNING for problem in found.problems)
