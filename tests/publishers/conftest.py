"""One for each class of tests: a rehearsal town, a folder of media that is served over HTTP, and an account at the town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.town import Town
from tests.publishers.bench import HandClock, serving


@pytest.fixture(scope="class")
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="class")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="class")
def media_url(media_folder: Path) -> Iterator[str]:
    with serving(media_folder) as url:
        yield url


@pytest.fixture(scope="class")
def town(clock: HandClock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with Town(clock=clock, folder=tmp_path_factory.mktemp("town")) as town:
        yield town
