"""A foreign calendar as a file of calendars/."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editorial.occasion import Kind
from editorial.problem import BadInput
from editorial.tone import Tone
from store.calendar_files import read_calendars
from store.ics.calendar_file import Origin, write_calendar_file
from store.ics.reader import ForeignCalendar, ForeignDay, read_foreign
from tests.store.ics.test_reader import calendar, event

ORIGIN = Origin(source="https://so.example.vn/lich.ics", kind=Kind.SECTOR, tone=Tone.SOLEMN)
OURS = """schema: 1
days:
  - {id: khai_giang, name: {vi: Khai giảng, en: x}, kind: sector, rule: "solar:09-05", tone: festive, basis: x,
     evidence: looked_up}
"""


def foreign(*days: ForeignDay) -> ForeignCalendar:
    return ForeignCalendar(name="Lịch của Sở", days=days, problems=())


def once(summary: str, *, uid: str = "a@x", length: int = 1) -> ForeignDay:
    return ForeignDay(uid=uid, summary=summary, day=date(2026, 10, 10), rule="date:2026-10-10", length=length)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "calendars"
    folder.mkdir()
    (folder / "san_co.yaml").write_text(OURS, encoding="utf-8")
    return folder / "so.yaml"


def test_the_days_stand_in_the_office_s_calendar(path: Path) -> None:
    ids = write_calendar_file(foreign(once("Ngày hội: “đọc sách” # 1", length=3)), ORIGIN, path).ids
    found = next(each for each in read_calendars(path.parent).occasions(2026) if each.id == ids[0])
    assert (ids, found.date, found.name.vi) == (("ngay_hoi_doc_sach_1",), date(2026, 10, 10), "Ngày hội: “đọc sách” # 1")
    assert (found.kind, found.tone, found.note) == (Kind.SECTOR, Tone.SOLEMN, "kéo dài 3 ngày")


def test_a_yearly_day_stays_a_rule_and_a_29_february_leaves_out_common_years(path: Path) -> None:
    yearly = read_foreign(calendar(event("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY")), "x", (2026, 2027))
    write_calendar_file(yearly, ORIGIN, path)
    catalogue = read_calendars(path.parent)
    assert [[each.date.day for each in catalogue.occasions(year) if each.id == "ky_niem"] for year in (2027, 2028)] == [[], [29]]


def test_ids_are_unlike_each_other_and_unlike_those_of_every_other_file(path: Path) -> None:
    days = (once("Khai giảng"), once("Khai giảng!"), once("Khai - giảng"), once("2026", uid="b"), once("★", uid="★"))
    ids = write_calendar_file(foreign(*days), ORIGIN, path).ids
    assert ids == ("khai_giang_2026", "khai_giang_2026_2", "khai_giang_2026_3", "ngay_2026", "ngay")
    assert write_calendar_file(foreign(*days), ORIGIN, path, force=True).ids == ids
    read_calendars(path.parent)


def test_a_file_that_is_there_is_kept_unless_forced(path: Path) -> None:
    path.write_text("schema: 1\n", encoding="utf-8")
    with pytest.raises(BadInput, match="--force"):
        write_calendar_file(foreign(once("A")), ORIGIN, path)
    assert path.read_text(encoding="utf-8") == "schema: 1\n"
    write_calendar_file(foreign(once("A")), ORIGIN, path, force=True)
    assert "id: a" in path.read_text(encoding="utf-8")


def test_a_day_that_the_office_has_already_is_left_out_and_named(path: Path) -> None:
    raw = calendar(
        event("DTSTART;VALUE=DATE:20260905", summary="KHAI GIẢNG"),
        event("DTSTART;VALUE=DATE:20260907", summary="Khai giảng", uid="b"),
        event("DTSTART;VALUE=DATE:20150905", "RRULE:FREQ=YEARLY", summary="Khai giảng", uid="c"),
    )
    written = write_calendar_file(read_foreign(raw, "x", (2026,)), ORIGIN, path)
    assert written.ids == ("khai_giang_2026",)
    assert [each.message.split("”")[0] for each in written.known] == ["“Khai giảng", "“KHAI GIẢNG"]
    assert [each.date.day for each in read_calendars(path.parent).occasions(2026)] == [5, 7]


def test_a_calendar_with_nothing_in_it_writes_nothing(path: Path) -> None:
    with pytest.raises(BadInput, match="không có ngày mới"):
        write_calendar_file(foreign(), ORIGIN, path)
    assert not path.exists()


def test_a_calendar_too_large_to_be_read_back_is_not_written(path: Path) -> None:
    with pytest.raises(BadInput, match="quá nhiều"):
        write_calendar_file(foreign(*(once("x" * 290, uid=str(number)) for number in range(2000))), ORIGIN, path)
    assert [each.name for each in path.parent.iterdir()] == ["san_co.yaml"]


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=80), st.text(max_size=80), st.text(max_size=40))
def test_whatever_a_calendar_says_is_read_back_from_the_file(summary: str, name: str, source: str) -> None:
    escaped = re.sub(r"[\\;,]", lambda found: f"\\{found[0]}", "x" + re.sub(r"[\r\n\x85\u2028\u2029]", " ", summary))
    raw = calendar(event("DTSTART;VALUE=DATE:20261010", summary=escaped))
    try:
        found = read_foreign(raw, "x.ics", (2026,))
    except BadInput:
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "calendars" / "x.yaml"
        calendar_ = ForeignCalendar(name=name, days=found.days, problems=())
        write_calendar_file(calendar_, Origin(source=source), path)
        (read,) = read_calendars(path.parent).occasions(2026)
    assert read.name.vi == found.days[0].summary.strip()
