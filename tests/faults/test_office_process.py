"""F23 and F27 with the real process: an urgent post while every call hangs, and an orderly end in the middle of calls."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic

from editorial.clock import SimulatedClock
from editorial.delivery import State
from publishers.contract import Account
from scheduler.engines.embedded import PATIENCE
from scheduler.station import FROZEN
from store.store import Store
from tests.faults.office_process import THREADS
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, approval, post

ROOT = Path(__file__).parents[2]
ROUTINE = 12


@dataclass(frozen=True, kw_only=True)
class Busy:
    """The store as another process sees it, the folder of the platform, and the office that is at work."""

    store: Store
    folder: Path
    process: subprocess.Popen[bytes]

    def calls(self) -> set[str]:
        return {path.name for path in (self.folder / "calls").iterdir()}

    def public(self) -> list[str]:
        return sorted(path.name.rpartition(".")[0] for path in (self.folder / "public").iterdir())

    def states(self) -> list[State]:
        return [delivery.state for delivery in self.store.deliveries.list()]

    def plan(self, key: str) -> None:
        ready = post(key)
        self.store.deliveries.plan(ready)
        self.store.approvals.save(approval([ready]), [ready])


@contextmanager
def busy(folder: Path, database: str, patience: float = PATIENCE) -> Iterator[Busy]:
    """Open an office in a process of its own and wait until every publishing thread of it hangs in a call."""
    for name in ("calls", "public"):
        (folder / name).mkdir()
    url = fresh_database(folder, database)
    with Store.open(url, clock=SimulatedClock(DUE)) as store:
        command = [sys.executable, "-m", "tests.faults.office_process", url, str(folder), str(patience)]
        with subprocess.Popen(command, cwd=ROOT) as process:
            office = Busy(store=store, folder=folder, process=process)
            try:
                for number in range(ROUTINE):
                    office.plan(f"muc-{number}.portal.2026")
                comes(lambda: len(office.calls()) == THREADS)
                yield office
            finally:
                (folder / "go").touch()
                process.terminate()


def comes(holds: Callable[[], bool]) -> None:
    pause, end = threading.Event(), monotonic() + 60
    while not holds():
        assert monotonic() < end, "it does not come"
        pause.wait(0.02)


def test_F23_an_emergency_that_another_process_plans_goes_out_while_every_call_of_the_office_hangs(
    tmp_path: Path, database: str
) -> None:  # fmt: skip
    with busy(tmp_path, database) as office:
        hanging = office.calls()
        office.store.emergencies.grant("lan", timedelta(days=1), granted_by="minh", why="trực đêm cuối tuần")
        office.store.emergencies.use("khan", person="lan", why="vỡ đường ống nước trên phố Huế")
        office.plan("khan.portal.2026")
        comes(lambda: office.public() == ["khan.portal.2026"])
        assert office.calls() == {*hanging, "khan.portal.2026"}
        (tmp_path / "go").touch()
        comes(lambda: len(office.public()) == ROUTINE + 1)
        comes(lambda: set(office.states()) <= {State.SENT, State.VERIFIED})
        assert office.store.attempts.count() == ROUTINE + 1


def test_F27_a_process_that_is_told_to_end_finishes_its_calls_and_begins_none(tmp_path: Path, database: str) -> None:
    with busy(tmp_path, database) as office:
        begun = office.calls()
        office.process.send_signal(signal.SIGTERM)
        comes((tmp_path / "ending").exists)
        assert office.process.poll() is None, "it does not leave its calls"
        (tmp_path / "go").touch()
        assert office.process.wait(60) == 0
        assert office.calls() == begun
        assert {f"{key}" for key in office.public()} == begun
        states = office.states()
        assert states.count(State.SENT) + states.count(State.VERIFIED) == THREADS
        assert set(states) <= {State.SENT, State.VERIFIED, State.SCHEDULED, State.QUEUED}, "nothing unknown, nothing in hand"
        assert office.store.attempts.count() == THREADS


def test_F27_a_call_that_takes_longer_than_the_end_may_is_left_to_the_next_start(tmp_path: Path, database: str) -> None:
    """A clip may be on its way for minutes: nobody waits for it, and what is written of it is as after a crash."""
    with busy(tmp_path, database, patience=0.2) as office:
        begun = office.calls()
        office.process.send_signal(signal.SIGTERM)
        assert office.process.wait(60) == 0
        assert (office.calls(), office.public()) == (begun, [])
        states = office.states()
        assert states.count(State.SENDING) == THREADS == office.store.attempts.count()
        assert set(states) <= {State.SENDING, State.SCHEDULED, State.QUEUED}


def test_F27_what_is_in_hand_at_the_end_has_more_time_than_a_call_may_take() -> None:
    nothing = {"channel": "kenh", "base_url": "http://127.0.0.1:9", "settings": {}, "secrets": None}
    deadline = Account(**nothing).deadline  # type: ignore[arg-type]
    assert timedelta(seconds=FROZEN) + deadline < timedelta(seconds=PATIENCE) == timedelta(seconds=35)
