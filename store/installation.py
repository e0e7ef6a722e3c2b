"""Which installation this database belongs to, and how often it was started: a copied database can be told from its origin."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from editorial.clock import Clock
from store.database import Database
from store.schema import INSTALLATION


@dataclass(frozen=True, kw_only=True)
class Installation:
    """`generation` grows with every start."""

    id: str
    generation: int
    made_at: datetime
    started_at: datetime


class InstallationRow:
    """The one row about this installation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def start(self) -> Installation:
        """Count one more start, making the installation on the first; return it."""
        now = self._clock.now()
        with self._database.write() as connection:
            if _read(connection) is None:
                row = {"id": uuid.uuid4().hex, "generation": 0, "made_at": now, "started_at": now}
                connection.execute(insert(INSTALLATION).values(**row))
            raised = {"generation": INSTALLATION.c.generation + 1, "started_at": now}
            connection.execute(update(INSTALLATION).values(**raised))
            started = _read(connection)
        if started is None:
            raise RuntimeError("the installation row has vanished")
        return started

    def current(self) -> Installation | None:
        """Return the installation, or None before its first start."""
        with self._database.read() as connection:
            return _read(connection)


def _read(connection: Connection) -> Installation | None:
    row = connection.execute(select(INSTALLATION)).one_or_none()
    return Installation(id=row.id, generation=row.generation, made_at=row.made_at, started_at=row.started_at) if row else None
