"""Who handed an entry in for approval, and with which bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from editorial.clock import Clock
from store.audit import Deed, note
from store.database import Database
from store.schema import SUBMISSIONS


@dataclass(frozen=True, kw_only=True)
class Submission:
    """An entry handed in: `digest` is that of its posts together."""

    entry: str
    digest: str
    author: str
    at: datetime


class SubmissionTable:
    """Submissions, all of them kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def save(self, entry: str, digest: str, author: str) -> Submission:
        """Record that the author hands these bytes in."""
        made = Submission(entry=entry, digest=digest, author=author, at=self._clock.now())
        with self._database.write() as connection:
            connection.execute(insert(SUBMISSIONS).values(entry=entry, digest=digest, author=author, at=made.at))
            note(connection, Deed(who=author, action="submit", subject=entry, detail=digest, at=made.at))
        return made

    def latest(self, entry: str) -> Submission | None:
        """Return the newest submission of an entry."""
        query = select(SUBMISSIONS).where(SUBMISSIONS.c.entry == entry).order_by(SUBMISSIONS.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return Submission(entry=row.entry, digest=row.digest, author=row.author, at=row.at) if row else None
