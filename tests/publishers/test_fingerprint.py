"""A long clip on a slow line is read back whole, and not over and over again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from editorial.outcome import Unavailable
from publishers.contract import Account
from publishers.fingerprint import LONG, fingerprint
from publishers.wire import Wire
from tests.publishers.bench import MemorySecrets

DEADLINE = timedelta(seconds=0.4)


@dataclass
class Shelf:
    """A web server with one file, which it sends in pieces as a slow line does."""

    body: bytes = b"x" * LONG
    etag: str = '"1"'
    pieces: int = 1
    status: int = 200
    asked: Counter[str] = field(default_factory=Counter)
    address: str = ""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made, never = Shelf(), Event()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            made.asked[self.command] += 1
            self.send_response(made.status)
            self.send_header("content-length", str(len(made.body)))
            if made.etag:
                self.send_header("etag", made.etag)
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            step = -(-len(made.body) // made.pieces)
            for start in range(0, len(made.body), step):
                never.wait(DEADLINE.total_seconds() / 2 if start else 0)  # the line, not the test, takes its time
                self.wfile.write(made.body[start : start + step])

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        made.address = f"http://127.0.0.1:{server.server_port}/clip.mp4"
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def account() -> Account:
    return Account(channel="portal", base_url="http://127.0.0.1", settings={}, secrets=MemorySecrets({}))


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire(DEADLINE)
    yield made
    made.close()


def test_a_clip_that_takes_longer_than_one_call_may_is_read_whole(shelf: Shelf, account: Account, wire: Wire) -> None:
    shelf.pieces = 5
    assert fingerprint(account, wire, shelf.address) == hashlib.sha256(shelf.body).hexdigest()


def test_a_clip_that_its_server_calls_the_same_is_not_downloaded_again(shelf: Shelf, account: Account, wire: Wire) -> None:
    read = [fingerprint(account, wire, shelf.address) for _ in range(3)]
    assert set(read) == {hashlib.sha256(shelf.body).hexdigest()} and shelf.asked == {"GET": 1, "HEAD": 2}


OTHER = b"y" * LONG


@pytest.mark.parametrize(("body", "etag"), [(OTHER, '"2"'), (OTHER + b"y", '"1"'), (OTHER, 'W/"1"'), (OTHER, "")])
def test_a_clip_that_has_changed_is_read_anew(shelf: Shelf, account: Account, wire: Wire, body: bytes, etag: str) -> None:
    if not etag.startswith('"'):
        shelf.etag = etag
    fingerprint(account, wire, shelf.address)
    shelf.body, shelf.etag = body, etag
    assert fingerprint(account, wire, shelf.address) == hashlib.sha256(body).hexdigest()


def test_a_picture_is_always_compared_byte_by_byte(shelf: Shelf, account: Account, wire: Wire) -> None:
    shelf.body = b"x"
    for _ in range(2):
        fingerprint(account, wire, shelf.address)
    assert shelf.asked == {"GET": 2}


@pytest.mark.parametrize("status", [429, 502])
def test_a_server_in_trouble_says_nothing_about_the_bytes(shelf: Shelf, account: Account, wire: Wire, status: int) -> None:
    shelf.status = status
    with pytest.raises(Unavailable):
        fingerprint(account, wire, shelf.address)
