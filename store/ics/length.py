"""How many days an event of another calendar lasts."""

from __future__ import annotations

import re
from datetime import timedelta

from store.ics.wall_time import WallTime

_SPAN = re.compile(
    r"\+?P(?=[\dT])(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?", re.ASCII
)
_DAY = timedelta(days=1)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


def span(text: str) -> timedelta | None:
    """Read a DURATION such as P1D or PT36H; None where it is none."""
    found = _SPAN.fullmatch(text.strip().upper())
    return timedelta(**{unit: int(count) for unit, count in zip(_UNITS, found.groups(), strict=True) if count}) if found else None


def days_of(start: WallTime, lasts: timedelta) -> int:
    """Return the number of days touched; what goes on past midnight and is over within a day is of its first day alone."""
    if start.clock is None:
        return max(1, lasts.days)
    if lasts < _DAY:
        return 1
    end = start.moment + lasts - timedelta(microseconds=1)
    last = WallTime(day=end.date(), clock=end.time(), zone=start.moment.tzinfo or start.zone)
    return (last.office_day - start.office_day).days + 1
