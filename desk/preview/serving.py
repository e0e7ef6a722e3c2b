"""The light table as one process, until Ctrl-C."""

from __future__ import annotations

import signal
import socket
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from desk.place import Place
from desk.preview.app import create_preview
from desk.preview.table import LightTable
from desk.serving import bind


class Previewing:
    """Hold the port and a folder for drafts; both are let go at the end, and no draft stays behind."""

    def __init__(self, place: Place, name: str, port: int) -> None:
        self._stack = ExitStack()
        self._socket: socket.socket = self._stack.enter_context(bind("127.0.0.1", port))
        drafts = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="loa-preview-")))
        self._table = LightTable(place, name, drafts)
        self._table.look()
        config = uvicorn.Config(
            create_preview(self._table, name), log_level="warning", access_log=False, timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)

    @property
    def address(self) -> str:
        """Return where the page answers."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Return what is wrong in the template's files at the start."""
        return tuple(str(problem) for problem in self._table.problems)

    def wait(self) -> None:
        """Serve until somebody presses Ctrl-C or ends the process; the server passes the signal on once it is closed."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            self._server.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()
