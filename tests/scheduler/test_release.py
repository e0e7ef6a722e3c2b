"""Random pauses, crashes, days off of the machine and decisions: nothing that lost its moment comes in a burst."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations, count
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from editorial.clock import SimulatedClock
from editorial.delivery import Delivery, HoldReason, State
from editorial.post import Post
from editorial.release import PUNCTUAL, Comeback, ReleaseRule
from scheduler.dispatch import Dispatcher
from store.halts import ALL, channel_scope
from store.store import Store
from tests.scheduler.fake_platform import Platform
from tests.scheduler.mortal import Killed, MortalPublisher
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.ledger_posts import DUE, approval, post

GAP = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
FAULTS = ("", "timeout-after", "timeout-before", "die-before", "die-after", "unavailable", "rate", "pending")
DEEDS = ("pause", "pause-channel", "resume", "off", "on", "release", "restart", "fault", "stumble", "stumble")


@dataclass(frozen=True, kw_only=True)
class Deed:
    """Something that happens so many minutes after the start."""

    minute: int
    what: str
    fault: str


@dataclass(kw_only=True)
class Life:
    """One afternoon of an office with two schedulers on two channels of its own."""

    store: Store
    clock: SimulatedClock
    rule: ReleaseRule
    channels: tuple[str, str]
    running: bool = True
    calls: list[tuple[datetime, str, str]] = field(default_factory=list)  # moment, channel, key

    def __post_init__(self) -> None:
        self.start = self.clock.now()
        self.platform = Platform(clock=self.clock, before_call=self.note)
        publishers = {channel: MortalPublisher(self.platform, channel) for channel in self.channels}
        self.workers = [
            Dispatcher(self.store, publishers, self.clock, owner=f"máy-{n}", random=Random(n), rule=self.rule,
                       elapsed=lambda: 0.0)
            for n in range(2)
        ]  # fmt: skip

    def note(self, post: Post) -> None:
        self.calls.append((self.clock.now(), post.channel, post.key))

    def plan(self, minutes: list[int]) -> None:
        for number, minute in enumerate(minutes):
            channel = self.channels[number % 2]
            key = f"bai-{number}.{channel}.2026"
            ready = post(key, channel=channel, text=f"Lời của {key}", due_at=self.start + minute * MINUTE)
            self.store.deliveries.plan(ready)
            self.store.approvals.save(approval([ready], at=self.start), [ready])

    def live_to(self, moment: datetime) -> None:
        """Jump from one thing to do to the next; while the machine is off nothing is done."""
        while self.running and self.work():
            upcoming = self.store.deliveries.next_moment()
            if upcoming is None or upcoming >= moment:
                break
            self.clock.move_to(max(upcoming, self.clock.now() + timedelta(seconds=1)))
        self.clock.move_to(max(moment, self.clock.now()))

    def work(self) -> bool:
        for worker in self.workers * 2:
            try:
                while worker.tick():
                    pass
            except Killed:
                worker._in_hand.clear()
        return True

    def do(self, deed: Deed) -> None:
        match deed.what:
            case "pause":
                self.store.halts.set(ALL, why="dừng", who="Lan")
            case "pause-channel":
                self.store.halts.set(channel_scope(self.channels[0]), why="dừng", who="Lan")
            case "resume":
                self.resume()
            case "off" | "on":
                self.running = deed.what == "on"
            case "release":
                self.release()
            case "restart":
                self.workers[0].recover()
            case "fault":
                self.platform.faults.append(deed.fault)
            case _:
                self.stumble()

    def resume(self) -> None:
        for halt in self.store.halts.planned():
            self.store.halts.lift(halt.scope, who="Lan")

    def release(self) -> None:
        """Let a person release everything that waits for one, in one breath."""
        for held in self.mine():
            if held.hold_reason is HoldReason.LATE:
                self.store.decisions.publish_now(held.id, who="Lan", rule=self.rule)

    def stumble(self) -> None:
        """A macro: what was held is released, and the first of it comes later than it was told."""
        self.resume()
        self.running = True
        self.live_to(self.clock.now() + MINUTE)
        self.release()
        self.platform.faults.append("rate")

    def mine(self) -> tuple[Delivery, ...]:
        return tuple(each for channel in self.channels for each in self.store.deliveries.list(channel=channel))

    def end(self) -> None:
        self.platform.faults.clear()
        self.resume()
        self.running = True
        for _ in range(2):
            self.live_to(self.clock.now() + timedelta(hours=12))
            self.release()
        self.live_to(self.clock.now() + timedelta(hours=12))

    def as_planned(self, key: str, at: datetime) -> bool:
        """Tell whether a call was made at the moment that people had planned, or again after one that was."""
        delivery = self.store.deliveries.by_key(key)
        assert delivery
        held = any(each.end is State.HELD and each.at <= at for each in self.store.deliveries.passages(delivery.id))
        again = any(other == key and moment < at for moment, _, other in self.calls)
        return not held and (at <= delivery.due_at + PUNCTUAL or again)

    def judge(self) -> None:
        public = Counter(shown.key for shown in self.platform.ledger)
        for delivery in self.mine():
            assert public[delivery.post_key] <= 1, "twice"
            settled = delivery.state is State.VERIFIED or delivery.state is State.HELD
            assert settled and (delivery.state is State.HELD or public[delivery.post_key] == 1), f"lost: {delivery}"
        calls = defaultdict(list)
        for at, channel, key in self.calls:
            calls[channel].append((at, key))
        for made in calls.values():
            for (one, key), (other, second) in combinations(made, 2):
                apart = abs(other - one) >= GAP or key == second
                assert apart or (self.as_planned(key, one) and self.as_planned(second, other)), (key, one, second, other)


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(tmp_path: Path, database: str) -> Iterator[Store]:
    with Store.open(fresh_database(tmp_path, database), clock=SimulatedClock(DUE)) as opened:
        yield opened


deeds = st.lists(
    st.builds(Deed, minute=st.integers(0, 90), what=st.sampled_from(DEEDS), fault=st.sampled_from(FAULTS)), max_size=12
)
minutes = st.lists(st.integers(0, 60), min_size=2, max_size=10)


def live_many(store: Store, examples: int) -> None:
    """Live through so many afternoons, the same ones in each run."""
    number = count()

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(minutes=minutes, deeds=deeds, pause=st.sampled_from(Comeback), downtime=st.sampled_from(Comeback))
    def live(minutes: list[int], deeds: list[Deed], pause: Comeback, downtime: Comeback) -> None:
        clock, example = store.deliveries._clock, next(number)
        assert isinstance(clock, SimulatedClock)
        rule = ReleaseRule(gap=GAP, after_pause=pause, after_downtime=downtime)
        life = Life(store=store, clock=clock, rule=rule, channels=(f"k{example}a", f"k{example}b"))
        life.plan(minutes)
        for deed in sorted(deeds, key=lambda deed: deed.minute):
            life.live_to(life.start + deed.minute * MINUTE)
            life.do(deed)
        life.end()
        life.judge()

    live()


def test_whatever_happens_no_two_posts_of_a_channel_are_closer_than_people_planned(store: Store, database: str) -> None:
    live_many(store, 14 if database == "sqlite" else 7)


@pytest.mark.parametrize("mistake", ["no look before the call", "no look after a night", "neither"])
def test_a_deliberate_mistake_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    if mistake != "no look after a night":
        monkeypatch.setattr("store.attempts.must_wait_until", lambda *_: None)
    if mistake != "no look before the call":
        monkeypatch.setattr("store.promotion.PUNCTUAL", timedelta(days=1))
    with Store.open(fresh_database(tmp_path), clock=SimulatedClock(DUE)) as store, pytest.raises(AssertionError):
        live_many(store, 60)
