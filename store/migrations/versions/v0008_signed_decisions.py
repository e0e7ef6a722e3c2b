"""A decision is kept as the very text that two people signed, so that its digest can be taken again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0008"
down_revision = "v0007"


def upgrade() -> None:
    """Add the text; a decision from before has none, and what of it is still under way has to be signed anew."""
    op.add_column("corrections", sa.Column("signed", sa.Text(), nullable=False, server_default=""))
