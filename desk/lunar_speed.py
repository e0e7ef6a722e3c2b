"""How fast is the lunar calendar: a year that nobody has asked for yet, and a day of a year that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from editorial.lunar import LunarCalendar

YEARS = range(2020, 2041)
ROUNDS = 20
GOAL_YEAR = 0.030  # seconds, cold
GOAL_LOOKUP = 0.000_020  # seconds, warm


@dataclass(frozen=True, kw_only=True)
class LunarSpeed:
    """What was computed and how long it took, in seconds."""

    years: int
    year_seconds: float  # cold, the median year
    slowest_year_seconds: float
    lookups: int
    lookup_seconds: float  # warm, on average, both directions alike

    @property
    def good(self) -> bool:
        return self.year_seconds < GOAL_YEAR and self.lookup_seconds < GOAL_LOOKUP


def measure(years: range = YEARS, rounds: int = ROUNDS) -> LunarSpeed:
    """Compute each year in a calendar that knows none, then look up every day of the last one, there and back."""
    cold = [_year_seconds(year) for year in years]
    lookups, seconds = _lookups(years[-1], rounds)
    return LunarSpeed(
        years=len(cold),
        year_seconds=median(cold),
        slowest_year_seconds=max(cold),
        lookups=lookups,
        lookup_seconds=seconds / lookups,
    )


def _year_seconds(year: int) -> float:
    calendar = LunarCalendar()
    start = perf_counter()
    calendar.months(year)
    return perf_counter() - start


def _lookups(year: int, rounds: int) -> tuple[int, float]:
    calendar = LunarCalendar()
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    lunar = [calendar.to_lunar(day) for day in days]
    start = perf_counter()
    for _ in range(rounds):
        for day in days:
            calendar.to_lunar(day)
        for each in lunar:
            calendar.to_solar(each)
    return rounds * 2 * len(days), perf_counter() - start
