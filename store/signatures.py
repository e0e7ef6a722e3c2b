"""Whether what is kept still is what the log says of it: what was signed, every kept version, and every row that it carries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.exc import DatabaseError

from editorial.correction import Kind
from editorial.delivery import State
from editorial.digest import digest_of
from store.approvals import is_package, named_posts, signatures_in_log
from store.corrections import logged
from store.database import Database
from store.errors import Tampered
from store.posts import kept
from store.schema import (
    APPROVALS,
    APPROVED_POSTS,
    AUDIT,
    CORRECTION_ITEMS,
    CORRECTIONS,
    DELIVERIES,
    ENTRIES,
    ENTRY_REVISIONS,
    PASSAGES,
    POSTS,
    SOURCES,
    SUBMISSIONS,
    SUBMITTED_POSTS,
)
from store.seals import SEALED_TABLES, Seal, as_kept, moment_text, read_seals
from store.told_deeds import APPROVE, ToldDeeds, told_deeds


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """A row that says otherwise than the log, or than its own digest."""

    subject: str  # an entry, a post's key, a fact
    what: str


class Signatures:
    """Hold the rows of what was signed against the log. The log itself has to be whole: see AuditLog.verify.

    No moment is read as one, since what somebody has written in its place may be none.
    """

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
            told_by_log = told_deeds(connection)
            approvals = (*_approvals(connection, told_by_log), *_lost_approvals(connection, told_by_log))
            decisions = (*_decisions(connection, told_by_log), *_lost_decisions(connection, told_by_log))
            signed = (*_posts(connection), *_sources(connection), *_submissions(connection), *approvals, *decisions)
            told = frozenset(each.subject for each in signed)
            # What is told of a signature above is not told once more of its row.
            rows = (each for each in _rows(connection) if each.table not in SIGNED or each.found.subject not in told)
            return (*signed, *(each.found for each in rows), *_revisions(connection), *_cards(connection),
                    *_states(connection))  # fmt: skip


def _posts(connection: Connection) -> Iterator[Contradiction]:
    """Yield the versions of posts that were altered, and deliveries that say otherwise than their post of where and when."""
    both = (DELIVERIES.c.post_key == POSTS.c.key) & (DELIVERIES.c.post_digest == POSTS.c.digest)
    moment = as_kept(DELIVERIES.c.due_at, connection.dialect.name == "sqlite").label("due_at")
    goes = (DELIVERIES.c.id, DELIVERIES.c.entry, DELIVERIES.c.channel, moment)
    query: Select[Any] = select(POSTS.c.key, POSTS.c.digest, POSTS.c.body, *goes).select_from(POSTS.outerjoin(DELIVERIES, both))
    for row in connection.execute(query.order_by(POSTS.c.id)):
        try:
            post = kept(row)
        except Tampered:
            yield Contradiction(subject=row.key, what="bản lưu của bài không còn đúng mã đã ký")
            continue
        signed = (post.entry, post.channel, moment_text(post.due_at))
        if row.id is not None and (row.entry, row.channel, moment_text(row.due_at)) != signed:
            yield Contradiction(subject=row.key, what="mục, kênh hoặc giờ của lượt đăng không phải là của bài đã ký")
    lost = select(DELIVERIES.c.post_key).select_from(DELIVERIES.outerjoin(POSTS, both)).where(POSTS.c.id.is_(None))
    for key in connection.execute(lost.order_by(DELIVERIES.c.post_key)).scalars():
        yield Contradiction(subject=key, what="lượt đăng không còn bản lưu của bài")


def _submissions(connection: Connection) -> Iterator[Contradiction]:
    """Yield what was handed in and names other posts now; an older version kept none of them."""
    named = named_posts(connection, SUBMITTED_POSTS.c.submission)
    query = select(SUBMISSIONS.c.id, SUBMISSIONS.c.entry, SUBMISSIONS.c.digest).order_by(SUBMISSIONS.c.id)
    for row in connection.execute(query.where(SUBMISSIONS.c.id.in_(select(SUBMITTED_POSTS.c.submission)))):
        if not is_package(named[row.id], row.digest):
            yield Contradiction(subject=row.entry, what=f"các bài của lần trình {row.id} không còn đúng như đã trình")


def _approvals(connection: Connection, log: ToldDeeds) -> Iterator[Contradiction]:
    named = named_posts(connection, APPROVED_POSTS.c.approval)
    columns = (APPROVALS.c[name] for name in ("id", "entry", "digest", "author", "approver"))
    ended = APPROVALS.c.revoked_at.is_not(None).label("ended")
    for row in connection.execute(select(*columns, ended).order_by(APPROVALS.c.id)):
        if not is_package(named.get(row.id, ()), row.digest):
            yield Contradiction(subject=row.entry, what="phê duyệt không còn khớp với các bài mà nó ký")
        elif not log.has(APPROVE, row.entry, signatures_in_log(row.digest, row.author), row.approver):
            yield Contradiction(subject=row.entry, what="nhật ký không ghi phê duyệt này, hoặc ghi người khác ký")
        elif not row.ended and not log.stands(row.entry, row.digest, row.author):
            yield Contradiction(subject=row.entry, what="phê duyệt ghi là còn hiệu lực, nhật ký ghi là chưa ký hoặc đã gỡ")
        elif row.ended and row.entry not in log.ends:
            yield Contradiction(subject=row.entry, what="phê duyệt ghi là đã gỡ, nhật ký không ghi ai gỡ")


def _lost_approvals(connection: Connection, log: ToldDeeds) -> Iterator[Contradiction]:
    """Yield what the log says was signed and no row knows of."""
    rows = connection.execute(select(APPROVALS.c.entry, APPROVALS.c.digest, APPROVALS.c.author)).all()
    known = {(row.entry, words) for row in rows for words in signatures_in_log(row.digest, row.author)}
    for deed in log.details(APPROVE):
        if deed not in known:
            yield Contradiction(subject=deed[0], what="nhật ký ghi đã duyệt mà dòng phê duyệt không còn")


def _decisions(connection: Connection, log: ToldDeeds) -> Iterator[Contradiction]:
    parts = _parts(connection)
    columns = (CORRECTIONS.c[name] for name in ("id", "kind", "subject", "value", "digest", "signed", "author", "approver"))
    for row in connection.execute(select(*columns).order_by(CORRECTIONS.c.id)):
        if row.signed and digest_of(row.signed) != row.digest:
            yield Contradiction(subject=row.subject, what=f"quyết định số {row.id} không còn đúng mã đã ký")
        elif not log.has(row.kind, row.subject, (logged(row.value, row.digest, row.author),), row.approver):
            yield Contradiction(subject=row.subject, what=f"nhật ký không ghi quyết định số {row.id}, hoặc ghi người khác ký")
        elif row.signed and parts.get(row.id, set()) != _signed_parts(row.signed):
            yield Contradiction(subject=row.subject, what=f"các bản sao của quyết định số {row.id} không còn đúng như đã ký")


def _parts(connection: Connection) -> Mapping[int, set[tuple[str, str, str]]]:
    """Return, by decision, what its rows say of each live copy."""
    items = CORRECTION_ITEMS.join(DELIVERIES, DELIVERIES.c.id == CORRECTION_ITEMS.c.delivery)
    columns = (CORRECTION_ITEMS.c.correction, DELIVERIES.c.post_key, CORRECTION_ITEMS.c.means, CORRECTION_ITEMS.c.post_digest)
    found: dict[int, set[tuple[str, str, str]]] = defaultdict(set)
    for correction, key, means, digest in connection.execute(select(*columns).select_from(items)):
        found[correction].add((key, means, digest or ""))
    return found


def _signed_parts(signed: str) -> set[tuple[str, str, str]]:
    """Return what was signed of each live copy; the posts that had not gone out have approvals and no items."""
    return {(key, means, digest) for key, means, digest in json.loads(signed)["parts"] if means != "waiting"}


def _lost_decisions(connection: Connection, log: ToldDeeds) -> Iterator[Contradiction]:
    """Yield what the log says two people decided and no row knows of."""
    columns = (CORRECTIONS.c.subject, CORRECTIONS.c.value, CORRECTIONS.c.digest, CORRECTIONS.c.author)
    rows = connection.execute(select(*columns))
    known = {(row.subject, logged(row.value, row.digest, row.author)) for row in rows}
    for deed in dict.fromkeys(log.details(*(kind.value for kind in Kind))):
        if deed not in known:
            yield Contradiction(subject=deed[0], what="nhật ký ghi một quyết định đính chính hoặc rút bài không còn trong sổ")


def _sources(connection: Connection) -> Iterator[Contradiction]:
    for row in connection.execute(select(SOURCES.c.entry, SOURCES.c.digest, SOURCES.c.body)):
        if digest_of(row.body) != row.digest:
            yield Contradiction(subject=row.entry, what="bản nguồn giữ cùng bài đã bị sửa")


@dataclass(frozen=True, kw_only=True)
class _Row:
    """What is found of one row of a table that the log carries."""

    table: str
    found: Contradiction


SIGNED = frozenset({SUBMITTED_POSTS.name, APPROVALS.name, CORRECTIONS.name, CORRECTION_ITEMS.name})


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
    for row in connection.execute(select(ENTRY_REVISIONS.c.entry, ENTRY_REVISIONS.c.revision, ENTRY_REVISIONS.c.said)):
        if digest_of(row.said) != row.revision:
            yield Contradiction(subject=row.entry, what="bản đã trình giữ để so sánh đã bị sửa")


def _cards(connection: Connection) -> Iterator[Contradiction]:
    """Yield the cards by which the scheduler goes in a pause, and that say otherwise than what was handed in."""
    same = (ENTRY_REVISIONS.c.entry == ENTRIES.c.id) & (ENTRY_REVISIONS.c.revision == ENTRIES.c.revision)
    card = (ENTRIES.c[name] for name in ("id", "revision", "tone", "unit", "axis", "content_group"))
    query = select(*card, ENTRY_REVISIONS.c.said).select_from(ENTRIES.join(ENTRY_REVISIONS, same)).order_by(ENTRIES.c.id)
    for row in connection.execute(query):
        if digest_of(row.said) != row.revision:
            continue  # told of the revision itself
        said = json.loads(row.said)
        if (row.tone, row.unit, row.axis, row.content_group) != tuple(said[name] for name in ("tone", "unit", "axis", "group")):
            yield Contradiction(subject=row.id, what="giọng điệu, đơn vị, trục hoặc nhóm của mục không còn đúng như đã trình")


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
