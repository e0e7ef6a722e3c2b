"""A worker in a process of its own: the product's dispatcher, engine and adapters, and a step at which it is killed."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from ctypes import c_double
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from editorial.clock import SystemClock
from editorial.delivery import State
from editorial.problem import BadInput
from editorial.release import Comeback, ReleaseRule
from publishers.contract import Account, Publisher
from publishers.registry import PUBLISHERS, open_publisher
from scheduler.clock_watch import ClockWatch
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Beat, Engine
from scheduler.engines.distributed import DistributedEngine
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.sharing import Clockwork, Worker
from store.errors import Away
from store.handles import DeliveryHandles
from store.store import Store
from tests.chaos.giving_up import write_stack_when_asked

STEPS = ("claim", "handle", "prepare", "intent", "accept", "result")  # at each of these a worker is killed from inside
LEASE = timedelta(seconds=6)
DEADLINE = timedelta(seconds=2)  # of a call; a frozen worker's guard and the settle time lie beyond it
BEAT = timedelta(seconds=0.5)
THREADS = 6
# On a busy machine a post may lose its moment; half an hour for the next one is longer than a run, so a person is asked.
RULE = ReleaseRule(after_downtime=Comeback.ASK)
NO_DATABASE = 75  # the status of a worker that could not begin

# The nursery of workers has these loaded: a worker that was killed is there again at once.
LOADED = tuple(PUBLISHERS[name] for name in PUBLISHERS)


@dataclass(frozen=True, kw_only=True)
class Death:
    """The process is killed when it passes this step for the so-manieth time."""

    step: str
    passing: int


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One channel of one office: the adapter's id and the account's words, secrets apart."""

    publisher: str
    base_url: str
    settings: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a worker is told."""

    url: str
    media: Path
    owner: str
    desks: Mapping[str, Desk]  # by channel
    broker: str  # empty where everything is in one process
    settle: float  # seconds; the stand-ins show at once what they take, or a little later when a fault says so
    death: Death | None = None


class MovedClock:
    """The machine's clock, moved by as many seconds as somebody says meanwhile."""

    def __init__(self, moved: c_double) -> None:
        self._moved = moved

    def now(self) -> datetime:
        """Return what this machine takes for the present moment."""
        return SystemClock().now() + timedelta(seconds=self._moved.value)


def work(job: Job, moved: c_double) -> None:
    """Publish what is due until the process is told to end, or is killed; it ends too where there is no database at the start."""
    try:
        _work(job, moved)
    except (DBAPIError, BadInput, Away):  # one that goes away while it is opened is called no database of ours
        raise SystemExit(NO_DATABASE) from None


def _work(job: Job, moved: c_double) -> None:
    write_stack_when_asked(job.media.parent)
    logging.disable(logging.CRITICAL)  # what goes wrong here is meant to
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    with ExitStack() as stack:
        clock = MovedClock(moved)
        store = stack.enter_context(Store.open(job.url, clock=clock, media_folder=job.media))
        publishers = {channel: _publisher(store, channel, desk, job.settle, clock) for channel, desk in job.desks.items()}
        for publisher in publishers.values():
            stack.callback(publisher.close)
        engine = _engine(job, store)
        stack.callback(engine.stop)
        if job.death:
            arm(job.death, store, publishers)
        dispatcher = Dispatcher(store, publishers, clock, owner=job.owner, lease=LEASE, submit=engine.submit, slots=THREADS,
                                watch=ClockWatch(store, clock), rule=RULE, rates={})  # fmt: skip
        dispatcher.recover()
        _begin(engine, dispatcher)
        end.wait()
        dispatcher.stop()


def _engine(job: Job, store: Store) -> Engine:
    if not job.broker:
        return EmbeddedEngine(threads=THREADS)
    return DistributedEngine(job.broker, store.seat(), name=job.owner.replace("máy", "may"), threads=THREADS, patience=5.0)


def _begin(engine: Engine, dispatcher: Dispatcher) -> None:
    """Start the beats: of a process that does everything, or of one of many."""
    if isinstance(engine, EmbeddedEngine):
        engine.start([Beat(name="dispatch", every=BEAT, run=dispatcher.tick)])
        return
    worker = Worker(dispatcher, engine)
    engine.start([*Clockwork(dispatcher, engine).beats(), *worker.beats()], worker.look)


def _publisher(store: Store, channel: str, desk: Desk, settle: float, clock: MovedClock) -> Publisher:
    account = Account(channel=channel, base_url=desk.base_url, settings=desk.settings, secrets=store.secrets.of(channel),
                      notes=store.settings.of(channel), now=clock.now, deadline=DEADLINE)  # fmt: skip
    made = open_publisher(desk.publisher, account)
    made.manifest = made.manifest.model_copy(update={"settle_seconds": settle})
    return made


def arm(death: Death, store: Store, publishers: Mapping[str, Publisher]) -> None:
    """Let the process be killed at the step, whichever delivery it is for."""
    left = [death.passing]
    lock = threading.Lock()

    def passed() -> None:
        with lock:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    if death.step == "claim":
        _after(store.deliveries, "claim_some", passed, when=bool)
    elif death.step == "handle":
        _after(DeliveryHandles, "save", passed)
    elif death.step == "intent":
        _after(store.attempts, "open", passed)
    elif death.step == "result":
        _after(store.deliveries, "pass_to", passed, when=lambda made: made.state in (State.SENT, State.FOLLOWING))
    else:
        for publisher in publishers.values():
            _after(publisher, {"prepare": "prepare", "accept": "publish"}[death.step], passed)


def _after(owner: Any, name: str, passed: Callable[[], None], *, when: Callable[[Any], bool] = lambda _: True) -> None:
    """Let something happen each time that a method has returned; what has no such method is left alone."""
    call = getattr(owner, name, None)
    if call is None:
        return

    def wrapped(*args: Any, **more: Any) -> Any:
        made = call(*args, **more)
        if when(made):
            passed()
        return made

    setattr(owner, name, wrapped)
