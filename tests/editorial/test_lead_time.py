from __future__ import annotations

from datetime import date, datetime, time

import pytest

from editorial.calendar import Catalogue
from editorial.clock import OFFICE_ZONE
from editorial.lead_time import STAGES, Stage, deadlines, deadlines_before
from editorial.office import LeadTimes
from editorial.plan import plan
from tests.editorial.small_plan import content, entry


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), OFFICE_ZONE)


def test_deadlines_are_counted_back_in_working_days_over_weekends_and_swaps(catalogue: Catalogue) -> None:
    """Before 2/9/2026 the days 31/8 and 1/9 are off, and Saturday 22/8 is worked for them."""
    found = deadlines_before(at(date(2026, 9, 2), 8), "a", catalogue)
    assert [(deadline.stage, deadline.due.date()) for deadline in found] == [
        (Stage.BRIEF, date(2026, 8, 18)),
        (Stage.DESIGN, date(2026, 8, 22)),
        (Stage.FACT_CHECK, date(2026, 8, 26)),
        (Stage.APPROVAL, date(2026, 8, 28)),
    ]
    assert {deadline.due.time() for deadline in found} == {time(17, 0)}


def test_an_office_sets_its_own_lead_times(catalogue: Catalogue) -> None:
    lead = LeadTimes(brief=20, design=10, fact_check=5, approval=2)
    found = deadlines_before(at(date(2026, 10, 10), 8), "a", catalogue, lead)
    assert [deadline.due.date().isoformat() for deadline in found] == ["2026-09-14", "2026-09-28", "2026-10-05", "2026-10-08"]


def test_deadlines_over_days_off_that_nobody_announced_are_provisional(catalogue: Catalogue) -> None:
    found = deadlines_before(at(date(2027, 2, 12), 8), "a", catalogue)
    assert [deadline.provisional for deadline in found] == [True, True, True, True]  # 11/2 may be off as well
    found = deadlines_before(at(date(2027, 2, 19), 8), "a", catalogue)
    assert [deadline.provisional for deadline in found] == [True, True, False, False]


def test_an_entry_counts_from_its_first_post_on_any_channel(catalogue: Catalogue) -> None:
    written = content(entry("a", "2026-10-15@08:00", channels=("portal", "zalo"), zalo="2026-10-13@08:00"))
    found = deadlines(plan(written, catalogue).slots, catalogue)
    assert len(found) == len(STAGES)
    assert found[-1].due == at(date(2026, 10, 12), 17)


@pytest.mark.parametrize(
    ("reached", "late"),
    [
        (None, [Stage.BRIEF, Stage.DESIGN]),
        (Stage.BRIEF, [Stage.DESIGN]),
        (Stage.DESIGN, []),
        (Stage.APPROVAL, []),
    ],
)
def test_late_is_what_has_passed_and_is_not_done(catalogue: Catalogue, reached: Stage | None, late: list[Stage]) -> None:
    found = deadlines_before(at(date(2026, 10, 15), 8), "a", catalogue)
    now = at(date(2026, 10, 8), 8)  # design was due on 7/10, fact-check is due on 12/10
    stages = {"a": reached} if reached else {}
    assert [deadline.stage for deadline in found if deadline.late(stages, now)] == late


def test_a_deadline_is_not_late_before_its_hour(catalogue: Catalogue) -> None:
    *_, approval = deadlines_before(at(date(2026, 10, 15), 8), "a", catalogue)
    assert not approval.late({}, at(date(2026, 10, 14), 17))
    assert approval.late({}, at(date(2026, 10, 14), 17, 1))
