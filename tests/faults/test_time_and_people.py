"""F18 and F20: clocks that are wrong, and people who change their minds between the queue and the call."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from editorial.delivery import HoldReason, State
from editorial.post import Post
from editorial.problem import Problem
from publishers.contract import Publisher
from rehearsal.faults import Fault
from scheduler.clock_watch import MARK, ClockWatch
from scheduler.dispatch import Dispatcher
from store.halts import ALL
from store.store import Store
from tests.faults.city import CHANNELS, LEASE, LOOK, ONCE, City, asked
from tests.faults.expected import ROWS

HOUR = timedelta(hours=1)


class WrongClock:
    """The machine's clock, set wrong by as much as somebody says; `boot` is what no one can set."""

    def __init__(self, city: City) -> None:
        self._city, self.off = city, timedelta()
        self._start = city.clock.now()

    def now(self) -> datetime:
        return self._city.clock.now() + self.off

    def boot(self) -> float:
        return (self._city.clock.now() - self._start).total_seconds()


def test_F18_a_clock_that_jumps_an_hour_ahead_sends_nothing_early(city: City) -> None:
    wrong = WrongClock(city)
    early = [replace(city.post(channel), due_at=city.clock.now() + HOUR / 2) for channel in CHANNELS]
    city.plan(*early)
    store = Store(city.store._database, wrong, city.folder)
    worker = _worker_by(city, wrong, store)
    worker.tick()
    wrong.off = HOUR
    while worker.tick():
        pass
    assert city.public().total() == 0
    assert {delivery.hold_reason for delivery in city.store.deliveries.list()} == {HoldReason.HALT}
    wrong.off = timedelta()
    worker.tick()
    city.store.halts.lift(ALL, who="Minh")
    city.live()
    assert city.ends() == ROWS["F18"].ends


def test_F18_a_clock_that_jumps_right_after_it_was_looked_at_sends_nothing_early(city: City) -> None:
    wrong = WrongClock(city)
    city.plan(*(replace(city.post(channel), due_at=city.clock.now() + HOUR - timedelta(seconds=30)) for channel in CHANNELS))
    worker = _worker_by(city, wrong, Store(city.store._database, wrong, city.folder))

    def boot_and_jump() -> float:
        passed = wrong.boot()
        wrong.off = HOUR  # the look has read the clock already
        return passed

    worker._watch = ClockWatch(city.store, wrong, wrong.boot)
    worker._watch._elapsed = boot_and_jump
    worker.tick()
    assert city.public().total() == 0
    assert {delivery.state for delivery in city.store.deliveries.list()} == {State.SCHEDULED}
    worker.tick()
    assert {halt.scope for halt in city.store.halts.standing()} == {ALL}
    wrong.off = timedelta()
    worker._watch = None
    city.store.halts.lift(ALL, who="Minh")
    city.live(2 * HOUR)
    assert city.ends() == ROWS["F18"].ends


def test_F18_a_clock_set_right_in_the_moment_of_the_look_delays_nothing(city: City) -> None:
    wrong = WrongClock(city)
    city.plan(*(replace(city.post(channel), due_at=city.clock.now() + timedelta(seconds=12)) for channel in CHANNELS))
    worker = _worker_by(city, wrong, Store(city.store._database, wrong, city.folder))
    worker.tick()
    pause, wrong.off = city.store.halts.set, timedelta(seconds=75)

    def pause_and_be_lifted(*given: object, **more: object) -> object:
        found = pause(*given, **more)  # type: ignore[arg-type]
        wrong.off = timedelta()
        city.store.halts.lift(ALL, who="Minh")
        return found

    worker._watch._store.halts.set = pause_and_be_lifted  # type: ignore[assignment, method-assign, union-attr]
    worker.tick()
    assert {delivery.state for delivery in city.store.deliveries.list()} == {State.SCHEDULED}
    city.clock.advance(timedelta(seconds=12))
    city.live()
    assert city.ends() == ROWS["F18"].ends


def test_F18_a_clock_that_jumps_an_hour_back_sends_nothing_again(city: City) -> None:
    wrong = WrongClock(city)
    worker = _worker_by(city, wrong, Store(city.store._database, wrong, city.folder))
    city.plan_all()
    city.live(timedelta(minutes=30))
    assert city.ends() == ROWS["F18"].ends
    wrong.off = -HOUR
    for _ in range(10):
        worker.tick()
        city.clock.advance(timedelta(minutes=10))
    assert city.ends() == ROWS["F18"].ends
    assert city.store.halts.standing() == ()


def test_F18_a_worker_that_is_started_when_the_clock_is_ahead_already_sends_nothing_early(city: City) -> None:
    wrong = WrongClock(city)
    store = Store(city.store._database, wrong, city.folder)
    _worker_by(city, wrong, store).tick()
    city.plan(*(replace(city.post(channel), due_at=city.clock.now() + HOUR / 2) for channel in CHANNELS))
    wrong.off = HOUR
    later = _worker_by(city, wrong, store)
    while later.tick():
        pass
    assert city.public().total() == 0
    assert [halt.scope for halt in city.store.halts.standing()] == [ALL]
    wrong.off = timedelta()
    again = _worker_by(city, wrong, store)
    again.tick()
    city.store.halts.lift(ALL, who="Minh")
    city.live(timedelta(hours=3), again)
    assert city.ends() == ROWS["F18"].ends
    assert city.store.halts.standing() == (), "who lifted the pause is not asked again"


def test_F18_a_clock_that_was_set_back_does_not_pause_whoever_is_started_next(city: City) -> None:
    wrong = WrongClock(city)
    store = Store(city.store._database, wrong, city.folder)
    worker = _worker_by(city, wrong, store)
    worker.tick()
    wrong.off = -HOUR
    for _ in range(3):
        city.clock.advance(HOUR / 4)
        worker.tick()
    wrong.off = timedelta()  # as of another worker, whose clock was right all the time
    _worker_by(city, wrong, store).tick()
    assert city.store.halts.standing() == ()


def test_F18_a_clock_that_was_back_when_a_worker_was_started_is_marked_once_it_has_held_for_an_hour(city: City) -> None:
    wrong = WrongClock(city)
    store = Store(city.store._database, wrong, city.folder)
    _worker_by(city, wrong, store).tick()
    mark = city.store.settings.get(MARK)
    wrong.off = -2 * HOUR
    late = _worker_by(city, wrong, store)
    late.tick()
    assert city.store.settings.get(MARK) == mark
    city.clock.advance(HOUR + timedelta(seconds=1))
    late.tick()
    assert city.store.settings.get(MARK) != mark
    assert city.store.halts.standing() == ()


@pytest.mark.parametrize("kept", [
    "", "x", "[]", "{}", '{"boot": "b", "now": "x", "since": 1}', '{"boot": "b", "now": "2020-01-01", "since": 0}',
    '{"boot": "b", "now": "2020-01-01T00:00:00+00:00", "since": "x"}',
    '{"boot": "another start", "now": "2020-01-01T00:00:00+00:00", "since": 0}',
    '{"boot": "b", "now": "2020-01-01T00:00:00+00:00", "since": 99999999}',
])  # fmt: skip
def test_F18_what_is_kept_of_another_start_or_cannot_be_read_says_nothing_about_the_clock(city: City, kept: str) -> None:
    wrong = WrongClock(city)
    city.store.settings.set(MARK, kept)
    assert ClockWatch(city.store, wrong, wrong.boot, lambda: "b").look() == wrong.now()
    assert city.store.halts.standing() == ()


def test_F18_a_machine_without_a_name_for_its_start_is_watched_from_then_on(city: City) -> None:
    wrong = WrongClock(city)
    ClockWatch(city.store, wrong, wrong.boot, str).look()
    wrong.off = HOUR
    assert ClockWatch(city.store, wrong, wrong.boot, str).look() is not None


def test_F18_a_machine_that_slept_for_half_an_hour_asks_about_what_is_late(city: City) -> None:
    wrong = WrongClock(city)
    worker = _worker_by(city, wrong, city.store)
    city.plan_all()
    city.clock.advance(HOUR / 2)
    city.live(HOUR, worker)
    assert city.ends() == dict.fromkeys(CHANNELS, asked(0, HoldReason.LATE))
    assert city.store.halts.standing() == ()


def _worker_by(city: City, clock: WrongClock, store: Store) -> Dispatcher:
    watch = ClockWatch(store, clock, clock.boot)
    return Dispatcher(store, city.publishers, clock, owner="máy-lệch", random=Random(7), elapsed=clock.boot, watch=watch)


@pytest.mark.parametrize("deed", ["edit", "withdraw"])
def test_F20_what_changes_between_the_queue_and_the_call_does_not_go_out(city: City, deed: str) -> None:
    for publisher in city.publishers.values():
        _between_check_and_call(city, publisher, deed)
    city.plan_all()
    city.live()
    assert city.ends() == ROWS["F20"].ends


def _between_check_and_call(city: City, publisher: Publisher, deed: str) -> None:
    real = publisher.check

    def check(post: Post) -> tuple[Problem, ...]:
        if deed == "edit":
            city.store.deliveries.plan(replace(post, variant=replace(post.variant, summary="đã sửa")))
        else:
            city.store.approvals.revoke(post.entry, who="Minh", why="sai số liệu")
        return real(post)

    publisher.check = check  # type: ignore[method-assign]


def test_F18_a_clock_set_back_between_claim_and_call_leaves_the_post_to_whoever_has_the_time(city: City) -> None:
    portal, wrong = city.publishers["web_portal"], WrongClock(city)
    prepare = portal.prepare  # type: ignore[attr-defined]

    def prepare_and_set_back(post: object, **more: object) -> None:
        prepare(post, **more)
        wrong.off = -HOUR

    portal.prepare = prepare_and_set_back  # type: ignore[attr-defined]
    city.plan_all(("web_portal",))
    city.work(_worker_by(city, wrong, Store(city.store._database, wrong, city.folder)))
    assert city.delivery("web_portal").state is State.QUEUED
    assert city.public().total() == 0
    city.live()
    assert city.ends() == {"web_portal": ONCE}


def test_F18_a_worker_whose_clock_is_ahead_calls_nobody_and_delays_what_it_looked_at_by_no_more_than_that(city: City) -> None:
    ahead, wrong = timedelta(seconds=75), WrongClock(city)
    worker = _worker_by(city, wrong, Store(city.store._database, wrong, city.folder))
    worker.tick()
    city.arm(Fault.DROP_RESPONSE_AFTER_COMMIT)
    city.plan_all()
    city.live(timedelta(seconds=10))  # Zalo works on the hidden article first
    calls = city.store.attempts.count()
    later = [replace(city.post(channel, 1), due_at=city.clock.now() + LEASE + ahead / 2) for channel in CHANNELS]
    city.plan(*later)
    city.clock.advance(LEASE)
    due = {each.id: each.next_at for each in city.store.deliveries.list()}
    city.arm(Fault.ERROR_BEFORE_COMMIT, LOOK)
    wrong.off = ahead
    while worker.tick():
        pass
    looked_at = [each for each in city.store.deliveries.list() if each.next_at != due[each.id] and each.state is State.UNKNOWN]
    assert looked_at, "it asks what became of posts, and puts the next look down by its own clock"
    longest = max(publisher.manifest.settle for publisher in city.publishers.values())
    assert all(each.next_at <= city.clock.now() + ahead + longest for each in looked_at)
    assert city.store.attempts.count() == calls, "the watch has paused everything"
    wrong.off = timedelta()
    worker.tick()
    city.store.halts.lift(ALL, who="Minh")
    city.live()
    assert city.public() == dict.fromkeys(CHANNELS, 2)
