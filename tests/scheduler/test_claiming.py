"""Threads that ask at the same time share a question, and each gets another piece of work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from editorial.delivery import State
from scheduler.claiming import MOST, ClaimCounter
from store.claims import Claim
from store.store import Store
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.ledger_posts import DUE, approval, post

LEASE = timedelta(seconds=30)


@pytest.fixture(params=DATABASES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    made = Store.open(fresh_database(tmp_path, request.param), clock=SimulatedClock(DUE))
    request.addfinalizer(made.close)
    return made


def plan(store: Store, count: int) -> None:
    posts = [post(f"tin-{number:02}.portal.2026", text=f"Tin {number}") for number in range(count)]
    for each in posts:
        store.deliveries.plan(each)
    store.approvals.save(approval(posts), posts)
    store.deliveries.promote()


def asking(store: Store, seen: list[int]) -> Callable[[int], tuple[Claim, ...]]:
    def ask(most: int) -> tuple[Claim, ...]:
        seen.append(most)
        return store.deliveries.claim_some("máy-1", LEASE, most, states=(State.QUEUED,))

    return ask


def test_as_many_are_taken_at_once_as_are_wanted_in_the_order_of_the_line(store: Store) -> None:
    plan(store, 5)
    first = store.deliveries.claim_some("máy-1", LEASE, 3, states=(State.QUEUED,))
    rest = store.deliveries.claim_some("máy-2", LEASE, 3, states=(State.QUEUED,))
    assert [claim.delivery.post_key[:6] for claim in (*first, *rest)] == ["tin-00", "tin-01", "tin-02", "tin-03", "tin-04"]
    assert {(claim.delivery.state, claim.delivery.owner, claim.delivery.claims) for claim in first} == {
        (State.CLAIMED, "máy-1", 1)
    }  # fmt: skip
    assert store.deliveries.claim_some("máy-3", LEASE, 3, states=(State.QUEUED,)) == ()


def test_threads_that_wait_share_a_question_and_nobody_gets_what_another_has(store: Store) -> None:
    plan(store, 40)
    asked, gate = list[int](), threading.Event()
    ask = asking(store, asked)

    def ask_late(most: int) -> tuple[Claim, ...]:
        gate.wait(10)
        return ask(most)

    counter = ClaimCounter(ask_late)
    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(counter.take) for _ in range(20)]
        while counter._waiting < 19:  # the twentieth is the one that asks
            pass
        gate.set()
        taken = [claim for each in waiting if (claim := each.result())]
    assert len({claim.delivery.id for claim in taken}) == 20
    assert asked == [1, MOST, MOST, 3]


def test_when_the_line_is_empty_those_who_waited_meanwhile_do_not_ask_again(store: Store) -> None:
    asked, gate = list[int](), threading.Event()

    def nothing(most: int) -> tuple[Claim, ...]:
        gate.wait(10)
        asked.append(most)
        return ()

    counter = ClaimCounter(nothing)
    with ThreadPoolExecutor(10) as threads:
        waiting = [threads.submit(counter.take) for _ in range(10)]
        while counter._waiting < 9:
            pass
        gate.set()
        assert [each.result() for each in waiting] == [None] * 10
    assert len(asked) <= 2
    assert counter.take() is None and len(asked) <= 3, "who comes later asks anew"


def test_a_question_that_fails_fails_for_who_asked_and_the_next_asks_again(store: Store) -> None:
    plan(store, 2)
    faults = [OSError("away")]

    def ask(most: int) -> tuple[Claim, ...]:
        if faults:
            raise faults.pop()
        return store.deliveries.claim_some("máy-1", LEASE, most, states=(State.QUEUED,))

    counter = ClaimCounter(ask)
    with pytest.raises(OSError, match="away"):
        counter.take()
    assert counter.take() is not None
    assert counter._waiting == 0


def test_what_was_taken_for_others_is_handed_out_before_anything_is_asked(store: Store) -> None:
    plan(store, 3)
    asked = list[int]()
    counter = ClaimCounter(asking(store, asked))
    counter._waiting = 2  # two threads are on their way to the counter
    assert counter.take() is not None
    counter._waiting = 0
    assert [counter.take() is not None for _ in range(2)] == [True, True]
    assert asked == [3]
