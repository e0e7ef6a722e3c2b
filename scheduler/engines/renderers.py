"""The processes that render: nice to the rest of the machine, tidy when they are told to end, and bounded in what they may break.

A picture whose process dies takes all others down that its pool has in hand. Each of them is then tried again, one after the
other in a process of its own, so that only the one that kills is given up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from time import monotonic, sleep
from types import FrameType

from scheduler.engines.contract import Made, RendererDied
from studio.workfolder import clear_work

INTERRUPTED = 130
AGAIN = 2  # times that a rendering whose process has died is tried again
GONE = 5.0  # seconds until a process that has shut its files is gone
GLANCE = 0.002


class Renderers:
    """Processes that are started when the first rendering is asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()  # pages and the watch ask at once: a second pool would never be let go of
        self._alone = ThreadPoolExecutor(1, thread_name_prefix="again")
        self._stopped = False

    def render(self, work: Callable[[], Made]) -> Future[Made]:
        """Do work in one of the processes; the future raises RendererDied where the work keeps killing its process."""
        made: Future[Made] = Future()
        pool, begun = self._submit(work)
        begun.add_done_callback(partial(self._hand_on, pool, work, made))
        return made

    def stop(self) -> None:
        """Finish what is under way, begin nothing more and let go of the processes; safe to repeat."""
        self._stopped = True
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._alone.shutdown(wait=True)

    def _submit(self, work: Callable[[], Made]) -> tuple[ProcessPoolExecutor, Future[Made]]:
        with self._lock:
            if self._pool is None:  # the first starts a process of Python's own, which lets Ctrl-C in again
                self._pool = _processes(self.count)
            with _interrupted_later():
                try:
                    return self._pool, self._pool.submit(work)
                except BrokenProcessPool:  # a picture that killed its process must not be the last one
                    self._pool = _processes(self.count)
                    return self._pool, self._pool.submit(work)

    def _hand_on(self, pool: ProcessPoolExecutor, work: Callable[[], Made], made: Future[Made], begun: Future[Made]) -> None:
        if begun.cancelled():
            _cancel(made)
            return
        error = begun.exception()
        if isinstance(error, BrokenProcessPool) and not self._stopped and _was_killed(pool):
            self._alone.submit(self._again, work, made)
        elif error is not None:
            made.set_exception(error)
        else:
            made.set_result(begun.result())

    def _again(self, work: Callable[[], Made], made: Future[Made]) -> None:
        """Do work that may have killed its process, where it can take nobody along."""
        for _ in range(AGAIN):
            if self._stopped:
                _cancel(made)
                return
            pool = _processes(1)
            try:
                with _interrupted_later():
                    begun = pool.submit(work)
                made.set_result(begun.result())
                return
            except BrokenProcessPool as error:
                if not _was_killed(pool):
                    made.set_exception(error)
                    return
            except BaseException as error:
                made.set_exception(error)
                return
            finally:
                pool.shutdown(wait=True)
        made.set_exception(RendererDied(AGAIN + 1))


def _cancel(made: Future[Made]) -> None:
    made.cancel()
    made.set_running_or_notify_cancel()


def _processes(count: int) -> ProcessPoolExecutor:
    # Forking a process that has threads may leave locks held for ever.
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=_be_nice)


def _was_killed(pool: ProcessPoolExecutor) -> bool:
    """Tell whether a process of a broken pool died, rather than left because somebody told it to."""
    processes = tuple((getattr(pool, "_processes", None) or {}).values())
    for process in processes:
        if wait([process.sentinel], timeout=0):
            _know_its_end(process)
    return any(process.exitcode not in (None, INTERRUPTED, -signal.SIGTERM) for process in processes)


def _know_its_end(process: BaseProcess) -> None:
    """Wait until it is known how a process ended that has shut its files: the kernel says so a moment later.

    The pool's own thread asks the kernel too, which tells only one of the two; the other one sees it a moment after.
    """
    end = monotonic() + GONE
    process.join(GONE)
    while process.exitcode is None and monotonic() < end:
        sleep(GLANCE)


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Hold Ctrl-C back: a process that is started inside holds it back too, until it knows how to leave without a word."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in the processes


def _be_nice() -> None:
    """Let publishing go first on a busy machine, and leave without a word when told to end: by Ctrl-C, or by the pool."""
    os.nice(10)
    for number in (signal.SIGINT, signal.SIGTERM):  # the pool ends all of its processes when one has gone
        signal.signal(number, _leave)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_leave_with_parent, name="parent", daemon=True).start()


def _leave_with_parent() -> None:
    """End when the process that began this one is gone: a killed one tells nobody, and its workers would wait for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        _end()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End from within the handler: what it raised could be swallowed, or leave something that no block guards yet."""
    _end()


def _end() -> None:
    clear_work()
    os._exit(INTERRUPTED)
