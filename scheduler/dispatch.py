"""Carry out what is due: the store says what, the engine lends the threads."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from time import monotonic
from typing import Protocol, TypeVar

from editorial.clock import Clock, boot_time
from editorial.delivery import State
from editorial.rate import Rate
from editorial.release import PUNCTUAL, ReleaseRule
from publishers.contract import Publisher
from scheduler.claiming import ClaimCounter
from scheduler.clock_watch import ClockWatch
from scheduler.correct import correct
from scheduler.engines.contract import Lane
from scheduler.follow import follow
from scheduler.publish import publish
from scheduler.reconcile import reconcile, take_up
from scheduler.say import LEASE as SAYING
from scheduler.say import say, take_up_steps
from scheduler.station import Station
from scheduler.verify import verify
from store.claims import Claim
from store.correction_list import CorrectionItem
from store.deliveries import MOST_AT_ONCE
from store.errors import Lost, NoRoom
from store.store import Store

LEASE = timedelta(seconds=15)  # renewed by each tick while the work goes on
LOOK = 10.0  # seconds after which a look takes nothing more: a ticket must not be kept for longer than its broker waits
GOING_OUT = (State.QUEUED, State.UNKNOWN, State.FOLLOWING)  # before what is said below posts; reading back comes after that
UNREAD_FOR = timedelta(minutes=1)  # after which what waits to be read back gets a share, however much there is to post
SHARE = 8  # one piece of so many
READING = (State.SENT,)
LANES = {Lane.PUBLISH: (State.QUEUED,), Lane.VERIFY: (State.UNKNOWN, State.SENT), Lane.POLL: (State.FOLLOWING,)}
MOST_ROUNDS = 10  # of a tick
LOG = logging.getLogger(__name__)

Work = Callable[[], None]
Found = TypeVar("Found")


class Submit(Protocol):
    """Lend a thread to a piece of work."""

    def __call__(self, work: Work, *, urgent: bool = False) -> None: ...


def at_once(work: Work, *, urgent: bool = False) -> None:
    """Do the work in the caller's thread."""
    work()


class Dispatcher:
    """One worker process's part in publishing. Any number of them may share one store.

    `owner` names the slot and stays the same over restarts: `recover` takes up what this slot had in hand when it died.
    `rates` are the paces of the channels' calls where they are not the manifests'.
    """

    def __init__(
        self, store: Store, publishers: Mapping[str, Publisher], clock: Clock, *, owner: str, lease: timedelta = LEASE,
        slots: int = 8, submit: Submit = at_once, random: Random | None = None,
        elapsed: Callable[[], float] = boot_time, watch: ClockWatch | None = None, rule: ReleaseRule | None = None,
        rates: Mapping[str, Rate] | None = None,
    ) -> None:  # fmt: skip
        self.station = Station(store=store, publishers=publishers, clock=clock, random=random or Random(), elapsed=elapsed,
                               rule=rule or ReleaseRule(), rates=rates)  # fmt: skip
        self._owner = owner
        self._lease = lease
        self._slots = slots
        self._submit = submit
        self._watch = watch
        self._lock = threading.Lock()
        self._busy = 0
        self._correcting = False
        self._hurrying = False
        self._in_hand: set[int] = set()
        self._item: CorrectionItem | None = None  # that is being put right
        self._stopped = False
        self._cramped = False
        self._round = 0  # of ticks
        self._unread = False  # whether something waits to be read back for too long
        self._pieces = count(1)
        kinds = (GOING_OUT, READING, *LANES.values())
        self._counters = {states: ClaimCounter(partial(self._claim_some, states)) for states in kinds}
        self._nothing: dict[str, int] = {}  # where a thread found nothing to do, and in which round
        self._looked_at: datetime | None = None
        self._running_since: datetime | None = None

    def recover(self) -> int:
        """Take up, once at start, what this owner had in hand before; return how many deliveries and comments."""
        self.station.store.deliveries.let_go(self._owner)
        self.station.store.corrections.let_go(self._owner)
        self.station.store.steps.let_go(self._owner)
        return take_up(self.station, owner=self._owner) + take_up_steps(self.station, owner=self._owner)

    def tick(self) -> int:
        """Hand out what is due now; return how much was moved or begun, 0 when there is nothing to do.

        Raises NoRoom, once what is in hand is renewed, where the disk of the store is nearly full: then nothing is begun.
        """
        self.renew()
        self._keep_room()
        moved = self.advance()
        urgent = self._hurry()
        due = (table.due(ways=self.station.ways) for table in (self.station.store.deliveries, self.station.store.steps))
        self._round += 1
        self._unread = self.station.store.deliveries.due(states=READING, since=UNREAD_FOR) > 0
        begun = self._reserve(sum(due))
        for _ in range(begun):
            self._submit(partial(self._drain, self._leave_slot))
        return moved + begun + urgent + self._begin_correcting()

    def _keep_room(self) -> None:
        """Begin nothing, in any thread, while the disk has hardly any room: a call's result has to be written down."""
        try:
            self.station.store.keep_room()
        except NoRoom:
            self._cramped = True
            raise
        self._cramped = False

    def renew(self) -> None:
        """Prolong the leases on what this process has in hand."""
        if in_hand := self._holding():
            self.station.store.deliveries.renew(self._owner, in_hand, self._lease)
        if (item := self._item) is not None:
            self.station.store.corrections.renew(item, self._lease)

    def advance(self) -> int:
        """Let through what has come due, and take up what somebody left; return how much was moved. One process is enough."""
        self.station.look_who_is_connected()
        now = self._watch.look() if self._watch is not None else self.station.clock.now()
        if now is None:
            return 1
        if self._looked_at is None or not timedelta(0) <= now - self._looked_at <= PUNCTUAL:
            self._running_since = now
        self._looked_at = now
        steps = take_up_steps(self.station) + self.station.store.steps.let_through(now)
        return take_up(self.station) + self._let_through(now) + steps

    def _let_through(self, now: datetime) -> int:
        """Let through what is due by then, as much at once as leaves the others a turn, and again while there is more."""
        moved, ledger, rule, ways = 0, self.station.store.deliveries, self.station.rule, self.station.ways
        for _ in range(MOST_ROUNDS):
            last = ledger.promote(rule, ways, now=now, running_since=self._running_since)
            moved += last
            if last < MOST_AT_ONCE:
                break
        return moved

    def wanted(self) -> Counter[Lane]:
        """Return how many pieces of work each lane has now; what is urgent is counted twice, since any lane may take it."""
        ledger, ways = self.station.store.deliveries, self.station.ways
        found = Counter({lane: ledger.due(states=states, ways=ways) for lane, states in LANES.items()})
        found[Lane.PUBLISH] += self.station.store.steps.due(ways=ways)
        found[Lane.URGENT] = ledger.due(urgent=True, ways=ways) + self._may_correct()
        return +found

    def look(self, lane: Lane, patience: float = LOOK) -> bool:
        """Carry out due work of a lane in the caller's thread, one piece after another; tell whether there may be more.

        After `patience` seconds nothing more is begun.
        """
        end = monotonic() + patience
        self.station.look_who_is_connected()
        if lane is Lane.URGENT and self._may_correct() and self._begin("_correcting"):
            self._correct()
        while not self._stopped and monotonic() < end:
            claim = self._claim_urgent() if lane is Lane.URGENT else self._counters[LANES[lane]].take()
            if claim is not None:
                self._carry_out(claim)
            elif lane is not Lane.PUBLISH or not self._say_one():
                return False
        return not self._stopped

    def stop(self) -> None:
        """Take no more work; what is in hand is finished."""
        self._stopped = True

    def _goes_on(self) -> bool:
        return not self._stopped and not self._cramped

    def _reserve(self, wanted: int) -> int:
        with self._lock:
            free = 0 if self._stopped else min(wanted, self._slots - self._busy)
            self._busy += free
            return free

    def _begin_correcting(self) -> bool:
        """Begin to put live copies right where that is due, in one thread of this process at a time."""
        if not self._may_correct() or not self._begin("_correcting"):
            return False
        self._submit(self._correct, urgent=True)
        return True

    def _may_correct(self) -> bool:
        moment = self.station.store.corrections.next_moment()
        return moment is not None and moment <= self.station.clock.now()

    def _begin(self, what: str) -> bool:
        """Tell whether this thread may begin what one thread of this process does at a time, and note that it has begun."""
        with self._lock:
            if getattr(self, what) or self._stopped:
                return False
            setattr(self, what, True)
            return True

    def _correct(self) -> None:
        try:
            while self._goes_on() and (item := self.station.store.corrections.claim(self._owner, self._lease)):
                self._put_right(item)
        finally:
            self._correcting = False

    def _put_right(self, item: CorrectionItem) -> None:
        self._item = item
        try:
            self._guarded(partial(correct, self.station, item), item.live_key)
        finally:
            self._item = None

    def _guarded(self, work: Work, post_key: str) -> None:
        try:
            work()
        except Lost as lost:
            LOG.info("dropped: %s", lost)
        except Exception:  # the work is taken up again when its lease is over; whatever else there is goes on now
            LOG.exception("%s was left as it is", post_key)

    def _holding(self) -> frozenset[int]:
        with self._lock:
            return frozenset(self._in_hand)

    def _hurry(self) -> bool:
        """Begin what is urgent beside the slots, which may all be busy, in one thread of this process at a time."""
        if not self.station.store.deliveries.due(urgent=True, ways=self.station.ways) or not self._begin("_hurrying"):
            return False
        self._submit(partial(self._drain, self._stop_hurrying, urgent=True), urgent=True)
        return True

    def _drain(self, done: Work, *, urgent: bool = False) -> None:
        """Take pieces of work until there is none."""
        try:
            while self._goes_on() and self._do_one(urgent=urgent):
                pass
        finally:
            done()

    def _do_one(self, *, urgent: bool) -> bool:
        """Do the most pressing piece of work; tell whether there was one.

        A crowd that never ends must not keep everything that has gone out from being read back.
        """
        if urgent:
            claim = self._claim_urgent()
        elif self._unread and next(self._pieces) % SHARE == 0 and (unread := self._counters[READING].take()):
            claim = unread
        else:
            claim = self._unless_nothing("out", self._counters[GOING_OUT].take)
            if claim is None and self._unless_nothing("said", self._say_one):
                return True
            claim = claim or self._counters[READING].take()
        if claim is not None:
            self._carry_out(claim)
        return claim is not None

    def _claim_some(self, states: tuple[State, ...], most: int) -> tuple[Claim, ...]:
        return self.station.store.deliveries.claim_some(self._owner, self._lease, most, states=states, ways=self.station.ways)

    def _claim_urgent(self) -> Claim | None:
        return self.station.store.deliveries.claim(self._owner, self._lease, urgent=True, ways=self.station.ways)

    def _unless_nothing(self, what: str, find: Callable[[], Found]) -> Found | None:
        """Return what is found, unless a thread has found nothing since the last tick: what comes due is for the next one."""
        now = self._round
        if self._nothing.get(what) == now:
            return None
        found = find()
        if not found:
            self._nothing[what] = now
        return found

    def _say_one(self) -> bool:
        """Take one step after a post that is public; tell whether there was one."""
        step = self.station.store.steps.claim(self._owner, SAYING, ways=self.station.ways)
        if step is not None:
            self._guarded(partial(say, self.station, step), step.post_key)
        return step is not None

    def _leave_slot(self) -> None:
        with self._lock:
            self._busy -= 1

    def _stop_hurrying(self) -> None:
        self._hurrying = False

    def _carry_out(self, claim: Claim) -> None:
        with self._lock:
            self._in_hand.add(claim.delivery.id)
        try:
            self._guarded(partial(_WORK[claim.delivery.state], self.station, claim), claim.delivery.post_key)
        finally:
            with self._lock:
                self._in_hand.discard(claim.delivery.id)


_WORK: dict[State, Callable[[Station, Claim], None]] = {
    State.CLAIMED: publish,
    State.RECONCILING: reconcile,
    State.FOLLOWING: follow,
    State.SENT: verify,
}
