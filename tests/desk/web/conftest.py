from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice, open_small_office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallOffice]:
    """Return the small office; tests share it and leave it as it is."""
    office = open_small_office(Path(tmp_path_factory.mktemp("office")))
    yield office
    office.store.close()


@pytest.fixture
def browser(office: SmallOffice) -> Browser:
    return Browser(office)
