"""What the public saw each time a live post was read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from editorial.clock import Clock
from editorial.outcome import LivePost
from store.audit import SCHEDULER, Deed, tell
from store.database import Database
from store.record import LIVE_POST, TEXTS, json_of
from store.schema import DELIVERIES, READINGS
from store.statement import Statement

_ADD = Statement(insert(READINGS).returning(READINGS.c.id))
_KEY = Statement(select(DELIVERIES.c.post_key).where(DELIVERIES.c.id == bindparam("known")))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One reading: `live` is None when the post was not there; no differences means it is as approved."""

    delivery: int
    live: LivePost | None
    differences: tuple[str, ...]
    at: datetime


class ReadingTable:
    """Readings, all of them kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, delivery: int, live: LivePost | None, differences: tuple[str, ...]) -> Reading:
        """Record a reading."""
        reading = Reading(delivery=delivery, live=live, differences=differences, at=self._clock.now())
        with self._database.write_beside() as connection:
            put_reading(connection, reading, _KEY.one(connection, {"known": delivery}).post_key)
        return reading

    def of(self, delivery: int) -> tuple[Reading, ...]:
        """Return the readings of a delivery, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(READINGS).where(READINGS.c.delivery == delivery).order_by(READINGS.c.id)).all()
        return tuple(
            Reading(delivery=row.delivery, live=LIVE_POST.validate_json(row.live) if row.live else None,
                    differences=TEXTS.validate_json(row.differences), at=row.at)
            for row in rows
        )  # fmt: skip


def put_reading(connection: Connection, reading: Reading, post_key: str) -> None:
    """Record a reading inside a transaction that is under way, and write it in the log."""
    seen = json_of(LIVE_POST, reading.live) if reading.live else None
    row = {"delivery": reading.delivery, "live": seen, "differences": json_of(TEXTS, reading.differences), "at": reading.at}
    made = _ADD.one(connection, row)
    deed = Deed(who=SCHEDULER, action="read-back", subject=post_key, detail="; ".join(reading.differences), at=reading.at)
    tell(connection, deed, (READINGS, made.id))
