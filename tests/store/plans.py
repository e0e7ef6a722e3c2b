"""How SQLite answers what is asked of it: by which index, and what it reads from end to end."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import event

from store.store import Store


def plans_of(store: Store, do: Callable[[], object]) -> list[tuple[str, list[str]]]:
    """Return each question that is asked meanwhile, with the lines of its plan."""
    asked: list[tuple[str, object]] = []

    def noted(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    with store._database.read() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", noted)
    do()
    event.remove(engine, "before_cursor_execute", noted)
    with store._database.read() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        return [
            (text, [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {text}", values)])
            for text, values in asked if text.lstrip().startswith("SELECT")
        ]  # fmt: skip
