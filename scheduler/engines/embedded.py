"""Everything in one process: APScheduler as the clock, threads for publishing, processes for rendering."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # it ships no types

from scheduler.engines.contract import Beat, Engine, Given, Lane, Look, Made, Ticket
from scheduler.engines.outage import Outage
from scheduler.engines.renderers import Renderers

PATIENCE = 35.0  # seconds for what is in hand at an orderly end: an HTTP call has a deadline of 30, a clip may take longer
LOG = logging.getLogger(__name__)
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a beat waits for the one before is meant, and told in English
URGENT_THREADS = 2  # one puts live copies right, one publishes; a priority alone could not pass calls that are under way


class EmbeddedEngine(Engine):
    """The engine of one process. Jobs live in memory: a delivery is never kept in a job.

    `patience` is for how many seconds `stop` waits for what is under way; without it, until all is done.
    """

    def __init__(self, *, threads: int = 8, processes: int | None = None, patience: float | None = None) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="publish")
        self._urgent = ThreadPoolExecutor(URGENT_THREADS, thread_name_prefix="urgent")
        self._renderers = Renderers(processes or max(1, os.cpu_count() or 1))
        self._clock = BackgroundScheduler(timezone=UTC)
        self.outage = Outage()
        self._look: Look | None = None
        self._idle = threading.Condition()
        self._under_way = 0
        self._patience = patience

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
        return self._renderers.render(partial(function, *args, **kwargs))

    def wait_idle(self) -> None:
        with self._idle:
            self._idle.wait_for(lambda: self._under_way == 0)

    @property
    def processes(self) -> int:
        """Return how many renderings may be under way."""
        return self._renderers.count

    def stop_beats(self) -> None:
        """Run no more beats, and return when the ones under way are over."""
        if self._clock.running:
            self._clock.shutdown(wait=True)

    def stop(self) -> None:
        self.stop_beats()
        with self._idle:
            done = self._patience is None or self._idle.wait_for(lambda: self._under_way == 0, self._patience)
        for threads in (self._threads, self._urgent):
            threads.shutdown(wait=done, cancel_futures=not done)
        self._renderers.stop()

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is under way; after `stop`, whether nothing took longer than its patience."""
        with self._idle:
            return self._under_way == 0

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
