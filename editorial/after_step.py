"""What is done for a post once it is public, apart from the commit call: its first comment, and where that stands.

    planned -> waiting -> intent -> said
    intent  -> waiting (nothing was said), unknown (it may have been said), held (a person or a rule)
    unknown -> said | waiting (its absence is proved) | held
    whatever is not said, and not being said -> dropped (by a person, or with its post)

Said once, never changed or taken back from here: a comment goes with its post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from editorial.delivery import PAUSED

LATEST = timedelta(hours=24)  # after the post is public; later than that a person says whether it still makes sense


class StepKind(Enum):
    """What the step is for."""

    FIRST_COMMENT = "first-comment"  # words below the post
    CROSS_LINK = "cross-link"  # words with the address of the entry's post on another channel


class StepState(Enum):
    """Where a step stands."""

    PLANNED = "planned"  # its post is not public yet
    WAITING = "waiting"  # its post is public; waits for its turn, or for the post whose address it says
    INTENT = "intent"  # the intent is written; the one call may be under way
    SAID = "said"  # it stands below the post
    UNKNOWN = "unknown"  # may have been said; waits to be looked for
    HELD = "held"  # waits for a person or a rule, see StepHold
    DROPPED = "dropped"  # will not be said


class StepHold(Enum):
    """Why a step is held, and so what releases it."""

    HALT = "halt"  # somebody pressed pause
    BLACKOUT = "blackout"  # mourning or another day of silence
    AUTH = "auth"  # the channel has to be reconnected
    QUOTA = "quota"  # the platform's allowance is used up
    LATE = "late"  # its post has been public for long
    UNAPPROVED = "unapproved"  # the words are not, or no longer, approved
    AMBIGUOUS = "ambiguous"  # cannot be told whether it was said: a person looks
    LINK = "link"  # the post whose address it says was given up
    REFUSED = "refused"  # the platform does not take it
    POISON = "poison"  # failed too often without an outcome


BY_RULE = frozenset({StepHold(reason.value) for reason in PAUSED})
OPEN = frozenset({StepState.WAITING, StepState.INTENT, StepState.UNKNOWN})  # these go on by themselves
NOT_SAID = frozenset({StepState.PLANNED, StepState.WAITING, StepState.UNKNOWN, StepState.HELD})  # these end with their post

_S = StepState
STEP_PASSAGES: dict[StepState, frozenset[StepState]] = {
    # Without a call a step is unknown only where a restored backup may have forgotten one.
    _S.PLANNED: frozenset({_S.WAITING, _S.DROPPED, _S.UNKNOWN}),
    _S.WAITING: frozenset({_S.WAITING, _S.INTENT, _S.HELD, _S.SAID, _S.DROPPED, _S.UNKNOWN}),
    _S.INTENT: frozenset({_S.SAID, _S.WAITING, _S.UNKNOWN, _S.HELD}),
    _S.UNKNOWN: frozenset({_S.UNKNOWN, _S.SAID, _S.WAITING, _S.HELD, _S.DROPPED}),
    _S.HELD: frozenset({_S.WAITING, _S.SAID, _S.DROPPED, _S.HELD, _S.UNKNOWN}),
    _S.SAID: frozenset({_S.SAID, _S.HELD}),  # a person has put it right by hand; a second one has come to light
    _S.DROPPED: frozenset({_S.PLANNED, _S.SAID}),  # a new version says it again; the answer of a call came after it was given up
}


@dataclass(frozen=True, kw_only=True)
class AfterStep:
    """What the store knows of one step; `fence` grows with every claim and is asked for by every later write."""

    id: int
    delivery: int
    post_key: str
    entry: str
    channel: str
    kind: StepKind
    state: StepState
    next_at: datetime
    hold: StepHold | None = None
    fence: int = 0
    attempts: int = 0  # calls made
    failures: int = 0  # in a row
    owner: str | None = None
    lease_until: datetime | None = None
    text: str = ""  # the words of the last call, addresses and all
    remote_id: str | None = None  # of the comment
    said_at: datetime | None = None
    by_hand: bool = False  # a person said it, or put it right, on the channel itself
    let_go_at: datetime | None = None  # when a person last let it go, however late
    doubted: bool = False  # a restored backup may have forgotten that it was said
    absent_at: datetime | None = None  # when it was first not seen after the last call
    unclear: int = 0  # looks after the last call that could not tell
    touched_at: datetime | None = None  # when it last changed
    detail: str = ""  # the last thing worth telling a person, in plain words


@dataclass(frozen=True, kw_only=True)
class StepAttempt:
    """One call: written before it is made, closed with what came back, never changed afterwards."""

    id: int
    number: int
    started_at: datetime
    deadline: datetime
    text: str
    outcome: str | None = None  # "said", "not_called", or the name of the error; None while it is under way
    detail: str = ""
    finished_at: datetime | None = None


def may_pass(start: StepState, end: StepState) -> bool:
    """Tell whether a step may go from one state to the other."""
    return end in STEP_PASSAGES[start]
