"""A rehearsal town, a folder of media that is served over HTTP, and an account at the town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.town import Town
from tests.publishers.bench import HandClock, serving


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def media_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    return folder


@pytest.fixture
def media_url(media_folder: Path) -> Iterator[str]:
    with serving(media_folder) as url:
        yield url


@pytest.fixture
def town(clock: HandClock, tmp_path: Path) -> Iterator[Town]:
    with Town(clock=clock, folder=tmp_path / "town") as town:
        yield town
