"""Days on which the office does not work: the law's holidays, the yearly announcements, the swapped Saturdays."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache, partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

from editorial.day_name import short_day
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from holidays import HolidayBase

SATURDAY = 5


class DayStatus(Enum):
    """How sure a day off, or a working Saturday, is."""

    OFFICIAL = "official"  # announced; the announcement was read
    LIBRARY = "library"  # from the holidays library, which cites an official page
    PROJECTED = "projected"  # what the law suggests; nothing announced yet


@dataclass(frozen=True, kw_only=True)
class DayOff:
    """A day without work."""

    day: date
    name: str
    status: DayStatus
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class WorkingDay:
    """A day that is worked although it looks free: a swapped Saturday, or a holiday that was moved away."""

    day: date
    status: DayStatus
    swapped_for: date | None = None
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class WorkingDayResult:
    """Where a count of working days ended, and what it met on the way."""

    day: date
    passed: tuple[DayOff, ...] = ()  # days off that fell on a weekday, in the order met
    worked: tuple[WorkingDay, ...] = ()  # swapped days that counted as working

    @property
    def projected(self) -> tuple[date, ...]:
        """List the days met that nobody has announced yet: the result may move when they are."""
        met: tuple[DayOff | WorkingDay, ...] = (*self.passed, *self.worked)
        return tuple(each.day for each in met if each.status is DayStatus.PROJECTED)

    @property
    def provisional(self) -> bool:
        """Say whether the result may still move."""
        return bool(self.projected)


class DaysOff:
    """Tell working days; a day that our files name wins over the library's word on it."""

    def __init__(
        self, days_off: Iterable[DayOff] = (), working_days: Iterable[WorkingDay] = (), *, years: Iterable[int] = ()
    ) -> None:
        """Take our files' days, and the years they describe: there, a day that only the library knows is not a mere guess."""
        self._off: Mapping[date, DayOff] = {off.day: off for off in days_off}
        self._working: Mapping[date, WorkingDay] = {working.day: working for working in working_days}
        self._is_working: dict[date, bool] = {}
        self._described = frozenset(years) or frozenset(day.year for day in self._off)

    def day_off(self, day: date) -> DayOff | None:
        """Find the holiday or swapped rest day on a day; a plain weekend is none."""
        if day in self._off:
            return self._off[day]
        name = None if day in self._working else _library(day.year).days_off.get(day)
        return DayOff(day=day, name=name, status=self._library_status(day.year), source="holidays") if name else None

    def working_day(self, day: date) -> WorkingDay | None:
        """Find what makes a day worked although it is a weekend or the library calls it a holiday."""
        if day in self._working:
            return self._working[day]
        swapped = day not in self._off and day in _library(day.year).working_days
        return WorkingDay(day=day, status=DayStatus.LIBRARY, source="holidays") if swapped else None

    def is_working_day(self, day: date) -> bool:
        """Say whether the office works: not on a day off, else Monday to Friday and on swapped days."""
        if day not in self._is_working:
            worked = day.weekday() < SATURDAY or self.working_day(day) is not None
            self._is_working[day] = worked and self.day_off(day) is None
        return self._is_working[day]

    def add_working_days(self, day: date, count: int) -> WorkingDayResult:
        """Count working days strictly after the day, or before it where `count` is negative; refuse zero."""
        if count == 0:
            message = "không có “0 ngày làm việc”; hãy bỏ phần 0wd, hoặc dùng ~prev hay ~next để dời khỏi ngày nghỉ"
            raise BadInput(Problem(rule="zero-working-days", message=message))
        step = timedelta(days=1 if count > 0 else -1)
        met: list[date] = []
        left = abs(count)
        while left:
            day = _next(day, step)
            met.append(day)
            left -= self.is_working_day(day)
        return self.result(day, met)

    def result(self, day: date, met: Iterable[date]) -> WorkingDayResult:
        """Sum up a walk over days that ended at `day`."""
        days = tuple(met)
        off = (self.day_off(each) for each in days)
        worked = (self.working_day(each) for each in days)
        return WorkingDayResult(
            day=day,
            passed=tuple(each for each in off if each and each.day.weekday() < SATURDAY),
            worked=tuple(each for each in worked if each),
        )

    def of_year(self, year: int) -> tuple[DayOff, ...]:
        """List the year's days off, in order."""
        known = {*self._off, *_library(year).days_off}
        found = (self.day_off(day) for day in sorted(known) if day.year == year)
        return tuple(off for off in found if off)

    def working_days_of_year(self, year: int) -> tuple[WorkingDay, ...]:
        """List the swapped days that are worked in the year, in order."""
        known = {*self._working, *_library(year).working_days}
        found = (self.working_day(day) for day in sorted(known) if day.year == year)
        return tuple(working for working in found if working)

    def _library_status(self, year: int) -> DayStatus:
        return DayStatus.LIBRARY if year in self._described else DayStatus.PROJECTED


def _next(day: date, step: timedelta) -> date:
    moved = day + step
    if not FIRST_YEAR <= moved.year <= LAST_YEAR:
        message = f"đếm ngày làm việc ra ngoài lịch {FIRST_YEAR}-{LAST_YEAR} (đang ở {short_day(day)}); hãy giảm số ngày"
        raise BadInput(Problem(rule="date-out-of-range", message=message))
    return moved


@dataclass(frozen=True, kw_only=True)
class _LibraryYear:
    """What the holidays library says of a year."""

    days_off: Mapping[date, str]
    working_days: frozenset[date]


@cache
def _library(year: int) -> _LibraryYear:
    known = _vietnam()(years=[year], language="vi")
    return _LibraryYear(days_off=dict(known.items()), working_days=frozenset(known.weekend_workdays))


@cache
def _vietnam() -> Callable[..., HolidayBase]:
    """Return the library's Vietnam alone: its own door imports 250 countries, which takes longer than to plan a quarter."""
    import holidays  # imported here since most commands never ask

    source = Path(holidays.__file__).parent / "countries" / "vietnam.py"
    spec = spec_from_file_location("holidays_vietnam", source)
    if spec is None or spec.loader is None or not source.is_file():
        return partial(holidays.country_holidays, "VN")
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: type[HolidayBase] = module.Vietnam
    return found
