"""What holds for the store holds on both databases: an empty office of each, where a test wants no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from store.store import Store
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.ledger_posts import DUE


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Name the database that a test runs on."""
    return str(request.param)


@pytest.fixture
def url(tmp_path: Path, database: str) -> str:
    """Return the address of a new database."""
    return fresh_database(tmp_path, database)


@pytest.fixture
def clock() -> SimulatedClock:
    """Return a clock that stands at the moment when posts are due."""
    return SimulatedClock(DUE)


@pytest.fixture
def store(url: str, clock: SimulatedClock) -> Iterator[Store]:
    """Open the new database."""
    with Store.open(url, clock=clock) as opened:
        yield opened
