"""The last calls of each webhook are kept to be looked at, and a webhook may be turned off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0024"
down_revision = "v0023"


def upgrade() -> None:
    """Make the table and the column; no call of before is known, and every webhook stays on."""
    op.create_table(
        "webhook_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_calls")),
    )
    op.create_index(op.f("ix_webhook_calls_webhook"), "webhook_calls", ["webhook"])
    op.add_column("webhooks", sa.Column("off_at", Moment(timezone=True), nullable=True))
