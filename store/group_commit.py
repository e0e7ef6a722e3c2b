"""Many writers, one commit: who waits for a turn on a SQLite file shares the transaction of those before, and its one fsync.

A commit that reaches the disk takes longer than all that is written in it. Each writer has a savepoint, so that one that fails
takes back only its own; none returns before the commit is durable, and all learn of a commit that failed.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from store.knock import Knock
from store.statement import command

MOST_WRITERS = 64
LONGEST = 0.02  # seconds that a transaction stays open for those who wait; another process's pause waits for no more than this
LOOK = 0.05  # seconds after which a writer looks whether somebody is still there to commit


class Turn:
    """Whose turn it is among the threads of this process: first come, first served, but for who has to be heard at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()
        self._urgent = 0

    def take(self, *, first: bool = False) -> None:
        """Return when it is this thread's turn; it has to pass it on."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.insert(0, mine) if first else self._waiting.append(mine)
            self._urgent += first
        try:
            mine.acquire()
        except BaseException:  # Ctrl-C: a turn that came meanwhile is somebody else's
            self._leave(mine)
            raise
        finally:
            with self._lock:
                self._urgent -= first

    def pass_on(self) -> None:
        """Give the turn to the next thread."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    @property
    def wanted(self) -> bool:
        """Tell whether somebody waits who may share a transaction, and nobody who may not."""
        return bool(self._waiting) and not self._urgent

    def _leave(self, mine: threading.Lock) -> None:
        with self._lock:
            waits = mine in self._waiting
            if waits:
                self._waiting.remove(mine)
        if not waits:
            self.pass_on()


class _Group:
    """One open transaction and who has written in it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.transaction = connection.begin()
        self.opened = time.monotonic()
        self.writers = 0
        self.noted: list[Any] = []  # what each of them has noted, in order
        self.over = threading.Event()
        self.error: BaseException | None = None

    @property
    def full(self) -> bool:
        return self.writers >= MOST_WRITERS or time.monotonic() - self.opened > LONGEST

    @property
    def broken(self) -> bool:
        """Tell whether SQLite itself has undone the transaction, as on a full disk."""
        return not self.connection.connection.dbapi_connection.in_transaction  # type: ignore[union-attr]

    def end(self) -> None:
        """Commit what was written, or undo it where the transaction is broken or nobody has written."""
        try:
            if self.error is not None or self.broken or not self.writers:
                self.transaction.rollback()
            else:
                self.transaction.commit()
        except BaseException as error:
            self.error = self.error or error
        finally:
            self.connection.close()


class GroupCommit:
    """Write transactions on one SQLite file, several of a process's threads in each.

    At the `knock` other processes are heard first, or let wait. `committed` is told, once it is durable, what each writer noted
    under the name `kept` in `Connection.info`.
    """

    def __init__(
        self, engine: Engine, knock: Knock, *, committed: Callable[[Any], None], kept: str
    ) -> None:  # fmt: skip
        self._engine = engine
        self._knock = knock
        self._committed = committed
        self._kept = kept
        self._turn = Turn()
        self._group: _Group | None = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write in the transaction that is open, or in a new one; durable when the block is left, undone when it raises."""
        self._turn.take()
        try:
            group = self._open()
            try:
                with self._own(group) as connection:
                    yield connection
            finally:
                if group.error is not None or group.full or not self._turn.wanted:
                    self._end(group)
        finally:
            self._turn.pass_on()
        self._await(group)

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Write before all that wait, in a transaction that nobody shares."""
        self._turn.take(first=True)
        try:
            if self._group is not None:
                self._end(self._group)
            with self._knock.shut():
                group = self._begin()
                try:
                    with self._own(group) as connection:
                        yield connection
                finally:
                    self._end(group)
        finally:
            self._turn.pass_on()
        self._await(group)

    def _open(self) -> _Group:
        if self._group is None:
            self._knock.wait()
            self._group = self._begin()
        return self._group

    def _begin(self) -> _Group:
        connection = self._engine.connect()
        try:
            return _Group(connection)
        except BaseException:
            connection.close()
            raise

    @contextmanager
    def _own(self, group: _Group) -> Iterator[Connection]:
        """Let one writer write; what it wrote is taken back when it fails, and the others' is not."""
        own = bool(group.writers)  # the first needs no savepoint: nobody else is in the transaction yet
        if own:
            command(group.connection, "SAVEPOINT own")
        try:
            yield group.connection
            if own:
                command(group.connection, "RELEASE own")
            group.writers += 1
            if (noted := group.connection.info.get(self._kept)) is not None:
                group.noted.append(noted)
        except BaseException as error:
            self._take_back(group, own, error)
            raise
        finally:
            group.connection.info.pop(self._kept, None)

    def _take_back(self, group: _Group, own: bool, error: BaseException) -> None:
        if not own or group.broken:
            group.error = error
            return
        try:
            command(group.connection, "ROLLBACK TO own")
            command(group.connection, "RELEASE own")
        except BaseException:
            group.error = error
            raise

    def _end(self, group: _Group) -> None:
        """Commit while nobody else has the turn, and tell all that wait for it."""
        if self._group is group:
            self._group = None
        group.end()
        if group.error is None:
            for noted in group.noted:
                self._committed(noted)
        group.over.set()

    def _await(self, group: _Group) -> None:
        while not group.over.wait(LOOK):
            self._turn.take()
            try:
                if self._group is group:  # whoever was to commit has gone
                    self._end(group)
            finally:
                self._turn.pass_on()
        if group.error is not None:
            raise group.error
