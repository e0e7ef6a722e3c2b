"""The database knows where it lives and how often its scheduler's heart has beaten: a copy or an old backup can be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0007"
down_revision = "v0006"


def upgrade() -> None:
    """Add both; an installation from before takes the place where it is next started for its home."""
    op.add_column("installation", sa.Column("home", sa.String(), nullable=False, server_default=""))
    op.add_column("installation", sa.Column("beat", sa.Integer(), nullable=False, server_default="0"))
