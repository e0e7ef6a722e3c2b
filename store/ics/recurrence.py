"""Yearly repetition in other people's calendars: a rule of ours where it goes on for ever, else its days."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta

from editorial.day_rule import NTH_CODES, WEEKDAY_CODES, NthWeekday, Skip
from editorial.problem import BadInput, Problem
from store.ics.wall_time import WallTime

_UNDERSTOOD = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
_NTH_DAY = re.compile(r"\+?([1-4]|-1)(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?", re.ASCII)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, kw_only=True)
class Yearly:
    """An event that comes back every year, or every few years, on one day of the calendar that it was written in."""

    start: WallTime
    month: int
    day: int  # of the month; 0 where `nth` says which weekday
    nth: NthWeekday | None
    interval: int
    count: int | None
    until: WallTime | None

    @property
    def endless(self) -> bool:
        """Tell whether it comes every year and never stops."""
        return self.interval == 1 and self.count is None and self.until is None

    def rule(self, years: Collection[int]) -> str | None:
        """Return it as a rule of our calendars, in Hanoi's days; None where no rule says that, by the years asked for."""
        shifts = {moment.office_day - moment.day for moment in self._all(max(years) + 1)}
        shift = next(iter(shifts), timedelta())
        if self.nth and shifts <= {timedelta()}:
            return f"nth:{self.month:02}:{NTH_CODES[self.nth.nth]}-{WEEKDAY_CODES[self.nth.weekday]}"
        if self.nth or len(shifts) > 1 or (shift and self._near_leap_day):
            return None
        moved = date(2000, self.month, self.day) + shift
        return f"solar:{moved.month:02}-{moved.day:02}"

    @property
    def _near_leap_day(self) -> bool:
        """Tell whether the day before or after is another one in leap years."""
        return (self.month, self.day) in ((2, 28), (2, 29), (3, 1))

    def days(self, years: Collection[int]) -> tuple[date, ...]:
        """Return its days in the years, as Hanoi has them."""
        found = (moment.office_day for moment in self._all(max(years) + 1))
        return tuple(day for day in found if day.year in years)

    def _all(self, last: int) -> Iterator[WallTime]:
        counted = 0
        for year in range(self.start.day.year, last + 1, self.interval):
            day = self._in(year)
            if day is None or day < self.start.day:
                continue
            counted += 1
            moment = self.start.on(day)
            if (self.count is not None and counted > self.count) or self._is_over(moment):
                return
            yield moment

    def _is_over(self, moment: WallTime) -> bool:
        if self.until is None:
            return False
        if self.until.clock is None:
            return moment.day > self.until.day
        return moment.moment > self.until.moment

    def _in(self, year: int) -> date | None:
        if self.nth:
            return self.nth.falls(year, Skip.OMIT)[0].day
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None  # 29 February: RFC 5545 leaves out days that do not exist


def read_yearly(text: str, start: WallTime) -> Yearly:
    """Read an RRULE; raise BadInput for one that our calendars cannot say."""
    parts = dict(_parts(text))
    if "RSCALE" in parts:
        raise _unsupported("lịch lặp theo âm lịch của nước khác không trùng âm lịch Việt Nam; hãy ghi tay bằng lunar:tháng-ngày")
    if parts.get("FREQ") != "YEARLY" or not set(parts) <= _UNDERSTOOD:
        raise _unsupported("chỉ nhập được sự kiện lặp hằng năm; hãy ghi tay từng ngày cần dùng")
    month = _number(parts, "BYMONTH", start.day.month, 1, 12)
    nth = _nth(parts.get("BYDAY"), month, parts)
    day = 0 if nth else _number(parts, "BYMONTHDAY", start.day.day, 1, 31)
    if not nth and not _exists(month, day):
        raise _unsupported(f"không năm nào có ngày {day}/{month}")
    count = _number(parts, "COUNT", 0, 1, 10_000) if "COUNT" in parts else None
    interval = _number(parts, "INTERVAL", 1, 1, 1000)
    return Yearly(
        start=start, month=month, day=day, nth=nth, interval=interval, count=count, until=_until(parts.get("UNTIL"), start)
    )


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for part in text.upper().split(";"):
        name, _, value = part.partition("=")
        if name.strip():
            yield name.strip(), value.strip()


def _number(parts: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = parts.get(name, str(default))
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not least <= int(text) <= most:
        raise _unsupported(f"không hiểu {name}={text[:20]} trong quy tắc lặp; hãy ghi tay ngày này")
    return int(text)


def _nth(text: str | None, month: int, parts: dict[str, str]) -> NthWeekday | None:
    if text is None:
        return None
    found = _NTH_DAY.fullmatch(text)
    if found is None or "BYMONTH" not in parts or "BYMONTHDAY" in parts:
        raise _unsupported(f"không hiểu BYDAY={text[:20]} trong quy tắc lặp; hãy ghi tay ngày này")
    number = int(found[1])
    return NthWeekday(month=month, nth=number if number < 0 else number - 1, weekday=_DAYS.index(found[2]))


def _exists(month: int, day: int) -> bool:
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def _until(text: str | None, start: WallTime) -> WallTime | None:
    """Read the end: a day, or a moment in UTC, or without a zone in the event's own."""
    if text is None:
        return None
    found = _UNTIL.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day = date(int(found[1]), int(found[2]), int(found[3]))
        clock = time(int(found[4]), int(found[5]), min(int(found[6]), 59)) if found[4] else None
    except ValueError as error:
        raise _unsupported(f"không hiểu UNTIL={text[:20]} trong quy tắc lặp; hãy ghi tay ngày này") from error
    if clock is None or (start.clock is None and clock >= _LAST_MINUTE):
        return WallTime(day=day)  # 23:59:59Z after whole days means that very day, wherever one is
    return WallTime(day=day, clock=clock, zone=UTC if found[7] else start.zone)


def _unsupported(message: str) -> BadInput:
    return BadInput(Problem(rule="unsupported-recurrence", message=message))
