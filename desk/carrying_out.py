"""Carry out what was signed, from the command line: against the rehearsal, on its own clock, when no desk is open to do it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from desk.media_host import MediaHost
from desk.place import Place
from desk.rehearsal_accounts import connect
from desk.remembering import open_store
from desk.sending_accounts import SendingAccounts
from desk.workbench import Workbench, open_workbench
from editorial.clock import Clock, SimulatedClock, SystemClock
from rehearsal.town import Town
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.simulation import run_quarter
from store.store import Store

DEMO = "demo"
ALIVE = timedelta(seconds=60)  # a desk that is open leaves a trace four times in this
PATIENCE = timedelta(minutes=10)
BEAT = 0.5  # seconds


@contextmanager
def office_bench(place: Place, memory: Path) -> Iterator[Workbench]:
    """Open the office on the clock that its memory goes by: a rehearsal that nobody serves goes on where its quarter ended."""
    clock = clock_of(memory)
    with open_workbench(place, memory, clock) as bench:
        yield bench


def clock_of(memory: Path) -> Clock:
    """Return the machine's clock, or for the demo's memory one that stands where the demo stopped."""
    now = SystemClock()
    with open_store(memory, now)[0] as store:
        last = store.deliveries.last_touched()
        served = desk_is_open(store, now)
    if memory.name != DEMO or served:
        return now
    return SimulatedClock(max(last, now.now()) if last else now.now())


def desk_is_open(store: Store, clock: Clock) -> bool:
    """Tell whether a desk is running over this memory: its scheduler carries out what is signed."""
    written = store.settings.get("heartbeat")
    return bool(written) and abs(clock.now() - datetime.fromisoformat(written)) < ALIVE


def carry_out(bench: Workbench, memory: Path, done: Callable[[], bool] | None = None) -> bool:
    """Carry out what is due until `done`, else until no correction goes on by itself; return False when an open desk does it.

    What is under a pause is left as it is: the command must not wait for the end of a pause.
    """
    if desk_is_open(bench.store, SystemClock()):
        return False
    engine = EmbeddedEngine()
    try:
        with _accounts(bench, memory) as accounts:
            dispatcher = Dispatcher(bench.store, accounts, bench.clock, owner="correct", submit=engine.submit,
                                    rule=bench.content.office.release_rule())  # fmt: skip
            _live_on(bench, dispatcher, engine, done or (lambda: not bench.store.corrections.moving()))
    finally:
        engine.stop()
    return True


@contextmanager
def _accounts(bench: Workbench, memory: Path) -> Iterator[SendingAccounts]:
    """Open the office's accounts; where none is connected, the stand-ins."""
    channels = bench.content.office.channels
    with ExitStack() as stack:
        accounts = SendingAccounts(channels, bench.store)
        stack.callback(accounts.close)
        accounts.look()
        if not accounts.are_real:
            town = stack.enter_context(Town(clock=bench.clock.now, folder=memory / "town"))
            host = stack.enter_context(MediaHost(bench.media))
            rehearsed = connect(channels, bench.store, town, host.address, memory / "site")
            stack.callback(rehearsed.close)
            accounts.rehearse(rehearsed.publishers)
        yield accounts


def _live_on(bench: Workbench, dispatcher: Dispatcher, engine: Engine, done: Callable[[], bool]) -> None:
    if isinstance(bench.clock, SimulatedClock):
        run_quarter(bench.store, dispatcher, engine, clock=bench.clock, until=bench.clock.now())
        return
    dispatcher.recover()
    until, pause = bench.clock.now() + PATIENCE, threading.Event()
    while not done() and bench.clock.now() < until:
        dispatcher.tick()
        engine.wait_idle()
        pause.wait(BEAT)
