"""What a feed remembers of what it told: versions and tombstones."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from store.feeds import Telling
from store.ics.event import FeedEvent, Standing
from store.ics.writer import Cover, write_feed
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ics.calendars import KNOWN, day
from tests.store.ledger_posts import DUE

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
A, B = day("a@ha-noi.loa", "Kỷ niệm"), day("b@ha-noi.loa", "Khai hội", date(2026, 11, 20))


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(DUE)


@pytest.fixture
def store(tmp_path: Path, clock: SimulatedClock, database: str) -> Iterator[Store]:
    with Store.open(fresh_database(tmp_path, database), clock=clock) as opened:
        yield opened


def tell(store: Store, *events: FeedEvent, feed: str = "public") -> Telling:
    return store.feeds.tell(feed, events, FIRST, LAST)


def body(telling: Telling) -> bytes:
    return write_feed(Cover(name="x", description="y"), telling.events, telling.last_told).body


def versions(telling: Telling) -> dict[str, tuple[int, Standing]]:
    return {each.event.uid[0]: (each.sequence, each.event.standing) for each in telling.events}


def test_the_same_events_are_the_same_bytes_at_any_hour_in_any_order_and_in_any_store(
    store: Store, clock: SimulatedClock, tmp_path: Path
) -> None:
    first = body(tell(store, A, B))
    clock.advance(timedelta(days=3))
    assert body(tell(store, B, A)) == first
    (tmp_path / "other").mkdir()
    with Store.open(fresh_database(tmp_path / "other"), clock=clock) as another:
        assert body(tell(another, A, B)) == first


def test_a_change_makes_a_newer_version_of_that_event_alone(store: Store, clock: SimulatedClock) -> None:
    tell(store, A, B)
    clock.advance(timedelta(hours=1))
    told = tell(store, replace(A, summary="Kỷ niệm 72 năm"), B)
    assert versions(told) == {"a": (1, Standing.CONFIRMED), "b": (0, Standing.CONFIRMED)}
    assert [each.changed_at for each in told.events] == [DUE + timedelta(hours=1), KNOWN]
    assert told.last_told == DUE + timedelta(hours=1)


def test_an_event_that_moved_keeps_its_uid(store: Store) -> None:
    tell(store, A)
    moved = replace(A, start=date(2026, 10, 12), end=date(2026, 10, 13))
    (told,) = tell(store, moved).events
    assert (told.event.uid, told.sequence, told.event.start) == (A.uid, 1, date(2026, 10, 12))


def test_what_vanished_stays_as_cancelled_and_comes_back_as_a_newer_version(store: Store) -> None:
    tell(store, A, B)
    gone = tell(store, A)
    assert versions(gone) == {"a": (0, Standing.CONFIRMED), "b": (1, Standing.CANCELLED)}
    tombstone = gone.events[1].event
    assert (tombstone.summary, tombstone.start, tombstone.end) == ("Đã hủy: Khai hội", B.start, B.end)
    assert body(tell(store, A)) == body(gone)
    assert versions(tell(store, A, B)) == {"a": (0, Standing.CONFIRMED), "b": (2, Standing.CONFIRMED)}


def test_a_withdrawn_headline_does_not_live_on_in_its_tombstone(store: Store) -> None:
    tell(store, replace(A, farewell="Bài đã được gỡ", description="Con số sai"))
    told = tell(store)
    assert told.events[0].event.summary == "Bài đã được gỡ"
    assert "Con số sai".encode() not in body(told)
    assert "Kỷ niệm".encode() not in body(told)


def test_a_year_that_is_over_leaves_without_being_cancelled(store: Store) -> None:
    tell(store, A, B)
    told = store.feeds.tell("public", (), date(2027, 1, 1), date(2028, 12, 31))
    assert told.events == ()
    assert versions(tell(store, A, B)) == {"a": (0, Standing.CONFIRMED), "b": (0, Standing.CONFIRMED)}


def test_each_feed_has_a_memory_of_its_own(store: Store) -> None:
    tell(store, A, B, feed="staff")
    assert versions(tell(store, A)) == {"a": (0, Standing.CONFIRMED)}
    assert versions(tell(store, A, feed="staff"))["b"] == (1, Standing.CANCELLED)


def test_a_tombstone_of_a_moment_keeps_its_hour(store: Store) -> None:
    meeting = FeedEvent(uid="c@ha-noi.loa", start=DUE, end=DUE + timedelta(minutes=15), summary="Bài", known_since=KNOWN)
    tell(store, meeting)
    (told,) = tell(store).events
    assert (told.event.start, told.event.end) == (meeting.start, meeting.end)


def test_readers_that_come_together_are_told_the_same(store: Store) -> None:
    events = tuple(day(f"{number}@ha-noi.loa", f"Ngày {number}") for number in range(40))
    with ThreadPoolExecutor(max_workers=8) as pool:
        bodies = set(pool.map(lambda _: body(tell(store, *events)), range(16)))
    assert len(bodies) == 1
    assert all(each.sequence == 0 for each in tell(store, *events).events)
