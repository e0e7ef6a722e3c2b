"""The tables. Migrations make them; a test holds the two equal."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from editorial.after_step import StepHold, StepKind, StepState
from editorial.delivery import HoldReason, State
from store.moment import Moment

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, values: list[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


ENTRIES = Table(
    "entries",
    METADATA,
    Column("id", String, primary_key=True),
    Column("revision", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("content_group", String, nullable=False),
    Column("axis", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("tone", String, nullable=False),
    Column("file", String, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

# Every version of every post that was ever planned or signed: what was approved can always be shown.
POSTS = Table(
    "posts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("entry", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("source", String(64)),
    UniqueConstraint("key", "digest"),
    Index(None, "entry"),
)

# What posts were made of: an entry and the facts of that day.
SOURCES = Table(
    "sources",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("entry", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

SUBMISSIONS = Table(
    "submissions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("entry", String, nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("author", String, nullable=False),
    Column("at", Moment, nullable=False),
)

# What was handed in, so that any two revisions can be compared post by post.
SUBMITTED_POSTS = Table(
    "submitted_posts",
    METADATA,
    Column("submission", ForeignKey("submissions.id"), primary_key=True),
    Column("post_key", String, primary_key=True),
    Column("post_digest", String(64), nullable=False),
)

APPROVALS = Table(
    "approvals",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("entry", String, nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("author", String, nullable=False),
    Column("approver", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("revoked_by", String),
    Column("revoked_why", Text),
    CheckConstraint("author <> approver", name="two_people"),
)

APPROVED_POSTS = Table(
    "approved_posts",
    METADATA,
    Column("approval", ForeignKey("approvals.id"), primary_key=True),
    Column("post_key", String, primary_key=True),
    Column("post_digest", String(64), nullable=False),
    Index(None, "post_key"),
)

# What somebody has to look at some day: not at `moment.NEVER`, as both databases write it in a session whose zone is UTC. A
# channel that cannot be read back leaves rows for years of which nobody wants to know.
AWAITED = text("next_at <> '9999-01-01 00:00:00.000000'")

DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("post_key", String, nullable=False, unique=True),
    Column("post_digest", String(64), nullable=False),
    Column("entry", String, nullable=False, index=True),
    Column("channel", String, nullable=False),
    Column("state", String(16), nullable=False),
    Column("hold_reason", String(16)),
    Column("due_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("fence", Integer, nullable=False, default=0),
    Column("claims", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("owner", String),
    Column("lease_until", Moment),
    Column("ticket", Text),
    Column("remote_id", String),
    Column("url", Text),
    Column("evidence", Text),
    Column("published_at", Moment),
    Column("verified_at", Moment),
    Column("detail", Text, nullable=False, default=""),
    Column("touched_at", Moment, nullable=False),
    UniqueConstraint("channel", "remote_id"),
    CheckConstraint(_one_of("state", [state.value for state in State]), name="state"),
    CheckConstraint(f"hold_reason IS NULL OR {_one_of('hold_reason', [reason.value for reason in HoldReason])}", name="reason"),
    CheckConstraint("(state = 'held') = (hold_reason IS NOT NULL)", name="held_has_reason"),
    CheckConstraint("state NOT IN ('sent', 'verified') OR remote_id IS NOT NULL", name="sent_has_proof"),
    Index(None, "state", "next_at"),
    Index(None, "state", "due_at", "id", sqlite_where=AWAITED, postgresql_where=AWAITED),
    Index(None, "channel", "published_at"),
    # As pages read them: by moment, those of a state by moment, and those of a channel in a state by moment.
    Index(None, "due_at", "id"),
    Index("ix_deliveries_all_state_due_at_id", "state", "due_at", "id"),
    Index(None, "channel", "state", "due_at", "id"),
)

ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("request_digest", String(64), nullable=False),
    Column("outcome", String),
    Column("detail", Text, nullable=False, default=""),
    Column("finished_at", Moment),
    UniqueConstraint("delivery", "number"),
)
Index("uq_attempts_open", ATTEMPTS.c.delivery, unique=True,
      sqlite_where=text("outcome IS NULL"), postgresql_where=text("outcome IS NULL"))  # fmt: skip

# Every change of state of every delivery, in order.
PASSAGES = Table(
    "passages",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("start", String(16), nullable=False),
    Column("end", String(16), nullable=False),
    Column("who", String, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
)

HANDLES = Table(
    "handles",
    METADATA,
    Column("delivery", ForeignKey("deliveries.id"), primary_key=True),
    Column("post_digest", String(64), primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

SIGHTINGS = Table(
    "sightings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
)

READINGS = Table(
    "readings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("live", Text),
    Column("differences", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

SECRETS = Table(
    "secrets",
    METADATA,
    Column("account", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

# When the next commit call may begin on an account or a provider, see store/gates.py; one that is not there is open.
GATES = Table(
    "gates",
    METADATA,
    Column("name", String, primary_key=True),
    Column("opens_at", Moment, nullable=False),
    Column("paced_to", Moment, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("answers", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("trips", Integer, nullable=False),
    Column("probe", Integer),
)

HALTS = Table(
    "halts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("scope", String, nullable=False),
    Column("reason", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("lifted_at", Moment),
    Column("lifted_by", String),
    Column("starts_at", Moment),
    Column("ends_at", Moment),
    CheckConstraint("reason IN ('halt', 'blackout', 'auth', 'quota')", name="reason"),
)
_ONE_AT_A_TIME = text("lifted_at IS NULL AND starts_at IS NULL")
Index("uq_halts_standing", HALTS.c.scope, HALTS.c.reason, unique=True,
      sqlite_where=_ONE_AT_A_TIME, postgresql_where=_ONE_AT_A_TIME)  # fmt: skip

# A post that a person lets through a blackout.
HALT_PASSES = Table(
    "halt_passes",
    METADATA,
    Column("post_key", String, primary_key=True),
    Column("who", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("who", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("detail", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("seals", Text, nullable=False, server_default=""),
    UniqueConstraint("prev"),
    Index(None, "who", "id"),
    Index(None, "action", "id"),
)

# How long the audit log has to be, and its newest row's digest: one row, moved on with every deed.
AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
)

# What two people decided about live copies, and how far each copy has come.
CORRECTIONS = Table(
    "corrections",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("value", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("signed", Text, nullable=False, server_default=""),
    Column("author", String, nullable=False),
    Column("approver", String, nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint("author <> approver", name="two_people"),
)

CORRECTION_ITEMS = Table(
    "correction_items",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("correction", ForeignKey("corrections.id"), nullable=False),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("means", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("post_key", String),
    Column("post_digest", String(64)),
    Column("note", Text, nullable=False, default=""),
    Column("changes", Text, nullable=False),
    Column("calls", Integer, nullable=False, default=0),
    Column("fence", Integer, nullable=False, default=0),
    Column("owner", String),
    Column("lease_until", Moment),
    Column("next_at", Moment, nullable=False),
    Column("called_at", Moment),
    Column("detail", Text, nullable=False, default=""),
    UniqueConstraint("correction", "delivery"),
    Index(None, "state", "next_at"),
)

# Where each entry stands on its way to the schedule, and every step that brought it there.
WORKFLOW = Table(
    "workflow",
    METADATA,
    Column("entry", String, primary_key=True),
    Column("stage", String(24), nullable=False, index=True),
    Column("revision", String(64), nullable=False),
    Column("author", String, nullable=False),
    Column("checker", String, nullable=False),
    Column("version", Integer, nullable=False),
)

WORKFLOW_STEPS = Table(
    "workflow_steps",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("entry", String, nullable=False, index=True),
    Column("action", String(24), nullable=False),
    Column("start", String(24), nullable=False),
    Column("end", String(24), nullable=False),
    Column("who", String, nullable=False),
    Column("revision", String(64), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("at", Moment, nullable=False),
)

# What an entry said, by its revision: kept when it is handed in, so that a later one can be compared field by field.
ENTRY_REVISIONS = Table(
    "entry_revisions",
    METADATA,
    Column("entry", String, primary_key=True),
    Column("revision", String(64), primary_key=True),
    Column("said", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# What is being typed and is not in the file yet: one row for each page that somebody has open.
DRAFTS = Table(
    "drafts",
    METADATA,
    Column("entry", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("tab", String(40), primary_key=True),
    Column("body", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

# The texts of an entry's files before and after each save from the desk, so that a save can be taken back.
ENTRY_TEXTS = Table(
    "entry_texts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("entry", String, nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("at", Moment, nullable=False),
)

# Every state that a template's folder had when it was changed from the desk, and (`placed` 0) uploads that are no template yet.
# Files that are the same are kept once.
TEMPLATE_VERSIONS = Table(
    "template_versions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("template", String, nullable=False, index=True),
    Column("digest", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("who", String, nullable=False),
    Column("what", Text, nullable=False),
    Column("placed", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)
TEMPLATE_FILES = Table(
    "template_files",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Who signed which version of a template, as it looks: another version is not approved.
TEMPLATE_APPROVALS = Table(
    "template_approvals",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("template", String, nullable=False, index=True),
    Column("version", String(64), nullable=False),
    Column("author", String, nullable=False),
    Column("approver", String, nullable=False),
    Column("at", Moment, nullable=False),
)

# The right to publish alone, and each use of it with its review.
EMERGENCY_RIGHTS = Table(
    "emergency_rights",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("granted_by", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("granted_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    CheckConstraint("person <> granted_by", name="two_people"),
)

EMERGENCY_USES = Table(
    "emergency_uses",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("entry", String, nullable=False, index=True),
    Column("person", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("review_by", Moment, nullable=False),
    Column("reviewer", String),
    Column("verdict", String(16)),
    Column("found", Text, nullable=False, default=""),
    Column("reviewed_at", Moment),
    CheckConstraint("reviewer IS NULL OR reviewer <> person", name="another_reviews"),
)

INSTALLATION = Table(
    "installation",
    METADATA,
    Column("id", String, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("home", String, nullable=False, server_default=""),
    Column("beat", Integer, nullable=False, server_default="0"),
)

# What each calendar feed has told its subscribers; a row outlives its event, as a tombstone.
FEED_EVENTS = Table(
    "feed_events",
    METADATA,
    Column("feed", String, primary_key=True),
    Column("uid", String, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("start", String, nullable=False),
    Column("end", String, nullable=False),
    Column("farewell", Text, nullable=False),
    Column("gone", Integer, nullable=False),
)

# Who of the office can sign in. A person's name and roles stay in content/office.yaml.
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("person", String, primary_key=True),
    Column("password", Text, nullable=False),  # as argon2id writes it; empty where another server vouches for the person
    Column("totp", Text, nullable=False),  # the secret of the one-time codes; empty without
    Column("totp_step", Integer, nullable=False),  # of the newest code that was used: none is taken twice
    Column("made_at", Moment, nullable=False),
    Column("signed_in_at", Moment),
)

RECOVERY_CODES = Table(
    "recovery_codes",
    METADATA,
    Column("person", String, primary_key=True),
    Column("code", String(64), primary_key=True),
)

# A link with which somebody sets a first or a new password: one for each person, and gone when it is used.
INVITATIONS = Table(
    "invitations",
    METADATA,
    Column("link", String(64), primary_key=True),
    Column("person", String, nullable=False, unique=True),
    Column("made_by", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

# Who is signed in where. Of every token only the digest is kept, here and below.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("roles", String, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("secret", Text, nullable=False),  # of the one-time codes that are being set up
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("browser", String, nullable=False),
    CheckConstraint("stage IN ('full', 'code', 'enrol')", name="stage"),
)

# Browsers on which somebody has signed in before: what strangers try elsewhere makes nobody wait here.
KNOWN_BROWSERS = Table(
    "known_browsers",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
)

SIGN_IN_TRIALS = Table(
    "sign_in_trials",
    METADATA,
    Column("name", String, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
)

# What is done for a post once it is public, apart from its commit call, and every call that was made for it.
STEPS = Table(
    "steps",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("delivery", ForeignKey("deliveries.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("entry", String, nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("hold_reason", String(16)),
    Column("next_at", Moment, nullable=False),
    Column("fence", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("owner", String),
    Column("lease_until", Moment),
    Column("text", Text, nullable=False, default=""),
    Column("remote_id", String),
    Column("said_at", Moment),
    Column("by_hand", Integer, nullable=False, default=0),
    Column("let_go_at", Moment),
    Column("doubted", Integer, nullable=False, default=0),
    Column("absent_at", Moment),
    Column("unclear", Integer, nullable=False, default=0),
    Column("detail", Text, nullable=False, default=""),
    Column("touched_at", Moment, nullable=False),
    UniqueConstraint("delivery"),
    CheckConstraint(_one_of("kind", [kind.value for kind in StepKind]), name="kind"),
    CheckConstraint(_one_of("state", [state.value for state in StepState]), name="state"),
    CheckConstraint(f"hold_reason IS NULL OR {_one_of('hold_reason', [reason.value for reason in StepHold])}", name="reason"),
    CheckConstraint("(state = 'held') = (hold_reason IS NOT NULL)", name="held_has_reason"),
    CheckConstraint("state <> 'said' OR remote_id IS NOT NULL OR by_hand = 1", name="said_has_proof"),
    Index(None, "state", "next_at"),
)

STEP_ATTEMPTS = Table(
    "step_attempts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("step", ForeignKey("steps.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("deadline", Moment, nullable=False),
    Column("text", Text, nullable=False),
    Column("outcome", String),
    Column("detail", Text, nullable=False, default=""),
    Column("finished_at", Moment),
    UniqueConstraint("step", "number"),
)
Index("uq_step_attempts_open", STEP_ATTEMPTS.c.step, unique=True,
      sqlite_where=text("outcome IS NULL"), postgresql_where=text("outcome IS NULL"))  # fmt: skip

# With which a person's programs come in. Of the token only the digest is kept; `scopes` are words with spaces between them.
API_TOKENS = Table(
    "api_tokens",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("person", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("scopes", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
)

# What was answered to a request that may come again: by the digest of the word that its sender gave it.
API_ANSWERS = Table(
    "api_answers",
    METADATA,
    Column("token", Integer, primary_key=True, autoincrement=False),
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # of what was asked
    Column("status", Integer),  # none while it is being done
    Column("body", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("begun_at", Moment, nullable=False, index=True),
)

# Addresses that are told what changes. `passage` and `step` number the last change of a delivery, and of an entry, that was told.
WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("kinds", String, nullable=False),
    Column("passage", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Moment),
    Column("next_at", Moment, nullable=False),
    Column("told_at", Moment),
    Column("stopped_at", Moment),
    Column("detail", Text, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("off_at", Moment),
)

# The last calls of each webhook. `said` is a kind of change, or a trial; `detail` is empty where it was taken.
WEBHOOK_CALLS = Table(
    "webhook_calls",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("webhook", Integer, nullable=False, index=True),
    Column("said", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

SETTINGS = Table(
    "settings",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

# no row of these is ever deleted
APPEND_ONLY = (
    "attempts", "passages", "sightings", "readings", "audit", "audit_head", "corrections", "posts",
    "workflow_steps", "emergency_rights", "emergency_uses", "entry_revisions", "step_attempts",
)  # fmt: skip
