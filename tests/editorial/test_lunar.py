"""The lunar calendar, held to vectors computed from JPL DE440."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from editorial.lunar import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_YEAR,
    LunarCalendar,
    LunarDate,
    leap_month,
    lunar_month,
    lunar_months,
    to_lunar,
    to_solar,
    year_name,
)
from editorial.problem import BadInput

VECTORS = json.loads((Path(__file__).parent / "lunar_vectors.json").read_text(encoding="utf-8"))
LAST_DAY = date(2101, 1, 28)
FESTIVALS = {
    "ram_thang_gieng": (1, 15),
    "gio_to_hung_vuong": (3, 10),
    "phat_dan": (4, 15),
    "doan_ngo": (5, 5),
    "vu_lan": (7, 15),
    "trung_thu": (8, 15),
    "ong_cong_ong_tao": (12, 23),
}


def test_every_certain_pair_of_the_vectors_converts_both_ways() -> None:
    certain = [pair for pair in VECTORS["pairs"] if not pair.get("uncertain")]
    assert len(certain) >= 1490
    for pair in certain:
        solar, lunar = date.fromisoformat(pair["solar"]), LunarDate(**pair["lunar"])
        assert (to_lunar(solar), to_solar(lunar)) == (lunar, solar)


def test_a_pair_that_hangs_on_the_future_length_of_the_day_takes_the_day_that_is_announced() -> None:
    """In 2054 and 2072 the new moon is 14 to 62 seconds from Hanoi's midnight: either day may be the one announced then."""
    uncertain = [pair for pair in VECTORS["pairs"] if pair.get("uncertain")]
    assert [pair["solar"] for pair in uncertain] == ["2054-05-13", "2054-05-15", "2072-12-09"]
    for pair in uncertain:
        solar, lunar = date.fromisoformat(pair["solar"]), LunarDate(**pair["lunar"])
        assert abs((to_solar(lunar) - solar).days) <= 1
        first = to_solar(LunarDate(lunar.year, lunar.month, 1))
        for days in (-1, 1):
            announced = LunarCalendar({first: first + timedelta(days=days)})
            assert announced.to_solar(lunar) == to_solar(lunar) + timedelta(days=days)
            assert announced.to_lunar(announced.to_solar(lunar)) == lunar


def test_every_year_of_the_vectors_has_its_new_year_leap_month_and_festivals() -> None:
    for year, truth in VECTORS["years"].items():
        assert to_solar(LunarDate(int(year), 1, 1)).isoformat() == truth["tet"]
        assert leap_month(int(year)) == truth["leap_month"]
        found = {name: to_solar(LunarDate(int(year), *FESTIVALS[name])).isoformat() for name in truth["festivals"]}
        assert found == truth["festivals"]


@pytest.mark.parametrize("impossible", VECTORS["invalid"], ids=lambda day: "{year}-{month}-{day}-{leap}".format(**day))
def test_a_lunar_date_that_does_not_exist_is_refused(impossible: dict[str, int]) -> None:
    with pytest.raises(BadInput) as refused:
        to_solar(LunarDate(**impossible))
    assert refused.value.problems[0].rule == "lunar-no-such-day"


def test_every_day_of_the_whole_range_makes_the_round_trip() -> None:
    days = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
    assert [day for day in days if to_solar(to_lunar(day)) != day] == []


def test_days_of_a_month_count_up_from_one_without_a_gap() -> None:
    previous = to_lunar(FIRST_DAY)
    for n in range(1, (LAST_DAY - FIRST_DAY).days + 1):
        today = to_lunar(FIRST_DAY + timedelta(days=n))
        assert today.day in (1, previous.day + 1)
        assert today.day > 1 or previous.day in (29, 30)
        previous = today


@given(some.integers(1970, 2105), some.integers(-1, 14), some.integers(-1, 32), some.booleans())
def test_any_numbers_give_a_day_that_converts_back_or_a_refusal(year: int, month: int, day: int, leap: bool) -> None:
    lunar = LunarDate(year, month, day, leap)
    try:
        solar = to_solar(lunar)
    except BadInput as refused:
        assert refused.problems[0].rule.startswith("lunar-")
    else:
        assert to_lunar(solar) == lunar


def test_lunar_dates_are_written_as_the_office_writes_them() -> None:
    assert str(to_lunar(date(2026, 9, 25))) == "15/8 năm Bính Ngọ (2026)"
    assert str(to_lunar(date(2025, 8, 8))) == "15/6 nhuận năm Ất Tỵ (2025)"
    assert [year_name(year) for year in (1984, 2025, 2026, 2027)] == ["Giáp Tý", "Ất Tỵ", "Bính Ngọ", "Đinh Mùi"]


def test_vietnam_keeps_its_own_new_year_where_china_differs() -> None:
    new_years = {year: to_solar(LunarDate(year, 1, 1)) for year in (1985, 2007, 2030)}
    assert new_years == {1985: date(1985, 1, 21), 2007: date(2007, 2, 17), 2030: date(2030, 2, 2)}


def test_the_table_has_its_1558_months_of_29_or_30_days() -> None:
    months = [month for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in lunar_months(year)]
    assert len(months) == 1558
    assert {month.length for month in months} == {29, 30}
    assert all(after.start == before.start + before.length for before, after in pairwise(months))


def test_2033_has_its_leap_month_after_month_eleven() -> None:
    assert leap_month(2033) == 11
    assert lunar_month(2033, 11, leap=True).start == lunar_month(2033, 11).start + lunar_month(2033, 11).length


@pytest.mark.parametrize("month", [LunarDate(2026, 6, 1, leap=True), LunarDate(2025, 5, 1, leap=True)])
def test_a_leap_month_that_the_year_lacks_is_refused_with_the_one_it_has(month: LunarDate) -> None:
    with pytest.raises(BadInput, match=r"nhuận tháng 6|không có tháng nhuận"):
        to_solar(month)


@pytest.mark.parametrize("day", [date(1974, 12, 31), date(2101, 1, 29), date(2150, 1, 1), date.min, date.max])
def test_a_day_outside_the_table_is_refused(day: date) -> None:
    with pytest.raises(BadInput, match="nằm ngoài lịch âm"):
        to_lunar(day)


@pytest.mark.parametrize("year", [-1, 0, 1973, LAST_YEAR + 1])
def test_a_lunar_year_outside_the_table_is_refused(year: int) -> None:
    with pytest.raises(BadInput, match="nằm ngoài lịch âm"):
        to_solar(LunarDate(year, 1, 1))


def test_an_announced_start_of_a_month_wins_over_the_computed_one() -> None:
    announced = LunarCalendar({date(2026, 9, 11): date(2026, 9, 12)})
    assert announced.to_solar(LunarDate(2026, 8, 15)) == date(2026, 9, 26)
    assert announced.to_lunar(date(2026, 9, 11)) == LunarDate(2026, 7, 30)
    assert to_solar(LunarDate(2026, 8, 15)) == date(2026, 9, 25)
