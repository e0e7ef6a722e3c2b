"""What the driver runs by itself does what SQLAlchemy would have it do, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, Select, bindparam, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, PendingRollbackError

from store.schema import ATTEMPTS, DELIVERIES, METADATA, PASSAGES
from store.seals import SEALED_TABLES
from store.statement import Statement
from store.store import Store
from tests.store.ledger_posts import DUE, approval, post

HANOI = timezone(timedelta(hours=7))
ONE = Statement(select(DELIVERIES).where(DELIVERIES.c.id == bindparam("known")))
CHANGE = Statement(update(DELIVERIES).returning(DELIVERIES).where(DELIVERIES.c.id == bindparam("known")))
PASSAGE = {"start": "scheduled", "end": "queued", "who": "Lan", "detail": "", "at": DUE}
ADD = Statement(insert(PASSAGES).returning(PASSAGES.c.id))


@pytest.fixture
def known(store: Store) -> int:
    """Return the id of a delivery that has something in most tables."""
    ready = post(text="Cầu Long Biên “1902” % :now ?")
    store.approvals.save(approval([ready]), [ready])
    return store.deliveries.plan(ready).id


@pytest.fixture
def connection(store: Store, known: int) -> Iterator[Connection]:
    with store._database.write() as opened:
        yield opened


def as_sqlalchemy(connection: Connection, query: Select[Any], **values: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(query, values)]


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_every_table_is_read_alike(connection: Connection, table: Any) -> None:
    assert [tuple(row) for row in Statement(select(table)).all(connection)] == as_sqlalchemy(connection, select(table))


@pytest.mark.parametrize("name", SEALED_TABLES)
def test_what_the_log_seals_is_read_alike(connection: Connection, name: str) -> None:
    kept = SEALED_TABLES[name]
    for row in kept.rows(connection):
        key = int(row.key) if row.key.isdecimal() else row.key
        assert list(kept.rows(connection, key)) == [row]


def test_a_moment_is_kept_in_utc_whatever_zone_it_is_given_in(connection: Connection, known: int) -> None:
    moment = datetime(2026, 10, 10, 8, 0, 0, 123456, tzinfo=HANOI)
    changed = CHANGE.one(connection, {"known": known, "next_at": moment})
    assert (changed.next_at, changed.next_at.utcoffset()) == (moment, timedelta(0))
    assert connection.execute(select(DELIVERIES.c.next_at)).scalar_one() == moment
    found = select(DELIVERIES.c.id).where(DELIVERIES.c.next_at == bindparam("at"))
    assert Statement(found).one(connection, {"at": moment}).id == known


def test_a_moment_without_a_zone_is_refused(connection: Connection, known: int) -> None:
    with pytest.raises(ValueError, match="without"):
        CHANGE.one(connection, {"known": known, "next_at": DUE.replace(tzinfo=None)})


def test_one_statement_writes_whichever_columns_it_is_given(connection: Connection, known: int) -> None:
    assert CHANGE.one(connection, {"known": known, "detail": "một"}).detail == "một"
    after = CHANGE.one(connection, {"owner": "máy-1", "known": known, "lease_until": None})
    assert (after.detail, after.owner, after.lease_until) == ("một", "máy-1", None)


def test_a_row_that_is_put_in_gives_its_id(connection: Connection, known: int) -> None:
    first, second = (ADD.one(connection, {**PASSAGE, "delivery": known}).id for _ in range(2))
    assert second == first + 1


def test_a_value_of_the_statement_itself_and_one_that_is_given_stand_in_their_places(connection: Connection, known: int) -> None:
    states, low = ["scheduled", "queued"], bindparam("low")
    query = select(DELIVERIES.c.id, func.coalesce(DELIVERIES.c.owner, "nobody").label("who")).where(
        DELIVERIES.c.id > low, DELIVERIES.c.state.in_(states), DELIVERIES.c.fence >= low, DELIVERIES.c.channel != "x"
    )  # fmt: skip
    assert [tuple(row) for row in Statement(query.limit(3)).all(connection, {"low": -1})] == [(known, "nobody")]


def test_how_many_rows_were_written_is_told(connection: Connection, known: int) -> None:
    quiet = Statement(update(DELIVERIES).where(DELIVERIES.c.id == bindparam("known")))
    assert [quiet.count(connection, {"known": each, "detail": "x"}) for each in (known, known + 1)] == [1, 0]


def test_another_number_of_rows_than_one_is_told(connection: Connection, known: int) -> None:
    assert ONE.one_or_none(connection, {"known": known + 1}) is None
    with pytest.raises(LookupError):
        ONE.one(connection, {"known": known + 1})


def test_a_value_that_is_missing_is_told_before_anything_is_run(connection: Connection, known: int) -> None:
    with pytest.raises(Exception, match="known"):
        ONE.all(connection, {})
    with pytest.raises(TypeError, match="default"):
        Statement(insert(ATTEMPTS)).count(connection, {"delivery": known, "number": 1})


def test_what_it_writes_is_undone_with_the_transaction(store: Store, known: int) -> None:
    with pytest.raises(RuntimeError), store._database.write() as connection:
        CHANGE.one(connection, {"known": known, "detail": "một"})
        raise RuntimeError
    with store._database.write_beside() as connection:
        assert ONE.one(connection, {"known": known}).detail == ""


def test_what_it_reads_is_one_consistent_view_with_what_else_is_read(store: Store, known: int) -> None:
    with store._database.read() as connection:
        assert ONE.one(connection, {"known": known}).detail == ""
        with store._database.write_beside() as other:
            CHANGE.one(other, {"known": known, "detail": "một"})
        assert connection.execute(select(DELIVERIES.c.detail)).scalar_one() == ""
        assert ONE.one(connection, {"known": known}).detail == ""


def test_a_question_without_a_transaction_sees_what_is_there_now_and_leaves_none_open(store: Store, known: int) -> None:
    for word in ("một", "hai"):
        with store._database.write_beside() as connection:
            CHANGE.one(connection, {"known": known, "detail": word})
        assert [row.detail for row in store._database.ask(ONE, {"known": known})] == [word]
    with pytest.raises(DBAPIError):  # it only asks
        store._database.ask(CHANGE, {"known": known, "detail": "ba"})
    assert store._database.ask(ONE, {"known": known})[0].detail == "hai"


def test_what_the_database_refuses_is_raised_as_sqlalchemy_raises_it(store: Store, known: int) -> None:
    with pytest.raises(IntegrityError) as found, store._database.write() as connection:
        CHANGE.one(connection, {"known": known, "state": "held"})
    assert found.value.orig is not None
    assert "held_has_reason" in str(found.value.orig)
    with store._database.write() as connection:
        assert ONE.one(connection, {"known": known}).state == "scheduled"


def test_a_table_that_is_gone_is_told_as_by_sqlalchemy(store: Store, known: int) -> None:
    with store._database.write() as connection:
        connection.execute(text("DROP TABLE readings"))
    query = select(METADATA.tables["readings"])
    kinds = []
    for run in (lambda connection: connection.execute(query), lambda connection: Statement(query).all(connection)):
        with pytest.raises(DBAPIError) as found, store._database.read() as connection:
            run(connection)
        kinds.append((type(found.value), type(found.value.orig)))
    assert kinds[0] == kinds[1]


def test_a_connection_that_breaks_is_given_up(store: Store, known: int, database: str) -> None:
    if database == "sqlite":
        pytest.skip("a file does not hang up")
    with pytest.raises(OperationalError) as found, store._database.write() as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with store._database.session() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        try:
            ONE.one(connection, {"known": known})
        except OperationalError as error:
            assert error.connection_invalidated
            assert connection.invalidated
            with pytest.raises(PendingRollbackError):
                ONE.one(connection, {"known": known})
            raise
    assert found.value.connection_invalidated
    with store._database.write() as connection:
        assert ONE.one(connection, {"known": known}).id == known
