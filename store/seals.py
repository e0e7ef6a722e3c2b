"""What the audit log carries of other tables: with each deed, the digest of every row that it wrote.

A row that is changed, taken out or put in behind the log's back says otherwise than its newest seal, or has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    bindparam,
    case,
    cast,
    false,
    literal,
    select,
    true,
    type_coerce,
)

from editorial.delivery import State
from editorial.digest import digest_of
from store.moment import Moment
from store.schema import (
    APPROVALS,
    CORRECTION_ITEMS,
    CORRECTIONS,
    DELIVERIES,
    EMERGENCY_RIGHTS,
    EMERGENCY_USES,
    ENTRY_REVISIONS,
    HALT_PASSES,
    HALTS,
    PASSAGES,
    READINGS,
    STEPS,
    SUBMISSIONS,
    SUBMITTED_POSTS,
    TEMPLATE_APPROVALS,
    WORKFLOW,
    WORKFLOW_STEPS,
)
from store.statement import Statement

Key = int | str
Sealed = tuple[Table, Key]  # a row that a deed has written

# What is told of a delivery's end by the log itself; the steps between are many, and prove nothing that people rely on.
CARRIED = frozenset({State.SENT, State.VERIFIED, State.WITHDRAWN, State.CANCELLED, State.SUPERSEDED})


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The digest of one row when a deed wrote it; `number` is the deed's row in the log, `subject` what it was done to."""

    number: int
    subject: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class KeptRow:
    """A row as it stands: `must` tells that the log has to know of it."""

    key: str
    subject: str
    digest: str
    must: bool


@dataclass(frozen=True, kw_only=True)
class SealedTable:
    """A table whose rows the log carries."""

    table: Table
    what: str  # what people call a row
    subject: ColumnElement[Any]
    key: ColumnElement[Any]
    columns: tuple[ColumnElement[Any], ...]
    must: ColumnElement[bool] = field(default_factory=true)

    def rows(self, connection: Connection, key: Key | None = None) -> Iterator[KeptRow]:
        """Yield the rows as they stand, or the one with this key; none of them can be too broken to be read."""
        plain_moments = connection.dialect.name == "sqlite"
        asked = self._one(plain_moments).all(connection, {"sealed_key": key}) if key is not None else self._all(connection)
        moments = frozenset(number for number, column in enumerate(self.columns) if isinstance(column.type, Moment))
        for row in asked:
            told, subject, known, *values = row
            yield KeptRow(key=told, subject=str(subject), digest=_digest(values, moments), must=bool(known))

    def _all(self, connection: Connection) -> Iterable[Any]:
        return connection.execute(self._query(connection.dialect.name == "sqlite"))

    def _one(self, plain_moments: bool) -> Statement:
        """Return the question for one row, made once: to build it takes longer than to ask."""
        name = (self.table.name, plain_moments)
        if name not in _QUERIES:
            _QUERIES[name] = Statement(self._query(plain_moments).where(self.key == bindparam("sealed_key")))
        return _QUERIES[name]

    def _query(self, plain_moments: bool) -> Select[Any]:
        signed = [as_kept(column, plain_moments).label(f"c{number}") for number, column in enumerate(self.columns)]
        return select(cast(self.key, String), self.subject, case((self.must, 1), else_=0), *signed).order_by(self.key)


_QUERIES: dict[tuple[str, bool], Statement] = {}


def _table(table: Table, what: str, subject: Column[Any], *, but: Iterable[str] = (), **more: Any) -> SealedTable:
    key = more.pop("key", None)
    columns = tuple(column for column in table.c if column.name not in but)
    return SealedTable(table=table, what=what, subject=subject, key=table.c.id if key is None else key, columns=columns, **more)


def _delivery() -> SealedTable:
    """What of a delivery is final once it is public: its bytes, where it is, since when, and whether it was taken back."""
    kept = ("id", "post_key", "post_digest", "entry", "channel", "remote_id", "url", "evidence", "published_at")
    gone = case((DELIVERIES.c.state == State.WITHDRAWN.value, literal("withdrawn")), else_=literal(""))
    return SealedTable(
        table=DELIVERIES,
        what="lượt đăng",
        subject=DELIVERIES.c.post_key,
        key=DELIVERIES.c.id,
        columns=(*(DELIVERIES.c[name] for name in kept), gone),
        must=DELIVERIES.c.remote_id.is_not(None),
    )


def _item() -> SealedTable:
    """What two people signed of a copy, and whether it is done; how often it was tried meanwhile is not told."""
    kept = ("id", "correction", "delivery", "means", "post_key", "post_digest", "note", "changes")
    done = case((CORRECTION_ITEMS.c.state == "done", literal("done")), else_=literal(""))
    columns = (*(CORRECTION_ITEMS.c[name] for name in kept), done)
    return SealedTable(table=CORRECTION_ITEMS, what="bản sao của quyết định", subject=CORRECTION_ITEMS.c.correction,
                key=CORRECTION_ITEMS.c.id, columns=columns)  # fmt: skip


def _step() -> SealedTable:
    """What of a step after a post is final: what was said, where, and whether it is over."""
    kept = ("id", "delivery", "remote_id", "said_at", "by_hand")
    is_over = STEPS.c.state.in_(["said", "dropped"])
    over = tuple(case((is_over, STEPS.c[name]), else_=literal("")) for name in ("state", "kind", "text"))
    columns = (*(STEPS.c[name] for name in kept), *over)
    return SealedTable(table=STEPS, what="bình luận đầu", subject=STEPS.c.delivery, key=STEPS.c.id, columns=columns, must=is_over)


SEALED_TABLES: Mapping[str, SealedTable] = {
    kept.table.name: kept
    for kept in (
        _table(WORKFLOW, "bước hiện tại", WORKFLOW.c.entry, key=WORKFLOW.c.entry),
        _table(WORKFLOW_STEPS, "bước", WORKFLOW_STEPS.c.entry),
        _table(SUBMISSIONS, "lần trình", SUBMISSIONS.c.entry),
        _table(SUBMITTED_POSTS, "bài đã trình", SUBMITTED_POSTS.c.submission,
              key=cast(SUBMITTED_POSTS.c.submission, String) + "/" + SUBMITTED_POSTS.c.post_key, must=false()),
        _table(APPROVALS, "phê duyệt", APPROVALS.c.entry),
        _table(TEMPLATE_APPROVALS, "phê duyệt mẫu", TEMPLATE_APPROVALS.c.template),
        _table(ENTRY_REVISIONS, "bản đã trình", ENTRY_REVISIONS.c.entry,
              key=ENTRY_REVISIONS.c.entry + "/" + ENTRY_REVISIONS.c.revision, must=false()),
        _table(EMERGENCY_RIGHTS, "quyền đăng khẩn cấp", EMERGENCY_RIGHTS.c.person),
        _table(EMERGENCY_USES, "lượt đăng khẩn cấp", EMERGENCY_USES.c.entry),
        _table(HALTS, "lệnh tạm dừng", HALTS.c.scope),
        _table(HALT_PASSES, "lời cho qua", HALT_PASSES.c.post_key, key=HALT_PASSES.c.post_key),
        _delivery(),
        _table(PASSAGES, "lần đổi trạng thái của lượt đăng", PASSAGES.c.delivery,
              must=PASSAGES.c.end.in_([state.value for state in CARRIED])),
        _table(READINGS, "lần đọc lại của lượt đăng", READINGS.c.delivery),
        _table(CORRECTIONS, "quyết định", CORRECTIONS.c.subject),
        _item(),
        _step(),
    )
}  # fmt: skip


def sealed(connection: Connection, rows: Iterable[Sealed]) -> str:
    """Return the seals of rows as they stand in this transaction, a line each, as the log keeps them."""
    found = ((table, row) for table, key in rows for row in SEALED_TABLES[table.name].rows(connection, key))
    return "\n".join(seal_line(table.name, row) for table, row in found)


def seal_line(table: str, row: KeptRow) -> str:
    """Return how the log writes one seal."""
    return f"{table} {row.key} {row.digest}"


def read_seals(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the table, key and digest of each seal of one deed."""
    for line in text.splitlines():
        table, _, rest = line.partition(" ")
        key, _, digest = rest.rpartition(" ")
        yield table, key, digest


def as_kept(column: ColumnElement[Any], plain_moments: bool) -> ColumnElement[Any]:
    """Return a column as its database has it: SQLite's moments as text, since one that was tampered with may be none at all."""
    return type_coerce(column, String) if plain_moments and isinstance(column.type, Moment) else column


def _digest(values: Iterable[object], moments: frozenset[int]) -> str:
    """Return the SHA-256 of a row's values, letter by letter, the same on both databases."""
    exact = [moment_text(value) if place in moments else value for place, value in enumerate(values)]
    return digest_of(json.dumps(exact, default=repr))


def moment_text(value: object) -> object:
    """Return a moment that was read `as_kept` as ISO 8601 text in UTC, and what is none as it is."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value
    if not isinstance(at, datetime):
        return value
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
