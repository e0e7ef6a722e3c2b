"""One office on several machines: real processes of ./loa serve and ./loa work, a real broker, a real database, a real bucket."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from desk.place import Place
from desk.rehearsal_accounts import announce, connect
from desk.rendering import ticket_of
from desk.workspace import read_workspace
from editorial.clock import SystemClock
from editorial.delivery import State
from editorial.post import Post
from rehearsal.town import Town
from scheduler.engines.distributed import DistributedEngine
from store.database import Database
from store.depot import Depot
from store.election import Seat
from store.shared_media import SharedRenditions
from store.store import Store
from studio.rendition import Rendition
from studio.studio import Studio
from tests.scheduler.rabbitmq_node import Node, broker
from tests.store.ledger_posts import approval, post
from tests.store.postgres_cluster import fresh_postgresql
from tests.store.s3_server import fresh_bucket
from tests.story.workspace import HOUSE, make_workspace

PATIENCE = 90.0
COUNT = 12
TEMPLATE = "infographic/notice"


class Machines:
    """An office and its processes; each worker lies on a machine of its own: it shares no folder with another."""

    def __init__(self, folder: Path, node: Node, url: str, bucket: str, stack: ExitStack) -> None:
        self.folder = folder
        self.node, self.url, self.bucket = node, url, bucket
        self.office = make_workspace(_made(folder / "office"), ("ngay-phap-luat",))
        self.processes: list[subprocess.Popen[bytes]] = []
        self._stack = stack

    def start(self, *words: str, workspace: Path | None = None) -> subprocess.Popen[bytes]:
        out = self._stack.enter_context((self.folder / f"out-{len(self.processes)}").open("wb"))
        given = ["--database", self.url, "--broker", self.node.url, "--media", self.bucket, "-w", str(workspace or self.office)]
        environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
        command = [sys.executable, "-P", "-m", "desk", *words, *given]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=self.folder)
        self.processes.append(process)
        self._stack.callback(_end, process)
        return process

    def worker(self, name: str) -> subprocess.Popen[bytes]:
        return self.start("work", "--name", name, workspace=make_workspace(_made(self.folder / name), ("ngay-phap-luat",)))

    def said(self, number: int) -> str:
        return (self.folder / f"out-{number}").read_text(errors="replace")

    def all_at_work(self) -> bool:
        dead = [self.said(number) for number, process in enumerate(self.processes) if process.poll() is not None]
        assert not dead, dead
        return all("Ctrl-C" in self.said(number) for number in range(len(self.processes)))


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with ExitStack() as stack:
        yield Machines(tmp_path, broker(), fresh_postgresql(), fresh_bucket(), stack)


def test_an_office_on_three_machines_publishes_each_post_once_whatever_is_killed(machines: Machines) -> None:
    desk = machines.start("serve", "--port", "0")
    workers = [machines.worker(name) for name in ("may-a", "may-b")]
    assert _comes(machines.all_at_work)
    with Store.open(machines.url, clock=SystemClock()) as store:
        first = _plan(store, 0, timedelta(seconds=1))
        assert _comes(lambda: _verified(store) >= len(first))
        workers[0].send_signal(signal.SIGKILL)
        second = _plan(store, COUNT, timedelta(seconds=1))
        assert _comes(lambda: _verified(store) >= len(first) + len(second))
        third = _plan(store, 2 * COUNT, timedelta(seconds=0))
        assert _comes(lambda: _verified(store) > len(first) + len(second))
        began = monotonic()
        workers[1].send_signal(signal.SIGTERM)
        assert workers[1].wait(PATIENCE) == 0 and monotonic() - began < 35
        assert "Đã dừng" in machines.said(2)
        in_hand = store.deliveries.list(states=[State.CLAIMED, State.PREPARED, State.SENDING, State.RECONCILING, State.UNKNOWN])
        assert in_hand == (), "what was in hand was finished, and nothing is unclear"
        machines.start("work", "--name", "may-b", workspace=machines.folder / "may-b")
        assert _comes(lambda: _verified(store) == len(first) + len(second) + len(third))
        keys = Counter(delivery.post_key for delivery in store.deliveries.list())
    desk.send_signal(signal.SIGTERM)
    assert desk.wait(PATIENCE) == 0
    with Town(clock=lambda: datetime.now(UTC), folder=machines.office / ".loa" / "office" / "town") as town:
        published = [row for row in town.ledger("wordpress") if row.event.value == "published"]
    assert len(published) == len(keys) == 3 * COUNT


def test_a_picture_is_rendered_by_a_worker_and_had_by_the_desk(machines: Machines) -> None:
    workspace = read_workspace(Place(root=machines.office))
    with Store.open(machines.url, clock=SystemClock()) as store, Town(clock=lambda: datetime.now(UTC)) as town:
        connect(workspace.content.office.channels, store, town, "http://127.0.0.1/media").close()
        announce(store, town, "http://127.0.0.1/media", {})
    machines.worker("may-ve")
    assert _comes(machines.all_at_work)
    shared = SharedRenditions(Depot(machines.bucket), "rendition.json")
    studio = Studio(templates=workspace.templates, brand=workspace.brand, cache=machines.folder / "cache", beyond=shared)
    sample = workspace.templates[TEMPLATE].samples["typical"]
    recipe = studio.recipe(TEMPLATE, sample, workspace.templates[TEMPLATE].sizes[0])
    with closing(Database(machines.url)) as database:
        assert _comes(lambda: machines.node.consumers("loa.render") > 0)
        engine = DistributedEngine(machines.node.url, Seat(database), name="ban", threads=1)
        engine.start([])
        try:
            made: Future[Rendition] = engine.render_anywhere(ticket_of(recipe), lambda: studio.fetch(recipe), _not_here)
            found = made.result(PATIENCE)
        finally:
            engine.stop()
    assert found.path.is_relative_to(machines.folder / "cache") and found.path.stat().st_size == found.byte_size


def _not_here() -> Rendition:
    raise AssertionError("it was to be rendered elsewhere")


def _plan(store: Store, start: int, wait: timedelta) -> list[Post]:
    due = datetime.now(UTC) + wait
    planned = []
    for number in range(start, start + COUNT):
        plain = post(f"ngay-phap-luat.portal.{3000 + number}", due_at=due)
        planned.append(replace(plain, variant=replace(plain.variant, html=f"<p>{plain.key}</p>")))
    for each in planned:
        store.deliveries.plan(each)
    store.approvals.save(approval(planned, at=datetime.now(UTC)), planned)
    return planned


def _verified(store: Store) -> int:
    return sum(count for (_, state), count in store.deliveries.counts().items() if state is State.VERIFIED)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(PATIENCE)


def _comes(holds: Callable[[], bool]) -> bool:
    end = monotonic() + PATIENCE
    while not holds():
        if monotonic() > end:
            return False
        Event().wait(0.1)
    return True
