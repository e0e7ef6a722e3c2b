"""Time is passed in: every room asks a Clock, so that a quarter can be rehearsed in a minute."""

from __future__ import annotations

import threading
import time as system_time
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
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


class SharedClock:
    """Another machine's clock, so that several machines go by the same; safe to read from many threads.

    Between two questions it goes by the time since boot: a machine that is set wrong, or set right, changes nothing.
    """

    def __init__(self) -> None:
        self._known: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        known = self._known
        return datetime.now(UTC) if known is None else known[0] + timedelta(seconds=boot_time() - known[1])

    def follow(self, ask: Callable[[], datetime]) -> timedelta:
        """Ask the other clock and go by it from now on; return how far it is ahead of the machine's."""
        began = boot_time()
        answer = aware(ask()).astimezone(UTC)
        ended = boot_time()
        self._known = (answer, (began + ended) / 2)
        return self.now() - datetime.now(UTC)


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


def boot_name() -> str:
    """Return what tells this start of the machine from every other; empty where the machine does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def boot_time() -> float:
    """Return seconds on a clock that also counts while the machine is suspended."""
    return system_time.clock_gettime(system_time.CLOCK_BOOTTIME)
