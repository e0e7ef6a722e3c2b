"""Real processes on one SQLite file: killed in the middle, and two at once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from editorial.delivery import State
from store.store import Store
from tests.scheduler.worker_process import main
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, approval, post

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh_database(tmp_path)


@pytest.fixture
def public(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    folder.mkdir()
    return folder


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url, clock=SimulatedClock(DUE)) as opened:
        yield opened


def plan(store: Store, count: int) -> list[str]:
    keys = [f"muc-{number}.portal.2026" for number in range(count)]
    for key in keys:
        ready = post(key)
        store.deliveries.plan(ready)
        store.approvals.save(approval([ready]), [ready])
    return keys


def worker(url: str, public: Path, owner: str, how: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.scheduler.worker_process", url, str(public), owner, how]
    return subprocess.Popen(command, cwd=ROOT)


def published(public: Path) -> list[str]:
    return sorted(file.name.rpartition(".")[0] for file in public.iterdir())


def test_a_worker_killed_after_the_platform_accepted_is_restarted_and_the_post_is_there_once(
    store: Store, url: str, public: Path
) -> None:
    (key,) = plan(store, 1)
    assert worker(url, public, "máy-1", "die").wait(60) == -signal.SIGKILL
    left = store.deliveries.by_key(key)
    assert left and left.state is State.SENDING
    assert published(public) == [key]
    main(url, str(public), "máy-1", "work")
    after = store.deliveries.by_key(key)
    assert after and after.state is State.VERIFIED
    assert published(public) == [key]


def test_two_workers_on_one_file_publish_each_post_once(store: Store, url: str, public: Path) -> None:
    keys = plan(store, 8)
    workers = [worker(url, public, f"máy-{number}", "work") for number in range(2)]
    assert [process.wait(60) for process in workers] == [0, 0]
    assert published(public) == sorted(keys)
    assert {delivery.state for delivery in store.deliveries.list()} == {State.VERIFIED}


def test_two_workers_that_start_after_an_outage_send_one_post_and_give_the_others_a_moment(
    store: Store, url: str, public: Path
) -> None:
    for number in range(4):
        ready = post(f"muc-{number}.portal.2026", due_at=DUE - timedelta(minutes=5 - number))
        store.deliveries.plan(ready)
        store.approvals.save(approval([ready]), [ready])
    workers = [worker(url, public, f"máy-{number}", "work") for number in range(2)]
    assert [process.wait(60) for process in workers] == [0, 0]
    assert published(public) == ["muc-0.portal.2026"]
    waiting = store.deliveries.list(states=[State.QUEUED])
    assert [each.next_at - DUE for each in waiting] == [timedelta(minutes=30 * number) for number in (1, 2, 3)]
