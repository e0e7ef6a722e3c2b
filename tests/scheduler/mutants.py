"""Deliberate mistakes, each of which the machine has to catch; the suite fails when one of them lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection

import scheduler.reconcile
import store.attempts
import store.deliveries
import store.promotion
from editorial.delivery import Attempt, Delivery, State
from editorial.outcome import Absent, CannotTell, OutcomeUnknown, Pending, PublishError, Receipt, Sighting, Unavailable
from editorial.post import Post
from publishers.contract import Handles
from scheduler.station import Station
from store.attempts import AttemptTable
from store.deliveries import DeliveryLedger
from store.handles import DeliveryHandles
from store.passage import read_delivery
from tests.scheduler.machine import DraftStories, LaggingStories, Stories
from tests.scheduler.stepping import SteppingPublisher
from tests.store.ledger_posts import DUE


class ResendsAfterTimeout(SteppingPublisher):
    """Takes a timeout for a failure."""

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        try:
            return super().publish(post, key=key, handles=handles)
        except OutcomeUnknown as error:
            raise Unavailable(error.reason) from error


class TakesSilenceForAbsence(SteppingPublisher):
    """Takes a channel that cannot be read for an empty one."""

    def find(self, post: Post, *, key: str, handles: Handles, since: object) -> Sighting:
        try:
            return super().find(post, key=key, handles=handles, since=DUE)
        except PublishError:
            return Absent(proof=True)


class AdoptsNothing(SteppingPublisher):
    """Never recognises its own post."""

    def find(self, post: Post, *, key: str, handles: Handles, since: object) -> Sighting:
        found = super().find(post, key=key, handles=handles, since=DUE)
        return found if isinstance(found, CannotTell) else Absent(proof=True)


class TakesLagForAbsence(SteppingPublisher):
    """Takes absence for proof on a channel that may show a post much later."""

    def find(self, post: Post, *, key: str, handles: Handles, since: object) -> Sighting:
        found = super().find(post, key=key, handles=handles, since=DUE)
        return Absent(proof=True) if isinstance(found, Absent) else found


class Resending(Stories):
    publisher_type = ResendsAfterTimeout


class Silence(Stories):
    publisher_type = TakesSilenceForAbsence


class Forgetting(Stories):
    publisher_type = AdoptsNothing


class Haste(Stories):
    patience = timedelta(seconds=1)
    faults = ("late",)


class Sleeping(Stories):
    feels_sleep = False
    mine = ("intent", "call")


class Credulity(LaggingStories):
    publisher_type = TakesLagForAbsence


class Crashing(Stories):
    mine = ("intent", "answer")


class LateAnswer(Stories):
    mine, others, faults = ("answer",), ("intent", "call"), ("unavailable", "refused")


class LateProof(Stories):
    mine, faults = ("answer",), ("",)


class Withdrawal(Stories):
    mine, faults, deeds = ("prepared",), ("",), ("withdraw",)


class Halting(Stories):
    mine, faults, deeds = ("prepared",), ("",), ("halt",)


class LateIntent(Stories):
    mine, others, faults = ("prepared",), ("prepared",), ("",)


# --- mistakes in the product's own code


def no_fence(ledger: DeliveryLedger, delivery: Delivery, state: State, **more: Any) -> Delivery:
    """Write over whatever the row is by now, as if one had it in hand still."""
    now = ledger.get(delivery.id)
    return PASS_TO(ledger, replace(delivery, state=now.state, fence=now.fence, post_digest=now.post_digest), state, **more)


def intent_of_whatever_is_there(table: AttemptTable, delivery: Delivery, **more: Any) -> tuple[Delivery, Attempt]:
    """Write the intent for the version that the row names by now, and send the one that was read before."""
    with table._database.read() as connection:
        now = read_delivery(connection, delivery.id)
    return OPEN(table, replace(delivery, fence=now.fence, post_digest=now.post_digest), **more)


def no_intent(table: AttemptTable, delivery: Delivery, **more: Any) -> tuple[Delivery, Attempt]:
    """Send first, write later."""
    now = datetime.now(tz=DUE.tzinfo)
    return delivery, Attempt(id=0, delivery=delivery.id, number=1, fence=0, started_at=now, deadline=now, request_digest="")


def send_again_after_a_crash(station: Station, delivery: Delivery) -> None:
    """Take what a dead worker was sending for unsent, as a plain queue does."""
    if delivery.state is State.SENDING:
        station.store.deliveries.pass_to(delivery, State.QUEUED, outcome="Unavailable")
    else:
        PUT_BACK(station, delivery)


def no_proof_from_the_stale(ledger: DeliveryLedger, id: int, receipt: Receipt, **_more: object) -> Delivery:
    """Drop the answer of a worker whose lease was over."""
    return ledger.get(id)


def anybody_writes(handles: DeliveryHandles, connection: Connection, name: str) -> None:
    """Let a worker that lost the delivery write over the handle of the one that has it."""


def overwritten(stories: Stories) -> None:
    """Let the first worker keep its draft's id when the other one has had an answer, and died before it wrote it down."""
    stories.overtake("", "kept", "answer", dies=True)


PASS_TO, OPEN, PUT_BACK = DeliveryLedger.pass_to, AttemptTable.open, scheduler.reconcile._put_back


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """Stories with one mistake in them; some look only where the mistake can be seen, since rare stories take long to come.

    `told` is one story in which it shows, where chance does not always come upon it.
    """

    machine: type[Stories]
    told: Callable[[Stories], None] | None = None
    owner: object = None  # where the mistake is put
    name: str = ""
    mistake: Callable[..., object] | None = None

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Let the mistake be there in the block."""
        if self.mistake is None:
            yield
            return
        with patch.object(self.owner, self.name, self.mistake):
            yield


RECONCILE, ATTEMPTS = scheduler.reconcile, store.attempts
MUTANTS: Mapping[str, Mutant] = {
    "naive resend": Mutant(machine=Resending),
    "silence taken for absence": Mutant(machine=Silence),
    "adopts nothing": Mutant(machine=Forgetting),
    "too short a settle": Mutant(machine=Haste),
    "missing freeze guard": Mutant(machine=Sleeping),
    "absence taken for proof on a lagging channel": Mutant(machine=Credulity),
    "no fence check": Mutant(machine=LateAnswer, owner=DeliveryLedger, name="pass_to", mistake=no_fence),
    "no digest check": Mutant(machine=LateIntent, owner=AttemptTable, name="open", mistake=intent_of_whatever_is_there),
    "no intent": Mutant(machine=Stories, owner=AttemptTable, name="open", mistake=no_intent),
    "halt not read in the intent": Mutant(machine=Halting, owner=ATTEMPTS, name="standing", mistake=lambda *_: ()),
    "approval not read in the intent": Mutant(machine=Withdrawal, owner=ATTEMPTS, name="may_go_now", mistake=lambda *_: True),
    "sends again after a crash": Mutant(machine=Crashing, owner=RECONCILE, name="_put_back", mistake=send_again_after_a_crash),
    "stale owner overwrites": Mutant(machine=DraftStories, owner=DeliveryHandles, name="_ask_whose", mistake=anybody_writes,
                                     told=overwritten),
    "drops the late proof": Mutant(machine=LateProof, owner=DeliveryLedger, name="accept_proof", mistake=no_proof_from_the_stale),
}  # fmt: skip
