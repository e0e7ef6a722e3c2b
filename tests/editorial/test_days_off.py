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


def announced(*days: str) -> DaysOff:
    return DaysOff(DayOff(day=date.fromisoformat(day), name="Nghỉ lễ", status=DayStatus.OFFICIAL) for day in days)


def test_once_the_days_of_tet_are_announced_the_librarys_guess_at_them_counts_no_more() -> None:
    plan = announced(*(f"2027-02-{day:02}" for day in range(5, 12)))
    assert DaysOff().day_off(date(2027, 2, 4)) is not None
    assert plan.day_off(date(2027, 2, 4)) is None
    assert plan.is_working_day(date(2027, 2, 4))
    result = plan.add_working_days(date(2027, 2, 6), -5)
    assert (result.day, result.provisional) == (date(2027, 1, 29), False)


def test_a_plan_that_names_fewer_days_than_the_law_gives_leaves_the_guess_and_says_that_it_is_one() -> None:
    guess = announced("2027-02-11").day_off(date(2027, 2, 10))
    assert guess is not None
    assert guess.status is DayStatus.PROJECTED


def test_one_holidays_announcement_says_nothing_of_anothers_choice() -> None:
    plan = announced(*(f"2027-02-{day:02}" for day in range(5, 12)), "2028-09-01", "2028-09-02")
    neighbour, made_up = plan.day_off(date(2027, 9, 3)), plan.day_off(date(2027, 5, 3))
    assert neighbour is not None and made_up is not None
    assert (neighbour.status, made_up.status) == (DayStatus.PROJECTED, DayStatus.PROJECTED)
    assert plan.day_off(date(2028, 9, 4)) is None  # the library made up for a Saturday; the plan did not


def test_the_laws_own_days_are_sure_in_a_year_of_which_something_is_announced() -> None:
    plan = announced("2027-01-01")
    found = {day: plan.day_off(date.fromisoformat(day)) for day in ("2027-02-06", "2027-04-30", "2027-09-02", "2028-09-02")}
    assert [off and off.status for off in found.values()] == [DayStatus.LIBRARY] * 3 + [DayStatus.PROJECTED]


def test_a_swap_of_the_librarys_is_sure_without_our_files_and_is_no_day_of_the_choice() -> None:
    swap = DaysOff().day_off(date(2026, 8, 31))
    assert swap is not None
    assert swap.status is DayStatus.LIBRARY
    files = DaysOff(
        [DayOff(day=date(2026, *day), name="Nghỉ", status=DayStatus.OFFICIAL) for day in ((8, 31), (9, 2))],
        [WorkingDay(day=date(2026, 8, 22), status=DayStatus.OFFICIAL, swapped_for=date(2026, 8, 31))],
    )
    assert files.day_off(date(2026, 9, 1)) is not None


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


def test_a_working_day_beside_quoc_khanh_that_the_choice_may_still_take_is_provisional(days_off: DaysOff) -> None:
    before = days_off.add_working_days(date(2027, 9, 2), -1)
    assert (before.day, before.projected) == (date(2027, 9, 1), (date(2027, 9, 1),))
    assert not days_off.add_working_days(date(2026, 9, 2), 1).provisional  # 1/9/2026 is chosen already
    announced = [DayOff(day=date(2027, 9, day), name="Quốc khánh", status=DayStatus.OFFICIAL) for day in (2, 3)]
    assert not DaysOff(announced).add_working_days(date(2027, 9, 2), -1).provisional


def test_a_working_day_that_the_choice_for_tet_may_still_take_is_provisional(days_off: DaysOff) -> None:
    after = days_off.add_working_days(date(2027, 2, 12), -1)  # the library guesses 4-10/2, the law allows 5-11/2 as well
    assert (after.day, after.projected) == (date(2027, 2, 11), (date(2027, 2, 11),))
    assert not days_off.add_working_days(date(2027, 2, 15), -1).provisional
    assert not days_off.add_working_days(date(2027, 2, 4), -1).provisional
    announced = [DayOff(day=date(2027, 2, day), name="Tết", status=DayStatus.OFFICIAL) for day in range(4, 11)]
    assert not DaysOff(announced).add_working_days(date(2027, 2, 12), -1).provisional
    assert not days_off.add_working_days(date(2026, 2, 24), -1).provisional  # 2026 is announced


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
