"""What a page shows of a large office is found in the order of an index: deliveries by moment, deeds by who and what, stages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0023"
down_revision = "v0022"

INDEXES = (
    ("ix_deliveries_due_at_id", "deliveries", ("due_at", "id")),
    ("ix_deliveries_all_state_due_at_id", "deliveries", ("state", "due_at", "id")),
    ("ix_deliveries_channel_state_due_at_id", "deliveries", ("channel", "state", "due_at", "id")),
    ("ix_audit_who_id", "audit", ("who", "id")),
    ("ix_audit_action_id", "audit", ("action", "id")),
    ("ix_workflow_stage", "workflow", ("stage",)),
)


# Of two indexes that answer a question as well, both databases take the newer one: the one of those that nobody has to look at
# again (v0012) is made anew, or whoever claims the next post would pass over every post that cannot be read back.
CLAIMS, AWAITED = "ix_deliveries_state_due_at_id", sa.text("next_at <> '9999-01-01 00:00:00.000000'")


def upgrade() -> None:
    """Add the indexes."""
    for name, table, columns in INDEXES:
        op.create_index(op.f(name), table, list(columns), unique=False)
    op.drop_index(op.f(CLAIMS), "deliveries")
    line = ["state", "due_at", "id"]
    op.create_index(op.f(CLAIMS), "deliveries", line, unique=False, sqlite_where=AWAITED, postgresql_where=AWAITED)
