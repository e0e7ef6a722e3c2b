"""Everything that can happen to two workers, one store and one platform, in any order; and deliberate mistakes to catch."""

from __future__ import annotations

import functools
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from editorial.clock import SimulatedClock
from editorial.delivery import SETTLED, Delivery, HoldReason, State
from editorial.outcome import Absent, CannotTell, OutcomeUnknown, Pending, PublishError, Receipt, Sighting, Unavailable
from editorial.post import Post
from publishers.contract import Handles
from scheduler.dispatch import Dispatcher
from store.halts import ALL
from store.store import Store
from tests.scheduler.fake_platform import SETTLE, FakePublisher, Platform
from tests.store.ledger_posts import DUE, approval, post

FAULTS = ("timeout-after", "timeout-before", "crash-after", "late", "die-before", "die-after", "pending", "rate", "unavailable")
LEASE = timedelta(seconds=60)
SLEEP = timedelta(seconds=400)  # longer than the lease, the deadline and two settle times together


class Killed(BaseException):
    """The worker's process ends here, without another line of its code."""


class MortalPublisher(FakePublisher):
    """A publisher whose process may die in the call, and whose platform may accept late."""

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        fault = self.platform.faults[0] if self.platform.faults else ""
        if fault not in ("die-before", "die-after", "late"):
            return super().publish(post, key=key, handles=handles)
        self.platform.next_fault()
        self.platform.before_call(post)
        if fault == "die-before":
            raise Killed
        if fault == "die-after":
            self.platform.accept(post)
            raise Killed
        self.platform.lag = SETTLE * 0.8
        self.platform.accept(post)
        self.platform.lag = timedelta()
        raise OutcomeUnknown("read timeout")


class ResendsAfterTimeout(MortalPublisher):
    """Mistake: takes a timeout for a failure."""

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        try:
            return super().publish(post, key=key, handles=handles)
        except OutcomeUnknown as error:
            raise Unavailable(error.reason) from error


class TakesSilenceForAbsence(MortalPublisher):
    """Mistake: a channel that cannot be read is taken for empty."""

    def find(self, post: Post, *, key: str, handles: Handles, since: object) -> Sighting:
        try:
            return super().find(post, key=key, handles=handles, since=DUE)
        except PublishError:
            return Absent(proof=True)


class AdoptsNothing(MortalPublisher):
    """Mistake: never recognises its own post."""

    def find(self, post: Post, *, key: str, handles: Handles, since: object) -> Sighting:
        found = super().find(post, key=key, handles=handles, since=DUE)
        return found if isinstance(found, CannotTell) else Absent(proof=True)


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
    store, clock, folder = shared_store()
    store.close()
    for leftover in folder.glob("loa.db*"):
        leftover.unlink()
    shutil.copy(folder / "empty.db", folder / "loa.db")
    clock.reset()
    return store, clock


class Machine(RuleBasedStateMachine):
    """The good design."""

    publisher_type: type[MortalPublisher] = MortalPublisher
    guards_against_sleep = True
    hidden = False  # the channel cannot be read in any recovery

    @initialize()
    def open(self) -> None:
        self.store, self.clock = empty_store()
        self.platform = Platform(clock=self.clock, before_call=self.judge)
        self.violations: list[str] = []
        self.sleeps, self.ticks = False, 0
        publishers = {"portal": self.publisher_type(self.platform)}
        self.workers = [
            Dispatcher(self.store, publishers, self.clock, owner=f"máy-{n}", lease=LEASE, random=Random(n), elapsed=self.elapsed)
            for n in range(2)
        ]
        self.seconds = 0.0
        self.written = 0

    def judge(self, post: Post) -> None:
        """Look, at the moment of every call, whether it may be made."""
        delivery = self.store.deliveries.by_key(post.key)
        if delivery is None or not any(attempt.outcome is None for attempt in self.store.attempts.of(delivery.id)):
            self.violations.append(f"{post.key}: a call without an attempt written before it")
        if self.store.halts.standing():
            self.violations.append(f"{post.key}: a call during a pause")
        if not self.store.approvals.covers(post.key, post.digest):
            self.violations.append(f"{post.key}: a call with bytes that nobody approved")

    def elapsed(self) -> float:
        """Tell the time since boot; a sleep falls between the intent and the call, and the other worker goes on meanwhile."""
        self.ticks += 1
        if self.sleeps and self.ticks % 2 == 0:
            self.sleeps = False
            for _ in range(4):
                self.clock.advance(SLEEP / 4)
                self.tick(1)
            self.seconds += SLEEP.total_seconds() if self.guards_against_sleep else 0
        return self.seconds

    def tick(self, worker: int) -> None:
        try:
            self.workers[worker].tick()
        except Killed:
            self.workers[worker]._in_hand.clear()

    def write(self, number: int, text: str) -> None:
        key = f"muc-{number}.portal.2026"
        before = self.store.deliveries.by_key(key)
        ready = post(key, text=f"{text} {key}", due_at=before.due_at if before else self.clock.now())
        self.store.deliveries.plan(ready)
        self.store.approvals.save(approval([ready]), [ready])

    @rule(worker=st.integers(0, 1))
    def work(self, worker: int) -> None:
        self.tick(worker)

    @rule(seconds=st.sampled_from([1, 15, 35, 70, 300]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    @rule(fault=st.sampled_from(FAULTS))
    def go_wrong(self, fault: str) -> None:
        self.platform.faults.append(fault)

    @rule(worker=st.integers(0, 1))
    def restart(self, worker: int) -> None:
        self.workers[worker].recover()

    @rule()
    def plan_another(self) -> None:
        self.written += 1
        self.write(self.written, "Lời đầu")

    @precondition(lambda self: self.written)
    @rule(text=st.sampled_from(["Lời đầu", "Lời sau"]))
    def edit(self, text: str) -> None:
        self.write(self.written, text)

    @rule()
    def pause(self) -> None:
        self.store.halts.set(ALL, why="tạm dừng", who="Minh")

    @rule()
    def go_on(self) -> None:
        self.store.halts.lift(ALL, who="Minh")

    @rule(readable=st.booleans())
    def hide_or_show_the_channel(self, readable: bool) -> None:
        self.platform.readable = readable

    @rule()
    def sleep_in_a_call(self) -> None:
        """A macro: a fresh post, and its worker falls asleep between the intent and the call."""
        self.platform.faults.clear()
        self.plan_another()
        self.sleeps, self.ticks = True, 0
        self.tick(0)

    @rule(fault=st.sampled_from(FAULTS), worker=st.integers(0, 1), readable=st.booleans())
    def whole_recovery(self, fault: str, worker: int, readable: bool) -> None:
        """A macro: a fault, and then everything that follows from it. Random single steps seldom get this far."""
        self.plan_another()
        self.platform.faults.append(fault)
        self.platform.readable = readable and not self.hidden
        for _ in range(5):
            self.tick(worker)
            self.clock.advance(timedelta(seconds=35))

    @invariant()
    def no_post_is_ever_public_twice(self) -> None:
        keys = [shown.key for shown in self.platform.ledger]
        assert len(keys) == len(set(keys)), keys

    @invariant()
    def no_call_breaks_a_rule(self) -> None:
        assert not self.violations, self.violations

    def teardown(self) -> None:
        """Let everything work again: each post must be public and verified, or held where a person sees it."""
        self.settle()
        for delivery in self.store.deliveries.list():
            self.nothing_is_lost(delivery)
        self.no_post_is_ever_public_twice()

    def settle(self) -> None:
        self.platform.faults.clear()
        self.platform.readable, self.sleeps = True, False
        self.store.halts.lift(ALL, who="Minh")
        for _ in range(60):
            while any(worker.tick() for worker in self.workers):
                pass
            moment = self.store.deliveries.next_moment(self.workers[0].station.ways)
            if moment is None:
                return
            self.clock.move_to(max(moment, self.clock.now() + timedelta(seconds=1)))

    def nothing_is_lost(self, delivery: Delivery) -> None:
        public = self.platform.count(delivery.post_key)
        assert delivery.state in SETTLED, delivery
        assert delivery.state is not State.VERIFIED or public == 1, "verified, and not there"
        may_be_public = delivery.state is State.VERIFIED or delivery.hold_reason in (HoldReason.AMBIGUOUS, HoldReason.DRIFT)
        assert may_be_public or not public, f"public, and the store says {delivery.state}: {delivery.detail}"


class ResendMachine(Machine):
    publisher_type = ResendsAfterTimeout


class SilenceMachine(Machine):
    publisher_type = TakesSilenceForAbsence
    hidden = True


class ForgetfulMachine(Machine):
    publisher_type = AdoptsNothing


class SleepyMachine(Machine):
    guards_against_sleep = False
