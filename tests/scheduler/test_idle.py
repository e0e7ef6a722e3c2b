"""An office that has sent for years and has nothing to do: its looks read no table from end to end."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from store.halts import ALL, channel_scope
from tests.scheduler.office import open_office
from tests.store.plans import plans_of

GROWS = ("deliveries", "passages", "attempts", "posts", "audit", "readings", "entries", "entry_revisions", "steps", "corrections")

NEWEST = re.compile(r"FROM \w+ ORDER BY \w+\.id DESC\s+LIMIT")  # which reads one row of the table


@pytest.mark.parametrize("paused", [(), (channel_scope("khac"),), (ALL,)])
def test_a_look_with_nothing_to_do_reads_no_table_whole(tmp_path: Path, paused: tuple[str, ...]) -> None:
    office = open_office(tmp_path)
    office.plan()
    office.run()
    for scope in paused:
        office.store.halts.set(scope, why="thử", who="lan")
    office.clock.advance(timedelta(days=400))
    office.run()
    plans = plans_of(office.store, office.dispatcher.tick)
    assert len(plans) > 5, "it has looked"
    whole = [
        f"{line}: {text}" for text, lines in plans for line in lines
        if any(line == f"SCAN {table}" for table in GROWS) and not NEWEST.search(text)
    ]  # fmt: skip
    assert not whole, "\n\n".join(whole)
    office.store.close()
