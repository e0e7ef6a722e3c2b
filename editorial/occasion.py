"""The days a city speaks on: holidays, observances, milestones, quarter ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from editorial.day_rule import DayRule, Fall, Skip, parse_day_rule
from editorial.lunar import FIRST_YEAR, LAST_YEAR, LunarDate, to_lunar
from editorial.problem import BadInput, Problem
from editorial.tone import Tone

_ID = re.compile(r"[a-z][a-z0-9_]*")


class Kind(Enum):
    """Whose day it is."""

    MAJOR_NATIONAL = "major_national"  # one of the eight great days of Decree 145/2013, article 4
    NATIONAL = "national"  # the nation's, not one of the eight
    CITY = "city"  # Hanoi's own history
    CITY_MILESTONE = "city_milestone"  # a date in the city's administration
    CITY_TRADITIONAL = "city_traditional"  # a festival of the city
    TRADITIONAL = "traditional"  # kept by custom
    RELIGIOUS = "religious"  # kept by a religion
    SECTOR = "sector"  # a profession's or a branch of government's
    ORGANISATION = "organisation"  # the founding of an organisation
    INTERNATIONAL = "international"  # kept around the world
    QUARTER = "quarter"  # the end of a quarter
    REPORT = "report"  # a report is due


class Evidence(Enum):
    """How well the date is known."""

    LOOKED_UP = "looked_up"  # a published page states it
    GENERAL_KNOWLEDGE = "general_knowledge"  # well known, not checked again


class Tier(Enum):
    """How round the anniversary is: Decree 145/2013, article 3; a ceremony belongs to a round year only (Decree 111/2018)."""

    ROUND = "nam_tron"  # the count ends in 0
    FIVE = "nam_le_5"  # the count ends in 5
    OTHER = "nam_khac"  # any other count
    FIRST = "first"  # the year itself, nothing to count yet

    @property
    def label(self) -> str:
        """Say it as the decree does."""
        return {"nam_tron": "năm tròn", "nam_le_5": "năm lẻ 5", "nam_khac": "năm khác", "first": "lần đầu"}[self.value]


class TierBy(Enum):
    """What the tier of an occasion goes by."""

    ANNIVERSARY = "anniversary"  # years since the first year
    GREGORIAN_YEAR = "gregorian_year"  # the year's own last digit, as the decree has it for Giỗ Tổ


@dataclass(frozen=True, kw_only=True)
class Name:
    """What the day is called."""

    vi: str
    en: str


@dataclass(frozen=True, kw_only=True)
class OccasionRule:
    """A day of the calendar files, not yet of any year; raise BadInput when its rule cannot be read."""

    id: str
    name: Name
    kind: Kind
    rule: str
    tone: Tone
    basis: str
    evidence: Evidence
    public_holiday: bool = False
    first_year: int | None = None  # anniversaries are counted from here
    since: int | None = None  # kept from this year on; without it, from the first year on
    skip: Skip = Skip.ERROR
    leap: bool = False
    tier_by: TierBy = TierBy.ANNIVERSARY
    uncertain: str | None = None  # the doubt, in words, for colleagues
    public_note: str | None = None  # what the public is told beside the day
    note: str | None = None
    sources: tuple[str, ...] = ()
    day: DayRule = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            message = f"mã “{self.id}” chỉ được gồm chữ thường không dấu, chữ số và gạch dưới, ví dụ trung_thu"
            raise BadInput(Problem(rule="bad-occasion-id", message=message, key="id"))
        object.__setattr__(self, "day", parse_day_rule(self.rule, leap=self.leap))


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One occurrence of a rule."""

    id: str
    name: Name
    kind: Kind
    tone: Tone
    date: date
    lunar: LunarDate
    count: int | None  # years since the first one
    tier: Tier | None
    public_holiday: bool
    basis: str
    evidence: Evidence
    uncertain: str | None
    public_note: str | None
    note: str | None


def occurrences(rule: OccasionRule, gregorian_year: int) -> tuple[Occasion, ...]:
    """Give the rule's days in a Gregorian year, in order: one as a rule, none or two for lunar months 11 and 12."""
    if not FIRST_YEAR <= gregorian_year <= LAST_YEAR:
        message = f"năm {gregorian_year} nằm ngoài lịch {FIRST_YEAR}-{LAST_YEAR}; hãy chọn năm trong khoảng đó"
        raise BadInput(Problem(rule="year-out-of-range", message=message))
    return tuple(_occasion(rule, fall) for fall in _falls(rule, gregorian_year) if _is_kept(rule, fall))


def _falls(rule: OccasionRule, year: int) -> tuple[Fall, ...]:
    try:
        return rule.day.falls(year, rule.skip)
    except BadInput as missing:
        raise BadInput(*(replace(problem, key=rule.id) for problem in missing.problems)) from missing


def _is_kept(rule: OccasionRule, fall: Fall) -> bool:
    start = rule.since if rule.since is not None else rule.first_year
    return start is None or fall.counted_year >= start


def _occasion(rule: OccasionRule, fall: Fall) -> Occasion:
    count = None if rule.first_year is None else fall.counted_year - rule.first_year
    return Occasion(
        id=rule.id,
        name=rule.name,
        kind=rule.kind,
        tone=rule.tone,
        date=fall.day,
        lunar=to_lunar(fall.day),
        count=count,
        tier=_tier(fall.day.year if rule.tier_by is TierBy.GREGORIAN_YEAR else count),
        public_holiday=rule.public_holiday,
        basis=rule.basis,
        evidence=rule.evidence,
        uncertain=rule.uncertain,
        public_note=rule.public_note,
        note=rule.note,
    )


def _tier(count: int | None) -> Tier | None:
    if count is None:
        return None
    if count == 0:
        return Tier.FIRST
    return {0: Tier.ROUND, 5: Tier.FIVE}.get(count % 10, Tier.OTHER)
