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
    """`generation` grows with every start, `beat` with every sign of life; `home` is where the database lay at its last start."""

    id: str
    generation: int
    made_at: datetime
    started_at: datetime
    home: str
    beat: int


class InstallationRow:
    """The one row about this installation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def start(self) -> Installation:
        """Count one more start here, making the installation on the first; return it."""
        now, home = self._clock.now(), self._database.home()
        with self._database.write() as connection:
            if _read(connection) is None:
                row = {"id": uuid.uuid4().hex, "generation": 0, "made_at": now, "started_at": now}
                connection.execute(insert(INSTALLATION).values(**row))
            raised = {"generation": INSTALLATION.c.generation + 1, "started_at": now, "home": home}
            connection.execute(update(INSTALLATION).values(**raised))
            started = _read(connection)
        if started is None:
            raise RuntimeError("the installation row has vanished")
        return started

    def is_at_home(self) -> bool:
        """Tell whether the database lies where it was last started; one that never was is at home anywhere."""
        found = self.current()
        return found is None or found.home in ("", self._database.home())

    def beat(self, *, above: int = 0) -> int:
        """Give a sign of life and return its number: greater than the one before it, and than `above`."""
        with self._database.write() as connection:
            last: int = connection.execute(select(INSTALLATION.c.beat)).scalar_one()
            connection.execute(update(INSTALLATION).values(beat=max(last, above) + 1))
        return max(last, above) + 1

    def current(self) -> Installation | None:
        """Return the installation, or None before its first start."""
        with self._database.read() as connection:
            return _read(connection)


def _read(connection: Connection) -> Installation | None:
    row = connection.execute(select(INSTALLATION)).one_or_none()
    if row is None:
        return None
    return Installation(id=row.id, generation=row.generation, made_at=row.made_at, started_at=row.started_at, home=row.home,
                        beat=row.beat)  # fmt: skip
