"""What holds for every engine: in one process, and on many with a real RabbitMQ and a real PostgreSQL."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.delivery import State
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Beat, Engine, Lane, RendererDied, Ticket
from scheduler.engines.distributed import DistributedEngine
from scheduler.engines.embedded import EmbeddedEngine
from store.database import Database
from store.election import Seat
from tests.scheduler.office import Office, open_office
from tests.scheduler.rabbitmq_node import broker
from tests.store.postgres_cluster import fresh_postgresql

PATIENCE = 20.0
THREADS = 3
PUBLISH, URGENT = Ticket(lane=Lane.PUBLISH), Ticket(lane=Lane.URGENT)
Make = Callable[[], Engine]


@pytest.fixture(params=["embedded", "distributed"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(kind: str) -> Iterator[Engine]:
    if kind == "embedded":
        made: Engine = EmbeddedEngine(threads=THREADS, processes=1)
        yield made
        made.stop()
        return
    node, database = broker(), Database(fresh_postgresql())
    made = DistributedEngine(node.url, Seat(database), name="máy-1", threads=THREADS, processes=1, patience=5)
    yield made
    made.stop()
    database.close()
    for lane in Lane:
        node.purge(f"loa.{lane.value}")


class Looks:
    """What a look saw, and a gate that holds it."""

    def __init__(self, *, shut: bool = False) -> None:
        self.seen: list[Ticket] = []
        self.gate = threading.Event()
        self._changed = threading.Condition()
        if not shut:
            self.gate.set()

    def look(self, ticket: Ticket) -> None:
        with self._changed:
            self.seen.append(ticket)
            self._changed.notify_all()
        if ticket.lane is not Lane.URGENT:
            assert self.gate.wait(PATIENCE)
        if ticket.subject == "fail":
            raise RuntimeError("a look that fails")

    def wait_for(self, count: int, lane: Lane | None = None) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.count(lane) >= count, PATIENCE), self.seen

    def count(self, lane: Lane | None = None) -> int:
        return sum(lane in (None, ticket.lane) for ticket in self.seen)


def test_every_ticket_is_looked_at_with_what_it_says(engine: Engine) -> None:
    looks = Looks()
    engine.start([], looks.look)
    for lane in Lane:
        engine.offer(Ticket(lane=lane, subject=f"công thức {lane.value}"))
    engine.offer(PUBLISH, 4)
    looks.wait_for(len(Lane) + 4)
    engine.wait_idle()
    wanted = Counter(Ticket(lane=lane, subject=f"công thức {lane.value}") for lane in Lane)
    assert Counter(looks.seen) == wanted + Counter({PUBLISH: 4})


def test_a_look_that_fails_is_logged_and_stops_nothing(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    looks = Looks()
    with caplog.at_level(logging.ERROR):
        engine.start([], looks.look)
        engine.offer(Ticket(lane=Lane.PUBLISH, subject="fail"))
        engine.offer(PUBLISH)
        looks.wait_for(2)
        engine.wait_idle()
    assert "a look that fails" in caplog.text
    assert looks.count() == 2, "what has failed is left to the store, and not looked at again at once"


def test_what_is_urgent_starts_while_every_publishing_thread_is_busy(engine: Engine) -> None:
    looks = Looks(shut=True)
    engine.start([], looks.look)
    engine.offer(PUBLISH, THREADS + 5)
    looks.wait_for(THREADS, Lane.PUBLISH)
    engine.offer(URGENT)
    looks.wait_for(1, Lane.URGENT)
    assert looks.count(Lane.PUBLISH) == THREADS
    looks.gate.set()
    looks.wait_for(THREADS + 5, Lane.PUBLISH)


def test_at_the_end_what_is_in_hand_is_finished_and_nothing_more_is_begun(engine: Engine) -> None:
    looks, done = Looks(shut=True), list[Ticket]()

    def look(ticket: Ticket) -> None:
        looks.look(ticket)
        done.append(ticket)

    engine.start([], look)
    engine.offer(PUBLISH, THREADS)
    looks.wait_for(THREADS)
    threading.Timer(0.3, looks.gate.set).start()
    engine.stop()
    assert done == [PUBLISH] * THREADS
    engine.offer(PUBLISH)
    engine.stop()
    assert len(done) == THREADS


def test_a_beat_runs_again_and_again_and_never_beside_itself(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    under_way, most, thrice, beats = 0, 0, threading.Event(), list[int]()

    def slow() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        beats.append(1)
        threading.Event().wait(0.05)
        under_way -= 1
        if len(beats) >= 3:
            thrice.set()
        raise RuntimeError("a beat that fails")

    with caplog.at_level(logging.CRITICAL):
        engine.start([Beat(name="slow", every=timedelta(milliseconds=10), run=slow)])
        assert thrice.wait(PATIENCE)
        engine.stop()
    assert most == 1


def test_work_of_this_process_is_finished_before_it_is_idle(engine: Engine) -> None:
    gate, done = threading.Event(), list[int]()

    def work() -> None:
        gate.wait(PATIENCE)
        done.append(1)

    for _ in range(THREADS + 2):
        engine.submit(work)
    engine.submit(lambda: done.append(2), urgent=True)
    gate.set()
    engine.wait_idle()
    assert sorted(done) == [1] * (THREADS + 2) + [2]


def test_rendering_happens_in_another_process(engine: Engine) -> None:
    assert engine.render(os.getpid).result(60) != os.getpid()


def test_a_rendering_that_kills_its_process_is_told_and_the_next_ones_are_made(engine: Engine) -> None:
    with pytest.raises(RendererDied):
        engine.render(os._exit, 1).result(60)
    assert engine.render(abs, -1).result(60) == 1


def test_what_nobody_else_renders_is_rendered_here(engine: Engine) -> None:
    ticket = Ticket(lane=Lane.RENDER, subject="một công thức")
    assert engine.render_anywhere(ticket, lambda: None, abs, -7).result(60) == 7


# Tests ask for the office before the engine: the engine ends first, so that no look of it finds the store shut.
@pytest.fixture
def office(kind: str, tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path, database="sqlite" if kind == "embedded" else "postgresql")
    with opened.store:
        yield opened


def test_a_ticket_that_comes_ten_times_sends_a_post_once(office: Office, engine: Engine) -> None:
    planned = [office.plan(f"muc-{number}.portal.2026") for number in range(3)]
    others = [Dispatcher(office.store, {"portal": office.publisher}, office.clock, owner=f"máy-{number}") for number in range(3)]
    turns = iter(others * 30)
    office.dispatcher.advance()
    engine.start([], lambda ticket: next(turns).look(ticket.lane))
    for lane, state in ((Lane.PUBLISH, State.SENT), (Lane.VERIFY, State.VERIFIED)):
        engine.offer(Ticket(lane=lane), 10)
        _until(lambda state=state: all(office.now(each).state is state for each in planned))
    engine.wait_idle()
    assert Counter(shown.key for shown in office.platform.ledger) == Counter({each.post_key: 1 for each in planned})


def test_what_a_lost_ticket_stood_for_is_offered_again(office: Office, engine: Engine) -> None:
    planned = office.plan()
    lost = 3

    def look(ticket: Ticket) -> None:
        nonlocal lost
        lost -= 1
        if lost < 0:
            office.dispatcher.look(ticket.lane)

    def dispatch() -> None:
        office.dispatcher.advance()
        for lane, count in office.dispatcher.wanted().items():
            engine.offer(Ticket(lane=lane), count)

    engine.start([Beat(name="dispatch", every=timedelta(milliseconds=50), run=dispatch)], look)
    _until(lambda: office.now(planned).state is State.VERIFIED)
    engine.stop()
    assert len(office.platform.ledger) == 1


def _until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if holds():
            return
        pause.wait(0.02)
    raise AssertionError("it does not come to that")
