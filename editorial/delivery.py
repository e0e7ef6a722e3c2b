"""A delivery: one post on its way to one channel, and every state it may pass through.

    scheduled -> queued -> claimed -> prepared -> sending -> sent -> verified
    sending  -> following (the platform is still working) -> sent
    sending  -> unknown -> reconciling -> sent | queued | held
    any state before sending -> held (late, halt, ...) -> queued | cancelled
    any state at all -> sent, where there is proof that it is public
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from editorial.outcome import Receipt
from editorial.tone import Tone

# Until a delivery is taken up this long after its moment, it is merely on time; later it is held for a person.
GRACE = timedelta(minutes=15)
# Joy and grief keep their hour: what is lost to downtime is never made up for by itself. Two minutes are a busy machine's.
STRICT_GRACE = timedelta(minutes=2)
EMERGENCY_GRACE = timedelta(hours=2)


def grace(tone: Tone | None) -> timedelta:
    """Return how late a post of the tone may be; without one, the usual."""
    return STRICT_GRACE if tone in (Tone.FESTIVE, Tone.SOLEMN) else GRACE


class State(Enum):
    """Where a delivery stands."""

    SCHEDULED = "scheduled"  # waits for its moment
    QUEUED = "queued"  # due; waits for a worker
    CLAIMED = "claimed"  # a worker has it, and has a lease
    PREPARED = "prepared"  # uploads and drafts are made; nothing is public
    SENDING = "sending"  # the intent is written; the one commit call may be under way
    FOLLOWING = "following"  # accepted with a ticket; asked about until it is done
    SENT = "sent"  # published, with a remote id
    VERIFIED = "verified"  # read back and equal to what was approved
    UNKNOWN = "unknown"  # may have been published; waits to be looked for
    RECONCILING = "reconciling"  # being looked for
    HELD = "held"  # waits for a person or a rule, see HoldReason
    FAILED = "failed"  # refused for good; an editor has to change something
    CANCELLED = "cancelled"  # taken out before it went
    SUPERSEDED = "superseded"  # replaced by a newer revision before it went
    WITHDRAWN = "withdrawn"  # was live, has been taken back


class HoldReason(Enum):
    """Why a delivery is held, and so what releases it."""

    LATE = "late"  # its grace is over: publish now, move or drop
    UNAPPROVED = "unapproved"  # nobody had approved these bytes by its moment (missed)
    AMBIGUOUS = "ambiguous"  # cannot be told whether it is public: a person looks
    DRIFT = "drift"  # the live post differs from what was approved
    BLACKOUT = "blackout"  # mourning or another day of silence
    HALT = "halt"  # somebody pressed pause
    AUTH = "auth"  # the channel has to be reconnected
    QUOTA = "quota"  # the platform's allowance is used up
    POISON = "poison"  # failed too often without an outcome


PAUSED = frozenset({HoldReason.HALT, HoldReason.BLACKOUT, HoldReason.AUTH, HoldReason.QUOTA})  # these are let go by a rule

S = State
TRANSITIONS: dict[State, frozenset[State]] = {
    # Before SENDING, a delivery is unknown only where a restored backup may have forgotten that it was sent.
    S.SCHEDULED: frozenset({S.QUEUED, S.HELD, S.CANCELLED, S.SUPERSEDED, S.UNKNOWN}),
    S.QUEUED: frozenset({S.CLAIMED, S.HELD, S.CANCELLED, S.SUPERSEDED, S.UNKNOWN}),
    S.CLAIMED: frozenset({S.PREPARED, S.QUEUED, S.HELD, S.FAILED, S.UNKNOWN}),
    S.PREPARED: frozenset({S.SENDING, S.QUEUED, S.HELD, S.FAILED, S.UNKNOWN}),
    S.SENDING: frozenset({S.SENT, S.FOLLOWING, S.QUEUED, S.UNKNOWN, S.HELD, S.FAILED}),
    S.FOLLOWING: frozenset({S.SENT, S.FOLLOWING, S.UNKNOWN, S.HELD, S.FAILED}),
    S.UNKNOWN: frozenset({S.RECONCILING, S.SENT}),
    S.RECONCILING: frozenset({S.SENT, S.QUEUED, S.UNKNOWN, S.HELD}),
    S.SENT: frozenset({S.VERIFIED, S.HELD, S.WITHDRAWN}),
    S.VERIFIED: frozenset({S.HELD, S.WITHDRAWN}),
    S.HELD: frozenset({S.HELD, S.QUEUED, S.SCHEDULED, S.SENT, S.VERIFIED, S.CANCELLED, S.SUPERSEDED, S.WITHDRAWN, S.UNKNOWN}),
    # What is over is public only where the answer of a call came after somebody had given it up.
    S.FAILED: frozenset({S.QUEUED, S.CANCELLED, S.SUPERSEDED, S.SENT}),
    S.CANCELLED: frozenset({S.SENT}),
    S.SUPERSEDED: frozenset({S.SENT}),
    S.WITHDRAWN: frozenset(),
}
del S

PUBLIC = frozenset({State.SENT, State.VERIFIED})
IN_HAND = frozenset({State.CLAIMED, State.PREPARED, State.SENDING, State.RECONCILING})  # these carry a lease
SETTLED = frozenset({State.VERIFIED, State.HELD, State.FAILED, State.CANCELLED, State.SUPERSEDED, State.WITHDRAWN})


def may_pass(start: State, end: State) -> bool:
    """Tell whether a delivery may go from one state to the other."""
    return end in TRANSITIONS[start]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What the store knows of one delivery; `fence` grows with every claim and is asked for by every later write."""

    id: int
    post_key: str
    entry: str
    channel: str
    state: State
    due_at: datetime
    next_at: datetime  # when the scheduler looks at it again
    post_digest: str  # of the post that is to go out
    fence: int = 0
    claims: int = 0  # since it was last queued by a person; three without an outcome is poison
    attempts: int = 0  # commit calls made
    owner: str | None = None
    lease_until: datetime | None = None
    hold_reason: HoldReason | None = None
    receipt: Receipt | None = None
    published_at: datetime | None = None
    verified_at: datetime | None = None
    detail: str = ""  # the last thing worth telling a person, in plain words


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One commit call: written before it is made, closed with what came back, never changed afterwards."""

    id: int
    delivery: int
    number: int
    fence: int
    started_at: datetime
    deadline: datetime
    request_digest: str
    outcome: str | None = None  # "receipt", "pending", or the name of the error; None while it is under way
    detail: str = ""
    finished_at: datetime | None = None
