"""The open desk as one real process: what it loads, and what it says when its database goes away and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic

import httpx
import pytest

from editorial.clock import SystemClock
from editorial.delivery import IN_HAND, PUBLIC, State
from scheduler.engines.outage import BACK
from store.approvals import Signing
from store.store import Store
from tests.scheduler.rabbitmq_node import broker
from tests.store.ledger_posts import approval, post
from tests.store.postgres_cluster import own_cluster, remove, the_cluster
from tests.story.workspace import HOUSE, make_workspace

PATIENCE = 60.0
CROWD = 400
OPENED = "Bàn làm việc đang mở tại "


class OpenDesk:
    """A desk that answers, and what its terminal shows."""

    def __init__(self, process: subprocess.Popen[bytes], out: Path, memory: Path) -> None:
        self.process = process
        self.memory = memory
        self._out = out

    def said(self) -> list[str]:
        """Return what the terminal shows, but for the link with which a new office begins."""
        lines = self._out.read_text(errors="replace").splitlines()
        return [line for line in lines if not line.startswith(("Chưa ai đăng nhập được", "  http://"))]

    def page(self) -> httpx.Response:
        address = self.said()[0].removeprefix(OPENED).split()[0]
        return httpx.get(address, follow_redirects=True, timeout=30)

    def loaded(self) -> str:
        """Return the names of all libraries that the process has in memory."""
        return Path(f"/proc/{self.process.pid}/maps").read_text()


@contextmanager
def open_desk(folder: Path, *words: str, due: int = 0) -> Iterator[OpenDesk]:
    (folder / "office").mkdir()
    office, out = make_workspace(folder / "office", ("ngay-phap-luat",)), folder / "out"
    if due:
        _plan_crowd(office / ".loa" / "office", due)
    environment = {**os.environ, "PYTHONPATH": str(HOUSE), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-P", "-m", "desk", "serve", "--port", "0", "--memory", "office", "-w", str(office), *words]
    with out.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=file, env=environment, cwd=folder) as process:
        desk = OpenDesk(process, out, office / ".loa" / "office")
        try:
            assert _comes(lambda: any(line.startswith(OPENED) for line in desk.said())), desk.said()
            yield desk
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the system does not tell what a process has loaded")
def test_an_idle_desk_loads_nothing_that_paints_or_encodes(tmp_path: Path) -> None:
    """OpenCV and PyAV are a fifth of what it would take, and rendering is done in other processes."""
    with open_desk(tmp_path) as desk:
        assert desk.page().status_code == 200
        assert not [name for name in ("cv2", "libavcodec", "libx264", "numpy") if name in desk.loaded()]


def test_a_desk_whose_database_goes_says_so_in_one_line_and_goes_on_by_itself(tmp_path: Path) -> None:
    if isinstance(why := the_cluster(), str):
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    node, cluster = broker(), own_cluster()
    try:
        with open_desk(tmp_path, "--database", cluster.url("postgres"), "--broker", node.url) as desk:
            assert _comes(lambda: desk.page().status_code == 200)
            cluster.stop()
            assert _comes(lambda: len(desk.said()) > 1)
            answers = [desk.page() for _ in range(3)]
            Event().wait(2)  # in which every beat of a second has failed
            said = desk.said()
            cluster.start()
            began = monotonic()
            assert _comes(lambda: desk.page().status_code == 200)
            assert monotonic() - began < 5
            assert _comes(lambda: BACK in desk.said())
    finally:
        remove(cluster)
    assert {answer.status_code for answer in answers} == {503}
    assert all("máy chủ cơ sở dữ liệu không trả lời" in answer.text for answer in answers)
    assert len(said) == 2 and said[1].startswith("Sổ của Loa: máy chủ cơ sở dữ liệu không trả lời"), said
    assert desk.said()[:3] == [*said, BACK]
    assert "Traceback" not in "".join(desk.said())


def test_a_desk_that_is_told_to_end_finishes_what_is_in_hand_and_begins_nothing_more(tmp_path: Path) -> None:
    """A crowd is due: the service manager waits 45 s and no longer, whatever is left of it."""
    with open_desk(tmp_path, due=CROWD) as desk:
        with Store.open(f"sqlite:///{desk.memory}/loa.sqlite", clock=SystemClock()) as store:
            assert _comes(lambda: any(each.state in PUBLIC for each in store.deliveries.list()))
            desk.process.send_signal(signal.SIGTERM)
            assert desk.process.wait(PATIENCE) == 0
            states = Counter(each.state for each in store.deliveries.list())
        assert not states.keys() & (IN_HAND | {State.UNKNOWN})
        assert sum(states[each] for each in PUBLIC) < CROWD
    assert desk.said()[-1] == "Đã đóng bàn làm việc."


def _plan_crowd(memory: Path, count: int) -> None:
    """Let so many approved posts be due at this moment."""
    memory.mkdir(parents=True)
    with Store.open(f"sqlite:///{memory}/loa.sqlite", clock=SystemClock()) as store:
        due = SystemClock().now() + timedelta(seconds=5)
        for number in range(count):
            ready = post(f"muc-{number}.facebook.2026", channel="facebook", text=f"Tin số {number}.", due_at=due)
            store.deliveries.plan_together((ready,), signing=Signing(approval=approval((ready,), at=due), posts=(ready,)))


def _comes(holds: Callable[[], bool]) -> bool:
    pause, end = Event(), monotonic() + PATIENCE
    while not holds():
        if monotonic() > end:
            return False
        pause.wait(0.05)
    return True
