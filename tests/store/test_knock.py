"""Who has to be heard at once is heard before writers that never rest, in other processes too."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from store.database import Database
from store.knock import Knock
from store.store import Store
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.ledger_posts import DUE

TRY_IN_ANOTHER_PROCESS = "import fcntl, sys; fcntl.flock(open(sys.argv[1], 'a'), fcntl.LOCK_SH | fcntl.LOCK_NB)"


def passes(door: Path) -> bool:
    """Tell whether a writer of another process would go on now."""
    command = [sys.executable, "-c", TRY_IN_ANOTHER_PROCESS, str(door)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_while_the_door_is_shut_no_other_process_begins_to_write(tmp_path: Path) -> None:
    door = tmp_path / "door"
    with Knock(door).shut():
        assert not passes(door)
    assert passes(door)


def test_a_pause_is_written_behind_the_door_and_a_worker_waits_before_it(tmp_path: Path) -> None:
    url = fresh_database(tmp_path)
    database, door = Database(url), tmp_path / "loa.db-turn"
    with database.write_first():
        assert not passes(door)
    with database.write(), door.open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    database.close()


@pytest.mark.parametrize("kind", DATABASES)
def test_many_pauses_and_many_writers_of_two_stores_all_come_to_an_end(tmp_path: Path, kind: str) -> None:
    url, clock = fresh_database(tmp_path, kind), SimulatedClock(DUE)
    with Store.open(url, clock=clock) as one, Store.open(url, clock=clock) as other, ThreadPoolExecutor(8) as pool:
        for number in range(40):
            store = (one, other)[number % 2]
            pool.submit(store.audit.write, "Lan", "note", f"viec-{number}", "")
            pool.submit(store.halts.set, f"entry:muc-{number}", why="chờ", who="Lan")
        pool.shutdown(wait=True)
        assert len(one.halts.standing()) == 40
        assert len(one.audit.of("viec-7")) == 1
