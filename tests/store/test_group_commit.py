"""Writers of one process share a commit on SQLite: each keeps its own, and none returns before it is durable."""

from __future__ import annotations

import resource
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from store.database import Database
from store.group_commit import GroupCommit, _Group
from store.schema import SETTINGS
from tests.store.fresh_database import fresh_database

WRITERS = 12


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(fresh_database(tmp_path))
    yield opened
    opened.close()


def put(database: Database, name: str, value: str = "1") -> None:
    with database.write_beside() as connection:
        connection.execute(insert(SETTINGS).values(name=name, value=value))


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(SETTINGS.c.name)).scalars()) & {f"w{number}" for number in range(100)}


def crowd(database: Database, work: Callable[[int], None]) -> list[BaseException | None]:
    """Let writers come while one has its turn, so that they share what follows; return what each ended with."""
    ended: list[BaseException | None] = [None] * WRITERS

    def writer(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            ended[number] = error

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(WRITERS)]
    with suppress(OperationalError), database.write():  # it shares what follows too
        for thread in threads:
            thread.start()
        turn = database._group._turn  # type: ignore[union-attr]
        while len(turn._waiting) < WRITERS:
            threading.Event().wait(0.001)
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return ended


def test_writers_who_wait_share_a_commit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.group_commit.LONGEST", 60.0)  # however busy the machine is
    commits = list[object]()
    event.listen(database._writer, "commit", commits.append)
    assert crowd(database, lambda number: put(database, f"w{number}")) == [None] * WRITERS
    assert names(database) == {f"w{number}" for number in range(WRITERS)}
    assert len(commits) < WRITERS / 2


def test_a_writer_that_fails_takes_back_its_own_and_nobody_elses(database: Database) -> None:
    def work(number: int) -> None:
        with database.write_beside() as connection:
            connection.execute(insert(SETTINGS).values(name=f"w{number}", value="1"))
            if number % 3 == 0:
                connection.execute(insert(SETTINGS).values(name=f"w{number}", value="twice"))

    ended = crowd(database, work)
    failed = {number for number in range(WRITERS) if number % 3 == 0}
    assert {number for number, error in enumerate(ended) if isinstance(error, IntegrityError)} == failed
    assert names(database) == {f"w{number}" for number in range(WRITERS) if number not in failed}


def test_a_commit_that_fails_is_told_to_all_who_share_it(database: Database, tmp_path: Path) -> None:
    put(database, "before")
    full = (tmp_path / "loa.db-wal").stat().st_size
    ended = list[list[BaseException | None]]()

    def work(number: int) -> None:
        if number == 0:
            resource.setrlimit(resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
        put(database, f"w{number}", "x" * 20_000)

    try:
        ended.append(crowd(database, work))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    told_done = {f"w{number}" for number, error in enumerate(ended[0]) if error is None}
    assert names(database) == told_done
    assert any(isinstance(error, OperationalError) for error in ended[0])
    put(database, "w99")
    assert "w99" in names(database), "the next one writes as if nothing had been"


def test_nobody_returns_before_another_process_can_read_what_was_written(database: Database, tmp_path: Path) -> None:
    unseen = list[int]()

    def work(number: int) -> None:
        put(database, f"w{number}")
        with closing(sqlite3.connect(tmp_path / "loa.db")) as other:
            if other.execute("SELECT count(*) FROM settings WHERE name = ?", (f"w{number}",)).fetchone() != (1,):
                unseen.append(number)

    assert crowd(database, work) == [None] * WRITERS
    assert unseen == []


def test_who_has_to_be_heard_at_once_goes_before_all_who_wait_and_shares_with_nobody(database: Database) -> None:
    order = list[str]()
    begun = threading.Event()

    def urgent() -> None:
        begun.set()
        with database.write_first() as connection:
            order.append("first")
            assert connection.execute(select(SETTINGS.c.name).where(SETTINGS.c.name.like("w%"))).all() == []

    def usual(number: int) -> None:
        put(database, f"w{number}")
        order.append("usual")

    others = [threading.Thread(target=usual, args=(number,)) for number in range(WRITERS)]
    first = threading.Thread(target=urgent)
    turn = database._group._turn  # type: ignore[union-attr]
    with database.write():
        for thread in others:
            thread.start()
        while len(turn._waiting) < WRITERS:
            threading.Event().wait(0.001)
        first.start()
        while len(turn._waiting) <= WRITERS:
            threading.Event().wait(0.001)
    for thread in (first, *others):
        thread.join(30)
    assert order[0] == "first"
    assert len(order) == WRITERS + 1


def nobody_is_told_before_the_commit(database: Database, _folder: Path, patience: float = 10.0) -> None:
    """Hold each shared commit back: whoever has written in it and returns all the same was told too early."""
    returned, early = threading.Event(), list[bool]()
    others = list[threading.Thread]()

    def hold_back(_connection: object) -> None:
        if threading.current_thread() in others:
            early.append(returned.wait(patience) if not early else returned.is_set())

    def work(number: int) -> None:
        others.append(threading.current_thread())
        put(database, f"w{number}")
        if not early:
            returned.set()

    event.listen(database._writer, "commit", hold_back)
    assert crowd(database, work) == [None] * WRITERS
    assert not any(early), "told before the commit"


def test_nobody_is_told_before_the_commit(database: Database, tmp_path: Path) -> None:
    nobody_is_told_before_the_commit(database, tmp_path, patience=0.2)


# --- deliberate mistakes, each of which one of the tests above has to catch


def told_at_once(_commit: GroupCommit, _group: _Group) -> None:
    """Wait for no commit."""


def all_taken_along(_commit: GroupCommit, group: _Group, _savepoint: object, error: BaseException) -> None:
    """Undo what the others wrote, because one of them failed."""
    group.error = error


def nothing_taken_back(_commit: GroupCommit, _group: _Group, savepoint: Any, _error: BaseException) -> None:
    """Keep what a writer wrote before it failed."""
    if savepoint is not None:
        savepoint.commit()


def silent(group: _Group) -> None:
    """Tell nobody of a commit that failed."""
    END(group)
    group.error = None


END = _Group.end
ONE_FAILS = test_a_writer_that_fails_takes_back_its_own_and_nobody_elses
COMMIT_FAILS = test_a_commit_that_fails_is_told_to_all_who_share_it
MISTAKES: Mapping[str, tuple[type, str, Callable[..., None], Callable[..., None]]] = {
    "told before the commit": (GroupCommit, "_await", told_at_once, nobody_is_told_before_the_commit),
    "one that fails takes all along": (GroupCommit, "_take_back", all_taken_along, lambda database, _: ONE_FAILS(database)),
    "what failed is kept": (GroupCommit, "_take_back", nothing_taken_back, lambda database, _: ONE_FAILS(database)),
    "a failed commit is told to nobody": (_Group, "end", silent, COMMIT_FAILS),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_deliberate_mistake_is_caught(
    mistake: str, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    owner, name, wrong, caught_by = MISTAKES[mistake]
    monkeypatch.setattr(owner, name, wrong)
    with pytest.raises((AssertionError, IntegrityError)):  # the second where one is told what another did
        caught_by(database, tmp_path)
