"""Whether what is signed still is what the log says was signed: approvals, decisions and every kept version of every post."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from editorial.correction import Kind
from editorial.digest import digest_of
from store.approvals import names_what_was_signed, stands_in_log
from store.corrections import logged
from store.database import Database
from store.errors import Tampered
from store.posts import kept
from store.schema import APPROVALS, AUDIT, CORRECTION_ITEMS, CORRECTIONS, DELIVERIES, POSTS, SOURCES


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
            approvals = (*_approvals(connection), *_lost_approvals(connection))
            decisions = (*_decisions(connection), *_lost_decisions(connection))
            return (*_posts(connection), *_sources(connection), *approvals, *decisions)


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
        elif not _has(connection, "approve", row.entry, row.digest, row.approver):
            yield Contradiction(subject=row.entry, what="nhật ký không ghi phê duyệt này, hoặc ghi người khác ký")
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
        elif not _has(connection, row.kind, row.subject, logged(row.value, row.digest, row.author), row.approver):
            yield Contradiction(subject=row.subject, what=f"nhật ký không ghi quyết định số {row.id}, hoặc ghi người khác ký")
        elif row.signed and _parts(connection, row.id) != _signed_parts(row.signed):
            yield Contradiction(subject=row.subject, what=f"các bản sao của quyết định số {row.id} không còn đúng như đã ký")


def _parts(connection: Connection, correction: int) -> set[tuple[str, str, str]]:
    items = CORRECTION_ITEMS.join(DELIVERIES, DELIVERIES.c.id == CORRECTION_ITEMS.c.delivery)
    query = select(DELIVERIES.c.post_key, CORRECTION_ITEMS.c.means, CORRECTION_ITEMS.c.post_digest).select_from(items)
    rows = connection.execute(query.where(CORRECTION_ITEMS.c.correction == correction))
    return {(row.post_key, row.means, row.post_digest or "") for row in rows}


def _signed_parts(signed: str) -> set[tuple[str, str, str]]:
    """Return what was signed of each live copy; the posts that had not gone out have approvals and no items."""
    return {(key, means, digest) for key, means, digest in json.loads(signed)["parts"] if means != "waiting"}


def _lost_decisions(connection: Connection) -> Iterator[Contradiction]:
    """Yield what the log says two people decided and no row knows of."""
    columns = (CORRECTIONS.c.subject, CORRECTIONS.c.value, CORRECTIONS.c.digest, CORRECTIONS.c.author)
    rows = connection.execute(select(*columns))
    known = {(row.subject, logged(row.value, row.digest, row.author)) for row in rows}
    decided = AUDIT.c.action.in_([kind.value for kind in Kind])
    deeds = connection.execute(select(AUDIT.c.subject, AUDIT.c.detail).where(decided).order_by(AUDIT.c.id))
    for deed in dict.fromkeys((row.subject, row.detail) for row in deeds):
        if deed not in known:
            yield Contradiction(subject=deed[0], what="nhật ký ghi một quyết định đính chính hoặc rút bài không còn trong sổ")


def _sources(connection: Connection) -> Iterator[Contradiction]:
    for row in connection.execute(select(SOURCES)):
        if digest_of(row.body) != row.digest:
            yield Contradiction(subject=row.entry, what="bản nguồn giữ cùng bài đã bị sửa")


def _has(connection: Connection, action: str, subject: str, detail: str | None = None, who: str | None = None) -> bool:
    query = select(AUDIT.c.id).where(AUDIT.c.action == action, AUDIT.c.subject == subject)
    if detail is not None:
        query = query.where(AUDIT.c.detail == detail)
    if who is not None:
        query = query.where(AUDIT.c.who == who)
    return connection.execute(query.limit(1)).first() is not None
