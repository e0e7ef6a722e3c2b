"""How often somebody tried to come in and failed, and when the next trial may be: waits that grow, and end by themselves.

A trial is counted before the password is looked at, so that a thousand trials at one moment are a thousand failures; a right one
takes its count back. What is counted under has a name: the account that was tried, the address it came from, or the one browser
that a person is known by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from editorial.clock import Clock
from store.audit import Deed, note
from store.database import Database
from store.schema import SIGN_IN_TRIALS

FORGOTTEN = timedelta(hours=1)  # without another failure
NOTICED_BY = "loa"  # who tells the log of failures: whoever failed is unknown


@dataclass(frozen=True, kw_only=True)
class Counter:
    """What failures are counted under: `free` of them cost nothing, each later one doubles the wait, up to `longest`."""

    name: str
    free: int
    longest: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """Return how long the next trial has to wait."""
        beyond = failures - self.free
        return min(timedelta(seconds=2 ** min(beyond, 20)), self.longest) if beyond > 0 else timedelta(0)


class TrialTable:
    """Failures by the name of their counter."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self, counters: Sequence[Counter]) -> datetime | None:
        """Count a trial as failed under all counters; return None, or the moment to wait for, with nothing counted."""
        now = self._clock.now()
        with self._database.write() as connection:
            connection.execute(delete(SIGN_IN_TRIALS).where(SIGN_IN_TRIALS.c.last_at <= now - FORGOTTEN))
            known = {each.name: _row(connection, each.name) for each in counters}
            waits: list[datetime] = [row.next_at for row in known.values() if row is not None and row.next_at > now]
            if waits:
                return max(waits)
            for each in counters:
                row = known[each.name]
                failures = (row.failures if row else 0) + 1
                values = {"failures": failures, "last_at": now, "next_at": now + each.wait_after(failures)}
                made = insert(SIGN_IN_TRIALS).values(name=each.name, **values) if row is None else (
                    update(SIGN_IN_TRIALS).filter_by(name=each.name).values(**values))  # fmt: skip
                connection.execute(made)
        return None

    def take_back(self, counters: Sequence[Counter]) -> None:
        """Take back what a trial counted that was right; the failures before it keep their wait."""
        with self._database.write() as connection:
            for each in counters:
                row = _row(connection, each.name)
                if row is not None:
                    less = {"failures": row.failures - 1, "next_at": row.last_at + each.wait_after(row.failures - 1)}
                    connection.execute(update(SIGN_IN_TRIALS).filter_by(name=each.name).values(**less))

    def forget(self, counter: Counter) -> None:
        """Forget all failures under a counter: somebody has come in."""
        with self._database.write() as connection:
            connection.execute(delete(SIGN_IN_TRIALS).filter_by(name=counter.name))

    def tell(self, counter: Counter, subject: str, detail: str) -> None:
        """Let the log tell of failures when they go beyond what is free, and again at each doubling: a flood is a few rows."""
        now = self._clock.now()
        with self._database.write() as connection:
            row = _row(connection, counter.name)
            if row is None or row.failures <= counter.free or not _is_told(row.failures, counter.free):
                return
            said = f"{row.failures} lần không đúng; {detail}"
            note(connection, Deed(who=NOTICED_BY, action="failed-sign-in", subject=subject, detail=said, at=now))


def _is_told(failures: int, free: int) -> bool:
    """Tell whether this many failures are the first beyond what is free, or twice as many as were last told, or so on."""
    beyond = failures - free
    return beyond & (beyond - 1) == 0


def _row(connection: Connection, name: str) -> Row[Any] | None:
    return connection.execute(select(SIGN_IN_TRIALS).filter_by(name=name)).one_or_none()
