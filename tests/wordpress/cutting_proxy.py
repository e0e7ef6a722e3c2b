"""A proxy on the road to a server that cuts the line when told: before the server hears, or after it has done the work."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import httpx


class Cut(Enum):
    """Where the line breaks."""

    BEFORE = "before"  # the server never hears of the call
    AFTER = "after"  # the server has done it, its answer is lost


@dataclass
class Road:
    """The proxy's address, and the one call that will be cut."""

    address: str
    cut: Cut | None = None
    path: str = ""

    def break_at(self, cut: Cut, path: str) -> None:
        """Cut the next POST whose path ends so."""
        self.cut, self.path = cut, path


@contextmanager
def road_to(target: str) -> Iterator[Road]:
    """Pass every call on to the target, except those that are cut."""
    with httpx.Client(timeout=60, trust_env=False) as client:
        handler, road = _handler(client, target)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            road.address = f"http://127.0.0.1:{server.server_port}"
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            yield road
            server.shutdown()
            thread.join()


def _handler(client: httpx.Client, target: str) -> tuple[type[BaseHTTPRequestHandler], Road]:
    road, lock = Road(address=""), Lock()

    class Passing(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            cut = self._cut()
            if cut is not Cut.BEFORE:
                headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
                answer = client.request(self.command, target + self.path, content=body, headers=headers)
            if cut is not None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(answer.status_code)
            for name in ("Content-Type", "X-WP-Upload-Attachment-ID"):
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def _cut(self) -> Cut | None:
            with lock:
                if road.cut is None or self.command != "POST" or not self.path.split("?")[0].endswith(road.path):
                    return None
                cut, road.cut = road.cut, None
                return cut

        do_GET = do_POST = do_DELETE = _pass  # noqa: N815 (the names that http.server calls)

    return Passing, road
