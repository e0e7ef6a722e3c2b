"""Working days: our dated files over the holidays library."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from editorial.days_off import DayOff, DaysOff, DayStatus, WorkingDay
from editorial.problem import BadInput

HOLIDAY_2028 = date(2028, 1, 26)  # the first day of Tết


def test_a_swapped_saturday_is_worked_and_the_monday_it_pays_for_is_off(days_off: DaysOff) -> None:
    assert days_off.is_working_day(date(2026, 8, 22))
    assert not days_off.is_working_day(date(2026, 8, 31))
    assert not days_off.is_working_day(date(2026, 8, 29))


def test_2_january_2026_is_off_although_the_library_missed_it(days_off: DaysOff) -> None:
    assert not days_off.is_working_day(date(2026, 1, 2))
    assert days_off.is_working_day(date(2026, 1, 10))
    assert DaysOff().is_working_day(date(2026, 1, 2))


def test_a_day_of_the_library_is_a_mere_projection_in_a_year_no_file_describes(days_off: DaysOff) -> None:
    tet = days_off.day_off(HOLIDAY_2028)
    assert tet is not None
    assert (tet.status, tet.source) == (DayStatus.PROJECTED, "holidays")
    reunification = days_off.day_off(date(2026, 4, 30))
    assert reunification is not None
    assert reunification.status is DayStatus.LIBRARY


def test_our_word_on_a_day_wins_over_the_librarys() -> None:
    announced = DaysOff(
        [DayOff(day=date(2027, 2, 11), name="Mùng 6 Tết", status=DayStatus.OFFICIAL)],
        [WorkingDay(day=date(2027, 2, 4), status=DayStatus.OFFICIAL)],
    )
    assert announced.is_working_day(date(2027, 2, 4))
    assert not announced.is_working_day(date(2027, 2, 11))
    assert DaysOff().day_off(date(2027, 2, 4)) is not None


def test_working_days_are_counted_strictly_before_and_after(days_off: DaysOff) -> None:
    assert days_off.add_working_days(date(2026, 9, 2), -5).day == date(2026, 8, 24)
    assert days_off.add_working_days(date(2026, 9, 2), -7).day == date(2026, 8, 21)
    assert days_off.add_working_days(date(2026, 9, 2), 1).day == date(2026, 9, 3)
    assert days_off.add_working_days(date(2026, 9, 4), 1).day == date(2026, 9, 7)


def test_a_count_names_the_days_off_and_swapped_days_that_it_met(days_off: DaysOff) -> None:
    result = days_off.add_working_days(date(2026, 9, 2), -7)
    assert [off.day.isoformat() for off in result.passed] == ["2026-09-01", "2026-08-31"]
    assert [swapped.day.isoformat() for swapped in result.worked] == ["2026-08-22"]
    assert not result.provisional


def test_a_count_over_a_projected_day_is_provisional(days_off: DaysOff) -> None:
    result = days_off.add_working_days(date(2027, 2, 6), -5)
    assert (result.day, result.provisional) == (date(2027, 1, 28), True)
    assert set(result.projected) == {date(2027, 2, 4), date(2027, 2, 5)}
    assert not days_off.add_working_days(date(2027, 1, 28), -5).provisional


def test_zero_working_days_are_refused(days_off: DaysOff) -> None:
    with pytest.raises(BadInput, match="~prev"):
        days_off.add_working_days(date(2026, 9, 2), 0)


def test_a_count_that_leaves_the_calendar_is_refused(days_off: DaysOff) -> None:
    with pytest.raises(BadInput, match="1975-2100"):
        days_off.add_working_days(date(2100, 12, 30), 10)


def test_a_year_lists_its_days_off_in_order_with_ours_and_the_librarys(days_off: DaysOff) -> None:
    listed = [off.day for off in days_off.of_year(2026)]
    assert listed == sorted(listed)
    assert {date(2026, 1, 1), date(2026, 1, 2), date(2026, 11, 24)} <= set(listed)
    assert [swapped.day for swapped in days_off.working_days_of_year(2026)] == [date(2026, 1, 10), date(2026, 8, 22)]


@given(some.dates(date(2025, 1, 1), date(2028, 12, 31)), some.integers(1, 40))
def test_counting_there_and_back_returns_to_the_same_working_day(day: date, count: int) -> None:
    calendar = DaysOff()
    there = calendar.add_working_days(day, count).day
    assert calendar.is_working_day(there)
    between = (day + timedelta(days=n) for n in range(1, (there - day).days + 1))
    assert sum(calendar.is_working_day(each) for each in between) == count
    if calendar.is_working_day(day):
        assert calendar.add_working_days(there, -count).day == day
