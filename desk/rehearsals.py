"""Rehearsals that pages begin: one at a time, each in a process of its own that is watched, and ended on request."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

from desk.occupation import is_occupied
from desk.place import HOUSE, Place
from desk.rehearsal_shelf import Asked, Run, Shelf, begin_folder, fail, written
from desk.rehearsing import MEMORY
from editorial.clock import OFFICE_ZONE
from editorial.problem import BadInput, Problem

LONGEST = 366  # days
GRACE = 10.0  # seconds that a process has to put things away before it is killed
PROGRAM = "desk.rehearsal_process"
OUTRUN = 2  # its exit status where another process was faster

_OUTRUN = "một lần diễn tập khác của workspace này vừa bắt đầu trước; hãy đợi nó xong rồi chạy lại"
_DIED = "tiến trình diễn tập bị ngắt giữa chừng, thường vì máy hết bộ nhớ; hãy đóng bớt chương trình rồi chạy lại"


@dataclass(frozen=True)
class _Begun:
    asked: Asked
    process: subprocess.Popen[str]


class Rehearsals:
    """The rehearsals of one workspace. Safe to use from several threads, and beside other desks and commands of the workspace."""

    def __init__(self, place: Place, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.shelf = Shelf(place)
        self._place = place
        self._now = now
        self._lock = threading.Lock()
        self._begun: _Begun | None = None

    def begin(self, first: date, last: date, seed: int | None, who: str) -> Asked:
        """Begin to rehearse a period, both days included.

        Raise BadInput while another rehearsal runs, and for too long a period.
        """
        if (last - first).days >= LONGEST:
            message = f"khoảng ngày dài quá {LONGEST} ngày; hãy diễn tập từng quý hoặc từng năm"
            raise BadInput(Problem(rule="bad-period", key="to", message=message))
        with self._lock:
            self._refuse_a_second()
            now = self._now()
            id = f"{now.astimezone(OFFICE_ZONE):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
            asked = Asked(id=id, first=first, last=last, seed=seed, who=who, began=now)
            self._begun = _Begun(asked, self._start(asked))
            return asked

    def running(self) -> Asked | None:
        """Return what is rehearsed now on a page; None where nothing is."""
        with self._lock:
            self._settle()
            return self._running()

    def cancel(self, id: str) -> bool:
        """End a rehearsal, and leave nothing of it; return False where it is not this desk's, or over already."""
        with self._lock:
            self._settle()
            if self._begun is None or self._begun.asked.id != id:
                return False
            self._end(self._begun)
            return True

    def close(self) -> None:
        """End what still runs."""
        with self._lock:
            self._settle()
            if self._begun is not None:
                self._end(self._begun)

    def runs(self) -> tuple[Run, ...]:
        """Return the rehearsals that came to an end, the newest first."""
        self.running()
        self.shelf.tidy()
        return tuple(run for run in self.shelf.runs() if run.over)

    def _running(self) -> Asked | None:
        if self._begun is not None:
            return self._begun.asked
        if not is_occupied(self._place.memory / MEMORY):
            return None
        return next((run.asked for run in self.shelf.runs() if not run.over), None)  # another desk's of this workspace

    def _refuse_a_second(self) -> None:
        self._settle()
        if (running := self._running()) is not None:
            raise BadInput(Problem(rule="occupied", message=f"{running.who} đang diễn tập; mỗi lúc chỉ chạy một lần diễn tập"))
        if is_occupied(self._place.memory / MEMORY):
            message = "lệnh ./loa rehearse đang chạy trên máy này; hãy đợi nó xong rồi bắt đầu lại"
            raise BadInput(Problem(rule="occupied", message=message))

    def _start(self, asked: Asked) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM], cwd=HOUSE, stdin=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
        )
        if process.stdin is not None:
            process.stdin.write(f"{self._place.root}\n{written(asked)}\n")
            process.stdin.flush()
        return process

    def _settle(self) -> None:
        """Notice that the process has ended; one that died without a word has its end written down here."""
        begun = self._begun
        if begun is None or begun.process.poll() is None:
            return
        self._begun = None
        _let_go(begun.process)
        run = self.shelf.find(begun.asked.id)
        if run is None or not run.over:
            self.shelf.delete(begun.asked.id)
            died = begin_folder(self.shelf.place_of(begun.asked.id), begun.asked)
            fail(died, (_OUTRUN if begun.process.returncode == OUTRUN else _DIED,))

    def _end(self, begun: _Begun) -> None:
        self._begun = None
        _signal(begun.process, signal.SIGINT)
        try:
            begun.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            _signal(begun.process, signal.SIGKILL)
            begun.process.wait()
        _let_go(begun.process)
        self.shelf.delete(begun.asked.id)


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Tell a process, and all that it has begun."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _let_go(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        with suppress(BrokenPipeError):
            process.stdin.close()
