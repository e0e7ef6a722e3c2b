"""That the store is back is told by who has asked it, and by nobody who had nothing to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from editorial.clock import SystemClock
from scheduler.engines.outage import BACK, Outage, Passed
from store.store import Store
from tests.store.fresh_database import fresh_database


class Moved:
    """A store whose folder can be taken away, an outage, and what people are told."""

    def __init__(self, folder: Path, store: Store, told: pytest.LogCaptureFixture) -> None:
        self.store, self.outage = store, Outage()
        self._folder, self._told = folder, told

    def ask(self) -> None:
        self.store.settings.set("heartbeat", "now")

    def go(self) -> None:
        self._folder.rename(self._folder.with_name("elsewhere"))

    def come(self) -> None:
        self._folder.with_name("elsewhere").rename(self._folder)

    def beat(self, name: str, work: Callable[[], object]) -> None:
        self.outage.attempt(name, work)

    @property
    def told(self) -> list[str]:
        return [record.getMessage() for record in self._told.records]


@pytest.fixture
def moved(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Moved]:
    folder = tmp_path / "memory"
    folder.mkdir()
    with Store.open(fresh_database(folder), clock=SystemClock()) as store:
        yield Moved(folder, store, caplog)


def nothing() -> None:
    """Do what a beat does that has nothing to ask."""


def test_a_beat_that_failed_and_now_asks_nothing_does_not_say_that_the_store_is_back(moved: Moved) -> None:
    moved.beat("renew", moved.ask)
    moved.go()
    moved.beat("renew", moved.ask)
    moved.beat("renew", nothing)
    moved.beat("glance", nothing)
    moved.beat("dispatch", lambda: Passed.OVER)
    assert len(moved.told) == 1 and moved.told[0].startswith("Sổ của Loa: ")
    moved.come()
    moved.beat("renew", nothing)
    assert BACK not in moved.told
    moved.beat("glance", moved.ask)
    assert moved.told[1:] == [BACK]


def test_after_work_that_failed_only_who_has_asked_says_that_the_store_is_back(moved: Moved) -> None:
    moved.go()
    with pytest.raises(Exception) as failed:
        moved.ask()
    assert moved.outage.explains(failed.value)
    moved.beat("glance", nothing)
    assert BACK not in moved.told
    moved.come()
    moved.beat("glance", moved.ask)
    assert moved.told[1:] == [BACK]


def test_a_beat_that_was_answered_before_the_store_went_says_nothing(moved: Moved) -> None:
    def ask_and_then_it_goes() -> None:
        moved.ask()
        moved.go()
        with pytest.raises(Exception) as failed:
            moved.ask()
        moved.outage.explains(failed.value)

    moved.beat("slow", ask_and_then_it_goes)
    assert len(moved.told) == 1
    moved.come()
    moved.beat("slow", moved.ask)
    assert moved.told[1:] == [BACK]


def test_a_beat_that_failed_is_waited_for_until_it_has_passed(moved: Moved) -> None:
    moved.go()
    for name in ("dispatch", "watch"):
        moved.beat(name, moved.ask)
    moved.come()
    moved.beat("dispatch", moved.ask)
    assert BACK not in moved.told
    moved.beat("watch", moved.ask)
    assert moved.told[1:] == [BACK]
