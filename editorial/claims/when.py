"""A day, or a part of one, that a text states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class When:
    """A day or a part of one that a text states; what it leaves out is None."""

    start: int
    stop: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    last_year: int | None = None  # 2026-2030 ends in 2030
    lunar: bool = False  # âm lịch, rằm, mùng 10 tháng Ba
    lunar_said: bool = False  # the text says âm lịch; otherwise the calendar is a guess
    weekday: int | None = None  # Monday is 0
    weekday_text: str = ""
    borrowed: bool = False  # its month stands with the next day: the 10 of 10-12/10
    loose: bool = False  # a month or a year by itself, which may be an ordinary word

    @property
    def date(self) -> date | None:
        """Return the solar day when it is complete and exists."""
        if self.lunar or self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None
