from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from desk.web.moment_words import ago, day_heading, duration_words, moment_words, size_words
from desk.web.month import Month, Quarter, month_of, parse_month
from desk.web.views.calendar import occasion_line
from desk.web.views.deliveries import heartbeat
from desk.web.views.status import Status, most_pressing, states_of, status_of_state
from editorial.delivery import State
from editorial.occasion import Evidence, Kind, Name, OccasionRule, TierBy, occurrences
from editorial.problem import BadInput
from editorial.tone import Tone

NOON = datetime(2026, 10, 10, 5, 0, tzinfo=UTC)


def test_a_month_knows_its_neighbours_its_quarter_and_its_weeks() -> None:
    october = parse_month("2026-10")
    assert (october.plus(-1), october.plus(3)) == (Month(2026, 9), Month(2027, 1))
    assert october.quarter == Quarter(2026, 4)
    assert (october.quarter.first, october.quarter.last) == (date(2026, 10, 1), date(2026, 12, 31))
    weeks = october.weeks()
    assert weeks[0][0] == date(2026, 9, 28)
    assert weeks[-1][-1] == date(2026, 11, 1)
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)


def test_a_month_that_is_four_whole_weeks_needs_no_more() -> None:
    assert len(month_of(date(2027, 2, 10)).weeks()) == 4


@pytest.mark.parametrize("text", ["", "2026", "2026-1", "2026-00", "2026-13", "1975-01", "2100-01", "2026-10-01", "２０２６-10"])
def test_what_is_no_month_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput):
        parse_month(text)


def test_every_state_has_a_status_and_back() -> None:
    for state in State:
        assert state in states_of(status_of_state(state))
    assert states_of(Status.DRAFT) == ()


def test_what_needs_a_person_stands_for_the_whole() -> None:
    assert most_pressing([Status.VERIFIED, Status.HELD, Status.READY]) is Status.HELD
    assert most_pressing([Status.VERIFIED, Status.PUBLISHED]) is Status.PUBLISHED


def test_the_scheduler_s_silence_is_told() -> None:
    assert heartbeat(None, NOON).quiet
    assert "10/10/2026" in heartbeat(None, NOON, NOON).words
    assert not heartbeat(NOON - timedelta(seconds=90), NOON).quiet
    late = heartbeat(NOON - timedelta(minutes=5), NOON)
    assert late.quiet and "5 phút trước" in late.words


def test_moments_are_written_on_the_office_s_clock() -> None:
    assert moment_words(NOON) == "12:00 thứ Bảy 10/10/2026"
    assert day_heading(date(2026, 10, 11)) == "Chủ nhật, 11/10"
    assert ago(NOON - timedelta(days=3), NOON) == "3 ngày trước"
    assert (size_words(1_440_000), size_words(320), duration_words(83.7)) == ("1,4 MB", "1 kB", "1:23")


@pytest.mark.parametrize(
    ("year", "words", "round_year"), [(2025, "năm lẻ 5", False), (2026, "", False), (2030, "năm tròn", True)]
)
def test_an_occasion_whose_tier_goes_by_the_year_shows_it_without_a_count(year: int, words: str, round_year: bool) -> None:
    rule = OccasionRule(
        id="gio_to_hung_vuong", name=Name(vi="Giỗ Tổ Hùng Vương", en="Hùng Kings"), kind=Kind.MAJOR_NATIONAL, rule="lunar:03-10",
        tone=Tone.SOLEMN, basis="thử", evidence=Evidence.LOOKED_UP, tier_by=TierBy.GREGORIAN_YEAR,
    )  # fmt: skip
    line = occasion_line(occurrences(rule, year)[0])
    assert (line.tier, line.round_year) == (words, round_year)
