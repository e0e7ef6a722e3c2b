"""The log carries the digest of each row that a deed wrote; what was taken back is withdrawn; what was handed in is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "v0010"
down_revision = "v0009"


def upgrade() -> None:
    """Add the column; what was kept before is written in the log when the upgrade is over, see store/sealing.py."""
    op.add_column("audit", sa.Column("seals", sa.Text(), nullable=False, server_default=""))
    op.execute(WITHDRAWN)
    op.create_table(
        "submitted_posts",
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("post_key", sa.String(), nullable=False),
        sa.Column("post_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["submissions.id"], name=op.f("fk_submitted_posts_submission_submissions")),
        sa.PrimaryKeyConstraint("submission", "post_key", name=op.f("pk_submitted_posts")),
    )


# Scheduled, then withdrawn, with nothing of it left to come and no step taken since; a comment is none.
WITHDRAWN = """
UPDATE workflow SET stage = 'withdrawn' WHERE stage = 'scheduled'
AND (SELECT max(at) FROM corrections WHERE kind = 'withdrawal' AND subject = workflow.entry)
    >= (SELECT max(at) FROM workflow_steps WHERE workflow_steps.entry = workflow.entry AND action <> 'comment')
AND NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.entry = workflow.entry
                AND state NOT IN ('sent', 'verified', 'cancelled', 'superseded', 'withdrawn'))
"""
