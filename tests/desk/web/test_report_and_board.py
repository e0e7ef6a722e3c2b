"""A quarter's report and the coverage board: figures that the store and the plan have, on pages that print."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, timedelta
from io import StringIO
from pathlib import Path

import pytest

from desk.web.month import Quarter
from desk.web.outlook import Outlook
from desk.web.report_reader import read_report
from desk.web.views.board import sides, weeks_of
from desk.web.views.report import as_csv
from editorial.delivery import GRACE, State
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice, open_small_office

QUARTER = Quarter(2026, 4)


@pytest.fixture
def own_office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office that a test may change."""
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


def test_a_report_counts_what_the_ledger_has_and_nothing_else(own_office: SmallOffice) -> None:
    office = own_office
    page = read_report(Outlook(office), QUARTER)
    planned = office.plan(QUARTER.first, QUARTER.last)
    deliveries = office.store.deliveries.list()
    assert page.whole.planned == len(planned)
    assert page.whole.verified == sum(each.state is State.VERIFIED for each in deliveries)
    assert page.whole.published == page.whole.verified
    assert page.whole.missed == sum(each.state in (State.HELD, State.FAILED) for each in deliveries)
    by_channel = {row.name: row for row in page.tables[0].rows}
    assert sum(row.planned for row in by_channel.values()) == page.whole.planned
    assert by_channel["Zalo OA"].published == 0 and by_channel["Zalo OA"].share == "–"
    assert by_channel["Zalo OA"].missed == sum(each.state is State.FAILED for each in deliveries)
    assert (page.signed, page.deliveries) == (len(deliveries), len(deliveries))
    assert not page.over


def test_on_time_is_within_the_grace_of_the_tone(own_office: SmallOffice) -> None:
    page = read_report(Outlook(own_office), QUARTER)
    assert page.whole.on_time == page.whole.published and page.whole.share == "100,0%"
    first = own_office.plan(date(2026, 10, 28), date(2026, 10, 28))[0]
    own_office.clock.move_to(first.at.astimezone(UTC) + GRACE + timedelta(minutes=1))
    later = read_report(Outlook(own_office), QUARTER)
    waiting = own_office.store.deliveries.list(states=[State.SCHEDULED], entry=first.entry)
    assert later.whole.missed == page.whole.missed + len(waiting)


def test_what_people_took_out_is_no_plan_any_more(own_office: SmallOffice) -> None:
    before = read_report(Outlook(own_office), QUARTER).whole.planned
    waiting = own_office.store.deliveries.list(states=[State.SCHEDULED])[0]
    own_office.store.deliveries.pass_to(waiting, State.CANCELLED)
    assert read_report(Outlook(own_office), QUARTER).whole.planned == before - 1


def test_the_report_is_a_page_and_a_table_for_spreadsheets(own_office: SmallOffice) -> None:
    office, browser = own_office, Browser(own_office)
    shown = browser.get("/report?quarter=2026-Q4").text
    assert "Báo cáo Quý IV/2026" in shown and "Quý chưa kết thúc" in shown
    assert "/report?quarter=2027-Q1" in shown and "/report.csv?quarter=2026-Q4" in shown
    assert 'hx-get="/audit/state?part=row"' in shown
    answer = browser.get("/report.csv?quarter=2026-Q4")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "bao-cao-2026-Q4.csv" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][3] == str(len(office.plan(QUARTER.first, QUARTER.last)))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert "chưa có bài nào" in browser.get("/report?quarter=2026-Q1").text


def test_no_name_is_taken_for_a_formula(own_office: SmallOffice) -> None:
    office = own_office.content.office
    channels = {**office.channels, "zalo": replace(office.channels["zalo"], name="=HYPERLINK(1)")}
    named = replace(own_office, content=replace(own_office.content, office=replace(office, channels=channels)))
    assert ",'=HYPERLINK(1)," in as_csv(read_report(Outlook(named), QUARTER))


@pytest.mark.parametrize("address", ["/report", "/report.csv", "/coverage"])
@pytest.mark.parametrize("quarter", ["2026", "2026-Q5", "Q4", "0001-Q1", "9999-Q1", "2026-Q4x"])
def test_a_quarter_that_is_none_is_told(browser: Browser, address: str, quarter: str) -> None:
    answer = browser.get(f"{address}?quarter={quarter}")
    assert answer.status_code == 400
    assert "2026-Q4" in answer.text


def test_the_weeks_of_a_quarter_are_its_days_each_once() -> None:
    for quarter in (Quarter(year, number) for year in range(2024, 2031) for number in range(1, 5)):
        weeks = tuple(weeks_of(quarter))
        days = [week.first + timedelta(days=day) for week in weeks for day in range((week.last - week.first).days + 1)]
        assert days == [quarter.first + timedelta(days=day) for day in range((quarter.last - quarter.first).days + 1)]
        assert all(week.first.weekday() == 0 for week in weeks[1:])


def test_the_board_counts_entries_by_week_and_names_what_has_none(browser: Browser, office: SmallOffice) -> None:
    weeks = tuple(weeks_of(QUARTER))
    slots = office.plan(QUARTER.first, QUARTER.last)
    axes, groups, units, channels = sides(office.content, slots, weeks)
    entries = {slot.entry for slot in slots}
    assert [row.count for side in (axes, groups, units) for row in side.rows] == [len(entries)] * 3
    assert [row.count for row in channels.rows] == [len(entries)] * 4
    filled = {cell.week: cell.count for cell in axes.rows[0].cells if cell.count}
    assert sum(filled.values()) == len(entries)
    assert axes.rows[0].empty == len(weeks) - len(filled)
    shown = browser.get("/coverage?quarter=2026-Q4").text
    assert "Độ phủ Quý IV/2026" in shown and "Cả quý chưa có bài" not in shown
    assert "view=week&amp;day=2026-10-26&amp;axis=ubnd" in shown
    empty = browser.get("/coverage?quarter=2027-Q1").text
    assert "Quý này chưa có mục nào" in empty and "Cả quý chưa có bài" in empty
