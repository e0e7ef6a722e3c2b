"""Whether what is kept still is what the log says of it: what was signed, every kept version, and every row that it carries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from editorial.correction import Kind
from editorial.delivery import State
from editorial.digest import digest_of
from store.approvals import names_what_was_signed, signatures_in_log, stands_in_log
from store.corrections import logged
from store.database import Database
from store.errors import Tampered
from store.posts import kept
from store.schema import (
    APPROVALS,
    AUDIT,
    CORRECTION_ITEMS,
    CORRECTIONS,
    DELIVERIES,
    ENTRY_REVISIONS,
    PASSAGES,
    POSTS,
    SOURCES,
)
from store.seals import SEALED_TABLES, Seal, read_seals


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
        try:
            return self._found()
        except DatabaseError:
            return (Contradiction(subject="sổ", what="không đọc được một bảng: bảng đã bị xóa hoặc bị thay"),)

    def _found(self) -> tuple[Contradiction, ...]:
        with self._database.read() as connection:
            approvals = (*_approvals(connection), *_lost_approvals(connection))
            decisions = (*_decisions(connection), *_lost_decisions(connection))
            signed = (*_posts(connection), *_sources(connection), *approvals, *decisions)
            told = frozenset(each.subject for each in signed)
            # What is told of a signature above is not told once more of its row.
            rows = (each for each in _rows(connection) if each.table not in SIGNED or each.found.subject not in told)
            return (*signed, *(each.found for each in rows), *_revisions(connection), *_states(connection))


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
        elif not _has(connection, "approve", row.entry, *signatures_in_log(row.digest, row.author), who=row.approver):
            yield Contradiction(subject=row.entry, what="nhật ký không ghi phê duyệt này, hoặc ghi người khác ký")
        elif row.revoked_at is None and not stands_in_log(connection, row.entry, row.digest, row.author):
            yield Contradiction(subject=row.entry, what="phê duyệt ghi là còn hiệu lực, nhật ký ghi là chưa ký hoặc đã gỡ")
        elif row.revoked_at is not None and not _has(connection, "revoke", row.entry):
            yield Contradiction(subject=row.entry, what="phê duyệt ghi là đã gỡ, nhật ký không ghi ai gỡ")


def _lost_approvals(connection: Connection) -> Iterator[Contradiction]:
    """Yield what the log says was signed and no row knows of."""
    rows = connection.execute(select(APPROVALS.c.entry, APPROVALS.c.digest, APPROVALS.c.author)).all()
    known = {(row.entry, words) for row in rows for words in signatures_in_log(row.digest, row.author)}
    deeds = connection.execute(select(AUDIT.c.subject, AUDIT.c.detail).where(AUDIT.c.action == "approve").order_by(AUDIT.c.id))
    for deed in dict.fromkeys((row.subject, row.detail) for row in deeds):
        if deed not in known:
            yield Contradiction(subject=deed[0], what="nhật ký ghi đã duyệt mà dòng phê duyệt không còn")


def _decisions(connection: Connection) -> Iterator[Contradiction]:
    for row in connection.execute(select(CORRECTIONS).order_by(CORRECTIONS.c.id)).all():
        if row.signed and digest_of(row.signed) != row.digest:
            yield Contradiction(subject=row.subject, what=f"quyết định số {row.id} không còn đúng mã đã ký")
        elif not _has(connection, row.kind, row.subject, logged(row.value, row.digest, row.author), who=row.approver):
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


@dataclass(frozen=True, kw_only=True)
class _Row:
    """What is found of one row of a table that the log carries."""

    table: str
    found: Contradiction


SIGNED = frozenset({APPROVALS.name, CORRECTIONS.name, CORRECTION_ITEMS.name})


def _rows(connection: Connection) -> Iterator[_Row]:
    """Yield the rows that read otherwise than when a deed last wrote them, are gone, or were put in by no deed."""
    known = _newest_seals(connection)
    for name, table in SEALED_TABLES.items():
        for row in table.rows(connection):
            seal = known.pop((name, row.key), None)
            if seal is not None and seal.digest != row.digest:
                yield _row(name, seal.subject, f"{row.key} không còn đúng như nhật ký ghi ở dòng {seal.number}")
            elif seal is None and row.must:
                yield _row(name, row.subject, f"{row.key} không có trong nhật ký")
    for (name, key), seal in known.items():
        if name in SEALED_TABLES:
            yield _row(name, seal.subject, f"{key} không còn trong sổ, nhật ký ghi ở dòng {seal.number}")


def _row(table: str, subject: str, what: str) -> _Row:
    return _Row(table=table, found=Contradiction(subject=subject, what=f"{SEALED_TABLES[table].what} {what}"))


def _newest_seals(connection: Connection) -> dict[tuple[str, str], Seal]:
    query = select(AUDIT.c.id, AUDIT.c.subject, AUDIT.c.seals).where(AUDIT.c.seals != "").order_by(AUDIT.c.id)
    return {
        (table, key): Seal(number=row.id, subject=row.subject, digest=digest)
        for row in connection.execute(query)
        for table, key, digest in read_seals(row.seals)
    }


def _revisions(connection: Connection) -> Iterator[Contradiction]:
    for row in connection.execute(select(ENTRY_REVISIONS)):
        if digest_of(row.said) != row.revision:
            yield Contradiction(subject=row.entry, what="bản đã trình giữ để so sánh đã bị sửa")


def _states(connection: Connection) -> Iterator[Contradiction]:
    """Yield deliveries whose state is not where their steps have led, and steps that do not follow each other."""
    before = func.lag(PASSAGES.c.end).over(partition_by=PASSAGES.c.delivery, order_by=PASSAGES.c.id)
    steps = select(PASSAGES.c.delivery, PASSAGES.c.start, func.coalesce(before, State.SCHEDULED.value).label("before")).subquery()
    gaps = select(DELIVERIES.c.post_key).join(steps, steps.c.delivery == DELIVERIES.c.id).where(steps.c.start != steps.c.before)
    for key in connection.execute(gaps.distinct().order_by(DELIVERIES.c.post_key)).scalars():
        yield Contradiction(subject=key, what="các lần đổi trạng thái không nối tiếp nhau: có lần bị sửa, bị xóa hoặc bị chèn")
    newest = select(PASSAGES.c.delivery, func.max(PASSAGES.c.id).label("id")).group_by(PASSAGES.c.delivery).subquery()
    led = newest.join(PASSAGES, PASSAGES.c.id == newest.c.id)
    end = func.coalesce(PASSAGES.c.end, State.SCHEDULED.value)
    stands = select(DELIVERIES.c.post_key).select_from(DELIVERIES.outerjoin(led, newest.c.delivery == DELIVERIES.c.id))
    for key in connection.execute(stands.where(DELIVERIES.c.state != end).order_by(DELIVERIES.c.post_key)).scalars():
        yield Contradiction(subject=key, what="trạng thái của lượt đăng không phải là nơi các bước đã dẫn đến")


def _has(connection: Connection, action: str, subject: str, *details: str, who: str | None = None) -> bool:
    query = select(AUDIT.c.id).where(AUDIT.c.action == action, AUDIT.c.subject == subject)
    if details:
        query = query.where(AUDIT.c.detail.in_(details))
    if who is not None:
        query = query.where(AUDIT.c.who == who)
    return connection.execute(query.limit(1)).first() is not None
