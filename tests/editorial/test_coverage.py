from __future__ import annotations

from datetime import date

from editorial.coverage import Month, Side, coverage, months_between
from editorial.plan import plan
from tests.editorial.small_plan import calendar, content, entry

OCTOBER, NOVEMBER = Month(year=2026, number=10), Month(year=2026, number=11)


def test_entries_are_counted_by_group_axis_and_month_once_however_many_channels() -> None:
    written = content(
        entry("a", "2026-10-05@08:00", channels=("portal", "zalo")),
        entry("b", "2026-10-06@08:00", axis="hdnd"),
        entry("c", "2026-11-30@08:00", group="1.9", zalo="2026-12-01@08:00", channels=("portal", "zalo")),
    )
    found = coverage(plan(written, calendar()).slots, written, date(2026, 10, 1), date(2026, 12, 31))
    assert [(cell.group, cell.axis, str(cell.month), cell.entries) for cell in found.cells] == [
        ("1.1", "hdnd", "10/2026", ("b",)),
        ("1.1", "ubnd", "10/2026", ("a",)),
        ("1.9", "ubnd", "11/2026", ("c",)),
        ("1.9", "ubnd", "12/2026", ("c",)),
    ]
    assert found.entries(group="1.1", month=OCTOBER) == {"a", "b"}
    assert found.entries(axis="ubnd") == {"a", "c"}


def test_a_group_or_axis_with_nothing_in_a_month_is_named() -> None:
    written = content(entry("a", "2026-10-05@08:00"), entry("b", "2026-11-05@08:00"), entry("c", "2026-10-07@08:00", group="1.9"))
    found = coverage(plan(written, calendar()).slots, written, date(2026, 10, 1), date(2026, 11, 30))
    assert [(gap.side, gap.id, gap.month) for gap in found.gaps] == [
        (Side.GROUP, "1.9", NOVEMBER),
        (Side.AXIS, "hdnd", OCTOBER),
        (Side.AXIS, "hdnd", NOVEMBER),
    ]
    assert str(found.gaps[0]) == "nhóm 1.9 chưa có nội dung trong tháng 11/2026"


def test_what_goes_out_before_or_after_the_period_does_not_count() -> None:
    written = content(entry("a", "2026-09-30@08:00"), entry("b", "2026-11-01@08:00"))
    found = coverage(plan(written, calendar()).slots, written, date(2026, 10, 1), date(2026, 10, 31))
    assert not found.cells
    assert len(found.gaps) == 4


def test_a_period_over_new_year_has_its_months_in_order() -> None:
    months = list(months_between(date(2026, 11, 30), date(2027, 2, 1)))
    assert [str(month) for month in months] == ["11/2026", "12/2026", "1/2027", "2/2027"]
