"""The connection to SQLite or PostgreSQL: writers that never lose an update, readers that never wait for them.

SQLite: WAL, every write transaction starts with BEGIN IMMEDIATE (SQLAlchemy's default transactions lost 757 of 1,600 updates
with four processes), and synchronous=FULL, since NORMAL may drop an intent whose post is already public.
PostgreSQL: what people decide is written alone, as in SQLite; the workers' conditional updates go on side by side. So a pause
waits for the intents that are being written, and none begins before it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import PoolProxiedConnection

from store.answers import answered
from store.audit_head import Head, HeadFile
from store.errors import Unreachable
from store.group_commit import GroupCommit
from store.knock import Knock
from store.room import Room
from store.statement import Statement, command

Value = TypeVar("Value")
BUSY_TIMEOUT = 10_000  # milliseconds that a writer waits for another process
LOG_KEPT = 16_000_000  # bytes of SQLite's log that stay on the disk once it is emptied: what a reader held up for long goes
WRITING = 0x4C6F61  # the advisory lock of PostgreSQL that a transaction holds, alone or shared
# How a transaction of PostgreSQL begins, in one trip to the server: it writes alone, beside others, or only reads.
_LOCKED = f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock%s({WRITING})"
ALONE, BESIDE, READING = _LOCKED % "", _LOCKED % "_shared", "BEGIN ISOLATION LEVEL REPEATABLE READ"
# A worker that is frozen inside a transaction must not stop all the others: its session is ended after this many milliseconds.
FROZEN_IN_TRANSACTION = 10_000
DURABLE = {"timezone": "UTC", "synchronous_commit": "on", "idle_in_transaction_session_timeout": str(FROZEN_IN_TRANSACTION)}

NEWEST_HEAD = "newest head"  # where a transaction keeps the head of the audit log that it makes, and the deed's moment
# Where one that runs beside others keeps what it writes last: they all have one head of the audit log to wait for.
AT_THE_END = "at the end"


class Database:
    """Two engines on one database; `heads` is told how long the audit log is after each commit.

    No call that leaves this machine may be made inside `write` or `write_beside`.
    """

    def __init__(self, url: str, heads: HeadFile | None = None) -> None:
        self._heads = heads
        address = make_url(url)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        if self.is_sqlite and address.database in (None, "", ":memory:"):
            raise ValueError("the ledger has to outlive the process: give a database file")
        if self.is_sqlite:
            self._writer = _sqlite(address, "BEGIN IMMEDIATE")
            self._asker = self._reader = _sqlite(address, "BEGIN", "PRAGMA query_only = ON")
        else:
            self._writer = postgresql_engine(address, **DURABLE)
            self._reader = postgresql_engine(address, default_transaction_read_only="on", **DURABLE)
            self._asker = postgresql_engine(address, default_transaction_read_only="on", **DURABLE)
        self._group = self._grouped(Path(f"{address.database}-turn")) if self.is_sqlite else None
        self._room = Room(self._writer, Path(address.database or ""), BUSY_TIMEOUT) if self.is_sqlite else None

    def _grouped(self, door: Path) -> GroupCommit:
        """SQLite's own waiting is a sleep: threads of one process take turns instead, and share a commit."""
        return GroupCommit(self._writer, Knock(door), committed=self._note_head, kept=NEWEST_HEAD)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run a write transaction alone; it is durable when the block is left, and undone when the block raises."""
        with self._group.write() if self._group else self._transaction(ALONE) as connection:
            yield connection
        answered()

    @contextmanager
    def write_first(self) -> Iterator[Connection]:
        """Run a write transaction alone and before all that wait for theirs: for what has to hold at once."""
        with self._group.alone() if self._group else self._transaction(ALONE) as connection:
            yield connection
        answered()

    @contextmanager
    def write_beside(self) -> Iterator[Connection]:
        """Run one beside others of this kind: for conditional updates of one row, which the row's own lock keeps in order.

        On PostgreSQL its deeds are put in the audit log when the block is left, with their rows as they were when it was told.
        """
        with self._group.write() if self._group else self._transaction(BESIDE) as connection:
            yield connection
        answered()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with _begun(self._writer, begin) as connection:
            connection.info.pop(NEWEST_HEAD, None)  # of a transaction that was undone
            last: list[Callable[[Connection], None]] | None = [] if begin is BESIDE else None
            connection.info[AT_THE_END] = last
            yield connection
            connection.info[AT_THE_END] = None
            for write in last or ():
                write(connection)
            noted: tuple[Head, datetime] | None = connection.info.pop(NEWEST_HEAD, None)
        if noted is not None:
            self._note_head(noted)

    def _note_head(self, noted: tuple[Head, datetime]) -> None:
        if self._heads is not None:
            self._heads.add(*noted)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run queries on one consistent view."""
        with self._reader.connect() if self.is_sqlite else _begun(self._reader, READING) as connection:
            yield connection
        answered()

    def ask(self, question: Statement, values: Mapping[str, Any]) -> list[Any]:
        """Return the rows that answer one question, without a transaction of its own: four trips to the server less."""
        while True:
            lent = self._lend()
            was_used = lent.info.get(_USED, False)
            try:
                found = question.alone(self._asker.dialect, lent, values)
                lent.info[_USED] = True
            except DBAPIError as error:
                if was_used and error.connection_invalidated:  # while it lay idle: nothing was asked yet
                    continue
                raise
            finally:
                lent.close()
            answered()
            return found

    def _lend(self) -> PoolProxiedConnection:
        dialect = self._asker.dialect
        try:
            return self._asker.raw_connection()
        except dialect.loaded_dbapi.Error as error:  # told as every other failure of the database
            base: Any = dialect.loaded_dbapi.Error
            raise DBAPIError.instance("", None, error, base, hide_parameters=True, dialect=dialect) from error

    @property
    def name(self) -> str:
        """Return what people call the database: its file's name, or its name on the server."""
        return Path(self._writer.url.database or "").name

    def let_go_of_history(self) -> None:
        """Empty SQLite's write-ahead log into its file: what was overwritten is then in neither. PostgreSQL has a vacuum."""
        if self.is_sqlite:
            with self._writer.connect() as connection:
                command(connection, "PRAGMA wal_checkpoint(TRUNCATE)")

    def keep_room(self) -> None:
        """Raise NoRoom where the disk under SQLite's file is nearly full; PostgreSQL's disk is its server's."""
        if self._room is not None:
            self._room.keep()

    def home(self) -> str:
        """Name where the database lies, so that a copy has another name: the file on its machine, or the server's database."""
        if self.is_sqlite:
            return f"{_machine()}:{Path(self._writer.url.database or '').stat().st_ino}"
        with self.read() as connection:
            oid = "SELECT oid FROM pg_database WHERE datname = current_database()"
            found = connection.execute(text(f"SELECT system_identifier, ({oid}) FROM pg_control_system()")).one()
        return f"{found[0]}:{found[1]}"

    def server_now(self) -> datetime:
        """Return the server's clock; PostgreSQL only."""
        with self.read() as connection:
            now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return now

    def session(self, **settings: str) -> Connection:
        """Return a connection of its own, each statement of it alone, for what holds as long as it does; PostgreSQL only."""
        engine = postgresql_engine(self._writer.url, **DURABLE, **settings)
        connection = engine.connect()
        connection.detach()  # closed when it is closed, and never lent to anybody else
        return connection

    def close(self) -> None:
        """Let go of every connection."""
        for engine in (self._writer, self._reader, self._asker):
            engine.dispose()


MOST_IN_A_QUESTION = 10_000  # values that one statement is given: SQLite takes 32,766


def parts_of(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """Yield the values in parts that one question may name."""
    return (values[first : first + MOST_IN_A_QUESTION] for first in range(0, len(values), MOST_IN_A_QUESTION))


def new_id(made: CursorResult[Any]) -> int:
    """Return the id that the database gave to the row that was just put in."""
    found = made.inserted_primary_key
    if found is None:
        raise RuntimeError("the database gave no id for a new row")
    return int(found[0])


def _machine() -> str:
    """Return what Linux calls this machine; nothing where it has no name, as in many containers."""
    place = Path("/etc/machine-id")
    return place.read_text().strip() if place.exists() else ""


_USED = "used"  # a connection that has answered before: it may have died since, which its next use shows


@contextmanager
def _begun(engine: Engine, begin: str) -> Iterator[Connection]:
    """Run a transaction of PostgreSQL that begins in these words; a connection that has died while it lay idle is passed over.

    To ask each one before its use whether it is alive would be a trip to the server more, ten times for each delivery.
    """
    while True:
        with engine.connect() as connection:
            was_used = connection.info.get(_USED, False)
            transaction = connection.begin()
            try:
                command(connection, begin, prepare=False)  # two commands cannot be prepared as one
            except DBAPIError as error:
                if was_used and error.connection_invalidated:
                    continue
                raise
            connection.info[_USED] = True
            with transaction:  # ends by a commit also where it only read: psycopg forgets with a rollback what it has prepared
                yield connection
            return


def postgresql_engine(address: URL, **settings: str) -> Engine:
    """Return an engine whose sessions have these settings, whatever the server's are; nobody begins for them."""
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return create_engine(
        address.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT",
        pool_size=8, max_overflow=24, connect_args={"options": options, "connect_timeout": 5, "tcp_user_timeout": 10_000},
    )  # fmt: skip


def _sqlite(address: URL, begin: str, *more: str) -> Engine:
    engine = create_engine(address, pool_size=32, max_overflow=96, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not open or close transactions by itself
        cursor = connection.cursor()
        recipe = (f"PRAGMA busy_timeout = {BUSY_TIMEOUT}", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")
        for statement in (*recipe, f"PRAGMA journal_size_limit = {LOG_KEPT}", "PRAGMA foreign_keys = ON", *more):
            cursor.execute(statement)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def ask_postgresql(url: str) -> None:
    """Raise Unreachable where no PostgreSQL answers at the address."""
    try:
        address = make_url(url)
        if address.get_backend_name() != "postgresql":
            raise Unreachable(url)
        engine = postgresql_engine(address)
        try:
            engine.connect().close()
        finally:
            engine.dispose()
    except (SQLAlchemyError, UnicodeError, ValueError, ModuleNotFoundError) as error:
        raise Unreachable(url) from error
