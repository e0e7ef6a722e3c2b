"""A pause may have a window of time, and a person may let one post through a blackout."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0005"
down_revision = "v0004"

ONE_AT_A_TIME = sa.text("lifted_at IS NULL AND starts_at IS NULL")


def upgrade() -> None:
    """Widen the pauses; those that stand have no window and go on."""
    op.add_column("halts", sa.Column("starts_at", Moment(timezone=True), nullable=True))
    op.add_column("halts", sa.Column("ends_at", Moment(timezone=True), nullable=True))
    op.drop_index("uq_halts_standing", "halts")
    op.create_index(
        "uq_halts_standing", "halts", ["scope", "reason"], unique=True,
        sqlite_where=ONE_AT_A_TIME, postgresql_where=ONE_AT_A_TIME,
    )  # fmt: skip
    op.create_table(
        "halt_passes",
        sa.Column("post_key", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("post_key", name=op.f("pk_halt_passes")),
    )
