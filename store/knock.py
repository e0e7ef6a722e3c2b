"""Whose turn it is on a SQLite file: SQLite's own waiting is a sleep, which writers that never rest outrun for seconds."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy.exc import OperationalError


class Knock:
    """A door beside the database: who has to be heard at once holds it shut, and the others wait before it for their next turn.

    A process that dies lets go of it.
    """

    def __init__(self, place: Path) -> None:
        self._place = place

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Let no other writer begin anything new, in any process, until the block is left."""
        with self._opened() as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def wait(self) -> None:
        """Return when nobody holds the door shut."""
        with self._opened() as door:
            fcntl.flock(door, fcntl.LOCK_SH)

    def _opened(self) -> IO[str]:
        """Open the door; it lies beside the database, and what is wrong with the folder is the database's trouble."""
        try:
            return self._place.open("a")
        except OSError as error:
            raise OperationalError("", None, error) from error
