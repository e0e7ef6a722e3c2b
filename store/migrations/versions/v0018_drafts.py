"""What somebody is typing outlives a lost connection, and every saved text of an entry's files can be had back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0018"
down_revision = "v0015"


def upgrade() -> None:
    """Make the tables; of what was saved before, the files know."""
    op.create_table(
        "drafts",
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("tab", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("entry", "person", "tab", name=op.f("pk_drafts")),
    )
    op.create_table(
        "entry_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_texts")),
    )
    op.create_index(op.f("ix_entry_texts_entry"), "entry_texts", ["entry"])
