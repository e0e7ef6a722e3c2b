"""A date rule that somebody moves by hand: which rule gives the moment that they point at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from editorial.clock import OFFICE_ZONE
from editorial.date_expression import DateRule, Offset, Roll, Unit

FARTHEST = 999  # days; an offset has three digits at most


def moved_rule(rule: DateRule, anchor_day: date, to: datetime, *, keeps_anchor: bool = True) -> DateRule:
    """Return the rule that gives `to`: counted in days from its anchor still, or as a fixed day.

    `anchor_day` is the day of the rule's own anchor. Working days and rolls are left out: who points at a day means that day.
    A day too far from its anchor for an offset is written as it is, where the rule has no turns to count from.
    """
    local = to.astimezone(OFFICE_ZONE)
    days = (local.date() - anchor_day).days
    bare = replace(rule, offsets=(), at=local.time().replace(second=0, microsecond=0), roll=Roll.NONE)
    if rule.fixed is not None or not keeps_anchor or abs(days) > FARTHEST:
        return replace(bare, anchor=local.date().isoformat(), year=None, fixed=local.date())
    return replace(bare, offsets=(Offset(count=days, unit=Unit.DAY),) if days else ())


def is_simpler(before: DateRule, after: DateRule) -> bool:
    """Tell whether the new rule no longer leaves days off, or counts working days, as the old one did."""
    left = before.roll is not Roll.NONE or bool(before.total(Unit.WORKING_DAY))
    return left and after.roll is Roll.NONE and not after.total(Unit.WORKING_DAY)
