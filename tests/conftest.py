"""The files of all tests lie in memory: a commit is written through to a disk in 5 to 20 ms, and no test turns the power off."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # Linux: files that are memory
ROOM = 6 * 2**30  # bytes; a whole run needs less than half of it
NAME = "loa-tests-"
LONG = (  # a minute or more, measured; the chaos is long as well, and keeps to its place behind these
    "architecture/test_house.py", "desk/api/test_fuzz.py", "desk/test_approving.py", "desk/test_cutting_short.py",
    "desk/test_language.py", "faults/test_answers.py", "faults/test_stores.py", "scheduler/test_machine.py",
    "story/test_by_keyboard.py", "story/test_calendar_browser.py", "story/test_correcting_what_was_signed.py",
    "story/test_demo.py", "story/test_many_machines.py", "story/test_people_sign_in.py", "story/test_rehearse.py",
    "studio/test_golden.py", "studio/test_problems_clips.py",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Let TMPDIR be a folder in memory, for the tests and every process that they start, unless TMPDIR is given.

    The servers of whoever runs the tests are forgotten, and that a shell in the background lets its commands ignore Ctrl-C:
    the commands that tests start would not hear it either.
    """
    gc.set_threshold(50_000, 20, 100)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("LOA_DATABASE", "LOA_BROKER", "LOA_MEDIA", "LOA_KEY"):
        os.environ.pop(name, None)
    if hasattr(config, "workerinput") or os.environ.get("TMPDIR") or not _usable(MEMORY):
        return
    for left in MEMORY.glob(f"{NAME}*"):
        if not Path("/proc", left.name.removeprefix(NAME)).exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = MEMORY / f"{NAME}{os.getpid()}"
    folder.mkdir()  # may be entered by anybody: PostgreSQL runs under an account of its own
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    config.stash[_FOLDER] = folder


_FOLDER = pytest.StashKey[Path]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: what is begun last keeps one processor busy while the other is through."""
    items.sort(key=lambda item: not item.nodeid.partition("::")[0].endswith(LONG))


def pytest_collection_finish() -> None:
    """Let no search for garbage go through all that was imported: it was a sixth of the time, and nothing of it is garbage."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Leave nothing in memory; after a failure the files may be looked at until the next run."""
    folder = session.config.stash.get(_FOLDER, None)
    if folder is not None and exitstatus == pytest.ExitCode.OK:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _usable(folder: Path) -> bool:
    """Tell whether files may be written and run there, and whether there is room for a whole run."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC
