"""What only a server has to be told: that it may not lose what it has confirmed, and who waits for whom."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from editorial.clock import SimulatedClock
from store.database import Database, ask_postgresql
from store.errors import Unreachable
from store.halts import ALL
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE
from tests.store.postgres_cluster import fresh_postgresql


@pytest.fixture
def url(tmp_path: Path) -> str:
    return fresh_database(tmp_path, "postgresql")


@pytest.fixture
def opened(url: str) -> Iterator[Database]:
    made = Database(url)
    yield made
    made.close()


def wait_for_lock(url: str) -> None:
    """Return when a session stands waiting for the right to write."""
    with psycopg.connect(url, autocommit=True) as server:
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while server.execute(waiting).fetchone() == (0,):
            threading.Event().wait(0.01)


def test_what_is_confirmed_is_on_the_disk_whatever_the_server_was_told(opened: Database) -> None:
    with opened.write() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"


def test_pages_cannot_write_even_by_mistake(opened: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"), opened.read() as connection:
        connection.execute(text("DELETE FROM posts"))


def test_workers_write_side_by_side(opened: Database) -> None:
    with opened.write_beside(), opened.write_beside() as second:
        assert second.execute(text("SELECT 1")).scalar_one() == 1


def test_a_pause_waits_for_the_intents_that_are_being_written_and_none_begins_before_it(url: str, opened: Database) -> None:
    paused_for_intent = list[int]()

    def begin() -> None:
        with opened.write_beside() as connection:
            paused_for_intent.append(connection.execute(text("SELECT count(*) FROM halts")).scalar_one())

    with Store.open(url, clock=SimulatedClock(DUE)) as store:
        pause = threading.Thread(target=store.halts.set, args=(ALL,), kwargs={"why": "dừng", "who": "Minh"})
        intent = threading.Thread(target=begin)
        with opened.write_beside() as earlier:
            pause.start()
            wait_for_lock(url)
            intent.start()
            assert earlier.execute(text("SELECT count(*) FROM halts")).scalar_one() == 0
        pause.join()
        intent.join()
    assert paused_for_intent == [1]


def test_a_worker_that_is_frozen_in_a_transaction_does_not_stop_the_others(url: str, opened: Database) -> None:
    with pytest.raises(DBAPIError), opened.write() as frozen:
        frozen.execute(text("SET idle_in_transaction_session_timeout = 50"))  # the product's is ten seconds
        with Store.open(url, clock=SimulatedClock(DUE)) as store:
            store.settings.set("a", "1")
        frozen.execute(text("SELECT 1"))


def test_a_postgresql_that_answers_is_told_from_an_address_where_none_does() -> None:
    ask_postgresql(fresh_postgresql())
    for address in ("x", "sqlite:///x.db", "postgresql://a@127.0.0.1:1/b", "postgresql://a@[::1"):
        with pytest.raises(Unreachable):
            ask_postgresql(address)
