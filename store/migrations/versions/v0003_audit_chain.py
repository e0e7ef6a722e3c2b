"""Every row of the audit log signs itself and the row before it; the rows that are there are chained as they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.audit_chain import GENESIS, link_digest
from store.moment import Moment

revision = "v0003"
down_revision = "v0002"

COLUMNS = ("who", "action", "subject", "detail", "at")


def upgrade() -> None:
    """Make the log anew with its links, then keep it from being changed."""
    rows = op.get_bind().execute(sa.text(f"SELECT {', '.join(COLUMNS)} FROM audit ORDER BY id")).all()
    op.drop_table("audit")
    _drop_old_guards()
    _make_tables()
    _chain(rows)
    for table, verb, when in GUARDS:
        _forbid(table, verb, when)


GUARDS = (
    ("audit", "DELETE", "1 = 1"),
    ("audit", "UPDATE", "1 = 1"),
    ("audit_head", "DELETE", "1 = 1"),
    ("audit_head", "UPDATE", "NEW.number <> OLD.number + 1"),
)


def _make_tables() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("prev", name=op.f("uq_audit_prev")),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )


def _chain(rows: Any) -> None:
    """Put the rows in again, numbered from 1 without gaps."""
    audit = sa.table("audit", *(sa.column(name) for name in ("id", "who", "action", "subject", "detail", "prev", "sha256")),
                     sa.column("at", Moment(timezone=True)))  # fmt: skip
    number, before = 0, GENESIS
    for number, row in enumerate(rows, start=1):
        values = {**dict(zip(COLUMNS, row, strict=True)), "at": _moment(row.at), "prev": before}
        before = link_digest({"number": number, **values})
        op.get_bind().execute(sa.insert(audit).values(id=number, **values, sha256=before))
    head = sa.table("audit_head", sa.column("id"), sa.column("number"), sa.column("sha256"))
    op.get_bind().execute(sa.insert(head).values(id=1, number=number, sha256=before))


def _moment(value: datetime | str) -> datetime:
    """Return what a query without types gives for a moment, with its zone."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _drop_old_guards() -> None:
    """Drop the functions of the old table's triggers; SQLite has none, its triggers went with the table."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION IF EXISTS audit_no_delete, audit_no_update")


def _forbid(table: str, verb: str, when: str) -> None:
    name, message = f"{table}_no_{verb.lower()}", f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{message}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()")
