"""The rule of a yearly day: on which days of a Gregorian year it falls.

solar:MM-DD   lunar:MM-DD[-1d]   nth:MM:last-sat   quarter_end:N   date:YYYY-MM-DD
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from editorial.day_name import iso_day, short_day
from editorial.lunar import FIRST_YEAR, LAST_YEAR, LunarMonth, year_name
from editorial.lunar import leap_month as leap_month_of
from editorial.lunar import lunar_month as month_of
from editorial.problem import BadInput, Problem

WEEKDAY_CODES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NTH_CODES = ("1st", "2nd", "3rd", "4th", "last")

_FORMS = {
    "solar": re.compile(r"(\d\d)-(\d\d)", re.ASCII),
    "lunar": re.compile(r"(\d\d)-(\d\d)(?: ?([+-]\d{1,2})d)?", re.ASCII),
    "nth": re.compile(rf"(\d\d):({'|'.join(NTH_CODES)})-({'|'.join(WEEKDAY_CODES)})", re.ASCII),
    "quarter_end": re.compile(r"([1-4])"),
    "date": re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII),
}


class Skip(Enum):
    """What to do in a year in which the day does not exist."""

    ERROR = "error"  # refuse, and let a person decide
    BACKWARD = "backward"  # take the last day of the month
    FORWARD = "forward"  # take the first day of the next month
    OMIT = "omit"  # let the year pass without it


@dataclass(frozen=True, kw_only=True)
class Fall:
    """A day on which a rule falls, and the year from which its anniversaries are counted (the lunar year for lunar rules)."""

    day: date
    counted_year: int


class DayRule(ABC):
    """One way to say which day of the year is meant."""

    @abstractmethod
    def falls(self, year: int, skip: Skip) -> tuple[Fall, ...]:
        """List the days in a Gregorian year, in order; raise BadInput where the day does not exist and `skip` is error."""

    @property
    def may_be_missing(self) -> bool:
        """Say whether there are years without the day, so that a person must say what happens then."""
        return False


@dataclass(frozen=True, kw_only=True)
class SolarDay(DayRule):
    """The same day of the same month every year."""

    month: int
    day: int

    @property
    def may_be_missing(self) -> bool:
        return (self.month, self.day) == (2, 29)

    def falls(self, year: int, skip: Skip) -> tuple[Fall, ...]:
        if self.may_be_missing and not isleap(year):
            found = _instead(date(year, 2, 28), skip, f"năm {year} không có ngày 29/2")
        else:
            found = (date(year, self.month, self.day),)
        return tuple(Fall(day=day, counted_year=year) for day in found)


@dataclass(frozen=True, kw_only=True)
class LunarDay(DayRule):
    """The same day of the same lunar month; in the regular month unless `leap` says otherwise."""

    month: int
    day: int
    shift: int = 0  # days after (before, where negative) the lunar day
    leap: bool = False

    @property
    def may_be_missing(self) -> bool:
        return self.leap or self.day == 30

    def falls(self, year: int, skip: Skip) -> tuple[Fall, ...]:
        """Look at the lunar years on both sides: month 11 or 12 may fall in the next Gregorian year, an eve in the one before."""
        lunar_years = range(max(year - 1, FIRST_YEAR - 1), min(year + 1, LAST_YEAR) + 1)
        return tuple(
            Fall(day=day, counted_year=lunar_year) for lunar_year in lunar_years for day in self._in(lunar_year, year, skip)
        )

    def _in(self, lunar_year: int, year: int, skip: Skip) -> tuple[date, ...]:
        month = month_of(lunar_year, self.month)
        if self.leap:
            if leap_month_of(lunar_year) != self.month:
                return self._without_leap_month(month, lunar_year, year, skip)
            month = month_of(lunar_year, self.month, leap=True)
        shifted = (day + timedelta(days=self.shift) for day in self._of(month, year, skip))
        return tuple(day for day in shifted if day.year == year)

    def _of(self, month: LunarMonth, year: int, skip: Skip) -> tuple[date, ...]:
        last = date.fromordinal(month.start + min(self.day, month.length) - 1)
        if self.day <= month.length:
            return (last,)
        if skip is Skip.ERROR and (last + timedelta(days=self.shift)).year != year:
            return ()  # missing in another Gregorian year: not this year's trouble
        leap = " nhuận" if self.leap else ""
        year_words = f"{year_name(month.year)} ({month.year})"
        return _instead(last, skip, f"tháng {self.month}{leap} âm lịch năm {year_words} không có ngày 30")

    def _without_leap_month(self, month: LunarMonth, lunar_year: int, year: int, skip: Skip) -> tuple[date, ...]:
        if skip is Skip.OMIT or date.fromordinal(month.start).year != year:
            return ()
        what = f"năm {year_name(lunar_year)} ({lunar_year}) không có tháng {self.month} nhuận"
        raise _missing(f"{what}; hãy bỏ leap: true, hoặc ghi skip: omit để bỏ qua những năm đó")


@dataclass(frozen=True, kw_only=True)
class NthWeekday(DayRule):
    """The first to fourth, or last, such weekday of a month."""

    month: int
    nth: int  # 0 is the first; -1 the last
    weekday: int  # 0 is Monday

    def falls(self, year: int, skip: Skip) -> tuple[Fall, ...]:
        if self.nth < 0:
            end = date(year, self.month, monthrange(year, self.month)[1])
            day = end - timedelta(days=(end.weekday() - self.weekday) % 7)
        else:
            first = date(year, self.month, 1)
            day = first + timedelta(days=(self.weekday - first.weekday()) % 7 + 7 * self.nth)
        return (Fall(day=day, counted_year=year),)


@dataclass(frozen=True, kw_only=True)
class QuarterEnd(DayRule):
    """The last day of a quarter."""

    quarter: int

    def falls(self, year: int, skip: Skip) -> tuple[Fall, ...]:
        month = self.quarter * 3
        return (Fall(day=date(year, month, monthrange(year, month)[1]), counted_year=year),)


@dataclass(frozen=True, kw_only=True)
class OneDay(DayRule):
    """One day of one year, never again."""

    day: date

    def falls(self, year: int, skip: Skip) -> tuple[Fall, ...]:
        return (Fall(day=self.day, counted_year=year),) if year == self.day.year else ()


def parse_day_rule(text: str, *, leap: bool = False) -> DayRule:
    """Read a rule; raise BadInput when it has no known form or names a day that no year has."""
    form, _, rest = text.partition(":")
    match = _FORMS[form].fullmatch(rest) if form in _FORMS and rest.isascii() else None
    if match is None:
        raise _unreadable(text)
    rule = _build(form, match, leap)
    if leap and not isinstance(rule, LunarDay):
        raise BadInput(Problem(rule="leap-without-lunar", message="leap: true chỉ dùng với quy tắc lunar:; hãy bỏ leap"))
    return rule


def _build(form: str, match: re.Match[str], leap: bool) -> DayRule:
    if form == "solar":
        return _solar(int(match[1]), int(match[2]))
    if form == "lunar":
        return _lunar(int(match[1]), int(match[2]), int(match[3] or 0), leap)
    if form == "nth":
        return _nth_weekday(int(match[1]), match[2], match[3])
    if form == "quarter_end":
        return QuarterEnd(quarter=int(match[1]))
    return OneDay(day=real_date(match[0]))


def _solar(month: int, day: int) -> DayRule:
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2000, month)[1]:  # 2000 is a leap year
        raise _never(f"không năm nào có ngày {day}/{month}", "ngày dương lịch")
    return SolarDay(month=month, day=day)


def _lunar(month: int, day: int, shift: int, leap: bool) -> DayRule:
    if not 1 <= month <= 12 or not 1 <= day <= 30:
        raise _never(f"không năm nào có ngày {day}/{month} âm lịch", "tháng âm từ 01 đến 12, ngày từ 01 đến 30")
    return LunarDay(month=month, day=day, shift=shift, leap=leap)


def _nth_weekday(month: int, nth: str, weekday: str) -> DayRule:
    if not 1 <= month <= 12:
        raise _never(f"không có tháng {month}", "tháng từ 01 đến 12")
    index = NTH_CODES.index(nth)
    return NthWeekday(month=month, nth=-1 if nth == "last" else index, weekday=WEEKDAY_CODES.index(weekday))


def real_date(text: str) -> date:
    """Read an ISO date; raise BadInput when the calendar has no such day."""
    try:
        return iso_day(text)
    except ValueError as error:
        raise _never(f"không có ngày {text}", "ngày dương lịch dạng năm-tháng-ngày, ví dụ 2026-09-25") from error


def _instead(last: date, skip: Skip, why: str) -> tuple[date, ...]:
    """Choose between the last day of the month, the day after it, and none."""
    if skip is Skip.ERROR:
        after = short_day(last + timedelta(days=1))
        choices = f"backward (lấy ngày {short_day(last)}), forward (lấy ngày {after}) hoặc omit (bỏ qua)"
        raise _missing(f"{why}; hãy ghi skip: {choices}")
    if skip is Skip.OMIT:
        return ()
    return (last,) if skip is Skip.BACKWARD else (last + timedelta(days=1),)


def _missing(message: str) -> BadInput:
    return BadInput(Problem(rule="day-does-not-exist", message=message))


def _never(what: str, instead: str) -> BadInput:
    return BadInput(Problem(rule="day-never-exists", message=f"{what}; hãy sửa thành {instead}"))


def _unreadable(text: str) -> BadInput:
    forms = "solar:10-10, lunar:08-15, lunar:01-01-1d, nth:03:last-sat, quarter_end:4 hoặc date:2026-06-15"
    return BadInput(Problem(rule="bad-day-rule", message=f"không hiểu quy tắc ngày “{text}”; hãy viết theo một mẫu: {forms}"))
