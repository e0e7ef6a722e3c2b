"""When a channel last published: an index, so that its page need not read every delivery."""

from __future__ import annotations

from alembic import op

revision = "v0021"
down_revision = "v0019"


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f("ix_deliveries_channel_published_at"), "deliveries", ["channel", "published_at"], unique=False)
