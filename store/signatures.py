"""Whether what is signed still is what the log says was signed: approvals, decisions and every kept version of every post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from editorial.digest import digest_of
from store.approvals import names_what_was_signed, stands_in_log
from store.corrections import logged
from store.database import Database
from store.errors import Tampered
from store.posts import kept
from store.schema import APPROVALS, AUDIT, CORRECTIONS, POSTS


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """A row that says otherwise than the log, or than its own digest."""

    subject: str  # an entry, a post's key, a fact
    what: str


class Signatures:
    """Hold the rows of what was signed against the log. The log itself has to be whole: see AuditLog.verify."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Return everything that was changed behind the log, oldest first."""
        with self._database.read() as connection:
            return (*_posts(connection), *_approvals(connection), *_lost_approvals(connection), *_decisions(connection))


def _posts(connection: Connection) -> Iterator[Contradiction]:
    for row in connection.execute(select(POSTS).order_by(POSTS.c.id)):
        try:
            kept(row)
        except Tampered:
            yield Contradiction(subject=row.key, what="bản lưu của bài không còn đúng mã đã ký")


def _approvals(connection: Connection) -> Iterator[Contradiction]:
    for row in connection.execute(select(APPROVALS).order_by(APPROVALS.c.id)).all():
        if not names_what_was_signed(connection, row.id, row.digest):
            yield Contradiction(subject=row.entry, what="phê duyệt không còn khớp với các bài mà nó ký")
        elif row.revoked_at is None and not stands_in_log(connection, row.entry, row.digest):
            yield Contradiction(subject=row.entry, what="phê duyệt ghi là còn hiệu lực, nhật ký ghi là chưa ký hoặc đã gỡ")
        elif row.revoked_at is not None and not _has(connection, "revoke", row.entry):
            yield Contradiction(subject=row.entry, what="phê duyệt ghi là đã gỡ, nhật ký không ghi ai gỡ")


def _lost_approvals(connection: Connection) -> Iterator[Contradiction]:
    """Yield what the log says was signed and no row knows of."""
    known = {(row.entry, row.digest) for row in connection.execute(select(APPROVALS.c.entry, APPROVALS.c.digest))}
    deeds = connection.execute(select(AUDIT.c.subject, AUDIT.c.detail).where(AUDIT.c.action == "approve").order_by(AUDIT.c.id))
    for deed in dict.fromkeys((row.subject, row.detail) for row in deeds):
        if deed not in known:
            yield Contradiction(subject=deed[0], what="nhật ký ghi đã duyệt mà dòng phê duyệt không còn")


def _decisions(connection: Connection) -> Iterator[Contradiction]:
    for row in connection.execute(select(CORRECTIONS).order_by(CORRECTIONS.c.id)).all():
        if row.signed and digest_of(row.signed) != row.digest:
            yield Contradiction(subject=row.subject, what=f"quyết định số {row.id} không còn đúng mã đã ký")
        elif not _has(connection, row.kind, row.subject, logged(row.value, row.digest)):
            yield Contradiction(subject=row.subject, what=f"nhật ký không ghi quyết định số {row.id}")


def _has(connection: Connection, action: str, subject: str, detail: str | None = None) -> bool:
    query = select(AUDIT.c.id).where(AUDIT.c.action == action, AUDIT.c.subject == subject)
    if detail is not None:
        query = query.where(AUDIT.c.detail == detail)
    return connection.execute(query.limit(1)).first() is not None
