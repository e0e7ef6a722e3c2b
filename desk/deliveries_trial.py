"""The processes of a trial of deliveries: a platform that answers at once or after so long, and a worker that publishes to it.

`python -m desk.deliveries_trial platform MILLISECONDS` and `... work URL JOB`, each until standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import resource
import signal
import sys
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from desk.silence_trial import answer
from editorial.clock import SharedClock, SystemClock
from editorial.rate import Rate
from publishers.contract import Account, Publisher
from publishers.registry import open_publisher
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Beat, Engine
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.sharing import Clockwork, Worker
from store.store import Store

CHANNELS = tuple(f"trang-{number}" for number in range(1, 7))  # pages of one platform: a post of words is one call
PUBLISHER = "facebook"
BEAT = timedelta(seconds=1)  # as the desk's own
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
PATIENCE = 60.0
DRAWING = 0.3  # processor seconds of a picture


class Platform:
    """The least of Graph that the adapter asks for, so that little of the machine goes into what is not measured."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._before = time.time_ns()  # posts of another trial have other numbers
        self.posts: list[tuple[float, str]] = []  # when it was accepted, seconds since 1970, and its words

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the calls of one connection."""
        try:
            while head := await _head(reader):
                length = LENGTH.search(head)
                body = await reader.readexactly(int(length[1])) if length else b""
                method, target, _ = head.split(b" ", 2)
                path = urlsplit(target.decode()).path
                if self._delay and path != "/ledger":
                    await asyncio.sleep(self._delay)
                said = json.dumps(self._answer(method, path, body)).encode()
                writer.write(b"%s%d\r\n\r\n%s" % (HEAD, len(said), said))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _answer(self, method: bytes, path: str, body: bytes) -> object:
        if path == "/ledger":
            return self.posts
        if method == b"POST":
            self.posts.append((time.time(), parse_qs(body.decode())["message"][0]))
            return {"id": f"{path.split('/')[2]}_{self._before + len(self.posts)}"}
        if path.endswith("/published_posts"):
            return {"data": []}
        name = path.rpartition("/")[2]
        number = int(name.rpartition("_")[2]) - self._before
        return {"id": name, "message": self.posts[number - 1][1], "is_published": True}


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def stand_in(milliseconds: float) -> None:
    """Answer on a free port of loopback, which is told first."""

    async def serve() -> None:
        platform = Platform(milliseconds / 1000)
        server = await asyncio.start_server(platform.talk, "127.0.0.1", 0, backlog=1024)
        answer(json.dumps(server.sockets[0].getsockname()[1]))
        async with server:
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    asyncio.run(serve())


def connect(store: Store, address: str) -> dict[str, Publisher]:
    """Return the real adapter for each channel, connected to the trial's platform."""
    return {channel: _publisher(store, channel, address) for channel in CHANNELS}


def _publisher(store: Store, channel: str, address: str) -> Publisher:
    secrets = store.secrets.of(channel)
    account = Account(channel=channel, base_url=address, settings={"page_id": channel}, secrets=secrets)
    return open_publisher(PUBLISHER, account)


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a worker is told; `broker` is empty where one process does everything."""

    address: str  # of the platform
    owner: str
    threads: int
    broker: str = ""
    renders: int = 0  # how many pieces of rendering it has to do meanwhile
    dies: bool = False  # when everything is ready for the first call, and nothing is written of it


def work(url: str, job: Job) -> None:
    """Publish what is due until standard input ends, then tell what that took."""
    clock = SharedClock() if job.broker else SystemClock()
    with Store.open(url, clock=clock) as store:
        publishers, engine = connect(store, job.address), _engine(store, job)
        rates: dict[str, Rate] = {}  # no channel's pace: what is measured is Loa
        dispatcher = Dispatcher(
            store, publishers, clock, owner=job.owner, submit=engine.submit, slots=job.threads, rates=rates
        )  # fmt: skip
        if job.dies:
            _die_before_the_intent(store)
        dispatcher.recover()
        _begin(engine, dispatcher)
        for _ in range(job.renders):
            engine.render(draw)
        answer("đã chạy")
        sys.stdin.read()
        used = resource.getrusage(resource.RUSAGE_SELF)
        answer(json.dumps({"cpu_seconds": used.ru_utime + used.ru_stime, "rss_bytes": used.ru_maxrss * 1024}))
        os._exit(0)  # the trial is over: renderings and tickets that are left are nobody's


def _engine(store: Store, job: Job) -> Engine:
    if not job.broker:
        return EmbeddedEngine(threads=job.threads)
    from scheduler.engines.distributed import DistributedEngine

    return DistributedEngine(job.broker, store.seat(), name=job.owner, threads=job.threads)


def _begin(engine: Engine, dispatcher: Dispatcher) -> None:
    if isinstance(engine, EmbeddedEngine):
        engine.start([Beat(name="dispatch", every=BEAT, run=dispatcher.tick)])
        return
    worker = Worker(dispatcher, engine)
    engine.start([*Clockwork(dispatcher, engine).beats(), *worker.beats()], worker.look)


def draw() -> None:
    """Keep a processor as busy as a picture does."""
    end = time.process_time() + DRAWING
    while time.process_time() < end:
        sum(range(10_000))


def _die_before_the_intent(store: Store) -> None:
    """Let the process be killed when everything is ready for the first call, and nothing is written of it."""

    def open(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)
        threading.Event().wait(PATIENCE)

    # The trial's own switch: a store that can be told to die has no place in the product.
    store.attempts.open = open  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    if sys.argv[1] == "platform":
        stand_in(float(sys.argv[2]))
    else:
        work(sys.argv[2], Job(**json.loads(sys.argv[3])))
