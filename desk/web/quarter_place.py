"""Which quarter an address means: `2026-Q4`."""

from __future__ import annotations

import re
from datetime import date

from desk.web.month import Quarter, month_of
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.problem import BadInput, Problem

_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])", re.ASCII)


def read_quarter(text: str, today: date) -> Quarter:
    """Return the quarter, today's where none is named; raise BadInput for anything that is none, or outside the calendar."""
    if not text:
        return month_of(today).quarter
    found = _QUARTER.fullmatch(text)
    if not found or not FIRST_YEAR < int(found[1]) < LAST_YEAR:
        message = f"không đọc được quý “{text[:20]}”; hãy ghi dạng 2026-Q4"
        raise BadInput(Problem(rule="bad-quarter", key="quarter", message=message))
    return Quarter(int(found[1]), int(found[2]))


def written(quarter: Quarter) -> str:
    """Write a quarter as an address has it."""
    return f"{quarter.year:04}-Q{quarter.number}"


def beside(quarter: Quarter) -> tuple[Quarter, Quarter]:
    """Return the quarters before and after."""
    return quarter.months[0].plus(-1).quarter, quarter.months[2].plus(1).quarter
