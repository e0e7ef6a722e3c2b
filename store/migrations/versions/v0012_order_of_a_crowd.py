"""Who is next of a crowd that is due at one moment is found in the order of an index, without sorting the crowd each time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0012"
down_revision = "v0011"

# What nobody has to look at again stays out; in the words of either database, whose sessions' zone is UTC.
AWAITED = sa.text("next_at <> '9999-01-01 00:00:00.000000'")


def upgrade() -> None:
    """Add the index."""
    columns = ["state", "due_at", "id"]
    name = op.f("ix_deliveries_state_due_at_id")
    op.create_index(name, "deliveries", columns, unique=False, sqlite_where=AWAITED, postgresql_where=AWAITED)
