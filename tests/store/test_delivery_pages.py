"""Deliveries a page at a time: the same order as all of them sorted, whatever they are narrowed to and wherever a page begins."""

from __future__ import annotations

from datetime import timedelta
from itertools import count, pairwise

import pytest

from editorial.clock import SimulatedClock
from editorial.delivery import Delivery, HoldReason, State
from editorial.outcome import Receipt
from store.delivery_pages import PRESSING, Wanted, place_of
from store.store import Store
from tests.store.ledger_posts import DUE, approval, post
from tests.store.plans import plans_of

LEASE = timedelta(minutes=2)
ENDS = (State.SENT, State.HELD, State.FAILED, State.SENT, State.SENT)
CASES = [
    Wanted(),
    Wanted(channel="zalo"),
    Wanted(states=(State.SENT,)),
    Wanted(states=(State.SCHEDULED, State.HELD)),
    Wanted(states=(State.FAILED, State.HELD), channel="portal"),
    Wanted(states=(State.WITHDRAWN,)),
    Wanted(group="1.7"),
    Wanted(group="1.7", states=(State.SCHEDULED,), channel="zalo"),
]


@pytest.fixture
def ledger(store: Store, clock: SimulatedClock) -> Store:
    """Return a store with deliveries in many states, two at each moment."""
    for number in range(14):
        posts = [post(f"bai-{number}.{channel}.2026", channel=channel, due_at=DUE + timedelta(hours=number // 2))
                 for channel in ("portal", "zalo")]  # fmt: skip
        store.approvals.save(approval(posts), posts)
        for each in posts:
            store.deliveries.plan(each)
    _put_cards(store)
    ends = count()
    for _ in range(5):
        store.deliveries.promote()
        while claim := store.deliveries.claim("máy", LEASE):
            _end(store, claim.delivery, ENDS[next(ends) % len(ENDS)])
        clock.advance(timedelta(hours=1))
    return store


def _put_cards(store: Store) -> None:
    """Let every third entry be of another group, as its card says."""
    from sqlalchemy import insert

    from store.schema import ENTRIES

    with store._database.write() as connection:
        for number in range(14):
            group = "1.7" if number % 3 else "1.1"
            connection.execute(insert(ENTRIES).values(
                id=f"bai-{number}", revision="0" * 64, title="Bài", content_group=group, axis="ubnd", unit="so", rule="",
                tone="neutral", file="", saved_at=DUE,
            ))  # fmt: skip


def _end(store: Store, delivery: Delivery, state: State) -> None:
    prepared = store.deliveries.pass_to(delivery, State.PREPARED)
    sending, _ = store.attempts.open(prepared, deadline=store.clock.now() + timedelta(seconds=30))
    if state is State.HELD:
        reason = HoldReason.AMBIGUOUS
        store.deliveries.pass_to(sending, state, outcome="OutcomeUnknown", hold_reason=reason)
    elif state is State.FAILED:
        store.deliveries.pass_to(sending, state, outcome="Refused")
    else:
        receipt = Receipt(remote_id=f"r{delivery.id}", url=None)
        later = store.clock.now() + timedelta(days=9)
        store.deliveries.pass_to(sending, state, outcome="receipt", receipt=receipt, next_at=later)


def sorted_by_hand(store: Store, wanted: Wanted) -> tuple[list[Delivery], list[Delivery]]:
    """Return what needs a person, and the rest, each by moment."""
    groups = {f"bai-{number}": "1.7" if number % 3 else "1.1" for number in range(14)}
    kept = [
        each for each in store.deliveries.list()
        if (wanted.states is None or each.state in wanted.states) and wanted.channel in (None, each.channel)
        and wanted.group in (None, groups[each.entry])
    ]  # fmt: skip
    ordered = sorted(kept, key=lambda each: (each.due_at, each.id))
    return [each for each in ordered if each.state in PRESSING], [each for each in ordered if each.state not in PRESSING]


@pytest.mark.parametrize("wanted", CASES)
def test_pages_have_everything_once_and_in_order(ledger: Store, wanted: Wanted) -> None:
    pressing, others = sorted_by_hand(ledger, wanted)
    pages = ledger.delivery_pages
    for found, ask in ((pressing, pages.pressing), (others, pages.others)):
        walked: list[Delivery] = []
        while some := ask(wanted, 3, after=place_of(walked[-1]) if walked else None):
            walked.extend(some)
        assert walked == found
    assert pages.count_pressing(wanted) == len(pressing)
    assert pages.count(wanted) == len(pressing) + len(others)


@pytest.mark.parametrize("wanted", CASES)
def test_pages_go_back_as_they_came(ledger: Store, wanted: Wanted) -> None:
    _, others = sorted_by_hand(ledger, wanted)
    for place, each in enumerate(others):
        found = ledger.delivery_pages.others(wanted, 3, before=place_of(each))
        assert list(found) == others[max(0, place - 3) : place]
    assert list(ledger.delivery_pages.others(wanted, 3, skip=2)) == others[2:5]
    assert list(ledger.delivery_pages.pressing(wanted, 2, skip=1)) == sorted_by_hand(ledger, wanted)[0][1:3]


@pytest.mark.parametrize("wanted", CASES)
@pytest.mark.parametrize("database", ["sqlite"])
def test_every_page_begins_with_an_index(ledger: Store, wanted: Wanted) -> None:
    place = place_of(ledger.deliveries.list()[9])

    def ask() -> None:
        ledger.delivery_pages.others(wanted, 3, after=place)
        ledger.delivery_pages.others(wanted, 3, before=place)
        ledger.delivery_pages.pressing(wanted, 3)

    plans = [lines for _, lines in plans_of(ledger, ask)]
    assert len(plans) == (1 if wanted.states and PRESSING.issuperset(wanted.states) else 3)
    waiting = [before for before, line in pairwise(plans[-1]) if line.startswith("LIST SUBQUERY")]
    assert waiting == ["SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)"], "what waits below a post finds the post"
    for line in (line for plan in plans for line in plan if "deliveries" in line):
        assert line.startswith("SEARCH") or "USING INDEX" in line or "USING COVERING INDEX" in line, line


def test_the_tally_follows_every_change_without_counting_again(ledger: Store, clock: SimulatedClock) -> None:
    tally, whole = ledger.delivery_tally, ledger.deliveries.counts
    assert tally.counts() == whole()
    known = tally._known
    ready = post("moi.portal.2026", due_at=clock.now() + timedelta(minutes=1))
    ledger.approvals.save(approval([ready]), [ready])
    ledger.deliveries.plan(ready)
    assert tally.counts() == whole() and sum(whole().values()) == 29
    clock.advance(timedelta(seconds=50))
    held = next(each for each in ledger.deliveries.list(states=(State.HELD,)))
    ledger.decisions.cancel(held.id, who="lan", why="thử")
    assert tally.counts() == whole() and whole()[held.channel, State.CANCELLED] == 1
    assert known is not None and tally._known is not None and tally._known.at == known.at, "it was counted once"
    clock.advance(timedelta(seconds=20))
    assert tally.counts() == whole() and tally._known.at == clock.now(), "after a minute it is counted anew"


def test_the_last_change_is_the_newest_of_all(store: Store, clock: SimulatedClock) -> None:
    assert store.delivery_tally.last_change() is None
    ready = post("moi.portal.2026")
    store.approvals.save(approval([ready]), [ready])
    store.deliveries.plan(ready)
    assert store.delivery_tally.last_change() == store.deliveries.last_touched() == clock.now()
    clock.advance(timedelta(minutes=3))
    store.deliveries.promote()
    assert store.delivery_tally.last_change() == clock.now() == store.deliveries.last_touched()
