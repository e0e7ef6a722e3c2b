"""The desk as one process: the pages, the scheduler's clock and, as long as no account is connected, the rehearsal."""

from __future__ import annotations

import gc
import signal
import socket
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from desk.errands import Errands
from desk.leaving import leave
from desk.occupation import occupy
from desk.people import Link, Reception
from desk.place import Place
from desk.rehearsal_accounts import announce, connect
from desk.sending_accounts import SendingAccounts
from desk.servers import Servers
from desk.sweeping import sweep_cache
from desk.watching import Watch
from desk.web.app import create_app
from desk.web.front import REHEARSED, Front
from desk.web.live import Live
from desk.webhooks import webhook_beat
from desk.workbench import Workbench, open_workbench
from editorial.clock import SharedClock, SystemClock
from editorial.problem import BadInput, Problem
from rehearsal.town import Town
from scheduler.awakening import Witness, awake, give_sign_of_life
from scheduler.clock_watch import ClockWatch
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Beat, Engine
from scheduler.engines.embedded import PATIENCE, EmbeddedEngine
from scheduler.sharing import Clockwork, following

BEAT = timedelta(seconds=1)
THREADS = 64  # for publishing, begun as they are needed: nearly all of a call is waiting for the platform
HEARTBEAT = timedelta(seconds=15)
GLANCE = timedelta(seconds=3)
ACCOUNTS = timedelta(seconds=2)  # between two looks at which accounts are connected


class Serving:
    """Open everything in order, and close it in the other."""

    def __init__(
        self, place: Place, memory: Path, port: int, servers: Servers | None = None, front: Front | None = None
    ) -> None:
        self._stack = ExitStack()
        self._memory = memory
        self._stack.enter_context(occupy(memory))
        sweep_cache(place)
        self._servers = servers
        self._shared = SharedClock()
        clock = self._shared if servers else SystemClock()
        self._bench = self._stack.enter_context(open_workbench(place, memory, clock))
        self._front = front or Front()
        self._errands = Errands()
        self._app = create_app(
            self._bench, front=self._front, notice=REHEARSED, live=Live(self._is_ending), errands=self._errands
        )
        self._stack.callback(self._app.state.rehearsals.close)
        config = uvicorn.Config(self._app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
        self._server = uvicorn.Server(config)
        self._socket = bind(config.host, port)
        self._town = Town(clock=clock.now, folder=memory / "town")
        self._publishing: EmbeddedEngine | None = None
        self._accounts = SendingAccounts(self._bench.content.office.channels, self._bench.store)
        self._witness = Witness(place=memory / "witness.json")

    @property
    def address(self) -> str:
        """Return where the desk answers."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._bench.store.vault.check()
        self._stack.callback(self._accounts.close)
        self._look_at_accounts()
        if not self._accounts.are_real:
            self._rehearse()
        if self._servers is None:
            self._start_engine()
        else:
            self._start_part(self._servers)
        _spare_what_stays()  # before anybody is told that the desk is open
        return self

    def _rehearse(self) -> None:
        """Open the stand-ins and post to them."""
        town, channels = self._stack.enter_context(self._town), self._bench.content.office.channels
        rehearsed = connect(channels, self._bench.store, town, f"{self.address}/media", self._memory / "site")
        self._stack.callback(rehearsed.close)
        self._accounts.rehearse(rehearsed.publishers)
        if self._servers is not None:
            announce(self._bench.store, town, f"{self.address}/media", rehearsed.sites)

    def _look_at_accounts(self) -> None:
        """Post with the accounts that are connected now, and say on every page whether that is for real."""
        self._accounts.look()
        self._app.state.desk.renderer.notice = "" if self._accounts.are_real else REHEARSED

    def _start_part(self, servers: Servers) -> None:
        """Begin as one of many: the desk may be given the clock, and leaves publishing to the workers."""
        follow = following(self._shared, self._bench.store)
        follow()
        engine = servers.engine(self._bench.store, "serve", threads=1)
        self._let_run(engine)
        dispatcher = Dispatcher(
            self._bench.store, self._accounts, self._bench.clock, owner="serve",
            rule=self._bench.content.office.release_rule(), watch=ClockWatch(self._bench.store, self._bench.clock),
        )  # fmt: skip
        awake(self._bench.store, self._witness)
        engine.start(
            [
                *Clockwork(dispatcher, engine).beats(),
                Beat(name="heartbeat", every=HEARTBEAT, run=self._note_heartbeat, everywhere=True),
                Beat(name="time", every=HEARTBEAT, run=follow, everywhere=True),
                Beat(name="accounts", every=ACCOUNTS, run=self._look_at_accounts, everywhere=True),
                webhook_beat(self._bench.store, self._bench.clock),
                self._glance(engine),
            ]
        )

    def _let_run(self, engine: Engine) -> None:
        """Stop the engine when the desk closes, and before it what the pages have begun."""
        self._stack.callback(engine.stop)
        self._errands.use(engine)
        self._stack.callback(self._errands.stop)

    def _glance(self, engine: Engine) -> Beat:
        return Beat(name="watch", every=GLANCE, run=Watch(self._bench, engine, self._show, self._remark).look, everywhere=True)

    def _start_engine(self) -> None:
        engine = EmbeddedEngine(threads=THREADS, patience=PATIENCE)
        self._let_run(engine)
        self._publishing = engine
        dispatcher = Dispatcher(
            self._bench.store, self._accounts, self._bench.clock, owner="serve", submit=engine.submit, slots=THREADS,
            watch=ClockWatch(self._bench.store, self._bench.clock), rule=self._bench.content.office.release_rule(),
        )  # fmt: skip
        self._stack.callback(dispatcher.stop)  # first of all: nothing more is begun
        awake(self._bench.store, self._witness)
        dispatcher.recover()
        engine.start(
            [
                Beat(name="dispatch", every=BEAT, run=dispatcher.tick),
                Beat(name="heartbeat", every=HEARTBEAT, run=self._note_heartbeat),
                Beat(name="accounts", every=ACCOUNTS, run=self._look_at_accounts),
                webhook_beat(self._bench.store, self._bench.clock),
                self._glance(engine),
            ]
        )

    def _is_ending(self) -> bool:
        """Tell whether the desk is being closed: the web server waits for every answer that is not over."""
        return self._server.should_exit

    def _note_heartbeat(self) -> None:
        """Leave a trace that pages can show: a scheduler that has stopped must not look like a quiet day."""
        self._bench.store.settings.set("heartbeat", self._bench.clock.now().isoformat())
        give_sign_of_life(self._bench.store, self._witness)

    def _show(self, bench: Workbench) -> None:
        """Let the pages speak of the workspace as it is written now. Another set of channels needs a new start."""
        self._app.state.desk = replace(self._app.state.desk, bench=bench)

    def _remark(self, remarks: tuple[str, ...]) -> None:
        self._app.state.desk.renderer.remarks = remarks

    def first_link(self) -> Link | None:
        """Return a link for whoever may let the others in, while nobody can sign in; the demo lets everybody in."""
        if self._front.demo:
            return None
        bench = self._bench
        return Reception(store=bench.store, people=bench.content.office.people, clock=bench.clock).first_link()

    def pauses(self) -> tuple[str, ...]:
        """Return why each standing pause was set."""
        return tuple(halt.why for halt in self._bench.store.halts.standing())

    def wait(self) -> None:
        """Serve until somebody presses Ctrl-C, or sends SIGTERM."""
        # The web server asks for the signal again when it has ended: what else is open has to be closed all the same.
        signal.signal(signal.SIGTERM, lambda _number, _frame: None)
        with suppress(KeyboardInterrupt):  # closing the desk is not an interruption of any work
            self._server.run(sockets=[self._socket])

    def leave(self) -> None:
        """End the process, once the desk is closed, where a call takes longer than anybody waits for."""
        if self._publishing is not None:
            leave(self._publishing)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()


# How many objects come until Python searches for garbage, how many searches until one of older ones, of all.
SEARCHES = (10_000, 20, 100)


def _spare_what_stays() -> None:
    """Let no search for garbage go through what opened the desk: in a large office a page waited half a second for one."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCHES)


def bind(host: str, port: int) -> socket.socket:
    """Return the bound socket; a port that is taken is the person's to change, in one line."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except PermissionError as error:
        bound.close()
        message = f"cổng {port} chỉ dành cho quản trị máy; hãy chọn cổng từ 1024 trở lên, ví dụ --port 8000"
        raise BadInput(Problem(rule="port-taken", key="--port", message=message)) from error
    except OSError as error:
        bound.close()
        message = f"cổng {port} đang có chương trình khác dùng; hãy chọn cổng khác, ví dụ --port {port + 1}"
        raise BadInput(Problem(rule="port-taken", key="--port", message=message)) from error
    return bound
