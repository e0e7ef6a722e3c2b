"""What a rehearsal came to: what was lost, sent twice or left lying, and which deliveries wait for a person, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from editorial.after_step import OPEN, AfterStep, StepState
from editorial.delivery import PUBLIC, SETTLED, Delivery, HoldReason, State
from scheduler.proof import Proof
from store.moment import NEVER
from store.store import Store

WITH_A_PERSON = frozenset({State.HELD, State.FAILED})


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A post that the public does not see though the store says it is done, or that the store never had."""

    post_key: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class WaitingComment:
    """A first comment that a person has to decide about, or that is still on its way when the period is over."""

    post_key: str
    state: StepState
    why: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A delivery that a person has to decide about; `public` tells whether the public sees it, by the platform's own ledger."""

    post_key: str
    channel: str
    due_at: datetime
    state: State
    reason: HoldReason | None
    why: str
    public: bool


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Counts over everything, or over one channel."""

    planned: int
    published: int  # by the store
    verified: int
    ledger: int  # publications that the public could see
    duplicates: int
    lost: int
    stuck: int
    needs_person: int


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The result of a rehearsal.

    `stuck` is what is neither done nor in a person's hands when the period is over, `waiting` what a person has to decide about,
    `never` what of the lost the plan has and the store never had.
    """

    proof: Proof
    lost: tuple[Missing, ...]
    stuck: tuple[Delivery, ...]
    waiting: tuple[Waiting, ...]
    never: tuple[Missing, ...] = ()
    stuck_comments: tuple[WaitingComment, ...] = ()
    waiting_comments: tuple[WaitingComment, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether nothing was lost, sent twice or left lying, and nothing is public that nobody planned or approved."""
        found = (self.lost, self.stuck, self.proof.duplicate_keys, self.proof.strangers, self.proof.altered_keys)
        return not any(found) and self.proof.comments.clean and not self.stuck_comments

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the channels that have figures."""
        return tuple(sorted({*self.proof.per_channel, *(each.channel for each in self.lost)}))

    def figures(self, channel: str | None = None) -> Figures:
        """Return the counts over one channel, or over everything."""
        proof = self.proof if channel is None else self.proof.per_channel.get(channel)
        return Figures(
            planned=(proof.planned if proof else 0) + sum(channel in (None, each.channel) for each in self.never),
            published=proof.published if proof else 0,
            verified=proof.verified if proof else 0,
            ledger=proof.ledger if proof else 0,
            duplicates=proof.duplicates if proof else 0,
            lost=sum(channel in (None, each.channel) for each in self.lost),
            stuck=sum(channel in (None, each.channel) for each in self.stuck),
            needs_person=sum(channel in (None, each.channel) for each in self.waiting),
        )


def judge(store: Store, proof: Proof, plan: Mapping[str, str]) -> Judgement:
    """Judge a period that is over by the proof of it; `plan` gives the channel of each planned post by its key."""
    deliveries = store.deliveries.list()
    unseen, known = frozenset(proof.lost_keys), {each.post_key for each in deliveries}
    claimed = [each for each in deliveries if each.post_key in unseen and each.state in PUBLIC]
    steps = [(step, WaitingComment(post_key=step.post_key, state=step.state, why=step.detail)) for step in store.steps.list()]
    never = tuple(Missing(post_key=key, channel=channel) for key, channel in plan.items() if key not in known)
    return Judgement(
        proof=proof,
        lost=(*(Missing(post_key=each.post_key, channel=each.channel) for each in claimed), *never),
        never=never,
        stuck=tuple(each for each in deliveries if each.state not in SETTLED),
        waiting=tuple(_waiting(each, public=each.post_key not in unseen) for each in deliveries if each.state in WITH_A_PERSON),
        stuck_comments=tuple(each for step, each in steps if step.state in OPEN and step.next_at < NEVER),
        waiting_comments=tuple(each for step, each in steps if _waits(step)),
    )


def _waits(step: AfterStep) -> bool:
    """Tell whether a comment is held, or waits for a post that a person has to decide about."""
    return step.state is StepState.HELD or (step.state in (StepState.PLANNED, StepState.WAITING) and step.next_at == NEVER)


def _waiting(delivery: Delivery, *, public: bool) -> Waiting:
    return Waiting(
        post_key=delivery.post_key,
        channel=delivery.channel,
        due_at=delivery.due_at,
        state=delivery.state,
        reason=delivery.hold_reason,
        why=delivery.detail,
        public=public,
    )
