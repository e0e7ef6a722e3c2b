from __future__ import annotations

from datetime import date

import pytest

from editorial.calendar import Catalogue
from editorial.campaign import Campaign, Phase, schedule
from editorial.campaign_check import check_campaigns
from editorial.days_off import DayOff, DaysOff, DayStatus
from editorial.entry import Entry
from editorial.plan import plan
from editorial.problem import BadInput, Problem, Severity
from tests.editorial.small_plan import calendar, content, entry, rule

CALENDAR = calendar(rule("khang_chien", "solar:12-19"))
PHASES = (
    Phase(id="mot", name="Mở đầu", start="khang_chien/2026-18d", end="khang_chien/2026-5d"),
    Phase(id="hai", name="Cao điểm", start="khang_chien/2026-2d", end="khang_chien/2026~next"),
)
LATE = Phase(id="ba", name="Chồng lên", start="2026-12-14", end="2026-12-20")


def campaign(
    start: str = "2026-12-01",
    end: str = "2026-12-22",
    phases: tuple[Phase, ...] = PHASES,
    units: tuple[str, ...] = ("van-phong",),
) -> Campaign:
    return Campaign(id="khang-chien-80", name="80 năm", message="Ghi nhớ", start=start, end=end, units=units, phases=phases)


def problems(*entries: Entry, run: Campaign | None = None) -> tuple[Problem, ...]:
    written = content(*entries, campaigns=(run or campaign(),))
    return check_campaigns(plan(written, CALENDAR), written, CALENDAR)


def test_a_campaign_finds_its_days_and_phases_in_the_calendar() -> None:
    found = schedule(campaign(), CALENDAR)
    assert (found.span.start, found.span.end) == (date(2026, 12, 1), date(2026, 12, 22))
    assert [(phase.id, span.start.day, span.end.day) for phase, span in found.phases] == [("mot", 1, 14), ("hai", 17, 21)]
    assert [phase.id if (phase := found.phase_on(date(2026, 12, day))) else None for day in (1, 14, 15, 17, 22)] == [
        "mot", "mot", None, "hai", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "rule_of", "key"),
    [
        (campaign(start="khang_chien/2026+5d", end="khang_chien/2026", phases=()), "bad-campaign-days", "to"),
        (campaign(end="khang_chien/2026-10d"), "phase-outside-campaign", "phases[0].from"),
        (campaign(start="ngay_la/2026"), "unknown-anchor", "from"),
        (campaign(start="khang_chien/2026-3"), "date-rule-no-unit", "from"),
        (campaign(phases=(PHASES[0], LATE)), "phases-overlap", "phases[1].from"),
    ],
)
def test_days_that_do_not_fit_are_told_at_their_key(wrong: Campaign, rule_of: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        schedule(wrong, CALENDAR)
    assert (caught.value.problems[0].rule, caught.value.problems[0].key) == (rule_of, key)


def test_an_entry_inside_its_campaign_raises_nothing() -> None:
    assert not problems(entry("a", "2026-12-18@08:00", campaign="khang-chien-80"), entry("b", "2026-07-01@08:00"))


@pytest.mark.parametrize(("when", "words"), [("2026-12-25@08:00", "ngoài thời gian"), ("2026-12-15@08:00", "giữa hai giai đoạn")])
def test_a_slot_outside_the_campaign_or_between_phases_is_a_warning(when: str, words: str) -> None:
    (problem,) = problems(entry("a", when, campaign="khang-chien-80"))
    assert (problem.rule, problem.severity) == ("outside-campaign", Severity.WARNING)
    assert words in problem.message


def test_a_campaign_that_nobody_wrote_and_a_unit_that_nobody_knows_are_errors() -> None:
    told = problems(entry("a", "2026-12-18@08:00", campaign="khang-chien-8"), run=campaign(units=("van-phong", "so-la")))
    assert {(problem.rule, problem.severity) for problem in told} == {
        ("unknown-campaign", Severity.ERROR), ("unknown-unit", Severity.ERROR),
    }  # fmt: skip
    assert any("khang-chien-80" in problem.message for problem in told)


def test_days_that_rest_on_a_day_off_nobody_has_announced_are_told_as_expected() -> None:
    guess = DaysOff([DayOff(day=date(2026, 12, 18), name="Nghỉ", status=DayStatus.PROJECTED)])
    known = Catalogue(CALENDAR.rules, guess)
    found = schedule(campaign(start="khang_chien/2026-1wd", end="2026-12-22", phases=()), known)
    assert str(found.span) == "17/12/2026 - 22/12/2026 (dự kiến)"
    assert not schedule(campaign(), CALENDAR).span.provisional
