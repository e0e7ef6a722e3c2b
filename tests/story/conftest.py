from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.demo import Demo
from desk.place import Place
from desk.workbench import Workbench, open_workbench
from editorial.clock import SystemClock
from tests.story.workspace import make_workspace


@pytest.fixture(scope="session")
def finished_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Return the office after the demo has run to its proof over a few of the sample entries."""
    place = Place(root=make_workspace(tmp_path_factory.mktemp("office")))
    demo = Demo(place, lambda step, done, total: None)
    assert demo.run().proof.ok
    with open_workbench(place, demo.memory, SystemClock()) as bench:
        yield bench
