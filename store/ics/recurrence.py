"""Yearly repetition in other people's calendars: a rule of ours where it goes on for ever, else its days."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from editorial.day_rule import NTH_CODES, WEEKDAY_CODES, NthWeekday, Skip
from editorial.problem import BadInput, Problem

_UNDERSTOOD = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
_NTH_DAY = re.compile(r"\+?([1-4]|-1)(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, kw_only=True)
class Yearly:
    """An event that comes back every year, or every few years, on one day."""

    start: date
    month: int
    day: int  # of the month; 0 where `nth` says which weekday
    nth: NthWeekday | None
    interval: int
    count: int | None
    until: date | None

    @property
    def endless(self) -> bool:
        """Tell whether it comes every year and never stops."""
        return self.interval == 1 and self.count is None and self.until is None

    @property
    def rule(self) -> str:
        """Return it as a rule of our calendars."""
        if self.nth:
            return f"nth:{self.month:02}:{NTH_CODES[self.nth.nth]}-{WEEKDAY_CODES[self.nth.weekday]}"
        return f"solar:{self.month:02}-{self.day:02}"

    def days(self, years: Collection[int]) -> tuple[date, ...]:
        """Return its days in the years."""
        return tuple(day for day in self._all(max(years)) if day.year in years)

    def _all(self, last: int) -> Iterator[date]:
        counted = 0
        for year in range(self.start.year, last + 1, self.interval):
            day = self._in(year)
            if day is None or day < self.start:
                continue
            counted += 1
            if (self.count is not None and counted > self.count) or (self.until is not None and day > self.until):
                return
            yield day

    def _in(self, year: int) -> date | None:
        if self.nth:
            return self.nth.falls(year, Skip.OMIT)[0].day
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None  # 29 February: RFC 5545 leaves out days that do not exist


def read_yearly(text: str, start: date) -> Yearly:
    """Read an RRULE; raise BadInput for one that our calendars cannot say."""
    parts = dict(_parts(text))
    if "RSCALE" in parts:
        raise _unsupported("lịch lặp theo âm lịch của nước khác không trùng âm lịch Việt Nam; hãy ghi tay bằng lunar:tháng-ngày")
    if parts.get("FREQ") != "YEARLY" or not set(parts) <= _UNDERSTOOD:
        raise _unsupported("chỉ nhập được sự kiện lặp hằng năm; hãy ghi tay từng ngày cần dùng")
    month = _number(parts, "BYMONTH", start.month, 1, 12)
    nth = _nth(parts.get("BYDAY"), month, parts)
    day = 0 if nth else _number(parts, "BYMONTHDAY", start.day, 1, 31)
    if not nth and not _exists(month, day):
        raise _unsupported(f"không năm nào có ngày {day}/{month}")
    count = _number(parts, "COUNT", 0, 1, 10_000) if "COUNT" in parts else None
    interval = _number(parts, "INTERVAL", 1, 1, 1000)
    return Yearly(
        start=start, month=month, day=day, nth=nth, interval=interval, count=count, until=_until(parts.get("UNTIL"))
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


def _until(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{8}(T\d{6}Z?)?", text, re.ASCII):
            raise ValueError(text)
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError as error:
        raise _unsupported(f"không hiểu UNTIL={text[:20]} trong quy tắc lặp; hãy ghi tay ngày này") from error


def _unsupported(message: str) -> BadInput:
    return BadInput(Problem(rule="unsupported-recurrence", message=message))
