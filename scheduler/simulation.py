"""Live through a period in minutes: the same dispatcher, the same engine, only the clock jumps to the next thing to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from editorial.clock import SimulatedClock
from editorial.delivery import SETTLED, Delivery, State
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Engine
from store.gates import Ways
from store.store import Store

AFTERWARDS = timedelta(days=2)  # what is unclear at the end is followed up for so long
NUDGE = timedelta(seconds=1)  # where the next thing is in somebody else's hands


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the period is lived through."""

    done: int  # deliveries that need nothing more from the scheduler
    total: int
    now: datetime
    last: Delivery | None  # the one that changed last


def run_quarter(
    store: Store, dispatcher: Dispatcher, engine: Engine, *,
    clock: SimulatedClock, until: datetime, progress: Callable[[Progress], None] | None = None,
    meanwhile: Callable[[datetime], None] = lambda now: None,
) -> None:  # fmt: skip
    """Do everything due by `until`, each at its moment, and follow it up until it is settled.

    The dispatcher must submit to this engine. `meanwhile` does what others than the scheduler do, whenever the clock moved on.
    Safe to interrupt and to run again: start the clock no earlier than `store.deliveries.last_touched()`.
    """
    tell = progress or (lambda _: None)
    dispatcher.recover()
    while True:
        while dispatcher.tick():
            engine.wait_idle()
            tell(_progress(store, clock, until))
        if not _move_on(store, dispatcher, clock, until):
            break
        meanwhile(clock.now())
    tell(_progress(store, clock, until))


def _move_on(store: Store, dispatcher: Dispatcher, clock: SimulatedClock, until: datetime) -> bool:
    """Move the clock to the next thing to do; return False when nothing is left of the period."""
    moment = _next_moment(store, dispatcher.station.ways)
    if moment is None or moment > until + AFTERWARDS or (moment > until and _settled(store, until)):
        return False
    clock.move_to(max(moment, clock.now() + NUDGE))
    return True


def _next_moment(store: Store, ways: Ways) -> datetime | None:
    moments = (store.deliveries.next_moment(ways), store.corrections.next_moment(), store.steps.next_moment(ways))
    return min((moment for moment in moments if moment is not None), default=None)


def _settled(store: Store, until: datetime) -> bool:
    going_on = store.corrections.moving() or store.steps.moving()
    return not going_on and all(_is_done(state) for _, state in store.deliveries.counts(until=until))


def _progress(store: Store, clock: SimulatedClock, until: datetime) -> Progress:
    counts = store.deliveries.counts(until=until)
    done = sum(count for (_, state), count in counts.items() if _is_done(state))
    return Progress(done=done, total=sum(counts.values()), now=clock.now(), last=store.deliveries.last_changed())


def _is_done(state: State) -> bool:
    return state in SETTLED
