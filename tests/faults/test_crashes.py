"""F1 to F4: the worker's process ends at each step."""

from __future__ import annotations

import pytest

from editorial.post import Post
from publishers.contract import Handles, Prepares
from tests.faults.city import CHANNELS, City, Killed, around_call, die
from tests.faults.expected import ROWS


def test_F1_killed_after_the_claim(city: City) -> None:
    for publisher in city.publishers.values():
        _die_once(publisher, "check")
    city.plan_all()
    for _ in CHANNELS:
        city.work()
    assert city.public().total() == 0
    city.live()
    assert city.ends() == ROWS["F1"].ends


class MortalHandles:
    """The process dies as soon as a handle is kept."""

    def __init__(self, kept: Handles) -> None:
        self._kept = kept

    def get(self, name: str) -> str | None:
        return self._kept.get(name)

    def save(self, name: str, value: str) -> None:
        self._kept.save(name, value)
        raise Killed


def test_F1_killed_in_prepare_after_each_handle_and_what_was_uploaded_is_used(city: City) -> None:
    for publisher in city.publishers.values():
        _die_at_first_handle(publisher)
    city.plan_all()
    for _ in CHANNELS:
        city.work()
    assert set(city.public()) == {"telegram"}, "it alone prepares nothing"
    city.live()
    assert city.ends() == ROWS["F1"].ends


def test_F2_killed_after_the_intent_before_the_first_byte(city: City) -> None:
    _kill_every_worker(city, before=True)
    assert city.ends() == ROWS["F2"].ends


def test_F3_killed_after_the_platform_accepted(city: City) -> None:
    _kill_every_worker(city, before=False)
    assert city.ends() == ROWS["F3"].ends


def test_F4_killed_after_the_result_is_written(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.plan_all()
    record = city.store.deliveries.pass_to
    left = list(CHANNELS)

    def pass_to(delivery: object, state: object, **more: object) -> object:
        changed = record(delivery, state, **more)  # type: ignore[arg-type]
        if more.get("outcome") and left:
            left.pop()
            raise Killed
        return changed

    monkeypatch.setattr(city.store.deliveries, "pass_to", pass_to)
    city.live()
    assert not left
    assert city.ends() == ROWS["F4"].ends
    assert {delivery.attempts for delivery in city.store.deliveries.list()} == {1}


def _kill_every_worker(city: City, *, before: bool) -> None:
    for publisher in city.publishers.values():
        around_call(publisher, before=die if before else None, after=None if before else die)
    city.plan_all()
    for _ in CHANNELS:
        city.work()
    city.live()


def _die_once(publisher: object, name: str) -> None:
    real, left = getattr(publisher, name), [1]

    def dying(*given: object, **more: object) -> object:
        if left:
            left.pop()
            raise Killed
        return real(*given, **more)

    setattr(publisher, name, dying)


def _die_at_first_handle(publisher: object) -> None:
    if not isinstance(publisher, Prepares):
        return
    real, left = publisher.prepare, [1]

    def prepare(post: Post, *, key: str, handles: Handles) -> None:
        real(post, key=key, handles=MortalHandles(handles) if left and left.pop() else handles)

    publisher.prepare = prepare  # type: ignore[method-assign]
