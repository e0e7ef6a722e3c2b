"""The time of the database server, which all machines of an office share: their own clocks may be set wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from store.database import postgresql_engine

ASK_AGAIN = 10.0  # seconds of the boot clock after which the server is asked again: quartz drifts by less than 0.1 ms in them
STEP = 1.0  # seconds by which an answer may differ before it counts as the server's clock having been set


def boot_clock() -> float:
    """Return seconds since boot, also those that the machine slept through."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ServerClock:
    """Tell PostgreSQL's time by this machine's boot clock, asked of the server every ten seconds.

    Leases, due moments and pauses then mean the same on every machine. While the server is away the boot clock goes on alone.
    Safe to use from several threads.
    """

    def __init__(self, url: str, elapsed: Callable[[], float] = boot_clock) -> None:
        """Ask once; raise the driver's error where no server answers."""
        self._engine = postgresql_engine(make_url(url), "AUTOCOMMIT")
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._base, self._asked = self._ask()

    def now(self) -> datetime:
        """Return the server's present moment, aware, in UTC."""
        with self._lock:
            if self._elapsed() - self._asked >= ASK_AGAIN:
                self._set_right()
            return self._at(self._elapsed())

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.dispose()

    def _set_right(self) -> None:
        """Take the server's word anew; a small difference never lets the time go back."""
        try:
            base, asked = self._ask()
        except DBAPIError:
            self._base, self._asked = self._at(self._elapsed()), self._elapsed()  # asked again in ten seconds
            return
        behind = (self._at(asked) - base).total_seconds()
        self._base, self._asked = (self._at(asked) if 0 < behind < STEP else base), asked

    def _at(self, elapsed: float) -> datetime:
        return self._base + timedelta(seconds=elapsed - self._asked)

    def _ask(self) -> tuple[datetime, float]:
        """Return the server's moment and the boot clock's in the middle of the question."""
        with self._engine.connect() as connection:
            before = self._elapsed()
            moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
            after = self._elapsed()
        return moment.astimezone(UTC), (before + after) / 2
