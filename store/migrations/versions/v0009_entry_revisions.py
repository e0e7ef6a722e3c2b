"""What an entry said when it was handed in stays, so that what changed since can be told field by field."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0009"
down_revision = "v0008"


def upgrade() -> None:
    """Make the table and keep it from being changed; of what was handed in before, only the posts are known."""
    op.create_table(
        "entry_revisions",
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry", "revision", name=op.f("pk_entry_revisions")),
    )
    for verb in ("DELETE", "UPDATE"):
        _forbid("entry_revisions", verb)


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
