"""Where each entry stands on its way to the schedule, and what was published alone in an emergency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0006"
down_revision = "v0005"

# A review is written once, into a row that is otherwise never changed: it cannot be dismissed.
REVIEWED = "OLD.verdict IS NOT NULL OR NEW.verdict IS NULL"
MOVED = "NEW.entry <> OLD.entry OR NEW.person <> OLD.person OR NEW.why <> OLD.why OR NEW.at <> OLD.at"
GUARDS = (
    ("workflow_steps", "DELETE", "1 = 1"),
    ("workflow_steps", "UPDATE", "1 = 1"),
    ("emergency_rights", "DELETE", "1 = 1"),
    ("emergency_rights", "UPDATE", "1 = 1"),
    ("emergency_uses", "DELETE", "1 = 1"),
    ("emergency_uses", "UPDATE", f"{REVIEWED} OR {MOVED} OR NEW.review_by <> OLD.review_by"),
)


def upgrade() -> None:
    """Make the tables, and keep what was done from being changed."""
    op.create_table(
        "workflow",
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("stage", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("checker", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_workflow")),
    )
    op.create_table(
        "workflow_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("start", sa.String(length=24), nullable=False),
        sa.Column("end", sa.String(length=24), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_steps")),
    )
    op.create_index(op.f("ix_workflow_steps_entry"), "workflow_steps", ["entry"], unique=False)
    op.create_table(
        "emergency_rights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("granted_at", Moment(timezone=True), nullable=False),
        sa.Column("expires_at", Moment(timezone=True), nullable=False),
        sa.CheckConstraint("person <> granted_by", name=op.f("ck_emergency_rights_two_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_rights")),
    )
    op.create_index(op.f("ix_emergency_rights_person"), "emergency_rights", ["person"], unique=False)
    op.create_table(
        "emergency_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("review_by", Moment(timezone=True), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("reviewed_at", Moment(timezone=True), nullable=True),
        sa.CheckConstraint("reviewer IS NULL OR reviewer <> person", name=op.f("ck_emergency_uses_another_reviews")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_uses")),
    )
    op.create_index(op.f("ix_emergency_uses_entry"), "emergency_uses", ["entry"], unique=False)
    for table, verb, when in GUARDS:
        _forbid(table, verb, when)


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
