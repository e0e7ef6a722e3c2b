from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from editorial.calendar import Catalogue
from editorial.clock import OFFICE_ZONE
from editorial.days_off import DayOff, DaysOff, DayStatus, WorkingDay
from editorial.move import Fate, moves, past_due
from editorial.plan import Plan, plan
from tests.editorial.small_plan import calendar, content, entry, rule

OLD = calendar(rule("khai_giang", "solar:09-05"))
NEW = calendar(rule("khai_giang", "solar:09-07"))
WRITTEN = content(entry("khai-giang", "khai_giang/2026-2d@17:00"), entry("khac", "2026-09-01@08:00"))
SLOT = datetime(2026, 9, 3, 17, 0, tzinfo=OFFICE_ZONE)
KEY = "khai-giang.portal.2026"


def both() -> tuple[Plan, Plan]:
    return plan(WRITTEN, OLD), plan(WRITTEN, NEW)


@pytest.mark.parametrize(
    ("approved", "published", "now", "fate"),
    [
        (set(), set(), SLOT - timedelta(days=9), Fate.MOVED),
        (set(), set(), SLOT - timedelta(hours=24, minutes=1), Fate.MOVED),
        (set(), set(), SLOT - timedelta(hours=24), Fate.LOCKED),
        ({KEY}, set(), SLOT - timedelta(days=9), Fate.CONFLICT),
        ({KEY}, set(), SLOT - timedelta(hours=3), Fate.CONFLICT),
        ({KEY}, {KEY}, SLOT - timedelta(days=9), Fate.PUBLISHED),
        (set(), set(), SLOT, Fate.PUBLISHED),
    ],
)
def test_a_moved_anchor_moves_what_nobody_approved_and_nothing_else(
    approved: set[str], published: set[str], now: datetime, fate: Fate
) -> None:
    (move,) = moves(*both(), approved, now, published)
    assert move.fate is fate
    assert move.stands_at == (move.after.at if fate is Fate.MOVED else SLOT)
    assert move.back_to_review is (fate is Fate.MOVED)
    assert "17:00 3/9/2026 → 17:00 5/9/2026" in str(move)


def test_an_unchanged_calendar_moves_nothing() -> None:
    before, _ = both()
    assert not moves(before, before, (), SLOT)


def test_another_hour_of_the_same_day_needs_no_new_review() -> None:
    after = plan(content(entry("khai-giang", "khai_giang/2026-2d@16:00")), OLD)
    (move,) = moves(plan(WRITTEN, OLD), after, (), SLOT - timedelta(days=9))
    assert (move.fate, move.back_to_review) == (Fate.MOVED, False)


def test_a_slot_that_moves_over_new_year_is_still_the_same_slot() -> None:
    before = plan(content(entry("a", "2026-12-31@08:00")), OLD)
    after = plan(content(entry("a", "2027-01-02@08:00")), OLD)
    (move,) = moves(before, after, {"a.portal.2026"}, SLOT)
    assert (move.fate, move.before.key, move.after.key) == (Fate.CONFLICT, "a.portal.2026", "a.portal.2027")


def test_a_day_off_that_is_announced_moves_what_rested_on_the_guess() -> None:
    guess = Catalogue((), DaysOff([DayOff(day=date(2027, 2, 4), name="Tết", status=DayStatus.PROJECTED)]))
    official = Catalogue((), DaysOff([], [WorkingDay(day=date(2027, 2, 4), status=DayStatus.OFFICIAL)]))
    written = content(entry("a", "2027-02-05-1wd@08:00"))
    before, after = plan(written, guess), plan(written, official)
    assert (before.slots[0].provisional, after.slots[0].provisional) == (True, False)
    (move,) = moves(before, after, (), SLOT)
    assert (move.fate, move.before.day, move.after.day) == (Fate.MOVED, date(2027, 2, 3), date(2027, 2, 4))


def test_what_is_past_when_it_is_planned_is_refused_with_the_moment_it_came_to() -> None:
    planned = plan(WRITTEN, OLD)
    now = SLOT + timedelta(days=1)
    told = past_due(planned, WRITTEN, now, known={"khac.portal.2026"})
    assert [(problem.rule, problem.file, problem.line) for problem in told] == [("past-due", "content/khai-giang.md", 7)]
    assert "17:00 3/9/2026, đã qua" in told[0].message
    assert not past_due(planned, WRITTEN, SLOT - timedelta(days=60))


def test_a_new_moment_that_may_still_change_says_so() -> None:
    guess = Catalogue((), DaysOff([DayOff(day=date(2027, 2, 4), name="Tết", status=DayStatus.PROJECTED)]))
    before, after = plan(content(entry("a", "2027-02-04@08:00")), guess), plan(content(entry("a", "2027-02-05-1wd@08:00")), guess)
    (move,) = moves(before, after, (), SLOT)
    assert "08:00 4/2/2027 → 08:00 3/2/2027 (dự kiến)" in str(move)
