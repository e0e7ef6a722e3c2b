"""An office that has sent for years and has nothing to do: its looks read no table from end to end."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from store.halts import ALL, channel_scope
from tests.scheduler.office import Office, open_office

GROWS = ("deliveries", "passages", "attempts", "posts", "audit", "readings", "entries", "entry_revisions", "steps", "corrections")

NEWEST = re.compile(r"FROM \w+ ORDER BY \w+\.id DESC\s+LIMIT")  # which reads one row of the table


def asked_in_a_look(office: Office) -> list[tuple[str, object]]:
    """Return the questions of one look of the scheduler."""
    asked: list[tuple[str, object]] = []

    def noted(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    with office.store._database.read() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", noted)
    office.dispatcher.tick()
    event.remove(engine, "before_cursor_execute", noted)
    return [each for each in asked if each[0].lstrip().startswith("SELECT")]


@pytest.mark.parametrize("paused", [(), (channel_scope("khac"),), (ALL,)])
def test_a_look_with_nothing_to_do_reads_no_table_whole(tmp_path: Path, paused: tuple[str, ...]) -> None:
    office = open_office(tmp_path)
    office.plan()
    office.run()
    for scope in paused:
        office.store.halts.set(scope, why="thử", who="lan")
    office.clock.advance(timedelta(days=400))
    office.run()
    questions = asked_in_a_look(office)
    assert len(questions) > 5, "it has looked"
    with office.store._database.read() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        whole = [
            f"{row[3]}: {text}" for text, values in questions for row in driver.execute(f"EXPLAIN QUERY PLAN {text}", values)
            if any(row[3] == f"SCAN {table}" for table in GROWS) and not NEWEST.search(text)
        ]  # fmt: skip
    assert not whole, "\n\n".join(whole)
    office.store.close()
