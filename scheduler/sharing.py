"""One office on any number of machines: whoever has the clock hands out tickets, and every worker carries out what they find.

The tickets only save time. A worker that has heard of none for a while looks by itself: with the broker away, or with a clock
that has stopped without letting go of its seat, everything still goes out, some seconds later.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from editorial.clock import SharedClock
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Beat, Engine, Lane, Ticket
from store.store import Store

BEAT = timedelta(seconds=1)
RENEWAL = timedelta(seconds=2)  # of leases of 15 s
SWEEP = timedelta(seconds=5)
SILENCE = 10.0  # seconds without a ticket after which a worker looks by itself
AT_ONCE = 64  # tickets of a lane that one beat hands out; each of them finds as much work as there is
SKEW = timedelta(seconds=5)  # worth a note: the machine's clock is not what deliveries go by
LOG = logging.getLogger(__name__)


class Clockwork:
    """What the process with the clock does at each beat."""

    def __init__(self, dispatcher: Dispatcher, engine: Engine) -> None:
        self._dispatcher = dispatcher
        self._engine = engine

    def beats(self) -> tuple[Beat, ...]:
        """Return the beats of the clock."""
        return (Beat(name="dispatch", every=BEAT, run=self.dispatch),)

    def dispatch(self) -> None:
        """Let through what is due, and hand out tickets for it."""
        self._dispatcher.advance()
        for lane, count in self._dispatcher.wanted().items():
            self._engine.offer(Ticket(lane=lane), min(count, AT_ONCE))


class Worker:
    """What each working process does: with the tickets that reach it, and without any. `render` makes what a ticket asks for."""

    def __init__(
        self, dispatcher: Dispatcher, engine: Engine, render: Callable[[str], object] = lambda subject: None
    ) -> None:  # fmt: skip
        self._dispatcher = dispatcher
        self._engine = engine
        self._render = render
        self._heard = -SILENCE

    def beats(self) -> tuple[Beat, ...]:
        """Return the beats that run in every working process."""
        return (
            Beat(name="renew", every=RENEWAL, run=self._dispatcher.renew, everywhere=True),
            Beat(name="sweep", every=SWEEP, run=self.sweep, everywhere=True),
        )

    def look(self, ticket: Ticket) -> None:
        """Do what a ticket asks for; a look that leaves work behind hands out another ticket."""
        if ticket.lane is Lane.RENDER:
            self._render(ticket.subject)
            return
        self._heard = monotonic()
        if self._dispatcher.look(ticket.lane):
            self._engine.offer(ticket)

    def sweep(self) -> None:
        """Look without a ticket where none has come for a while."""
        if monotonic() - self._heard >= SILENCE:
            self._dispatcher.tick()


def following(clock: SharedClock, store: Store) -> Callable[[], None]:
    """Return what keeps this machine's idea of the time in step with the database server's."""

    def follow() -> None:
        ahead = clock.follow(store.server_now)
        if abs(ahead) > SKEW:
            LOG.warning("this machine's clock is %+.0f seconds from the database server's", -ahead.total_seconds())

    return follow
