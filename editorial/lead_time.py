"""By when each stage of an entry is done, counted back in working days from its first post; and what is late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import Enum

from editorial.calendar import Catalogue
from editorial.date_expression import DateRule, Offset, Unit
from editorial.date_rule import resolve
from editorial.office import LeadTimes
from editorial.plan import PlannedSlot

DUE_HOUR = time(17, 0)  # the end of the office's day


class Stage(Enum):
    """What is done before a post goes out, in this order."""

    BRIEF = "brief"  # what to say is agreed
    DESIGN = "design"  # words and pictures are made
    FACT_CHECK = "fact_check"  # figures, dates and names are held against their sources
    APPROVAL = "approval"  # a second person has signed

    @property
    def label(self) -> str:
        """Say it as the office does."""
        return {"brief": "đề cương", "design": "thiết kế", "fact_check": "kiểm chứng", "approval": "duyệt"}[self.value]


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A stage of an entry and the moment by which it is done."""

    entry: str
    stage: Stage
    due: datetime  # Asia/Ho_Chi_Minh
    first_slot: datetime
    provisional: bool  # rests on a day off that is not announced yet

    def late(self, reached: Mapping[str, Stage], now: datetime) -> bool:
        """Tell whether the deadline has passed and the entry has not come this far; an entry not in `reached` has not begun."""
        stage = reached.get(self.entry)
        done = stage is not None and STAGES.index(stage) >= STAGES.index(self.stage)
        return not done and self.due < now


STAGES = tuple(Stage)


def deadlines(slots: Iterable[PlannedSlot], catalogue: Catalogue, lead_times: LeadTimes | None = None) -> tuple[Deadline, ...]:
    """Return the deadlines of every entry that has a slot, counted from its first one, by moment."""
    first: dict[str, PlannedSlot] = {}
    for slot in slots:
        if slot.entry not in first or slot.at < first[slot.entry].at:
            first[slot.entry] = slot
    of_day: dict[date, tuple[Deadline, ...]] = {}  # many entries share a day, and to count working days back takes its time
    found = []
    for slot in first.values():
        if slot.day not in of_day:
            of_day[slot.day] = deadlines_before(slot.at, slot.entry, catalogue, lead_times)
        found += [
            replace(each, entry=slot.entry, first_slot=slot.at, provisional=each.provisional or slot.provisional)
            for each in of_day[slot.day]
        ]
    return tuple(sorted(found, key=lambda deadline: (deadline.due, deadline.entry)))


def deadlines_before(
    moment: datetime, entry: str, catalogue: Catalogue, lead_times: LeadTimes | None = None, *, provisional: bool = False
) -> tuple[Deadline, ...]:
    """Return the four deadlines before a moment: an entry's first post, or a milestone.

    Raise BadInput where a deadline would fall outside the calendar.
    """
    lead = lead_times or LeadTimes()
    days = {Stage.BRIEF: lead.brief, Stage.DESIGN: lead.design, Stage.FACT_CHECK: lead.fact_check, Stage.APPROVAL: lead.approval}
    found = []
    for stage in STAGES:
        resolved = resolve(_rule(moment.date(), days[stage]), catalogue)
        unsure = provisional or resolved.provisional
        found.append(Deadline(entry=entry, stage=stage, due=resolved.at, first_slot=moment, provisional=unsure))
    return tuple(found)


def _rule(day: date, working_days: int) -> DateRule:
    offset = Offset(count=-working_days, unit=Unit.WORKING_DAY)
    return DateRule(anchor=day.isoformat(), fixed=day, offsets=(offset,), at=DUE_HOUR)
