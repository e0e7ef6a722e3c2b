"""A working process of an office on several machines: it carries out what the tickets find, and may be given the clock."""

from __future__ import annotations

import fcntl
import logging
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import sleep
from types import FrameType, TracebackType
from typing import Self

from desk.place import Place
from desk.rehearsal_accounts import Rehearsed, announced, connect_as_announced
from desk.remembering import open_store
from desk.render_ticket import render_ticket
from desk.sending_accounts import SendingAccounts
from desk.servers import Servers
from desk.webhooks import webhook_beat
from editorial.clock import Clock, SharedClock
from editorial.problem import BadInput, Problem
from scheduler.awakening import Witness, awake, give_sign_of_life
from scheduler.clock_watch import ClockWatch
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Beat, Engine
from scheduler.sharing import Clockwork, Worker, following
from store.errors import Away
from store.store import Store
from store.trouble import TROUBLES, trouble
from store.workspace_files import read_office

LOG = logging.getLogger(__name__)
HEARTBEAT = timedelta(seconds=15)
AGAIN = 1.0  # seconds between two tries to open the store
GLANCE = timedelta(seconds=2)  # between two looks at where the channels are
MOST = 64  # working processes of one machine over one memory
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


class Working:
    """Open everything in order, and close it in the other."""

    def __init__(self, place: Place, memory: Path, servers: Servers, *, name: str = "", threads: int = 8) -> None:
        self._stack = ExitStack()
        try:
            self.name = self._stack.enter_context(_own_name(memory, name))
            self._clock = SharedClock()
            self._office = read_office(place.root)  # and nothing else of the workspace: pages and pictures are others' work
            self._store = self._stack.enter_context(open_patiently(memory, self._clock))
        except BaseException:
            self._stack.close()
            raise
        self._place = place
        self._servers = servers
        self._threads = threads
        self._witness = Witness(place=memory / f"witness-{self.name}.json")
        self._accounts = SendingAccounts(self._office.channels, self._store)
        self._joined = ""
        self._rehearsed: list[Rehearsed] = []

    def __enter__(self) -> Self:
        self._stack.callback(self._leave_channels)
        self._store.vault.check()
        return self

    def _begin(self) -> None:
        """Begin to work, once the channels are known: what a channel allows is read from its publisher."""
        follow = following(self._clock, self._store)
        follow()
        engine = self._servers.engine(self._store, self.name, threads=self._threads)
        dispatcher = Dispatcher(
            self._store, self._accounts, self._clock, owner=self.name, slots=self._threads, submit=engine.submit,
            watch=ClockWatch(self._store, self._clock), rule=self._office.release_rule(),
        )  # fmt: skip
        self._stack.callback(engine.stop)
        self._stack.callback(dispatcher.stop)  # first of all: nothing more is begun
        awake(self._store, self._witness)
        dispatcher.recover()
        worker = Worker(dispatcher, engine, render=partial(_render, engine, self._place))
        clock = Clockwork(dispatcher, engine)
        engine.start(
            [
                *clock.beats(),
                *worker.beats(),
                Beat(name="heartbeat", every=HEARTBEAT, run=self._note_heartbeat),
                Beat(name="life", every=HEARTBEAT, run=self._give_sign_of_life, everywhere=True),
                Beat(name="time", every=HEARTBEAT, run=follow, everywhere=True),
                Beat(name="channels", every=GLANCE, run=self._find_channels, everywhere=True),
                webhook_beat(self._store, self._clock),
            ],
            worker.look,
        )

    def wait(self, told: Callable[[], None] = lambda: None) -> None:
        """Work until somebody asks to end, by Ctrl-C or by SIGTERM; `told` is called as soon as somebody has."""
        done = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            done.set()

        before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            while not self._ready() and not done.wait(GLANCE.total_seconds()):
                pass
            if not done.is_set():
                self._begin()
            done.wait()
            told()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def _find_channels(self) -> bool:
        """Connect to the accounts, else to the stand-ins where the open desk says that they are; False without either."""
        self._accounts.look()
        if self._accounts.are_real:
            return True
        where = announced(self._store)
        if where in ("", self._joined):
            return bool(where)
        self._store.vault.check()  # a desk that is open has kept credentials by now
        joined = connect_as_announced(self._office.channels, self._store, where)
        self._rehearsed.append(joined)  # calls may be under way on the ones before
        self._accounts.rehearse(joined.publishers)
        self._joined = where
        return True

    def _ready(self) -> bool:
        """Tell whether the channels are known; while the database is away they are not."""
        try:
            return self._find_channels()
        except TROUBLES as error:
            if trouble(error) is None:
                raise
            return False

    def _leave_channels(self) -> None:
        self._accounts.close()
        for each in self._rehearsed:
            each.close()

    def _note_heartbeat(self) -> None:
        self._store.settings.set("heartbeat", self._clock.now().isoformat())

    def _give_sign_of_life(self) -> None:
        give_sign_of_life(self._store, self._witness)


def _render(engine: Engine, place: Place, subject: str) -> None:
    """Have a rendering process make what a ticket asks for; what it raises is logged, and raised where it was asked for."""
    if not engine.render(render_ticket, place, subject).result():
        LOG.warning("this machine's workspace is not the one that a rendition was asked from; bring it up to date")


def open_patiently(memory: Path, clock: Clock) -> Store:
    """Open the store, asking again for as long as its server is away: it may be starting as this process is."""
    told = False
    while True:
        try:
            return open_store(memory, clock)[0]
        except Away as error:
            if not told:
                LOG.error("Sổ của Loa: %s. Loa thử lại liên tục.", error)
            told = True
            sleep(AGAIN)


@contextmanager
def _own_name(memory: Path, name: str) -> Iterator[str]:
    """Hold a name that no other process of this machine has: the one given, else the machine's with the first free number.

    It stays the same over restarts, so that a process takes up what it had in hand when it died.
    """
    if name and not _NAME.fullmatch(name):
        message = "tên chỉ gồm chữ không dấu, số, dấu chấm, gạch nối, tối đa 63 ký tự"
        raise BadInput(Problem(rule="bad-name", key="--name", message=message))
    memory.mkdir(parents=True, exist_ok=True)
    machine = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname()).strip("-.")[:48] or "loa"
    for wanted in [name] if name else [f"{machine}-{number}" for number in range(1, MOST + 1)]:
        with (memory / f"work-{wanted}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield wanted
            return
    message = f"tên “{name}” đang có tiến trình khác dùng" if name else f"đã có {MOST} tiến trình ./loa work trên máy này"
    raise BadInput(Problem(rule="name-taken", key="--name", message=f"{message}; hãy chọn tên khác bằng --name"))
