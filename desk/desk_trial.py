"""The processes of a trial of the desk: the desk itself, and whoever asks it for pages, so many a second whatever it answers.

`python -m desk.desk_trial serve WORKSPACE` until SIGTERM; `... ask` with a job as JSON on standard input.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

PATIENCE = 30.0  # seconds after the last request until what has not been answered is given up
KEPT = 3.0  # seconds: the server closes a line that has been idle for five
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Job:
    """Which pages to ask for, in turn, how often a second and for how long."""

    host: str
    port: int
    cookie: str
    paths: tuple[str, ...]
    rate: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: seconds to the first byte from the moment at which it should have been asked, status, bytes of the body."""

    waited: float
    status: int
    length: int


async def ask(job: Job) -> list[Answer]:
    """Ask at the moments that the rate gives, whether what was asked before is answered or not; give up what stays away."""
    idle: list[_Line] = []
    begin, count = perf_counter() + 0.1, round(job.rate * job.seconds)
    tasks = []
    for number in range(count):
        due = begin + number / job.rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        tasks.append(asyncio.create_task(_one(job, job.paths[number % len(job.paths)], due, idle)))
    done, late = await asyncio.wait(tasks, timeout=PATIENCE)
    for task in late:
        task.cancel()
    for line in idle:
        line.writer.close()
    return [*(task.result() for task in done), *(Answer(waited=PATIENCE, status=0, length=0) for _ in late)]


@dataclass(frozen=True)
class _Line:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    used: float = 0.0


async def _one(job: Job, path: str, due: float, idle: list[_Line]) -> Answer:
    line = idle.pop() if idle else None
    if line is None or perf_counter() - line.used > KEPT:
        line = _Line(*await asyncio.open_connection(job.host, job.port, limit=2**20))
    host = f"{job.host}:{job.port}"
    line.writer.write(f"GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {job.cookie}\r\n\r\n".encode())
    head = await line.reader.readuntil(b"\r\n\r\n")
    waited = perf_counter() - due
    length = LENGTH.search(head)
    body = await line.reader.readexactly(int(length[1])) if length else b""
    idle.append(_Line(line.reader, line.writer, perf_counter()))
    return Answer(waited=waited, status=int(head.split(b" ", 2)[1]), length=len(body))


def _serve(root: Path) -> None:
    """Run the desk as `./loa serve` does, on the database that the environment names."""
    from desk.place import Place
    from desk.records import OFFICE
    from desk.serving import Serving

    place = Place(root=root)
    with Serving(place, place.memory / OFFICE, 0) as serving:
        sys.stdout.write(json.dumps(serving.address) + "\n")
        sys.stdout.flush()
        serving.wait()


def main(arguments: list[str]) -> None:
    """Be one of the processes."""
    if arguments[0] == "serve":
        _serve(Path(arguments[1]))
        return
    given = json.load(sys.stdin)
    found = asyncio.run(ask(Job(**{**given, "paths": tuple(given["paths"])})))
    json.dump([[each.waited, each.status, each.length] for each in found], sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
