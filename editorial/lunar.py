"""The Vietnamese lunar calendar, computed from the sky for UTC+7.

A month starts on the UTC+7 day of the new moon; month 11 holds the winter solstice; where thirteen months lie between two
months 11, the first without a major solar term is the leap month. China's calendar counts in UTC+8 and differs on one day in 25.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import floor

from astronomy import MoonPhase, SunPosition, Time  # type: ignore[import-untyped]  # the package ships no types

from editorial.problem import BadInput, Problem

FIRST_DAY = date(1975, 1, 1)
FIRST_YEAR = 1975
LAST_YEAR = 2100  # the lunar year; its last day is 28/1/2101

# Where the State announces another day than the computed one for the start of a month, write computed day: announced day.
# Empty: for 1975-2100 the computation agrees with every calendar published so far; the first month in doubt is in 2054.
ANNOUNCED_STARTS: Mapping[date, date] = {}

STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
BRANCHES = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")

_EPOCH = date(2000, 1, 1).toordinal()
_HANOI = 7 / 24  # days ahead of UTC
_SYNODIC_MONTH = 29.530588861  # mean length in days (Meeus, Astronomical Algorithms, chapter 49)
_FIRST_NEW_MOON = 5.26  # mean new moon of 6/1/2000, days after 1/1/2000 12:00 UT
_MEAN_SPEED = 360 / _SYNODIC_MONTH  # degrees a day by which the Moon gains on the Sun
_CLOSE_ENOUGH = 1e-6  # degrees: a hundredth of a second; the new moon nearest to midnight is 14 s away from it
_BEFORE_WINTER = range(3, 9)  # the twelfths of the ecliptic before the winter solstice; a month may hold two terms and start in 7


def year_name(year: int) -> str:
    """Name a lunar year by stem and branch, such as "Bính Ngọ" for 2026."""
    return f"{STEMS[(year - 4) % 10]} {BRANCHES[(year - 4) % 12]}"


@dataclass(frozen=True)
class LunarDate:
    """A day as the Vietnamese lunar calendar writes it; `to_solar` says whether it exists."""

    year: int
    month: int
    day: int
    leap: bool = False

    def __str__(self) -> str:
        return f"{self.day}/{self.month}{' nhuận' if self.leap else ''} năm {year_name(self.year)} ({self.year})"


@dataclass(frozen=True, kw_only=True, slots=True)
class LunarMonth:
    """One month of the table; `start` is the ordinal of its first day."""

    year: int
    number: int
    leap: bool
    start: int
    length: int


class LunarCalendar:
    """Convert both ways, remembering each year it has computed."""

    def __init__(self, announced: Mapping[date, date] = ANNOUNCED_STARTS) -> None:
        self._announced = {day.toordinal(): start.toordinal() for day, start in announced.items()}
        self._starts: dict[int, int] = {}
        self._winters: dict[int, int] = {}
        self._years: dict[int, tuple[tuple[int, ...], tuple[LunarMonth, ...]]] = {}

    def to_lunar(self, day: date) -> LunarDate:
        """Give the lunar date of a solar day from 1/1/1975 to the last day of lunar 2100."""
        ordinal = day.toordinal()
        if day < FIRST_DAY or day.year > LAST_YEAR + 1:
            raise _out_of_range(f"{day.day}/{day.month}/{day.year}")
        starts, months = self._year(min(day.year, LAST_YEAR))
        if ordinal < starts[0]:
            starts, months = self._year(day.year - 1)
        month = months[bisect_right(starts, ordinal) - 1]
        if ordinal >= month.start + month.length:
            raise _out_of_range(f"{day.day}/{day.month}/{day.year}")
        return LunarDate(month.year, month.number, ordinal - month.start + 1, month.leap)

    def to_solar(self, day: LunarDate) -> date:
        """Give the solar day of a lunar date, refusing one that does not exist."""
        month = self.month(day.year, day.month, leap=day.leap)
        if not 1 <= day.day <= month.length:
            raise _no_such_day(day, month.length)
        solar = date.fromordinal(month.start + day.day - 1)
        if solar < FIRST_DAY:
            raise _out_of_range(str(day))
        return solar

    def month(self, year: int, number: int, *, leap: bool = False) -> LunarMonth:
        """Find a month, refusing a leap month that the year does not have."""
        months = self.months(year)
        found = next((month for month in months if month.number == number and month.leap is leap), None)
        if found is None:
            raise _no_such_month(year, number, months)
        return found

    def months(self, year: int) -> tuple[LunarMonth, ...]:
        """List the 12 or 13 months of a lunar year, in order."""
        if not FIRST_YEAR - 1 <= year <= LAST_YEAR:
            raise _out_of_range(f"năm {year}")
        return self._year(year)[1]

    def leap_month(self, year: int) -> int | None:
        """Give the number of the year's leap month, if it has one."""
        return next((month.number for month in self.months(year) if month.leap), None)

    def _year(self, year: int) -> tuple[tuple[int, ...], tuple[LunarMonth, ...]]:
        if year not in self._years:
            months = tuple(self._compute(year))
            self._years[year] = (tuple(month.start for month in months), months)
        return self._years[year]

    def _compute(self, year: int) -> Iterator[LunarMonth]:
        """Months 1-10 follow the solstice before the year, months 11 and 12 the one inside it."""
        numbered = [*self._between_winters(year), *self._between_winters(year + 1)]
        for lunation, number, leap, winter in numbered:
            if (winter == year) is (number <= 10):
                start = self._start(lunation)
                yield LunarMonth(year=year, number=number, leap=leap, start=start, length=self._start(lunation + 1) - start)

    def _between_winters(self, year: int) -> Iterator[tuple[int, int, bool, int]]:
        """Number the months from the month 11 before 1 January of `year` up to the next month 11."""
        first, end = self._winter(year - 1), self._winter(year)
        leap = self._leap_lunation(first) if end - first == 13 else None
        for lunation in range(first, end):
            passed = lunation - first - (1 if leap is not None and lunation >= leap else 0)
            yield lunation, (10 + passed) % 12 + 1, lunation == leap, year

    def _leap_lunation(self, first: int) -> int:
        sectors = (_sun_sector(self._start(lunation)) for lunation in range(first + 1, first + 14))
        return next(first + 1 + index for index, (here, after) in enumerate(pairwise(sectors)) if here == after)

    def _winter(self, year: int) -> int:
        """Find the lunation that holds the December solstice of `year`."""
        if year not in self._winters:
            guess = _lunation_near(date(year, 12, 21).toordinal())
            candidates = range(guess + 1, guess - 3, -1)
            self._winters[year] = next(k for k in candidates if _sun_sector(self._start(k)) in _BEFORE_WINTER)
        return self._winters[year]

    def _start(self, lunation: int) -> int:
        if lunation not in self._starts:
            computed = _hanoi_ordinal(_new_moon(lunation))
            self._starts[lunation] = self._announced.get(computed, computed)
        return self._starts[lunation]


_CALENDAR = LunarCalendar()
to_lunar = _CALENDAR.to_lunar
to_solar = _CALENDAR.to_solar
leap_month = _CALENDAR.leap_month
lunar_month = _CALENDAR.month
lunar_months = _CALENDAR.months


def _new_moon(lunation: int) -> float:
    """Find the moment, in days after 1/1/2000 12:00 UT, when the Moon passes the Sun."""
    before, gap_before = None, 0.0
    moment, speed = _FIRST_NEW_MOON + _SYNODIC_MONTH * lunation, _MEAN_SPEED
    while abs(gap := (MoonPhase(Time(moment)) + 180) % 360 - 180) > _CLOSE_ENOUGH:
        if before is not None:
            speed = (gap - gap_before) / (moment - before)
        before, gap_before = moment, gap
        moment -= gap / speed
    return moment


def _hanoi_ordinal(moment: float) -> int:
    return _EPOCH + floor(moment + 0.5 + _HANOI)


def _lunation_near(ordinal: int) -> int:
    return round((ordinal - _EPOCH - _FIRST_NEW_MOON) / _SYNODIC_MONTH)


def _sun_sector(ordinal: int) -> int:
    """Say in which twelfth of the ecliptic the Sun stands at Hanoi's midnight that opens the day."""
    return int(SunPosition(Time(ordinal - _EPOCH - 0.5 - _HANOI)).elon // 30)


def _out_of_range(what: str) -> BadInput:
    message = f"{what} nằm ngoài lịch âm của hệ thống, từ 1/1/1975 đến hết năm âm {LAST_YEAR}; hãy chọn ngày trong khoảng đó"
    return BadInput(Problem(rule="lunar-out-of-range", message=message))


def _no_such_month(year: int, number: int, months: tuple[LunarMonth, ...]) -> BadInput:
    if not 1 <= number <= 12:
        message = f"không có tháng {number} âm lịch; hãy ghi tháng từ 1 đến 12"
        return BadInput(Problem(rule="lunar-no-such-month", message=message))
    leap = next((month.number for month in months if month.leap), None)
    known = f"năm đó nhuận tháng {leap}" if leap else "năm đó không có tháng nhuận"
    message = f"năm âm lịch {year} không có tháng {number} nhuận, {known}; hãy bỏ chữ nhuận hoặc chọn tháng khác"
    return BadInput(Problem(rule="lunar-no-leap-month", message=message))


def _no_such_day(day: LunarDate, length: int) -> BadInput:
    month = f"tháng {day.month} nhuận âm lịch năm {day.year}" if day.leap else f"tháng {day.month} âm lịch năm {day.year}"
    message = f"{month} chỉ có {length} ngày, không có ngày {day.day}; hãy chọn ngày từ 1 đến {length}"
    return BadInput(Problem(rule="lunar-no-such-day", message=message))
