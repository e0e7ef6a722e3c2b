"""A small office for the scheduler's tests: a real store, a dispatcher, and a platform in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from editorial.clock import SimulatedClock
from editorial.delivery import Delivery
from scheduler.dispatch import Dispatcher
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.simulation import run_quarter
from store.store import Store
from tests.scheduler.fake_platform import FakePublisher, Platform
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, approval, post


@dataclass(kw_only=True)
class Office:
    """Everything one test needs."""

    store: Store
    clock: SimulatedClock
    platform: Platform
    publisher: FakePublisher
    dispatcher: Dispatcher

    def plan(
        self, key: str = "giai-phong.portal.2026", *, text: str = "Hà Nội ngày trở về", approved: bool = True,
        due_at: datetime = DUE,
    ) -> Delivery:  # fmt: skip
        ready = post(key, text=f"{text} {key}", due_at=due_at)
        delivery = self.store.deliveries.plan(ready)
        if approved:
            self.store.approvals.save(approval([ready]), [ready])
        return delivery

    def now(self, delivery: Delivery) -> Delivery:
        return self.store.deliveries.get(delivery.id)

    def run(self) -> None:
        """Do everything that is due, without moving the clock."""
        while self.dispatcher.tick():
            pass

    def live(self, span: timedelta = timedelta(days=1)) -> None:
        """Live on, jumping from one thing to do to the next."""
        engine = EmbeddedEngine(threads=1)
        run_quarter(self.store, self.dispatcher, engine, clock=self.clock, until=self.clock.now() + span)
        engine.stop()


def open_office(
    folder: Path, *, proof: bool = True, owner: str = "máy-1", database: str = "sqlite", url: str | None = None
) -> Office:  # fmt: skip
    clock = SimulatedClock(DUE)
    store = Store.open(url or fresh_database(folder, database), clock=clock)
    platform = Platform(clock=clock, absence_is_proof=proof)
    publisher = FakePublisher(platform)
    dispatcher = Dispatcher(store, {"portal": publisher}, clock, owner=owner, random=Random(7))
    return Office(store=store, clock=clock, platform=platform, publisher=publisher, dispatcher=dispatcher)
