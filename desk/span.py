"""Days and periods as people write them."""

from __future__ import annotations

from datetime import date

from editorial.day_name import iso_day
from editorial.problem import BadInput, Problem

FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond these nobody plans, and moments near the ends of time cannot be counted with


def read_day(text: str, key: str = "ngày") -> date:
    """Return an ISO date; raise BadInput when it is not a day that exists."""
    try:
        return iso_day(text)
    except ValueError as error:
        message = f"“{text}” không phải là ngày có thật dạng 2026-09-25"
        raise BadInput(Problem(rule="bad-date", key=key, message=message)) from error


def read_period(start: str, end: str, keys: tuple[str, str] = ("--from", "--to")) -> tuple[date, date]:
    """Return both days; raise BadInput, at one of the keys, when the period runs backwards."""
    first, last = read_day(start, keys[0]), read_day(end, keys[1])
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        message = f"khoảng ngày phải nằm trong các năm {FIRST_YEAR} đến {LAST_YEAR}"
        raise BadInput(Problem(rule="bad-period", key=keys[0] if first.year < FIRST_YEAR else keys[1], message=message))
    if last < first:
        raise BadInput(Problem(rule="bad-period", key=keys[1], message="ngày cuối đứng trước ngày đầu; hãy đổi lại"))
    return first, last
