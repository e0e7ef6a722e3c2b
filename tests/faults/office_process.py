"""An office in a process of its own, whose platform is a folder: `python -m tests.faults.office_process DATABASE FOLDER SECONDS`.

Each call leaves a file in `calls`; one for a routine post then hangs until there is a file `go`. It ends as `./loa serve` does,
when it is told to.
"""

from __future__ import annotations

import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path

from desk.leaving import leave
from editorial.clock import SimulatedClock
from editorial.outcome import Pending, Receipt
from editorial.post import Post
from publishers.contract import Handles
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Beat
from scheduler.engines.embedded import EmbeddedEngine
from store.store import Store
from tests.scheduler.worker_process import FolderPublisher
from tests.store.ledger_posts import DUE

THREADS = 4
URGENT = "khan"  # with what the key of an urgent post begins
BEAT = timedelta(milliseconds=50)


class HangingPublisher(FolderPublisher):
    """A platform that answers no routine call until somebody says so."""

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        (self.folder.parent / "calls" / key).touch()
        while not key.startswith(URGENT) and not (self.folder.parent / "go").exists():
            threading.Event().wait(0.01)
        return super().publish(post, key=key, handles=handles)


def main(database: str, folder: str, patience: str) -> None:
    """Publish what is due until the process is told to end; what is under way then is given so many seconds."""
    clock, end = SimulatedClock(DUE), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    with Store.open(database, clock=clock) as store:
        engine = EmbeddedEngine(threads=THREADS, patience=float(patience))
        publisher = HangingPublisher(Path(folder) / "public")
        dispatcher = Dispatcher(store, {"portal": publisher}, clock, owner="máy-1", slots=THREADS, submit=engine.submit)
        engine.start([Beat(name="dispatch", every=BEAT, run=dispatcher.tick)])
        end.wait()
        dispatcher.stop()
        (Path(folder) / "ending").touch()
        engine.stop()
    leave(engine)


if __name__ == "__main__":
    main(*sys.argv[1:])
