"""People sign in: accounts, links that begin one, sessions, browsers that are known, and how often somebody has tried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.moment import Moment

revision = "v0015"
down_revision = "v0012"


def upgrade() -> None:
    """Add the tables; in an office from before nobody can sign in until the first link is used."""
    op.create_table(
        "accounts",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("totp", sa.Text(), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("signed_in_at", Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_accounts")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("person", "code", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "invitations",
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("expires_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("link", name=op.f("pk_invitations")),
        sa.UniqueConstraint("person", name=op.f("uq_invitations_person")),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("began_at", Moment(timezone=True), nullable=False),
        sa.Column("seen_at", Moment(timezone=True), nullable=False),
        sa.Column("expires_at", Moment(timezone=True), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_sessions")),
        sa.CheckConstraint("stage IN ('full', 'code', 'enrol')", name=op.f("ck_sessions_stage")),
    )
    op.create_index(op.f("ix_sessions_person"), "sessions", ["person"])
    op.create_table(
        "known_browsers",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("expires_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_known_browsers")),
    )
    op.create_index(op.f("ix_known_browsers_person"), "known_browsers", ["person"])
    op.create_table(
        "sign_in_trials",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(timezone=True), nullable=False),
        sa.Column("next_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sign_in_trials")),
    )
