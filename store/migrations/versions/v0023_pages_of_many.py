"""What a page shows of a large office is found in the order of an index: deliveries by moment, deeds by who and what, stages."""

from __future__ import annotations

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


def upgrade() -> None:
    """Add the indexes."""
    for name, table, columns in INDEXES:
        op.create_index(op.f(name), table, list(columns), unique=False)
