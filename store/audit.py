"""Who did what, and when: a list that only grows, every row chained to the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, String, insert, select, type_coerce, update

from editorial.clock import Clock
from store.audit_chain import ChainReport, Link, check_chain, link_digest
from store.database import Database
from store.schema import AUDIT, AUDIT_HEAD


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

    def links(self) -> tuple[Link, ...]:
        """Return every row with its place in the chain, oldest first, also where somebody has tampered with it."""
        with self._database.read() as connection:
            return _links(connection, plain_moments=self._database.is_sqlite)

    def verify(self) -> ChainReport:
        """Read the whole log and find every row that was changed, taken out, put in or moved."""
        with self._database.read() as connection:
            head = connection.execute(select(AUDIT_HEAD)).one()
            links = _links(connection, plain_moments=self._database.is_sqlite)
        return check_chain(links, length=head.number, head=head.sha256)

    def _read(self, subject: str | None) -> tuple[Deed, ...]:
        query = select(AUDIT).order_by(AUDIT.c.id)
        with self._database.read() as connection:
            rows = connection.execute(query.where(AUDIT.c.subject == subject) if subject else query).all()
        return tuple(Deed(who=row.who, action=row.action, subject=row.subject, detail=row.detail, at=row.at) for row in rows)


def note(connection: Connection, deed: Deed) -> None:
    """Add a deed in the transaction of what was done; the head's row is locked, so that two writers cannot share a place."""
    head = connection.execute(select(AUDIT_HEAD).with_for_update()).one()
    link = {"number": head.number + 1, "who": deed.who, "action": deed.action, "subject": deed.subject,
            "detail": deed.detail, "at": deed.at.astimezone(UTC), "prev": head.sha256}  # fmt: skip
    sha256 = link_digest(link)
    connection.execute(insert(AUDIT).values(id=link.pop("number"), **link, sha256=sha256))
    connection.execute(update(AUDIT_HEAD).values(number=head.number + 1, sha256=sha256))


def _links(connection: Connection, *, plain_moments: bool) -> tuple[Link, ...]:
    """Return the rows; SQLite's moments as text, since one that was tampered with may be no moment at all."""
    at = type_coerce(AUDIT.c.at, String) if plain_moments else AUDIT.c.at
    columns = (AUDIT.c.id, AUDIT.c.who, AUDIT.c.action, AUDIT.c.subject, AUDIT.c.detail, AUDIT.c.prev, AUDIT.c.sha256)
    rows = connection.execute(select(*columns, at.label("moment")).order_by(AUDIT.c.id))
    return tuple(
        Link(number=row.id, who=row.who, action=row.action, subject=row.subject, detail=row.detail, at=row.moment,
             prev=row.prev, sha256=row.sha256)
        for row in rows
    )  # fmt: skip
