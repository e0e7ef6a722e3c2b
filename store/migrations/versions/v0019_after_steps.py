"""What is done for a post once it is public, apart from its commit call, and every call that was made for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0019"
down_revision = "v0018"

CLOSED_ATTEMPT = """
    OLD.outcome IS NOT NULL OR NEW.step <> OLD.step OR NEW.number <> OLD.number OR NEW.fence <> OLD.fence
    OR NEW.started_at <> OLD.started_at OR NEW.deadline <> OLD.deadline OR NEW.text <> OLD.text
"""
STATES = "state IN ('planned', 'waiting', 'intent', 'said', 'unknown', 'held', 'dropped')"
REASONS = (
    "hold_reason IS NULL OR hold_reason IN ('halt', 'blackout', 'auth', 'quota', 'late', 'unapproved', 'ambiguous', 'link', "
    "'refused', 'poison')"
)


def upgrade() -> None:
    """Make the tables; a call that was made is never taken out, nor changed once it is known how it came out."""
    _make_tables()
    _forbid("step_attempts", "DELETE", "1 = 1")
    _forbid("step_attempts", "UPDATE", CLOSED_ATTEMPT)


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


def _make_tables() -> None:
    op.create_table(
        "steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("hold_reason", sa.String(length=16), nullable=True),
        sa.Column("next_at", Moment(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", Moment(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=True),
        sa.Column("said_at", Moment(timezone=True), nullable=True),
        sa.Column("by_hand", sa.Integer(), nullable=False),
        sa.Column("let_go_at", Moment(timezone=True), nullable=True),
        sa.Column("doubted", sa.Integer(), nullable=False),
        sa.Column("absent_at", Moment(timezone=True), nullable=True),
        sa.Column("unclear", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("touched_at", Moment(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('first-comment', 'cross-link')", name=op.f("ck_steps_kind")),
        sa.CheckConstraint(STATES, name=op.f("ck_steps_state")),
        sa.CheckConstraint(REASONS, name=op.f("ck_steps_reason")),
        sa.CheckConstraint("(state = 'held') = (hold_reason IS NOT NULL)", name=op.f("ck_steps_held_has_reason")),
        sa.CheckConstraint("state <> 'said' OR remote_id IS NOT NULL OR by_hand = 1", name=op.f("ck_steps_said_has_proof")),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name=op.f("fk_steps_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
        sa.UniqueConstraint("delivery", name=op.f("uq_steps_delivery")),
    )
    op.create_index(op.f("ix_steps_entry"), "steps", ["entry"], unique=False)
    op.create_index(op.f("ix_steps_state_next_at"), "steps", ["state", "next_at"], unique=False)
    op.create_table(
        "step_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(timezone=True), nullable=False),
        sa.Column("deadline", Moment(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("finished_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["step"], ["steps.id"], name=op.f("fk_step_attempts_step")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_attempts")),
        sa.UniqueConstraint("step", "number", name=op.f("uq_step_attempts_step_number")),
    )
    op.create_index(
        "uq_step_attempts_open",
        "step_attempts",
        ["step"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )
