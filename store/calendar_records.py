"""What a file of calendars/ looks like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from editorial.day_rule import Skip
from editorial.days_off import DayStatus
from editorial.occasion import Evidence, Kind, TierBy
from editorial.tone import Tone
from reading.document import Record


class NameRecord(Record):
    """`name:`"""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class DayRecord(Record):
    """One item of `days:`."""

    id: str
    name: NameRecord
    kind: Kind
    rule: str
    tone: Tone
    basis: str = Field(min_length=1)
    evidence: Evidence
    public_holiday: bool = False
    first_year: int | None = None
    since: int | None = None
    skip: Skip | None = None
    leap: bool = False
    tier_by: TierBy = TierBy.ANNIVERSARY
    uncertain: str | None = None
    note: str | None = None
    sources: tuple[str, ...] = ()


class DayOffRecord(Record):
    """One item of `days_off:`."""

    day: date = Field(alias="date")
    name: str = Field(min_length=1)
    status: DayStatus
    source: str | None = None
    note: str | None = None


class WorkingDayRecord(Record):
    """One item of `working_weekend_days:` or `working_days:`."""

    day: date = Field(alias="date")
    status: DayStatus
    swapped_for: date | None = None
    source: str | None = None
    note: str | None = None


class YearRecord(Record):
    """One year of `years:`."""

    days_off: tuple[DayOffRecord, ...] = ()
    working_weekend_days: tuple[WorkingDayRecord, ...] = ()
    working_days: tuple[WorkingDayRecord, ...] = ()


class MourningRecord(Record):
    """One item of `mourning_periods:`."""

    start: date
    end: date
    reason: str = Field(min_length=1)
    evidence: Evidence


class CalendarRecord(Record):
    """A whole file of calendars/."""

    schema_: Literal[1] = Field(alias="schema")
    days: tuple[DayRecord, ...] = ()
    years: Mapping[int, YearRecord] = Field(default_factory=dict)
    mourning_periods: tuple[MourningRecord, ...] = ()
