"""SQLite's log must not take the last of the disk: what has filled it is never emptied any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from store.database import LOG_KEPT, Database
from store.errors import NoRoom
from store.room import RESERVE
from store.trouble import trouble
from tests.store.fresh_database import fresh_database
from tests.store.small_disk import small_disk

MB = 1_000_000
PAGE = "x" * 3000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", RESERVE + 24 * MB) as folder:
        yield folder


@pytest.fixture
def database(disk: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{disk / 'loa.db'}")
    with made.write() as connection:
        connection.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)"))
    yield made
    made.close()


def note(database: Database, number: int) -> None:
    with database.write() as connection:
        connection.execute(text("INSERT OR REPLACE INTO note VALUES (:number, :words)"), {"number": number % 300, "words": PAGE})


def write_until_no_room(database: Database) -> int:
    for number in range(20_000):
        note(database, number)
        try:
            database.keep_room()
        except NoRoom:
            return number
    raise AssertionError("the disk is never full")


def log_size(disk: Path) -> int:
    return (disk / "loa.db-wal").stat().st_size


def standing_reader(disk: Path) -> sqlite3.Connection:
    """Return a program that has begun to read and reads no further, as a frozen process."""
    reader = sqlite3.connect(disk / "loa.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM note").fetchall()
    return reader


def test_a_log_that_a_reader_keeps_from_being_emptied_stops_what_is_new_before_the_disk_is_full(
    database: Database, disk: Path
) -> None:  # fmt: skip
    with closing(standing_reader(disk)):
        write_until_no_room(database)
        assert log_size(disk) > 20 * MB
        with pytest.raises(NoRoom) as told:
            database.keep_room()
        for number in range(1000):
            note(database, number)  # what is in hand can still be written down
    assert "dọn ổ đĩa" in (trouble(told.value) or "")


def test_when_the_reader_has_gone_the_log_gives_its_room_back(database: Database, disk: Path) -> None:
    with closing(standing_reader(disk)):
        write_until_no_room(database)
    database.keep_room()
    assert log_size(disk) == 0
    note(database, 1)


def test_a_log_that_has_grown_is_cut_when_it_is_written_from_its_start_again(database: Database, disk: Path) -> None:
    with closing(standing_reader(disk)):
        while log_size(disk) <= LOG_KEPT + 2 * MB:
            note(database, 1)
    for number in range(3):
        note(database, number)
    assert log_size(disk) <= LOG_KEPT


def test_somebody_who_writes_meanwhile_is_not_waited_for(database: Database, disk: Path) -> None:
    (disk / "photo").write_bytes(b"\0" * 20 * MB)
    with database.write() as connection:
        _write_much(connection)
        with pytest.raises(NoRoom):
            database.keep_room()


def _write_much(connection: Connection) -> None:
    connection.execute(text("INSERT INTO note VALUES (1, :words)"), {"words": "x" * 8 * MB})


def test_a_disk_with_room_is_only_looked_at(database: Database, disk: Path) -> None:
    note(database, 1)
    size = log_size(disk)
    database.keep_room()
    assert log_size(disk) == size > 0


def test_the_disk_of_a_server_is_the_servers_own(tmp_path: Path) -> None:
    database = Database(fresh_database(tmp_path, "postgresql"))
    database.keep_room()
    database.close()
