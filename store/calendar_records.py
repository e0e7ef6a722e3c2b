"""What a file of calendars/ looks like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictInt, field_validator

from editorial.day_rule import Skip
from editorial.days_off import DayStatus
from editorial.occasion import Evidence, Kind, TierBy
from editorial.repeat import PERIOD_ANCHOR
from editorial.tone import Tone
from reading.document import Record

HistoricYear = Annotated[StrictInt, Field(ge=-3000, le=2100)]  # Hùng Vương's time to the end of the lunar calendar


class NameRecord(Record):
    """`name:`"""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class DayRecord(Record):
    """One item of `days:`."""

    @field_validator("id")
    @classmethod
    def _not_taken(cls, value: str) -> str:
        if value == PERIOD_ANCHOR:
            raise ValueError(f"“{PERIOD_ANCHOR}” dành cho ngày của từng kỳ trong bài lặp lại; hãy đặt id khác")
        return value

    id: str
    name: NameRecord
    kind: Kind
    rule: str
    tone: Tone
    basis: str = Field(min_length=1)
    evidence: Evidence
    public_holiday: bool = False
    first_year: HistoricYear | None = None
    since: HistoricYear | None = None
    skip: Skip | None = None
    leap: bool = False
    tier_by: TierBy = TierBy.ANNIVERSARY
    uncertain: str | None = None
    public_note: str | None = None
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
