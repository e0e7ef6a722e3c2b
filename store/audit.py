"""Who did what, and when: a list that only grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from editorial.clock import Clock
from store.database import Database
from store.schema import AUDIT


@dataclass(frozen=True, kw_only=True)
class Deed:
    """One thing that one person, or the scheduler, did."""

    who: str
    action: str  # "submit", "approve", "halt", "release", ...
    subject: str  # what it was done to: an entry's id, a post's key, a scope
    detail: str
    at: datetime


class AuditLog:
    """Deeds in the order in which they were done."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def write(self, who: str, action: str, subject: str, detail: str = "") -> None:
        """Add a deed."""
        with self._database.write() as connection:
            note(connection, Deed(who=who, action=action, subject=subject, detail=detail, at=self._clock.now()))

    def of(self, subject: str) -> tuple[Deed, ...]:
        """Return what was done to one thing, oldest first."""
        return self._read(subject)

    def all(self) -> tuple[Deed, ...]:
        """Return every deed, oldest first."""
        return self._read(None)

    def _read(self, subject: str | None) -> tuple[Deed, ...]:
        query = select(AUDIT).order_by(AUDIT.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query.where(AUDIT.c.subject == subject) if subject else query).all()
        return tuple(Deed(who=row.who, action=row.action, subject=row.subject, detail=row.detail, at=row.at) for row in rows)


def note(connection: Connection, deed: Deed) -> None:
    """Add a deed in the transaction of what was done."""
    values = {"who": deed.who, "action": deed.action, "subject": deed.subject, "detail": deed.detail, "at": deed.at}
    connection.execute(insert(AUDIT).values(**values))
