"""What was seen each time a delivery of unknown outcome was looked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import insert, select

from editorial.clock import Clock
from store.database import Database
from store.schema import SIGHTINGS


class Seen(Enum):
    """The answer of one look."""

    FOUND = "found"  # it is public
    ABSENT = "absent"  # a complete read-back does not show it, and on this channel that is proof
    NOT_SHOWN = "not_shown"  # a complete read-back does not show it, which proves nothing here
    UNCLEAR = "unclear"  # could not be read, or two posts fit


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look for one delivery."""

    delivery: int
    seen: Seen
    detail: str
    at: datetime


class SightingTable:
    """Looks, all of them kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, delivery: int, seen: Seen, detail: str = "") -> Look:
        """Record a look."""
        look = Look(delivery=delivery, seen=seen, detail=detail, at=self._clock.now())
        with self._database.write_beside() as connection:
            connection.execute(insert(SIGHTINGS).values(delivery=delivery, kind=seen.value, detail=detail, at=look.at))
        return look

    def of(self, delivery: int, *, since: datetime) -> tuple[Look, ...]:
        """Return the looks for a delivery since a moment, oldest first."""
        query = select(SIGHTINGS).where(SIGHTINGS.c.delivery == delivery, SIGHTINGS.c.at >= since).order_by(SIGHTINGS.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(Look(delivery=row.delivery, seen=Seen(row.kind), detail=row.detail, at=row.at) for row in rows)
