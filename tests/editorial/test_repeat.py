from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.calendar import Catalogue
from editorial.day_rule import Skip
from editorial.plan import plan
from editorial.problem import BadInput
from editorial.recurrence import occurrences, with_occurrences
from editorial.repeat import Every, Repeat
from tests.editorial.small_plan import calendar, content, entry, rule

EMPTY = calendar()


def days(repeat: Repeat, catalogue: Catalogue = EMPTY) -> list[str]:
    return [turn.day.isoformat() for turn in repeat.turns(catalogue)]


def monthly(day: str, start: date, until: date, skip: Skip = Skip.ERROR) -> Repeat:
    return Repeat(every=Every.MONTH, start=start, until=until, day=day, skip=skip)


@pytest.mark.parametrize(
    ("skip", "expected"),
    [
        (Skip.BACKWARD, ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        (Skip.FORWARD, ["2027-01-31", "2027-03-01", "2027-03-31"]),
        (Skip.OMIT, ["2027-01-31", "2027-03-31"]),
    ],
)
def test_the_31st_of_a_shorter_month_goes_where_skip_says(skip: Skip, expected: list[str]) -> None:
    assert days(monthly("31", date(2027, 1, 1), date(2027, 4, 30), skip)) == expected


def test_the_31st_of_a_shorter_month_is_refused_unless_somebody_decides() -> None:
    with pytest.raises(BadInput, match="tháng 2/2027 không có ngày 31"):
        days(monthly("31", date(2027, 1, 1), date(2027, 4, 30)))


def test_the_last_day_is_the_months_own() -> None:
    assert days(monthly("last", date(2028, 1, 1), date(2028, 4, 29))) == ["2028-01-31", "2028-02-29", "2028-03-31"]


@given(st.integers(1, 31), st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_months_never_drift(day: int, start: date, months: int) -> None:
    until = start + timedelta(days=30 * months)
    found = monthly(str(day), start, until, Skip.BACKWARD).turns(EMPTY)
    assert all(turn.day.day == day or (turn.day + timedelta(days=1)).day == 1 for turn in found)
    numbers = [turn.day.year * 12 + turn.day.month for turn in found]
    assert all(second == first + 1 for first, second in pairwise(numbers))


def test_weeks_are_seven_days_and_named_by_their_iso_week() -> None:
    repeat = Repeat(every=Every.WEEK, weekday="fri", start=date(2026, 12, 20), until=date(2027, 1, 10))
    assert [(turn.name, turn.day.isoformat()) for turn in repeat.turns(EMPTY)] == [
        ("2026-w52", "2026-12-25"), ("2026-w53", "2027-01-01"), ("2027-w01", "2027-01-08"),
    ]  # fmt: skip


def test_quarters_take_their_last_month_unless_told_and_years_their_day() -> None:
    start, until = date(2026, 8, 1), date(2027, 7, 1)
    last = Repeat(every=Every.QUARTER, day="last", start=start, until=until)
    first = Repeat(every=Every.QUARTER, day="5", month=1, start=start, until=until)
    assert [(turn.name, turn.day.isoformat()) for turn in last.turns(EMPTY)] == [
        ("2026-q3", "2026-09-30"), ("2026-q4", "2026-12-31"), ("2027-q1", "2027-03-31"), ("2027-q2", "2027-06-30"),
    ]  # fmt: skip
    assert days(first) == ["2026-10-05", "2027-01-05", "2027-04-05"]


def test_29_february_every_year_goes_where_skip_says() -> None:
    repeat = Repeat(every=Every.YEAR, month=2, day="29", start=date(2026, 1, 1), until=date(2028, 12, 31), skip=Skip.BACKWARD)
    assert days(repeat) == ["2026-02-28", "2027-02-28", "2028-02-29"]


def test_a_lunar_occasion_comes_on_its_own_days_twice_or_never_in_some_years() -> None:
    moons = calendar(rule("ram_mot", "lunar:11-15"))
    repeat = Repeat(every=Every.OCCASION, anchor="ram_mot", start=date(2025, 1, 1), until=date(2026, 12, 31))
    assert [(turn.name, turn.day.isoformat()) for turn in repeat.turns(moons)] == [
        ("2026-1", "2026-01-03"), ("2026-2", "2026-12-23"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"every": Every.WEEK}, "repeat.weekday"),
        ({"every": Every.WEEK, "weekday": "friday"}, "repeat.weekday"),
        ({"every": Every.MONTH}, "repeat.day"),
        ({"every": Every.MONTH, "day": "32"}, "repeat.day"),
        ({"every": Every.MONTH, "day": "5", "weekday": "mon"}, "repeat.weekday"),
        ({"every": Every.QUARTER, "day": "5", "month": 4}, "repeat.month"),
        ({"every": Every.YEAR, "day": "5"}, "repeat.month"),
        ({"every": Every.OCCASION}, "repeat.anchor"),
        ({"every": Every.MONTH, "day": "5", "until": date(2025, 1, 1)}, "repeat.until"),
        ({"every": Every.MONTH, "day": "5", "until": date(2040, 1, 1)}, "repeat.until"),
        ({"every": Every.WEEK, "weekday": "mon", "start": date(9999, 12, 1), "until": date.max}, "repeat.from"),
    ],
)
def test_a_rhythm_that_says_too_little_or_too_much_is_refused_at_its_key(keys: dict[str, object], key: str) -> None:
    given_keys = {"start": date(2026, 1, 1), "until": date(2026, 12, 31), **keys}
    with pytest.raises(BadInput) as caught:
        Repeat(**given_keys)  # type: ignore[arg-type]
    assert caught.value.problems[0].key == key


def test_each_occurrence_is_an_entry_with_its_own_slots_and_keys(catalogue: Catalogue) -> None:
    repeat = monthly("last", date(2026, 10, 1), date(2026, 12, 31))
    news = entry("ban-tin", "ky@08:00~prev", repeat=repeat, channels=("portal", "zalo"), zalo="ky-1wd@17:00")
    written = with_occurrences(content(entry("mot", "2026-10-01@08:00"), news), catalogue)
    planned = plan(written, catalogue)
    assert not planned.problems
    assert list(written.entries) == ["mot", "ban-tin--2026-10", "ban-tin--2026-11", "ban-tin--2026-12"]
    assert [(slot.key, f"{slot.at:%d/%m %H:%M}") for slot in planned.slots[1:]] == [
        ("ban-tin--2026-10.portal.2026", "30/10 08:00"),
        ("ban-tin--2026-10.zalo.2026", "30/10 17:00"),
        ("ban-tin--2026-11.zalo.2026", "27/11 17:00"),
        ("ban-tin--2026-11.portal.2026", "30/11 08:00"),
        ("ban-tin--2026-12.zalo.2026", "30/12 17:00"),
        ("ban-tin--2026-12.portal.2026", "31/12 08:00"),
    ]
    assert written.place("ban-tin--2026-11", "when") == ("content/ban-tin.md", 7, "when")


def test_an_anchor_without_a_year_means_the_one_of_the_occurrence() -> None:
    tet = calendar(rule("trung_thu", "lunar:08-15"))
    repeat = Repeat(every=Every.OCCASION, anchor="trung_thu", start=date(2026, 1, 1), until=date(2028, 12, 31))
    made = occurrences(entry("trung-thu", "trung_thu-3d@08:00", repeat=repeat), tet)
    assert [(each.id, each.when, each.series) for each in made] == [
        ("trung-thu--2026", "trung_thu/2026-3d@08:00", "trung-thu"),
        ("trung-thu--2027", "trung_thu/2027-3d@08:00", "trung-thu"),
        ("trung-thu--2028", "trung_thu/2028-3d@08:00", "trung-thu"),
    ]


def test_a_moment_that_does_not_follow_the_rhythm_is_refused_at_its_line() -> None:
    repeat = monthly("5", date(2026, 10, 1), date(2026, 12, 31))
    written = content(entry("ban-tin", "2026-10-05@08:00", repeat=repeat), entry("khac", "ky@8h", repeat=repeat))
    with pytest.raises(BadInput) as caught:
        with_occurrences(written, EMPTY)
    assert [(problem.rule, problem.file, problem.line) for problem in caught.value.problems] == [
        ("fixed-repeat", "content/ban-tin.md", 7), ("date-rule-bad-time", "content/khac.md", 7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("when", "zalo", "key"),
    [
        ("q4_end-3d@08:00", "ky@09:00", "when"), ("ky@08:00", "q4_end@09:00", "moments.zalo"),
        ("trung_thu-1d@08:00", "ky@09:00", "when"),
    ],
)  # fmt: skip
def test_turns_that_would_all_go_out_at_one_moment_are_refused(when: str, zalo: str, key: str) -> None:
    known = calendar(rule("trung_thu", "lunar:08-15"), rule("q4_end", "quarter_end:4"))
    repeat = monthly("5", date(2026, 10, 1), date(2026, 12, 31))
    news = entry("ban-tin", when, repeat=repeat, channels=("portal", "zalo"), zalo=zalo)
    with pytest.raises(BadInput) as caught:
        with_occurrences(content(news), known)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.file, problem.key) == ("fixed-repeat", "content/ban-tin.md", key)
    assert "3 kỳ (2026-10, 2026-11, 2026-12) rơi vào cùng một lúc" in problem.message


def test_a_moment_that_no_channel_goes_by_may_stand_still() -> None:
    repeat = monthly("5", date(2026, 10, 1), date(2026, 12, 31))
    news = entry("ban-tin", "q4_end@08:00", repeat=repeat, channels=("zalo",), zalo="ky@09:00")
    assert len(occurrences(news, EMPTY)) == 3


def test_an_anchor_of_the_year_is_the_same_moment_for_the_turns_of_one_year_alone() -> None:
    repeat = Repeat(every=Every.YEAR, month=12, day="1", start=date(2026, 1, 1), until=date(2028, 12, 31))
    made = occurrences(entry("ban-tin", "q4_end-3d@08:00", repeat=repeat), EMPTY)
    assert [each.when for each in made] == [f"q4_end/{year}-3d@08:00" for year in (2026, 2027, 2028)]


def test_an_occasion_that_nobody_knows_is_told_at_the_entrys_line() -> None:
    repeat = Repeat(every=Every.OCCASION, anchor="ngay_la", start=date(2026, 1, 1), until=date(2026, 12, 31))
    with pytest.raises(BadInput) as caught:
        with_occurrences(content(entry("a", "ky@08:00", repeat=repeat)), EMPTY)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.file, problem.key) == ("unknown-anchor", "content/a.md", "repeat.anchor")


def test_a_day_that_a_year_lacks_is_told_at_the_entrys_line_too() -> None:
    last = calendar(rule("ba_muoi", "lunar:12-30"))
    repeat = Repeat(every=Every.OCCASION, anchor="ba_muoi", start=date(2027, 1, 1), until=date(2027, 12, 31))
    with pytest.raises(BadInput) as caught:
        with_occurrences(content(entry("a", "ky@08:00", repeat=repeat)), last)
    assert (caught.value.problems[0].file, caught.value.problems[0].key) == ("content/a.md", "repeat.anchor")


def test_an_entry_said_once_keeps_its_id_and_keys() -> None:
    once = entry("mot", "2026-10-01@08:00")
    assert occurrences(once, EMPTY) == (once,)
