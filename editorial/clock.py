"""Time is passed in: every room asks a Clock, so that a quarter can be rehearsed in a minute."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Protocol
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# That zone is Saigon's history, an hour ahead of Hanoi's until 13/6/1975; this one is Hanoi's in every year.
HANOI_TIME = timezone(timedelta(hours=7))
_ONE_ZONE_SINCE = date(1975, 6, 13)


class Clock(Protocol):
    """Tell the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved forward; safe to read from many threads."""

    def __init__(self, start: datetime) -> None:
        self._now = aware(start).astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def move_to(self, moment: datetime) -> None:
        """Set the time to `moment`; an earlier moment is refused, since nothing in the world runs backwards."""
        with self._lock:
            if aware(moment) < self._now:
                raise ValueError(f"the clock is at {self._now}, {moment} is earlier")
            self._now = moment.astimezone(UTC)

    def advance(self, span: timedelta) -> None:
        """Move the time forward by `span`."""
        self.move_to(self.now() + span)


def office_moment(day: date, at: time) -> datetime:
    """Return the moment of a clock time in Hanoi."""
    return datetime.combine(day, at, OFFICE_ZONE if day >= _ONE_ZONE_SINCE else HANOI_TIME)


def aware(moment: datetime) -> datetime:
    """Return the moment unchanged; raise ValueError when it has no time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"a moment without a time zone: {moment}")
    return moment
