"""A process of the engine that runs on many machines: `python -m tests.scheduler.engine_process BROKER DATABASE FOLDER NAME FROZEN`.

It writes a line for each of its beats, and for each ticket that it takes; a ticket that says `hold` it never finishes.
"""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from pathlib import Path

from scheduler.engines.contract import Beat, Ticket
from scheduler.engines.distributed import DistributedEngine
from store.database import Database
from store.election import Seat

EVERY = timedelta(milliseconds=100)


def main(broker: str, database: str, folder: str, name: str, frozen: str) -> None:
    """Work until the process is ended."""
    lines = Path(folder) / name
    engine = DistributedEngine(broker, Seat(Database(database), frozen=int(frozen)), name=name, threads=2)

    def write(line: str) -> None:
        with lines.open("a") as file:
            file.write(f"{line}\n")

    def look(ticket: Ticket) -> None:
        write(ticket.subject)
        if ticket.subject == "hold":
            threading.Event().wait()

    engine.start([Beat(name="beat", every=EVERY, run=lambda: write("beat"))], look)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
