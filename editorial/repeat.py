"""How often an entry comes again, and on which days: by calendar weeks, months, quarters and years, or by an occasion."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from editorial.calendar import Catalogue
from editorial.day_rule import Skip
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.problem import BadInput, Problem

PERIOD_ANCHOR = "ky"  # in the date rules of a repeated entry: the day of each occurrence
LONGEST_YEARS = 10

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"last|[1-9]|[12]\d|3[01]", re.ASCII)


class Every(Enum):
    """The rhythm."""

    WEEK = "week"  # on a weekday
    MONTH = "month"  # on a day of the month
    QUARTER = "quarter"  # on a day of one of its three months
    YEAR = "year"  # on a day of one of its twelve months
    OCCASION = "occasion"  # on an occasion of the calendar, lunar ones included


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One time that a repeated entry comes: its name within the series, and the day that `ky` stands for."""

    name: str  # "2026-10", "2026-w41", "2026-q4", "2026"
    day: date


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A rhythm between two days, both included; raise BadInput where it says too little or too much."""

    every: Every
    start: date
    until: date
    weekday: str | None = None  # week: mon to sun
    day: str | None = None  # month, quarter, year: 1 to 31, or last
    month: int | None = None  # quarter: 1 to 3 (its last month unless said); year: 1 to 12
    anchor: str | None = None  # occasion: an id of the calendar
    skip: Skip = Skip.ERROR  # where the month lacks the day

    def __post_init__(self) -> None:
        if self.until < self.start:
            raise _bad("until", "ngày cuối đứng trước ngày đầu; hãy đổi lại")
        if self.start.year < FIRST_YEAR or self.until.year > LAST_YEAR:
            raise _bad("from", f"ngày nằm ngoài lịch {FIRST_YEAR}-{LAST_YEAR}; hãy chọn ngày gần hơn")
        if self.until.year - self.start.year > LONGEST_YEARS:
            raise _bad("until", f"lặp quá {LONGEST_YEARS} năm; hãy chọn ngày cuối gần hơn")
        _check_keys(self)

    def turns(self, catalogue: Catalogue) -> tuple[Turn, ...]:
        """List the occurrences in order; raise BadInput for a month without the day where `skip` is error."""
        return tuple(turn for turn in self._all(catalogue) if self.start <= turn.day <= self.until)

    def _all(self, catalogue: Catalogue) -> Iterator[Turn]:
        match self.every:
            case Every.WEEK:
                return self._weeks()
            case Every.OCCASION:
                return self._occasions(catalogue)
        return self._months({Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}[self.every])

    def _weeks(self) -> Iterator[Turn]:
        wanted = _WEEKDAYS.index(self.weekday or "mon")
        day = self.start + timedelta(days=(wanted - self.start.weekday()) % 7)
        while day <= self.until:
            year, week, _ = day.isocalendar()
            yield Turn(name=f"{year}-w{week:02d}", day=day)
            day += timedelta(days=7)

    def _months(self, length: int) -> Iterator[Turn]:
        """Walk periods of so many months; month numbers are counted, days never added, so nothing drifts."""
        month_in_period = self.month or length
        for year in range(self.start.year, self.until.year + 1):
            for first in range(1, 13, length):
                month = first + month_in_period - 1
                if (self.start.year, self.start.month) <= (year, month) <= (self.until.year, self.until.month):
                    yield from (Turn(name=_period(year, month, length), day=day) for day in self._in_month(year, month))

    def _in_month(self, year: int, month: int) -> tuple[date, ...]:
        last = monthrange(year, month)[1]
        wanted = last if self.day == "last" else int(self.day or 1)
        if wanted <= last:
            return (date(year, month, wanted),)
        end = date(year, month, last)
        if self.skip is Skip.ERROR:
            if not self.start <= end <= self.until:
                return ()
            advice = "hãy thêm skip: backward (ngày cuối tháng), forward (ngày 1 tháng sau) hoặc omit (bỏ kỳ đó)"
            raise _bad("day", f"tháng {month}/{year} không có ngày {wanted}; {advice}")
        return {Skip.BACKWARD: (end,), Skip.FORWARD: (end + timedelta(days=1),), Skip.OMIT: ()}[self.skip]

    def _occasions(self, catalogue: Catalogue) -> Iterator[Turn]:
        """Name a turn by its Gregorian year, and by number too where a lunar day comes twice in it."""
        for year in range(self.start.year, self.until.year + 1):
            days = catalogue.occurrences(self.anchor or "", year)
            for number, occasion in enumerate(days, start=1):
                yield Turn(name=f"{year}-{number}" if len(days) > 1 else str(year), day=occasion.date)


def _period(year: int, month: int, length: int) -> str:
    return {1: f"{year}-{month:02d}", 3: f"{year}-q{(month + 2) // 3}", 12: str(year)}[length]


_NEEDED = {
    Every.WEEK: {"weekday"},
    Every.MONTH: {"day"},
    Every.QUARTER: {"day"},
    Every.YEAR: {"day", "month"},
    Every.OCCASION: {"anchor"},
}
_MAY = {Every.QUARTER: {"month"}}
_MEANING = {
    "weekday": "thứ trong tuần: mon, tue, wed, thu, fri, sat hoặc sun",
    "day": "ngày trong tháng: 1 đến 31, hoặc last",
    "month": "tháng: 1 đến 12 của năm, hoặc 1 đến 3 của quý",
    "anchor": "mã của một mốc trong lịch",
}


def _check_keys(repeat: Repeat) -> None:
    given = {key for key in _MEANING if getattr(repeat, key) is not None}
    needed = _NEEDED[repeat.every]
    for key in sorted(needed - given):
        raise _bad(key, f"lặp theo {repeat.every.value} cần {key} ({_MEANING[key]})")
    for key in sorted(given - needed - _MAY.get(repeat.every, set())):
        raise _bad(key, f"lặp theo {repeat.every.value} không dùng {key}; hãy xóa dòng này")
    most = 3 if repeat.every is Every.QUARTER else 12
    for key, fine in (
        ("weekday", repeat.weekday is None or repeat.weekday in _WEEKDAYS),
        ("day", repeat.day is None or _DAY.fullmatch(repeat.day) is not None),
        ("month", repeat.month is None or 1 <= repeat.month <= most),
    ):
        if not fine:
            raise _bad(key, f"“{getattr(repeat, key)}” không dùng được; hãy ghi {_MEANING[key]}")


def _bad(key: str, message: str) -> BadInput:
    return BadInput(Problem(rule="bad-repeat", key=f"repeat.{key}", message=message))
