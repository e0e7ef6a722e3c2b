"""What holds for the store holds on both databases."""

from __future__ import annotations

import pytest

from tests.store.fresh_database import DATABASES


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Name the database that a test runs on."""
    return str(request.param)
