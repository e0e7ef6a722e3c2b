"""Real HTTP on loopback: all stand-ins under uvicorn, on one loop in one background thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine, Mapping
from typing import Any, ClassVar, TypeVar

import uvicorn
from starlette.types import ASGIApp, Receive, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

Answer = TypeVar("Answer")
Ends = tuple[int, int]

START_SECONDS = 20


class Wire(H11Protocol):
    """An HTTP connection that can be cut, which is what a dying network does and a response cannot."""

    open: ClassVar[dict[Ends, asyncio.Transport]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio only does this for sockets whose proto is named, and accepted ones have 0: 40 ms a call without it
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ends: Ends = (transport.get_extra_info("sockname")[1], transport.get_extra_info("peername")[1])
        self.open[self._ends] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.open.pop(self._ends, None)


async def cut(scope: Scope, receive: Receive) -> None:
    """Break the connection of a request without a (further) byte of reply."""
    transport = Wire.open.get((scope["server"][1], scope["client"][1]))
    if transport is not None:
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


class Servers:
    """The running servers: one port each, one thread for all."""

    def __init__(self, apps: Mapping[str, ASGIApp], ports: Mapping[str, int]) -> None:
        self._sockets = {name: _listen(ports.get(name, 0)) for name in apps}
        self._servers = {name: _server(app) for name, app in apps.items()}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="rehearsal", daemon=True)

    @property
    def ports(self) -> Mapping[str, int]:
        """Give the port of each server."""
        return {name: int(listener.getsockname()[1]) for name, listener in self._sockets.items()}

    def start(self) -> None:
        """Begin to answer; returns when every server does."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._started(), self._loop).result(timeout=START_SECONDS)

    def stop(self) -> None:
        """End all connections and release the ports."""
        for server in self._servers.values():
            server.should_exit = True
        self._thread.join(timeout=START_SECONDS)

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Run something on the servers' own loop, so that it never meets a half-done request."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=START_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    async def _serve(self) -> None:
        await asyncio.gather(*(server.serve(sockets=[self._sockets[name]]) for name, server in self._servers.items()))

    async def _started(self) -> None:
        while not all(server.started for server in self._servers.values()):
            await asyncio.sleep(0.005)


def _server(app: ASGIApp) -> uvicorn.Server:
    config = uvicorn.Config(
        app, http=Wire, ws="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, date_header=False, timeout_graceful_shutdown=1, timeout_keep_alive=60, loop="asyncio",
    )  # fmt: skip
    return uvicorn.Server(config)


def _listen(port: int) -> socket.socket:
    """Take the wanted port of loopback, or any free one where it is taken."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=512)
    except OSError:
        return socket.create_server(("127.0.0.1", 0), backlog=512)
