"""A month, and the quarter it belongs to, as the calendar page walks through them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from desk.web.moment_words import month_title
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.problem import BadInput, Problem

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, order=True)
class Month:
    """A month of the solar calendar; written `2026-10`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def title(self) -> str:
        """Return the month's name for a heading."""
        return month_title(self.first)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, (self.number + 2) // 3)

    def plus(self, count: int) -> Month:
        """Return the month so many months later, or earlier."""
        index = self.year * 12 + self.number - 1 + count
        return Month(index // 12, index % 12 + 1)

    def weeks(self) -> tuple[tuple[date, ...], ...]:
        """Return the weeks that touch the month, Monday first, whole."""
        monday = self.first - timedelta(days=self.first.weekday())
        count = (self.last - monday).days // 7 + 1
        return tuple(tuple(monday + timedelta(days=7 * week + day) for day in range(7)) for week in range(count))


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, 1 to 4."""

    year: int
    number: int

    @property
    def name(self) -> str:
        return f"Quý {_ROMAN[self.number - 1]}"

    @property
    def title(self) -> str:
        return f"{self.name}/{self.year}"

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(Month(self.year, self.number * 3 - 2 + offset) for offset in range(3))

    @property
    def first(self) -> date:
        return self.months[0].first

    @property
    def last(self) -> date:
        return self.months[2].last


def month_of(day: date) -> Month:
    """Return the month that a day lies in."""
    return Month(day.year, day.month)


def parse_month(text: str) -> Month:
    """Read `2026-10`; raise BadInput for anything else, and for a year that the lunar calendar does not reach."""
    found = _MONTH.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12:
        message = f"không đọc được tháng “{text[:20]}”; hãy ghi năm và tháng, ví dụ 2026-10"
        raise BadInput(Problem(rule="bad-month", message=message))
    if not FIRST_YEAR < int(found[1]) < LAST_YEAR:
        message = f"năm {int(found[1])} nằm ngoài lịch; hãy chọn từ {FIRST_YEAR + 1} đến {LAST_YEAR - 1}"
        raise BadInput(Problem(rule="month-out-of-range", message=message))
    return Month(int(found[1]), int(found[2]))
