"""How fast is planning: ten years of occasions and ten thousand entries, made up from the workspace's own calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter

from editorial.calendar import Catalogue
from editorial.entry import Entry
from editorial.occasion import OccasionRule
from editorial.plan import plan
from editorial.workspace import Content

YEARS = 10
ENTRIES = 10_000
GOAL = 2.0  # seconds, for occasions and plan together

_OFFSETS = ("", "-1d", "-3d", "-2w", "-1wd", "-5wd", "-1m", "+2d-1wd", "-10wd", "+1w")
_ROLLS = ("", "~prev", "~near")


@dataclass(frozen=True, kw_only=True)
class PlanningSpeed:
    """What was planned and how long it took, in seconds, the first use of the holidays library included."""

    years: int
    occasions: int
    entries: int
    slots: int
    problems: int
    occasions_seconds: float
    plan_seconds: float

    @property
    def seconds(self) -> float:
        return self.occasions_seconds + self.plan_seconds


def measure(content: Content, catalogue: Catalogue, first_year: int, *, entries: int = ENTRIES) -> PlanningSpeed:
    """Plan made-up entries, each on every channel of the office, over a calendar that has computed nothing yet."""
    years = range(first_year, first_year + YEARS)
    made_up = _content(content, catalogue, years, entries)
    fresh = Catalogue(catalogue.rules, catalogue.days_off, catalogue.mourning)
    start = perf_counter()
    occasions = sum(len(fresh.occasions(year)) for year in years)
    between = perf_counter()
    planned = plan(made_up, fresh)
    end = perf_counter()
    return PlanningSpeed(
        years=YEARS,
        occasions=occasions,
        entries=len(made_up.entries),
        slots=len(planned.slots),
        problems=len(planned.problems),
        occasions_seconds=between - start,
        plan_seconds=end - between,
    )


def _content(content: Content, catalogue: Catalogue, years: range, count: int) -> Content:
    base = next(iter(content.entries.values()))
    channels = tuple(content.office.channels)
    everywhere = replace(base, channels=channels, moments={}, languages={})
    entries = {entry.id: entry for entry in islice(_entries(everywhere, catalogue, years), count)}
    return replace(content, entries=entries, places=dict.fromkeys(entries, content.places[base.id]))


def _entries(base: Entry, catalogue: Catalogue, years: range) -> Iterator[Entry]:
    """Make entries without end, seven in ten of them with a date rule of their own."""
    anchors = [rule.id for rule in catalogue.rules if _comes_yearly(rule)]
    number = 0
    while True:
        anchor, year = anchors[number % len(anchors)], years[number // len(anchors) % len(years)]
        offset, roll = _OFFSETS[number % len(_OFFSETS)], _ROLLS[number % len(_ROLLS)]
        hour, minute = 6 + number % 14, number * 7 % 60
        when = f"{anchor}/{year}{offset}@{hour:02d}:{minute:02d}{roll}"
        yield replace(base, id=f"{base.id}-{number}", when=when)
        number += 1


def _comes_yearly(rule: OccasionRule) -> bool:
    """Tell by its text alone whether a day comes once in every year: to compute it here would leave less to measure."""
    return not rule.day.may_be_missing and not rule.rule.startswith(("date:", "lunar:11", "lunar:12"))
