"""What happens to the engine on many machines when one of them, the broker or the database goes away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.delivery import State
from scheduler.engines.contract import Beat, Lane, Ticket
from scheduler.engines.distributed import DistributedEngine, broker_answers
from scheduler.sharing import Clockwork, Worker
from store.database import Database
from store.election import Seat
from tests.scheduler.engine_process import EVERY
from tests.scheduler.office import open_office
from tests.scheduler.rabbitmq_node import Node, broker
from tests.store.postgres_cluster import fresh_postgresql, own_cluster, remove, the_cluster

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
FROZEN = 1_000  # milliseconds
PUBLISH = Ticket(lane=Lane.PUBLISH)


@pytest.fixture
def node() -> Iterator[Node]:
    found = broker()
    yield found
    for lane in Lane:
        found.purge(f"loa.{lane.value}")


@pytest.fixture
def url() -> str:
    return fresh_postgresql()


class Engine:
    """An engine of this process, its beats and the tickets that it saw."""

    def __init__(self, node: Node, database: Database) -> None:
        self.beats = 0
        self.seen: list[str] = []
        self.engine = DistributedEngine(node.url, Seat(database, frozen=FROZEN), name="here", threads=2, patience=5)
        self.engine.start([Beat(name="beat", every=EVERY, run=self._beat)], lambda ticket: self.seen.append(ticket.subject))

    def _beat(self) -> None:
        self.beats += 1

    def goes_on(self) -> bool:
        """Tell whether a ticket that is offered now arrives."""
        before = len(self.seen)
        self.engine.offer(PUBLISH)
        return _comes(lambda: len(self.seen) > before, seconds=1)


@contextmanager
def here(node: Node, url: str) -> Iterator[Engine]:
    database = Database(url)
    made = Engine(node, database)
    try:
        yield made
    finally:
        made.engine.stop()
        database.close()


@contextmanager
def other(node: Node, url: str, folder: Path, name: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.scheduler.engine_process", node.url, url, str(folder), name, str(FROZEN)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        assert _comes(lambda: "beat" in _lines(folder, name))
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE)


def test_a_process_that_is_killed_gives_its_ticket_and_the_clock_to_another_at_once(node: Node, url: str, tmp_path: Path) -> None:
    with other(node, url, tmp_path, "killed") as process, here(node, url) as mine:
        while "hold" not in _lines(tmp_path, "killed"):  # until it is the other one that takes it
            mine.engine.offer(Ticket(lane=Lane.PUBLISH, subject="hold"))
            _comes(lambda: "hold" in _lines(tmp_path, "killed"), seconds=0.2)
        mine.engine.wait_idle()
        mine.seen.clear()
        assert mine.beats == 0, "one clock at a time"
        process.send_signal(signal.SIGKILL)
        assert _comes(lambda: "hold" in mine.seen, seconds=2)
        assert _comes(lambda: mine.beats > 1, seconds=2)


def test_a_process_that_is_frozen_loses_the_clock_and_does_not_beat_when_it_wakes(node: Node, url: str, tmp_path: Path) -> None:
    with other(node, url, tmp_path, "frozen") as process, here(node, url) as mine:
        process.send_signal(signal.SIGSTOP)
        assert _comes(lambda: mine.beats > 1, seconds=FROZEN / 1000 + 3)
        before = _lines(tmp_path, "frozen").count("beat")
        process.send_signal(signal.SIGCONT)
        threading.Event().wait(5 * EVERY.total_seconds())
        assert _lines(tmp_path, "frozen").count("beat") <= before + 1, "the beat that was under way, and no other"


def test_a_broker_that_was_killed_and_comes_back_is_gone_on_with(node: Node, url: str) -> None:
    with here(node, url) as mine:
        assert mine.goes_on()
        node.kill()
        assert not broker_answers(node.url)
        mine.engine.offer(PUBLISH, 3)  # lost, and told in the log alone
        before = mine.beats
        assert _comes(lambda: mine.beats > before), "the clock needs no broker"
        node.start()
        assert _comes(mine.goes_on)


def test_with_no_broker_at_all_everything_still_goes_out_and_once(node: Node, url: str, tmp_path: Path) -> None:
    office, database = open_office(tmp_path, url=url), Database(url)
    away = DistributedEngine("amqp://guest:guest@127.0.0.1:1//", Seat(database), name="alone", threads=2, patience=1)
    office.dispatcher._submit = away.submit
    worker, clock = Worker(office.dispatcher, away), Clockwork(office.dispatcher, away)
    planned = [office.plan(f"muc-{number}.portal.2026") for number in range(3)]
    try:
        away.start([Beat(name=beat.name, every=timedelta(milliseconds=200), run=beat.run, everywhere=beat.everywhere)
                    for beat in (*clock.beats(), *worker.beats())], worker.look)  # fmt: skip
        assert _comes(lambda: all(office.now(each).state is State.VERIFIED for each in planned))
    finally:
        away.stop()
        office.store.close()
        database.close()
    assert sorted(shown.key for shown in office.platform.ledger) == sorted(each.post_key for each in planned)


def test_tickets_that_the_broker_has_thrown_away_are_handed_out_again(node: Node, url: str, tmp_path: Path) -> None:
    office, database = open_office(tmp_path, url=url), Database(url)
    engine = DistributedEngine(node.url, Seat(database), name="here", threads=2, patience=5)
    worker, clock = Worker(office.dispatcher, engine), Clockwork(office.dispatcher, engine)
    planned = office.plan()
    try:
        clock.dispatch()
        assert node.purge("loa.publish") == 1
        engine.start([Beat(name="dispatch", every=EVERY, run=clock.dispatch)], worker.look)
        assert _comes(lambda: office.now(planned).state is State.VERIFIED)
    finally:
        engine.stop()
        office.store.close()
        database.close()
    assert len(office.platform.ledger) == 1


def test_a_database_that_was_killed_and_comes_back_is_gone_on_with(node: Node) -> None:
    if isinstance(why := the_cluster(), str):
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    cluster = own_cluster()
    try:
        with here(node, cluster.url("postgres")) as mine:
            assert _comes(lambda: mine.beats > 0)
            cluster.restart()
            before = mine.beats
            assert _comes(lambda: mine.beats > before, seconds=5)
            assert mine.goes_on()
    finally:
        remove(cluster)


def test_a_ticket_that_kills_whoever_takes_it_is_given_up_in_the_end(node: Node, url: str, tmp_path: Path) -> None:
    """A picture that crashes its process must not go round for ever."""
    with here(node, url) as mine:
        mine.engine.stop()
    queue = "loa.render"
    mine.engine.offer(Ticket(lane=Lane.RENDER, subject="poison"))
    for _ in range(10):
        if not node.take_and_drop(queue):
            break
    else:
        pytest.fail("it is handed out for ever")


def _lines(folder: Path, name: str) -> list[str]:
    file = folder / name
    return file.read_text().split() if file.exists() else []


def _comes(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    pause = threading.Event()
    for _ in range(max(1, int(seconds / 0.05))):
        if holds():
            return True
        pause.wait(0.05)
    return False
