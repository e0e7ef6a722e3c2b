"""When the next call may begin: a row for each account and each provider that ever made anybody wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0011"
down_revision = "v0010"


def upgrade() -> None:
    """Add the table; a gate that is not there is open."""
    op.create_table(
        "gates",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("opens_at", Moment(timezone=True), nullable=False),
        sa.Column("paced_to", Moment(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("since", Moment(timezone=True), nullable=False),
        sa.Column("trips", sa.Integer(), nullable=False),
        sa.Column("probe", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_gates")),
    )
