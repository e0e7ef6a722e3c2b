"""Who handed an entry in for approval, and with which bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from editorial.clock import Clock
from editorial.post import Post
from store.audit import Deed, note
from store.database import Database, new_id
from store.posts import PostTable
from store.schema import ENTRY_REVISIONS, SUBMISSIONS, SUBMITTED_POSTS
from store.seals import Sealed
from store.statement import Statement
from store.workflow import Taking, put_step


@dataclass(frozen=True, kw_only=True)
class Submission:
    """An entry handed in: `digest` is that of its posts together."""

    id: int
    entry: str
    digest: str
    author: str
    at: datetime


class SubmissionTable:
    """Submissions, all of them kept."""

    def __init__(self, database: Database, clock: Clock, posts: PostTable) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts

    def save(
        self, entry: str, digest: str, author: str, *, posts: Iterable[Post] = (), step: Taking | None = None
    ) -> Submission:  # fmt: skip
        """Record that the author hands these bytes in, and keep the posts; `step` is taken in the same transaction."""
        now = self._clock.now()
        with self._database.write() as connection:
            rows = put_step(connection, entry, step, now)[1] if step is not None else ()
            made = new_id(connection.execute(insert(SUBMISSIONS).values(entry=entry, digest=digest, author=author, at=now)))
            kept = self._keep(connection, made, posts)
            said = ((ENTRY_REVISIONS, f"{entry}/{step.revision}"),) if step is not None else ()
            deed = Deed(who=author, action="submit", subject=entry, detail=digest, at=now)
            note(connection, deed, *rows, (SUBMISSIONS, made), *kept, *said)
        return Submission(id=made, entry=entry, digest=digest, author=author, at=now)

    def _keep(self, connection: Connection, submission: int, posts: Iterable[Post]) -> tuple[Sealed, ...]:
        ready = tuple(posts)
        for post in ready:
            self._posts.put(connection, post)
            values = {"submission": submission, "post_key": post.key, "post_digest": post.digest}
            connection.execute(insert(SUBMITTED_POSTS).values(**values))
        return tuple((SUBMITTED_POSTS, f"{submission}/{post.key}") for post in ready)

    def of(self, entry: str) -> tuple[Submission, ...]:
        """Return every submission of an entry, oldest first."""
        query = select(SUBMISSIONS).where(SUBMISSIONS.c.entry == entry).order_by(SUBMISSIONS.c.id)
        with self._database.read() as connection:
            return tuple(_submission(row) for row in connection.execute(query))

    def posts(self, id: int) -> tuple[Post, ...]:
        """Return what was handed in, by key; nothing where an older version did not keep it."""
        rows = self._database.ask(_HANDED_IN, {"with": id})
        return tuple(self._posts.version(row.post_key, row.post_digest) for row in rows)

    def newest(self, entries: Collection[str]) -> Mapping[str, Submission]:
        """Return the newest submission of each of these entries that has one."""
        newest = select(func.max(SUBMISSIONS.c.id)).where(SUBMISSIONS.c.entry.in_(list(entries))).group_by(SUBMISSIONS.c.entry)
        with self._database.read() as connection:
            rows = connection.execute(select(SUBMISSIONS).where(SUBMISSIONS.c.id.in_(newest))).all()
        return {row.entry: _submission(row) for row in rows}

    def packages(self, ids: Iterable[int]) -> Mapping[int, tuple[Post, ...]]:
        """Return what was handed in with each of these submissions, by key."""
        return self._posts.packages(SUBMITTED_POSTS.c.submission, ids)

    def authors(self, entry: str, digest: str) -> frozenset[str]:
        """Return who has ever handed in these very bytes: that somebody did so once more makes nobody less their author."""
        query = select(SUBMISSIONS.c.author).where(SUBMISSIONS.c.entry == entry, SUBMISSIONS.c.digest == digest)
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def latest(self, entry: str) -> Submission | None:
        """Return the newest submission of an entry."""
        found = self._database.ask(_LATEST, {"of": entry})
        return _submission(found[0]) if found else None


_HANDED_IN = Statement(
    select(SUBMITTED_POSTS).where(SUBMITTED_POSTS.c.submission == bindparam("with")).order_by(SUBMITTED_POSTS.c.post_key)
)
_LATEST = Statement(select(SUBMISSIONS).where(SUBMISSIONS.c.entry == bindparam("of")).order_by(SUBMISSIONS.c.id.desc()).limit(1))


def _submission(row: Any) -> Submission:
    return Submission(entry=row.entry, digest=row.digest, author=row.author, at=row.at, id=row.id)
