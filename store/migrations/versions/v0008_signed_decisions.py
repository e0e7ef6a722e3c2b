"""A decision is kept as the very text that two people signed, and a post with the entry and the facts that it was made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0008"
down_revision = "v0007"


def upgrade() -> None:
    """Add both; what was signed before has neither, and is put right by hand or signed anew."""
    op.add_column("corrections", sa.Column("signed", sa.Text(), nullable=False, server_default=""))
    op.add_column("posts", sa.Column("source", sa.String(length=64), nullable=True))
    op.create_table(
        "sources",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sources")),
    )
