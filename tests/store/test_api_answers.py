"""A request that comes again is done once, also where two of them come at the same moment, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from editorial.clock import SimulatedClock
from store.api_answers import AnotherRequest, Begun, KeptAnswer, UnderWay
from store.store import Store

ANSWER = KeptAnswer(status=201, body='{"id": "x"}', headers={"etag": '"1"'})


def test_one_of_many_at_once_does_it_and_the_others_are_told_so(store: Store) -> None:
    together = Barrier(8)

    def begin(_: int) -> object:
        together.wait()
        try:
            return store.api_answers.begin(1, "viec", "f")
        except UnderWay:
            return None

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(begin, range(8)))
    begun = [each for each in found if isinstance(each, Begun)]
    assert len(begun) == 1 and found.count(None) == 7
    store.api_answers.keep(begun[0], ANSWER)
    assert store.api_answers.begin(1, "viec", "f") == ANSWER


def test_two_processes_with_connections_of_their_own_do_it_once(url: str, store: Store, clock: SimulatedClock) -> None:
    with Store.open(url, clock=clock) as other:
        together = Barrier(2)

        def begin(which: Store) -> object:
            together.wait()
            try:
                return which.api_answers.begin(1, "viec", "f")
            except UnderWay:
                return None

        with ThreadPoolExecutor(2) as threads:
            found = list(threads.map(begin, (store, other)))
        assert sum(isinstance(each, Begun) for each in found) == 1


def test_the_word_of_another_request_is_refused(store: Store) -> None:
    begun = store.api_answers.begin(1, "viec", "f")
    with pytest.raises(AnotherRequest):
        store.api_answers.begin(1, "viec", "g")
    assert isinstance(begun, Begun)
    store.api_answers.give_up(begun)
    assert isinstance(store.api_answers.begin(1, "viec", "g"), Begun)
    assert isinstance(store.api_answers.begin(2, "viec", "f"), Begun), "another token's word is another word"


def test_whoever_died_over_it_keeps_nobody_from_doing_it(store: Store, clock: SimulatedClock) -> None:
    dead = store.api_answers.begin(1, "viec", "f")
    clock.advance(timedelta(seconds=61))
    second = store.api_answers.begin(1, "viec", "f")
    assert isinstance(dead, Begun) and isinstance(second, Begun)
    store.api_answers.keep(dead, KeptAnswer(status=500, body="muộn"))  # it was only slow
    store.api_answers.keep(second, ANSWER)
    assert store.api_answers.begin(1, "viec", "f") == ANSWER


def test_answers_are_kept_for_a_day(store: Store, clock: SimulatedClock) -> None:
    begun = store.api_answers.begin(1, "viec", "f")
    assert isinstance(begun, Begun)
    store.api_answers.keep(begun, ANSWER)
    clock.advance(timedelta(hours=23, minutes=59))
    assert store.api_answers.begin(1, "viec", "f") == ANSWER
    clock.advance(timedelta(minutes=1))
    assert isinstance(store.api_answers.begin(1, "viec", "f"), Begun)
