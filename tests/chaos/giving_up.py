"""What a run looks like that has come to a stand: who still lives, what holds everything, and where each thread is."""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from store.store import Store

TO_WRITE = 1.0  # seconds that a process is given to write down its stack
MOST_LINES = 120  # of each stack


def write_stack_when_asked(folder: Path) -> None:
    """Let SIGUSR1 have this process write where each of its threads is."""
    file = (folder / f"stack-{os.getpid()}").open("w")
    faulthandler.register(signal.SIGUSR1, file, all_threads=True)


def standing_still(folder: Path, store: Store, pids: Iterable[int]) -> Iterator[str]:
    """Yield what there is to see."""
    for file in sorted(path for path in folder.rglob("loa.db*") if path.is_file()):
        yield f"{file.name} {file.stat().st_size:,} bytes"
        found = os.statvfs(file.parent)
        yield f"free beside it {found.f_bavail * found.f_frsize:,} bytes"
    try:
        yield f"standing halts {store.halts.standing()}"
    except DBAPIError as error:
        yield f"halts cannot be read: {error}"
    ready = [pid for pid in pids if (folder / f"stack-{pid}").exists()]  # the others have only just been started
    for pid in ready:
        os.kill(pid, signal.SIGUSR1)
    time.sleep(TO_WRITE)
    for pid in ready:
        stack = (folder / f"stack-{pid}").read_text().splitlines()
        yield from (f"{pid}: {line}" for line in stack[:MOST_LINES])
