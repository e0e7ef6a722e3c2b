"""Occasions: rules of days, their occurrences, counts and tiers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from editorial.day_name import WEEKDAYS
from editorial.day_rule import Skip, parse_day_rule
from editorial.lunar import LunarDate
from editorial.occasion import Evidence, Kind, Name, OccasionRule, Tier, TierBy, occurrences
from editorial.problem import BadInput
from editorial.tone import Tone

KNOWN = [
    line.split("\t")
    for line in (Path(__file__).parent / "known_days.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


PLAIN = OccasionRule(
    id="ngay_thu",
    name=Name(vi="Ngày thử", en="Test day"),
    kind=Kind.NATIONAL,
    rule="solar:01-01",
    tone=Tone.NEUTRAL,
    basis="thử",
    evidence=Evidence.GENERAL_KNOWLEDGE,
)


def day(rule: str, **given: Any) -> OccasionRule:
    """Make a rule of which only the date matters."""
    return replace(PLAIN, rule=rule, **given)


def dates(rule: OccasionRule, year: int) -> list[str]:
    return [occasion.date.isoformat() for occasion in occurrences(rule, year)]


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known[0])
def test_a_known_day_falls_when_and_counts_as_its_source_says(known: list[str]) -> None:
    id, rule, first_year, on, weekday, lunar, count, tier = known
    by = TierBy.GREGORIAN_YEAR if id == "gio_to_hung_vuong" else TierBy.ANNIVERSARY
    first = None if first_year == "-" else int(first_year)
    (found,) = occurrences(day(rule, id=id, first_year=first, tier_by=by), int(on[:4]))
    assert found.date.isoformat() == on
    assert WEEKDAYS[found.date.weekday()].casefold() == weekday.casefold()
    assert f"{found.lunar.day}/{found.lunar.month} năm {found.lunar.year}" == lunar
    assert str(found.count if found.count is not None else "-") == count
    assert (found.tier.value if found.tier else "-") == tier


def test_all_103_known_days_are_held_to() -> None:
    assert len({known[0] for known in KNOWN}) == 103


def test_a_lunar_day_may_fall_twice_in_a_year_or_not_at_all() -> None:
    full_moon_of_eleven = day("lunar:11-15")
    assert dates(full_moon_of_eleven, 2026) == ["2026-01-03", "2026-12-23"]
    assert dates(full_moon_of_eleven, 2025) == []
    assert len(dates(day("lunar:12-01"), 2027)) == 2
    assert dates(day("lunar:12-01"), 2028) == []


def test_two_occurrences_of_one_year_count_their_own_lunar_years() -> None:
    found = occurrences(day("lunar:11-15", first_year=2000), 2026)
    assert [occasion.count for occasion in found] == [25, 26]


def test_new_years_eve_is_the_day_before_whatever_its_number() -> None:
    eve = occurrences(day("lunar:01-01-1d"), 2027)[0]
    assert (eve.date, eve.lunar) == (date(2027, 2, 5), LunarDate(2026, 12, 29))
    assert dates(day("lunar:01-01 -1d"), 2027) == ["2027-02-05"]


@pytest.mark.parametrize(
    ("skip", "expected"),
    [(Skip.BACKWARD, ["2027-02-05"]), (Skip.FORWARD, ["2027-02-06"]), (Skip.OMIT, [])],
)
def test_the_thirtieth_of_a_short_month_goes_where_skip_says(skip: Skip, expected: list[str]) -> None:
    assert dates(day("lunar:12-30", skip=skip), 2027) == expected


def test_the_thirtieth_of_a_short_month_is_an_error_unless_skip_decides() -> None:
    with pytest.raises(BadInput, match="không có ngày 30; hãy ghi skip") as refused:
        occurrences(day("lunar:12-30"), 2027)
    assert refused.value.problems[0].key == "ngay_thu"


def test_the_thirtieth_is_no_error_in_a_year_that_has_it() -> None:
    assert dates(day("lunar:01-30"), 2026) == ["2026-03-18"]


@pytest.mark.parametrize(
    ("skip", "expected"),
    [(Skip.BACKWARD, ["2027-02-28"]), (Skip.FORWARD, ["2027-03-01"]), (Skip.OMIT, [])],
)
def test_29_february_goes_where_skip_says(skip: Skip, expected: list[str]) -> None:
    assert dates(day("solar:02-29", skip=skip), 2027) == expected
    assert dates(day("solar:02-29", skip=skip), 2028) == ["2028-02-29"]


def test_a_leap_month_is_taken_only_when_asked_for() -> None:
    assert dates(day("lunar:06-15"), 2025) == ["2025-07-09"]
    assert dates(day("lunar:06-15", leap=True), 2025) == ["2025-08-08"]


def test_a_year_without_the_leap_month_is_an_error_or_is_passed_over() -> None:
    with pytest.raises(BadInput, match="không có tháng 6 nhuận"):
        occurrences(day("lunar:06-15", leap=True), 2026)
    assert dates(day("lunar:06-15", leap=True, skip=Skip.OMIT), 2026) == []


def test_weekdays_of_a_month_quarter_ends_and_single_days_are_found() -> None:
    assert dates(day("nth:03:last-sat"), 2027) == ["2027-03-27"]
    assert dates(day("nth:11:4th-thu"), 2026) == ["2026-11-26"]
    assert dates(day("nth:02:1st-sun"), 2026) == ["2026-02-01"]
    assert [dates(day(f"quarter_end:{n}"), 2026)[0][5:] for n in (1, 2, 3, 4)] == ["03-31", "06-30", "09-30", "12-31"]
    assert (dates(day("date:2026-06-15"), 2026), dates(day("date:2026-06-15"), 2027)) == (["2026-06-15"], [])


def test_a_day_is_not_kept_before_its_first_year_or_since() -> None:
    assert dates(day("solar:11-24", first_year=2026), 2025) == []
    assert dates(day("solar:05-19", first_year=1890, since=2027), 2026) == []
    assert occurrences(day("solar:05-19", first_year=1890, since=2027), 2027)[0].count == 137


def test_tiers_follow_decree_145() -> None:
    rule = day("solar:10-10", first_year=1954)
    tiers = {year: occurrences(rule, year)[0].tier for year in (2024, 2029, 2026)}
    assert tiers == {2024: Tier.ROUND, 2029: Tier.FIVE, 2026: Tier.OTHER}
    assert occurrences(day("solar:10-10", first_year=2026), 2026)[0].tier is Tier.FIRST
    by_year = day("lunar:03-10", tier_by=TierBy.GREGORIAN_YEAR)
    assert [occurrences(by_year, year)[0].tier for year in (2025, 2030)] == [Tier.FIVE, Tier.ROUND]


@pytest.mark.parametrize(
    "rule",
    ["solar:04-31", "solar:00-10", "solar:13-01", "lunar:13-01", "lunar:02-31", "nth:13:1st-sat", "date:2026-02-30"],
)
def test_a_day_that_no_year_has_is_refused(rule: str) -> None:
    with pytest.raises(BadInput) as refused:
        day(rule)
    assert refused.value.problems[0].rule == "day-never-exists"


@pytest.mark.parametrize(
    "rule",
    ["", "solar", "solar:", "solar:9-2", "solar: 09-02", "lunar:08-15-1w", "nth:03:5th-sat", "quarter_end:5", "date:15/6/2026",
     "trang:08-15", "SOLAR:09-02", "solar:٠٩-02"],
)  # fmt: skip
def test_a_rule_of_no_known_form_is_refused_with_examples(rule: str) -> None:
    with pytest.raises(BadInput, match="lunar:08-15") as refused:
        day(rule)
    assert refused.value.problems[0].rule == "bad-day-rule"


def test_leap_belongs_to_lunar_rules_only() -> None:
    with pytest.raises(BadInput, match="leap"):
        day("solar:09-02", leap=True)


@pytest.mark.parametrize("id", ["", "Trung_thu", "trung thu", "2026", "tết"])
def test_an_id_that_a_date_rule_could_not_name_is_refused(id: str) -> None:
    with pytest.raises(BadInput, match="chữ thường không dấu"):
        replace(day("solar:09-02"), id=id)


@pytest.mark.parametrize("year", [1974, 2101, 9999, 0])
def test_a_year_outside_the_calendar_is_refused(year: int) -> None:
    with pytest.raises(BadInput, match="nằm ngoài lịch"):
        occurrences(day("solar:09-02"), year)


@given(some.integers(1975, 2100), some.integers(1, 12), some.integers(1, 30), some.integers(-9, 9), some.sampled_from(list(Skip)))
def test_every_occurrence_lies_in_the_year_asked_for(year: int, month: int, number: int, shift: int, skip: Skip) -> None:
    rule = day(f"lunar:{month:02d}-{number:02d}{shift:+d}d", skip=skip)
    try:
        found = occurrences(rule, year)
    except BadInput as refused:
        assert skip is Skip.ERROR and number == 30, refused
    else:
        assert all(occasion.date.year == year for occasion in found)
        assert len(found) <= 2


@given(some.integers(1976, 2099), some.integers(1, 12), some.sampled_from([Skip.BACKWARD, Skip.FORWARD]))
def test_the_thirtieth_is_kept_once_every_lunar_year_when_skip_names_a_day(year: int, month: int, skip: Skip) -> None:
    rule = day(f"lunar:{month:02d}-30", skip=skip)
    near = [occasion.date for each in (year - 1, year, year + 1) for occasion in occurrences(rule, each)]
    gaps = [after - before for before, after in pairwise(near)]
    assert all(timedelta(days=353) <= gap <= timedelta(days=386) for gap in gaps)


@given(some.text())
def test_any_text_is_a_day_rule_or_bad_input(text: str) -> None:
    try:
        parse_day_rule(text)
    except BadInput as refused:
        assert refused.problems[0].message
