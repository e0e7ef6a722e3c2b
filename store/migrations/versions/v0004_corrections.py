"""What was decided about live copies, and how far each has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0004"
down_revision = "v0003"


def upgrade() -> None:
    """Make the tables; a signed decision is never changed or taken out."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("approver", sa.String(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.CheckConstraint("author <> approver", name=op.f("ck_corrections_two_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("digest", name=op.f("uq_corrections_digest")),
    )
    op.create_index(op.f("ix_corrections_subject"), "corrections", ["subject"], unique=False)
    op.create_table(
        "correction_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction", sa.Integer(), nullable=False),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("means", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("post_key", sa.String(), nullable=True),
        sa.Column("post_digest", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", Moment(timezone=True), nullable=True),
        sa.Column("next_at", Moment(timezone=True), nullable=False),
        sa.Column("called_at", Moment(timezone=True), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["correction"], ["corrections.id"], name=op.f("fk_correction_items_correction")),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name=op.f("fk_correction_items_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_items")),
        sa.UniqueConstraint("correction", "delivery", name=op.f("uq_correction_items_correction_delivery")),
    )
    op.create_index(op.f("ix_correction_items_delivery"), "correction_items", ["delivery"], unique=False)
    op.create_index(op.f("ix_correction_items_state_next_at"), "correction_items", ["state", "next_at"], unique=False)
    for verb in ("DELETE", "UPDATE"):
        _forbid("corrections", verb)


def _forbid(table: str, verb: str) -> None:
    name, message = f"{table}_no_{verb.lower()}", f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
