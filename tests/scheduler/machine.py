"""Everything that can happen to two workers, one store and one platform, in any order, on the real SQL with a clock by hand.

The workers run the product's code, step by step: `hands.py`. Deliberate mistakes for this machine to catch are in `mutants.py`.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from editorial.clock import SimulatedClock
from editorial.delivery import SETTLED, Delivery, HoldReason, State
from editorial.outcome import Receipt
from editorial.post import Post
from scheduler.dispatch import Dispatcher
from store.halts import ALL
from store.store import Store
from tests.scheduler.fake_platform import SETTLE
from tests.scheduler.hands import Hand
from tests.scheduler.stepping import DraftingPublisher, SlowPlatform, SteppingPublisher
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, approval, post

FAULTS = ("", "timeout-after", "timeout-before", "crash-after", "late", "very-late", "pending", "rate", "unavailable", "refused")
LEASE = timedelta(seconds=60)
SLEEP = timedelta(seconds=400)  # longer than the lease, the deadline and two settle times together
SENDING = ("check", "draft", "kept", "prepared", "intent", "call", "answer")  # the checkpoints on the way out
NUDGE = timedelta(seconds=30)  # where the next thing is in somebody else's hands


class ResetClock(SimulatedClock):
    """A clock that goes back to the start for the next example."""

    def reset(self) -> None:
        self._now = DUE


@functools.cache
def shared_store() -> tuple[Store, ResetClock, Path]:
    """Return one store for all examples: what SQLAlchemy has compiled once is not compiled again."""
    folder, clock = Path(tempfile.mkdtemp(prefix="loa-machine-")), ResetClock(DUE)
    store = Store.open(f"sqlite:///{folder / 'loa.db'}", clock=clock)
    store.close()
    shutil.copy(folder / "loa.db", folder / "empty.db")
    return store, clock, folder


def empty_store() -> tuple[Store, SimulatedClock]:
    if os.environ.get("LOA_MACHINE_ON") == "postgresql":
        clock = SimulatedClock(DUE)
        return Store.open(fresh_database(Path(), "postgresql"), clock=clock), clock
    store, shared_clock, folder = shared_store()
    store.close()
    for leftover in folder.glob("loa.db*"):
        leftover.unlink()
    shutil.copy(folder / "empty.db", folder / "loa.db")
    shared_clock.reset()
    return store, shared_clock


class Stories(RuleBasedStateMachine):
    """Whole stories, one after the other: random single steps seldom get as far as the end of one."""

    publisher_type: type[SteppingPublisher] = SteppingPublisher
    patience = SETTLE  # between two looks
    faults: tuple[str, ...] = tuple(fault for fault in FAULTS if fault != "very-late")
    proof = True
    feels_sleep = True
    mine: tuple[str, ...] = SENDING  # the checkpoints at which the first worker is stopped
    deeds: tuple[str, ...] = ("halt", "edit", "withdraw")
    others: tuple[str, ...] = SENDING  # and those at which the other one is, that took its delivery over

    @initialize()
    def open(self) -> None:
        self.store, self.clock = empty_store()
        self.platform = SlowPlatform(clock=self.clock, before_call=self.judge, absence_is_proof=self.proof)
        self.violations: list[str] = []
        self.written = 0
        self.intents_at_halt: int | None = None  # how many there were when everything was paused
        self.hands = [Hand(), Hand()]
        self.workers = [self.worker(number) for number in range(2)]

    def worker(self, number: int) -> Dispatcher:
        """Return a worker's part, as it is after a start of its process."""
        hand = self.hands[number]
        publishers = {"portal": self.publisher_type(self.platform, hand, settle=self.patience)}

        def elapsed() -> float:
            if not hand.calling:
                hand.pause("intent" if hand.last == "prepared" else "prepared")
            return (self.clock.now() - DUE).total_seconds() if self.feels_sleep else 0.0

        return Dispatcher(self.store, publishers, self.clock, owner=f"máy-{number}", lease=LEASE, random=Random(number),
                          elapsed=elapsed)  # fmt: skip

    def judge(self, post: Post) -> None:
        """Look, at the moment of every call, whether it may be made."""
        delivery = self.store.deliveries.by_key(post.key)
        if delivery is None or not any(attempt.outcome is None for attempt in self.store.attempts.of(delivery.id)):
            self.violations.append(f"{post.key}: a call without an open attempt that was written before it")
        if delivery is not None and delivery.post_digest != post.digest:
            self.violations.append(f"{post.key}: a call with a version that was replaced")

    # --- what happens

    def begin(self, worker: int) -> None:
        self.hands[worker].begin(self.workers[worker].tick)

    def finish(self, worker: int) -> None:
        """Let a worker do everything that is due."""
        if self.hands[worker].at is None:
            self.begin(worker)
        while self.hands[worker].at is not None:
            self.hands[worker].go_on()

    def crash(self, worker: int, *, restarts: bool) -> None:
        """End a process where it stands; started again, it first takes up what it had in hand."""
        self.hands[worker].die()
        self.workers[worker] = self.worker(worker)
        if restarts:
            self.workers[worker].recover()

    def plan_another(self) -> None:
        self.written += 1
        self.write(self.written, "Lời đầu")

    def withdraw_approval(self) -> None:
        self.store.approvals.revoke(f"muc-{self.written}", who="Minh", why="sai số liệu")

    def halt(self) -> None:
        self.store.halts.set(ALL, why="tạm dừng", who="Minh")
        if self.intents_at_halt is None:
            self.intents_at_halt = self.store.attempts.count()

    def lift(self) -> None:
        self.store.halts.lift(ALL, who="Minh")
        self.intents_at_halt = None

    def live(self, span: timedelta, worker: int = 1) -> None:
        """Let a worker do what is due, and what becomes due in this time."""
        end = self.clock.now() + span
        while True:
            self.finish(worker)
            moment = self.store.deliveries.next_moment(self.workers[0].station.ways)
            if moment is None or moment > end:
                break
            self.clock.move_to(moment if moment > self.clock.now() else self.clock.now() + NUDGE)
        self.clock.move_to(max(end, self.clock.now()))

    # --- whole stories

    @rule(data=st.data(), readable=st.booleans())
    def recovery(self, data: st.DataObject, readable: bool) -> None:
        """A fault, and then everything that follows from it."""
        self.tell("die", data.draw(st.sampled_from(self.faults)), "", readable=readable)

    @rule(data=st.data())
    def death(self, data: st.DataObject) -> None:
        """A worker dies at one step of its way, and the other one recovers from it."""
        self.tell("die", data.draw(st.sampled_from(self.faults)), data.draw(st.sampled_from(self.mine)))

    @rule(data=st.data(), readable=st.booleans())
    def freeze(self, data: st.DataObject, readable: bool) -> None:
        """A worker sleeps past its lease, and wakes when the other one has done its work, as far as it could."""
        self.tell("sleep", data.draw(st.sampled_from(self.faults)), data.draw(st.sampled_from(self.mine)), readable=readable)

    @rule(data=st.data())
    def second_thoughts(self, data: st.DataObject) -> None:
        """Somebody changes their mind while a worker is at one step of its way."""
        self.tell(data.draw(st.sampled_from(self.deeds)), "", data.draw(st.sampled_from(self.mine)))

    @rule(data=st.data(), edited=st.booleans(), dies=st.booleans())
    def overtaking(self, data: st.DataObject, edited: bool, dies: bool) -> None:
        """A worker wakes while the one that took its delivery over is in the middle of it."""
        mine, other = data.draw(st.sampled_from(self.mine)), data.draw(st.sampled_from(self.others))
        self.overtake(data.draw(st.sampled_from(self.faults)), mine, other, edited=edited, dies=dies)

    def tell(self, end: str, fault: str, checkpoint: str, *, readable: bool = True) -> None:
        """Send a fresh post with this fault; at the checkpoint the worker dies, sleeps, or somebody changes their mind."""
        self.settle()
        self.plan_another()
        self.platform.faults = [fault] if fault else []
        self.platform.readable = readable
        if self.bring(0, checkpoint):
            self._happens(end)
        else:
            self.finish(0)
        self.live(timedelta(minutes=3))
        self.check_now()
        self.finish(0)
        self.check_now()

    def overtake(self, fault: str, mine: str, other: str, *, edited: bool = False, dies: bool = False) -> None:
        """Stop one worker at `mine` for so long that the other comes to `other` with the same delivery; then wake the first."""
        self.settle()
        self.plan_another()
        self.platform.faults = [fault] if fault else []
        if not self.bring(0, mine):
            return
        if edited:
            self.write(self.written, "Lời sau")
        for _ in range(8):
            if self.bring(1, other):
                break
            self.clock.advance(timedelta(seconds=35))
        self.finish(0)
        self.check_now()
        if dies:
            self.crash(1, restarts=False)
        self.live(timedelta(minutes=3))
        self.check_now()

    def _happens(self, end: str) -> None:
        match end:
            case "die":
                self.crash(0, restarts=False)
            case "sleep":
                self.live(SLEEP)
            case "halt":
                self.halt()
                self.finish(0)
            case "edit":
                self.clock.advance(timedelta(seconds=1))
                self.write(self.written, "Lời sau")
                self.finish(0)
            case "withdraw":
                self.clock.advance(timedelta(seconds=1))
                self.withdraw_approval()
                self.clock.advance(timedelta(seconds=1))
                self.finish(0)

    def bring(self, worker: int, checkpoint: str) -> bool:
        """Bring a worker to a checkpoint; False where it does not come by."""
        if self.hands[worker].at is None:
            self.begin(worker)
        while self.hands[worker].at not in (None, checkpoint):
            self.hands[worker].go_on()
        return self.hands[worker].at == checkpoint

    def write(self, number: int, text: str, *, approved: bool = True) -> None:
        key = f"muc-{number}.portal.2026"
        before = self.store.deliveries.by_key(key)
        ready = post(key, text=f"{text} {key}", due_at=before.due_at if before else self.clock.now())
        self.store.deliveries.plan(ready)
        if approved:
            self.store.approvals.save(approval([ready], at=self.clock.now()), [ready])

    # --- what must hold

    def check_now(self) -> None:
        self.no_post_is_ever_public_twice()
        self.no_call_breaks_a_rule()
        self.no_proof_is_dropped()
        self.the_ledger_keeps_its_invariants()

    @invariant()
    def no_post_is_ever_public_twice(self) -> None:
        keys = [shown.key for shown in self.platform.ledger]
        assert len(keys) == len(set(keys)), keys

    @invariant()
    def no_call_breaks_a_rule(self) -> None:
        assert not self.violations, self.violations
        assert self.intents_at_halt in (None, self.store.attempts.count()), "an intent during a pause"

    @invariant()
    def no_proof_is_dropped(self) -> None:
        if all(hand.at is None for hand in self.hands):
            dropped = [key for key in self.platform.answered if self._receipt(key) is None]
            assert not dropped, f"{dropped}: the platform said that it is public, and nobody wrote it down"

    def _receipt(self, key: str) -> Receipt | None:
        delivery = self.store.deliveries.by_key(key)
        return delivery.receipt if delivery else None

    @invariant()
    def the_ledger_keeps_its_invariants(self) -> None:
        assert self.store.invariants.broken() == ()

    def teardown(self) -> None:
        """Let everything work again: each post must be public and verified, or held where a person sees it."""
        try:
            self.settle()
            for delivery in self.store.deliveries.list():
                self.nothing_is_lost(delivery)
            self.check_now()
        finally:
            for hand in self.hands:
                hand.die()
            if not self.store._database.is_sqlite:
                self.store.close()

    def settle(self) -> None:
        self.platform.faults.clear()
        self.platform.readable = True
        self.lift()
        for _ in range(80):
            for worker in range(2):
                self.finish(worker)
            moment = self.store.deliveries.next_moment(self.workers[0].station.ways)
            if moment is None:
                return
            self.clock.move_to(moment if moment > self.clock.now() else self.clock.now() + NUDGE)
        raise AssertionError("there is no end to what is due")

    def nothing_is_lost(self, delivery: Delivery) -> None:
        public = self.platform.count(delivery.post_key)
        assert delivery.state in SETTLED, delivery
        assert delivery.state is not State.VERIFIED or public == 1, "verified, and not there"
        may_be_public = delivery.state is State.VERIFIED or delivery.hold_reason in (HoldReason.AMBIGUOUS, HoldReason.DRIFT)
        assert may_be_public or not public, f"public, and the store says {delivery.state}: {delivery.detail}"


class DraftStories(Stories):
    """On a channel of two phases."""

    publisher_type = DraftingPublisher


class LaggingStories(Stories):
    """On a channel that may show a post long after every settle time: its absence proves nothing."""

    faults = ("timeout-after", "timeout-before", "late", "very-late")
    proof = False


class Machine(Stories):
    """The good design: the stories, and between them single steps in any order.

    The channel publishes with one call, and a complete read-back shows everything within the deadline and a settle time.
    """

    @rule(worker=st.integers(0, 1))
    def step(self, worker: int) -> None:
        """Claim, prepare, write the intent, call, record, look or read back: whatever comes next for this worker."""
        if self.hands[worker].at is None:
            self.begin(worker)
        else:
            self.hands[worker].go_on()

    @rule(worker=st.integers(0, 1))
    def work(self, worker: int) -> None:
        self.finish(worker)

    @rule(worker=st.integers(0, 1), restarts=st.booleans())
    def kill(self, worker: int, restarts: bool) -> None:
        self.crash(worker, restarts=restarts)

    @rule(seconds=st.sampled_from([1, 15, 35, 70, 300]))
    def wait(self, seconds: int) -> None:
        """Let time pass; whoever stands in the middle of something has slept."""
        self.clock.advance(timedelta(seconds=seconds))

    @rule(data=st.data())
    def go_wrong(self, data: st.DataObject) -> None:
        self.platform.faults.append(data.draw(st.sampled_from(self.faults)))

    @rule()
    def plan(self) -> None:
        self.plan_another()

    @precondition(lambda self: self.written)
    @rule(text=st.sampled_from(["Lời đầu", "Lời sau"]), approved=st.booleans())
    def edit(self, text: str, approved: bool) -> None:
        self.write(self.written, text, approved=approved)

    @precondition(lambda self: self.written)
    @rule()
    def withdraw(self) -> None:
        self.withdraw_approval()

    @rule()
    def pause(self) -> None:
        self.halt()

    @rule()
    def end_the_pause(self) -> None:
        self.lift()

    @rule(readable=st.booleans())
    def hide_or_show_the_channel(self, readable: bool) -> None:
        self.platform.readable = readable


class DraftMachine(Machine):
    """The good design, on a channel of two phases."""

    publisher_type = DraftingPublisher


class LaggingMachine(Machine):
    """The good design, on a channel whose absence proves nothing."""

    faults = LaggingStories.faults
    proof = False


GOOD: Mapping[str, type[Machine]] = {"one call": Machine, "two phases": DraftMachine, "lagging": LaggingMachine}
