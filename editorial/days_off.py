"""Days on which the office does not work: the law's holidays, the yearly announcements, the swapped Saturdays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cached_property

from editorial.day_name import short_day
from editorial.library_days import SATURDAY, Chosen, Ground, LibraryDay, library_year
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.problem import BadInput, Problem

_BESIDE_NATIONAL_DAY = frozenset({(9, 1), (9, 3)})  # month and day


class DayStatus(Enum):
    """How sure a day off, or a working Saturday, is."""

    OFFICIAL = "official"  # announced; the announcement was read
    LIBRARY = "library"  # from the holidays library, which cites an official page
    PROJECTED = "projected"  # what the law suggests; nothing announced yet

    @property
    def label(self) -> str:
        """Say how sure it is."""
        return {"official": "đã công bố", "library": "theo thư viện", "projected": "dự kiến"}[self.value]


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
    undecided: tuple[date, ...] = ()  # counted as working, but a holiday's yearly choice may still take them

    @property
    def projected(self) -> tuple[date, ...]:
        """List the days met that nobody has announced yet: the result may move when they are."""
        met: tuple[DayOff | WorkingDay, ...] = (*self.passed, *self.worked)
        return (*(each.day for each in met if each.status is DayStatus.PROJECTED), *self.undecided)

    @property
    def provisional(self) -> bool:
        """Say whether the result may still move."""
        return bool(self.projected)


class DaysOff:
    """Tell working days; a day that our files name wins over the library's word on it."""

    def __init__(self, days_off: Iterable[DayOff] = (), working_days: Iterable[WorkingDay] = ()) -> None:
        """Take our files' days."""
        self._off: Mapping[date, DayOff] = {off.day: off for off in days_off}
        self._working: Mapping[date, WorkingDay] = {working.day: working for working in working_days}
        self._is_working: dict[date, bool] = {}
        self._settled: dict[tuple[int, Chosen], bool] = {}

    def day_off(self, day: date) -> DayOff | None:
        """Find the holiday or swapped rest day on a day; a plain weekend is none."""
        if day in self._off:
            return self._off[day]
        known = None if day in self._working else library_year(day.year).days_off.get(day)
        if known is None or self._overtaken(known):
            return None
        return DayOff(day=day, name=known.name, status=self._library_status(known), source="holidays")

    def working_day(self, day: date) -> WorkingDay | None:
        """Find what makes a day worked although it is a weekend or the library calls it a holiday."""
        if day in self._working:
            return self._working[day]
        swapped = day not in self._off and day in library_year(day.year).working_days
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
            undecided=tuple(each for each in days if self._is_undecided(each)),
        )

    def of_year(self, year: int) -> tuple[DayOff, ...]:
        """List the year's days off, in order."""
        known = {*self._off, *library_year(year).days_off}
        found = (self.day_off(day) for day in sorted(known) if day.year == year)
        return tuple(off for off in found if off)

    def working_days_of_year(self, year: int) -> tuple[WorkingDay, ...]:
        """List the swapped days that are worked in the year, in order."""
        known = {*self._working, *library_year(year).working_days}
        found = (self.working_day(day) for day in sorted(known) if day.year == year)
        return tuple(working for working in found if working)

    def _is_undecided(self, day: date) -> bool:
        """Say whether a working day may still be off: a choice for Tết or Quốc khánh may take it, and another one is guessed."""
        if day in library_year(day.year).tet_choices and not self._is_settled(day.year, Chosen.TET):
            return self.is_working_day(day) and day not in self._working
        if (day.month, day.day) not in _BESIDE_NATIONAL_DAY or not self.is_working_day(day) or day in self._working:
            return False
        guessed = self.day_off(date(day.year, 9, 4 - day.day))
        return guessed is not None and guessed.status is DayStatus.PROJECTED

    def _overtaken(self, known: LibraryDay) -> bool:
        """Say whether the library's guess at a choice is past: the days that were chosen are in our files, and this is none."""
        return known.ground is Ground.CHOICE and known.of is not None and self._is_settled(known.day.year, known.of)

    def _is_settled(self, year: int, chosen: Chosen) -> bool:
        """Say whether our files name as many announced days of a holiday as the law gives it."""
        if (year, chosen) not in self._settled:
            named = [day for day in self._announced if day.year == year and library_year(year).near(chosen, day)]
            self._settled[year, chosen] = len(named) >= chosen.days
        return self._settled[year, chosen]

    def _library_status(self, known: LibraryDay) -> DayStatus:
        """Return how sure a day of the library alone is: the law's own once something of its year is announced, a swap always."""
        if known.ground is Ground.SWAP:
            return DayStatus.LIBRARY
        announced = known.ground is Ground.LAW and known.day.year in {day.year for day in self._announced}
        return DayStatus.LIBRARY if announced else DayStatus.PROJECTED

    @cached_property
    def _announced(self) -> frozenset[date]:
        """Gather our files' official days, without those that a Saturday pays for: a swap is a decision of its own."""
        swapped = {working.swapped_for for working in self._working.values()}
        official = {off.day for off in self._off.values() if off.status is DayStatus.OFFICIAL}
        return frozenset(official - swapped)


def _next(day: date, step: timedelta) -> date:
    moved = day + step
    if not FIRST_YEAR <= moved.year <= LAST_YEAR:
        message = f"đếm ngày làm việc ra ngoài lịch {FIRST_YEAR}-{LAST_YEAR} (đang ở {short_day(day)}); hãy giảm số ngày"
        raise BadInput(Problem(rule="date-out-of-range", message=message))
    return moved
