"""How SQLite answers what is asked of it: by which index, and what it reads from end to end."""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Connection

from sqlalchemy import event

from store.store import Store


def plans_of(store: Store, do: Callable[[], object]) -> list[tuple[str, list[str]]]:
    """Return each question that is asked meanwhile, with the lines of its plan."""
    asked: list[str] = []

    def lent(driver: Connection, *_: object) -> None:
        driver.set_trace_callback(asked.append)

    def given_back(driver: Connection, *_: object) -> None:
        driver.set_trace_callback(None)

    # The driver itself tells, with the values in their places: what is asked past SQLAlchemy is heard as well.
    database = store._database
    pools = {engine.pool for engine in (database._reader, database._asker, database._writer)}
    for pool in pools:
        event.listen(pool, "checkout", lent)
        event.listen(pool, "checkin", given_back)
    do()
    for pool in pools:
        event.remove(pool, "checkout", lent)
        event.remove(pool, "checkin", given_back)
    with database.read() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        return [
            (text, [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {text}")])
            for text in asked if text.lstrip().startswith(("SELECT", "WITH"))
        ]  # fmt: skip
