"""What this process is making and nobody may find half made: gone when it has failed, and when the process is told to end.

A process that renders ends from within a signal's handler, which raises nothing: an exception could come between a folder and the
block that guards it, or in a destructor or a library's callback, where nobody hears of it.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.sweep import UNFINISHED, hold

PATIENCE = 5.0  # seconds that a process may take to end
A_MOMENT = 0.02  # seconds in which a thread that was about to make something has made it
_in_hand: set[Path] = set()
_over = threading.Event()


@contextmanager
def in_hand(path: Path) -> Iterator[Path]:
    """Note that a file or folder is being made, from before it is there until it is in its place or gone again."""
    _in_hand.add(path)
    if _over.is_set():  # the process ends: nothing is begun any more
        threading.Event().wait()
    try:
        yield path
    finally:
        _in_hand.discard(path)


@contextmanager
def work_folder(cache: Path) -> Iterator[Path]:
    """Yield an empty folder of the cache, locked against sweeps; it is gone afterwards unless it was moved to its place."""
    with in_hand(cache / UNFINISHED / uuid.uuid4().hex) as folder:
        held = None
        try:  # from before the folder is there: Ctrl-C may come as soon as it is
            folder.mkdir(parents=True)
            held = hold(folder)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            if held is not None:
                os.close(held)


def clear_work() -> None:
    """Take away everything that is in hand, the last thing before the process ends; other threads begin nothing any more."""
    _over.set()
    rounds_without, end = 0, time.monotonic() + PATIENCE
    # A thread that still writes may put a file into a folder that is being emptied, and make what it writes into again; into a
    # folder that has gone by another name it puts nothing.
    while rounds_without < 2 and time.monotonic() < end:
        left = [path for path in tuple(_in_hand) if path.exists()]
        rounds_without = 0 if left else rounds_without + 1
        for path in left:
            if path.is_dir():
                shutil.rmtree(_out_of_reach(path), ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        time.sleep(A_MOMENT)


def _out_of_reach(folder: Path) -> Path:
    """Return the folder under a name that no thread knows, or as it is where it cannot be renamed."""
    unknown = folder.with_name(uuid.uuid4().hex)
    try:
        folder.rename(unknown)
    except OSError:
        return folder
    return unknown
