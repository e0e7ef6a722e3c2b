"""Room on the disk of a SQLite file: the log that lies before it must not take the last of it.

While a reader stands still, as a frozen process does, nothing of the log can be written into the file, and the log grows. One
that has filled the disk stays there for good, even when the reader has gone: to empty it into the file takes room, too.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from store.errors import NoRoom
from store.statement import command

RESERVE = 32_000_000  # bytes that are left for what is in hand, for what people decide, and for emptying the log
NOTICED = 100  # milliseconds that readers and writers are waited for


class Room:
    """The disk under a SQLite file. `patience` is the milliseconds that its engine's connections otherwise wait."""

    def __init__(self, engine: Engine, file: Path, patience: int) -> None:
        self._engine = engine
        self._folder = file.parent
        self._patience = patience

    def keep(self) -> None:
        """Raise NoRoom where less than the reserve is left, after the log has given back what it can."""
        if self._free() >= RESERVE:
            return
        self._empty_log()
        if (free := self._free()) < RESERVE:
            raise NoRoom(free)

    def _free(self) -> int:
        found = os.statvfs(self._folder)
        return found.f_bavail * found.f_frsize

    def _empty_log(self) -> None:
        """Have the log written into the file and cut off; where somebody reads or writes just now, the next look tries again."""
        with self._engine.connect() as connection:
            command(connection, f"PRAGMA busy_timeout = {NOTICED}")
            try:
                command(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                command(connection, f"PRAGMA busy_timeout = {self._patience}")
