"""The connection to SQLite or PostgreSQL: writers that never lose an update, readers that never wait for them.

SQLite: WAL, every write transaction starts with BEGIN IMMEDIATE (SQLAlchemy's default transactions lost 757 of 1,600 updates
with four processes), and synchronous=FULL, since NORMAL may drop an intent whose post is already public.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_TIMEOUT = 10_000  # milliseconds that a writer waits for another process


class Database:
    """Two engines on one database. No call that leaves this machine may be made inside `write`."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite and make_url(url).database in (None, "", ":memory:"):
            raise ValueError("the ledger has to outlive the process: give a database file")
        self._writer = _sqlite(url, "BEGIN IMMEDIATE") if self.is_sqlite else create_engine(url)
        self._reader = _sqlite(url, "BEGIN", "PRAGMA query_only = ON") if self.is_sqlite else create_engine(url)
        # SQLite's own waiting is a sleep: threads of one process take turns here instead.
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run a write transaction; it is durable when the block is left, and undone when the block raises."""
        with self._turn, self._writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run queries on one consistent view."""
        with self._reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._writer.dispose()
        self._reader.dispose()


def _sqlite(url: str, begin: str, *more: str) -> Engine:
    engine = create_engine(url, pool_size=16, max_overflow=48)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not open or close transactions by itself
        cursor = connection.cursor()
        recipe = (f"PRAGMA busy_timeout = {BUSY_TIMEOUT}", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
        for statement in (*recipe, "PRAGMA foreign_keys = ON", *more):
            cursor.execute(statement)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
