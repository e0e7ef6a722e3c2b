"""Everything in one process: APScheduler as the clock, threads for publishing, processes for rendering."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # it ships no types

from scheduler.engines.contract import Beat, Engine, Given, Lane, Look, Made, Ticket
from scheduler.engines.outage import Outage

LOG = logging.getLogger(__name__)
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a beat waits for the one before is meant, and told in English
INTERRUPTED = 130
URGENT_THREADS = 2  # one puts live copies right, one publishes; a priority alone could not pass calls that are under way


class EmbeddedEngine(Engine):
    """The engine of one process. Jobs live in memory: a delivery is never kept in a job."""

    def __init__(self, *, threads: int = 8, processes: int | None = None) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="publish")
        self._urgent = ThreadPoolExecutor(URGENT_THREADS, thread_name_prefix="urgent")
        self._process_count = processes or max(1, os.cpu_count() or 1)
        self._processes: ProcessPoolExecutor | None = None
        self._clock = BackgroundScheduler(timezone=UTC)
        self.outage = Outage()
        self._look: Look | None = None
        self._idle = threading.Condition()
        self._under_way = 0

    def start(self, beats: Iterable[Beat], look: Look | None = None) -> None:
        self._look = look
        for beat in beats:
            self._clock.add_job(
                partial(self.outage.attempt, beat.name, beat.run), "interval", seconds=beat.every.total_seconds(), id=beat.name,
                max_instances=1, coalesce=True,
                next_run_time=datetime.now(UTC), misfire_grace_time=None,
            )  # fmt: skip
        self._clock.start()

    def offer(self, ticket: Ticket, count: int = 1) -> None:
        if self._look is not None:
            for _ in range(count):
                self.submit(partial(self._look, ticket), urgent=ticket.lane is Lane.URGENT)

    def submit(self, work: Callable[[], object], *, urgent: bool = False) -> None:
        with self._idle:
            self._under_way += 1
        try:
            (self._urgent if urgent else self._threads).submit(self._run, work)
        except RuntimeError:  # the pool is shut: the work stays in the store for the next start
            self._done()

    def render(
        self, function: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Made]:  # fmt: skip
        if self._processes is None:
            self._processes = self._begin_processes()
        with _interrupted_later():
            try:
                return self._processes.submit(_tidily, partial(function, *args, **kwargs))
            except BrokenProcessPool:  # a picture that killed its process must not be the last one
                self._processes = self._begin_processes()
                return self._processes.submit(_tidily, partial(function, *args, **kwargs))

    def _begin_processes(self) -> ProcessPoolExecutor:
        # Forking a process that has threads may leave locks held for ever.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._process_count, mp_context=context, initializer=_be_nice)

    def wait_idle(self) -> None:
        with self._idle:
            self._idle.wait_for(lambda: self._under_way == 0)

    @property
    def processes(self) -> int:
        """Return how many renderings may be under way."""
        return self._process_count

    def stop_beats(self) -> None:
        """Run no more beats, and return when the ones under way are over."""
        if self._clock.running:
            self._clock.shutdown(wait=True)

    def stop(self) -> None:
        self.stop_beats()
        self._threads.shutdown(wait=True)
        self._urgent.shutdown(wait=True)
        if self._processes is not None:
            self._processes.shutdown(wait=True, cancel_futures=True)

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:
            if not self.outage.explains(error):
                LOG.exception("work in a publishing thread failed")
        finally:
            self._done()

    def _done(self) -> None:
        with self._idle:
            self._under_way -= 1
            self._idle.notify_all()


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Hold Ctrl-C back: a process that is started inside holds it back too, until it knows how to leave without a word."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _be_nice() -> None:
    """Let publishing go first on a busy machine, and leave without a word: at Ctrl-C, and with the process that asks for work."""
    os.nice(10)
    _at_the_end(_leave)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_leave_with_parent, name="parent", daemon=True).start()


def _leave_with_parent() -> None:
    """End when the process that began this one is gone: a killed one tells nobody, and its workers would wait for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(INTERRUPTED)


def _leave(_number: int, _frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)


def _unwind(_number: int, _frame: FrameType | None) -> None:
    _at_the_end(signal.SIG_IGN)  # a second Ctrl-C, or the pool's signal once another worker has left, must not end the tidying
    raise KeyboardInterrupt


def _at_the_end(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    """Say what is done when this process is told to end: by Ctrl-C, or by its pool, which ends all when one has gone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _tidily(work: Callable[[], Made]) -> Made:
    """Do work in a worker process; told to end, it takes away what it had begun, and the process ends."""
    _at_the_end(_unwind)
    try:
        return work()
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    finally:
        _at_the_end(_leave)
