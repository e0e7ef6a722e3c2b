"""Which of the processes that share a PostgreSQL has the clock: the one whose session holds an advisory lock.

The server lets go of the lock when the session ends: with its process, with its connection, or when its process has been frozen
for so long that the session was idle. Two clocks at once would only do some work twice for nothing: every claim is guarded.
"""

from __future__ import annotations

import logging
import threading

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from store.database import Database

CLOCK = 0x4C6F62  # the advisory lock; beside that of writing
FROZEN = 10_000  # milliseconds without a word after which the server takes another's word
LOG = logging.getLogger(__name__)


class Seat:
    """This process's candidacy; after `frozen` milliseconds without a word it is over. Safe to use from several threads."""

    def __init__(self, database: Database, *, frozen: int = FROZEN) -> None:
        self._database = database
        self._frozen = frozen
        self._lock = threading.Lock()
        self._session: Connection | None = None
        self._held = False

    def hold(self) -> bool:
        """Tell whether this process has the clock now, taking it where nobody has it; False where the database is away."""
        with self._lock:
            try:
                return self._take()
            except SQLAlchemyError as error:
                LOG.info("the clock was let go: %s", error)
                self._close()
                return False

    def leave(self) -> None:
        """Let another process take the clock."""
        with self._lock:
            self._close()

    def _take(self) -> bool:
        if self._session is None:
            self._session = self._database.session(idle_session_timeout=str(self._frozen))
        if self._held:
            self._session.execute(select(1))  # raises where the session, and with it the lock, is gone
            return True
        self._held = bool(self._session.execute(select(func.pg_try_advisory_lock(CLOCK))).scalar_one())
        return self._held

    def _close(self) -> None:
        session, self._session, self._held = self._session, None, False
        if session is not None:
            try:
                session.close()
            except SQLAlchemyError:  # it is gone, and the lock with it
                LOG.debug("the clock's session had ended")
