"""Every fault on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.city import City, open_city
from tests.store.fresh_database import DATABASES


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def city(tmp_path: Path, database: str) -> Iterator[City]:
    with open_city(tmp_path, database) as opened:
        yield opened
