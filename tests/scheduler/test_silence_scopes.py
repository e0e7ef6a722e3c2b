"""What a pause stops: a channel, an entry, a unit, a tone, a post, a window of time; on both databases, and nothing beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from desk import triage
from desk.mourning import declare
from editorial.clock import SimulatedClock
from editorial.delivery import HoldReason, State
from editorial.entry import Entry
from editorial.message import Message
from editorial.problem import BadInput
from editorial.release import ReleaseRule
from editorial.tone import Tone
from scheduler.dispatch import Dispatcher
from store.halts import ALL, channel_scope, entry_scope, post_scope, tone_scope, unit_scope
from store.store import Store
from tests.scheduler.fake_platform import FakePublisher, Platform
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.ledger_posts import DUE, approval, post

CHANNELS = ("portal", "facebook")
TONES = {"vui": Tone.FESTIVE, "thuong": Tone.NEUTRAL, "trang-trong": Tone.SOLEMN}
UNITS = {"vui": "so-vhtt", "thuong": "tt-hcc", "trang-trong": "vp-ubnd"}
EVERY = frozenset(f"{entry}.{channel}" for entry in TONES for channel in CHANNELS)
RULE = ReleaseRule(gap=timedelta(minutes=20))
SIGNED = {"who": "Lan", "why": "chờ"}
Shown = Callable[[], frozenset[str]]


class Street:
    """Three entries of three tones and units, each due in an hour on two channels."""

    def __init__(self, store: Store, clock: SimulatedClock) -> None:
        self.store, self.clock = store, clock
        self.platform = Platform(clock=clock)
        publishers = {channel: FakePublisher(self.platform, channel) for channel in CHANNELS}
        self.worker = Dispatcher(store, publishers, clock, owner="máy-1", random=Random(7), rule=RULE)
        for entry in TONES:
            store.entries.save(_entry(entry))
            posts = [post(f"{entry}.{channel}.2026", channel=channel, text=entry + channel, due_at=DUE + timedelta(hours=1))
                     for channel in CHANNELS]  # fmt: skip
            store.approvals.save(approval(posts), posts)
            for each in posts:
                store.deliveries.plan(each)

    def shown(self, hours: float = 1) -> frozenset[str]:
        """Live to so many hours after the start; return what the public has seen by then."""
        self.clock.move_to(DUE + timedelta(hours=hours))
        while self.worker.tick():
            pass
        return frozenset(each.key.removesuffix(".2026") for each in self.platform.ledger)

    def freed(self) -> frozenset[str]:
        return frozenset(each.post_key.removesuffix(".2026") for each in self.store.deliveries.freed())

    def reasons(self) -> set[HoldReason | None]:
        return {each.hold_reason for each in self.store.deliveries.list(states=[State.HELD])}


@pytest.fixture(params=DATABASES)
def street(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Street]:
    clock = SimulatedClock(DUE)
    with Store.open(fresh_database(tmp_path, str(request.param)), clock=clock) as store:
        yield Street(store, clock)


def _entry(id: str) -> Entry:
    message = Message(language="vi", headline=id, summary="", body="")
    return Entry(id=id, group="1.7", axis="ubnd", unit=UNITS[id], tone=TONES[id], when="2026-10-10@08:00", channels=CHANNELS,
                 messages={"vi": message})  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (ALL, EVERY),
        (channel_scope("portal"), {"vui.portal", "thuong.portal", "trang-trong.portal"}),
        (entry_scope("vui"), {"vui.portal", "vui.facebook"}),
        (unit_scope("tt-hcc"), {"thuong.portal", "thuong.facebook"}),
        (tone_scope(Tone.FESTIVE), {"vui.portal", "vui.facebook"}),
        (tone_scope(Tone.SOLEMN), {"trang-trong.portal", "trang-trong.facebook"}),
        (post_scope("thuong.facebook.2026"), {"thuong.facebook"}),
    ],
)
def test_a_pause_stops_what_it_names_and_nothing_beside_it(street: Street, scope: str, stopped: set[str]) -> None:
    street.store.halts.set(scope, **SIGNED)  # type: ignore[arg-type]
    assert street.shown() == EVERY - stopped
    assert street.reasons() == {HoldReason.HALT}
    assert street.freed() == frozenset()
    street.store.halts.lift(scope, who="Lan")
    assert street.freed() == stopped
    assert street.shown() == EVERY - stopped, "nothing comes back by itself"
    assert street.reasons() == {HoldReason.LATE}


@pytest.mark.parametrize(("start", "end", "stops"), [(0.5, 1.5, True), (1, 1.5, True), (0.5, 1, False), (1.5, 2, False)])
def test_a_window_stops_from_its_first_moment_to_just_before_its_last(
    street: Street, start: float, end: float, stops: bool
) -> None:
    window = {"starts_at": DUE + timedelta(hours=start), "ends_at": DUE + timedelta(hours=end)}
    street.store.halts.set(tone_scope(Tone.NEUTRAL), **SIGNED, **window)  # type: ignore[arg-type]
    assert ("thuong.portal" in street.shown()) is not stops
    assert {"vui.portal", "trang-trong.portal"} <= street.shown()
    assert ("thuong.portal" in street.shown(3)) is not stops


def test_mourning_holds_the_festive_and_the_neutral_of_its_days_and_lets_the_solemn_go(street: Street) -> None:
    declare(street.store, date(2026, 10, 10), date(2026, 10, 10), **SIGNED)  # type: ignore[arg-type]
    assert street.shown() == {"trang-trong.portal", "trang-trong.facebook"}
    assert street.reasons() == {HoldReason.BLACKOUT}
    assert street.freed() == frozenset()
    street.store.halts.let_pass("thuong.portal.2026", **SIGNED)  # type: ignore[arg-type]
    assert street.freed() == {"thuong.portal"}


def test_a_pause_says_what_it_is_too_late_for(street: Street) -> None:
    told: list[str] = []
    street.platform.before_call = lambda ready: told.extend(
        each.post_key for each in street.store.halts.set(channel_scope(ready.channel), **SIGNED)  # type: ignore[arg-type]
    )
    shown = street.shown()
    assert sorted(key.removesuffix(".2026") for key in told) == sorted(shown)
    assert len(told) == len(CHANNELS), "one was under way on each channel"


def test_of_what_is_held_one_is_released_one_delayed_and_one_dropped(street: Street) -> None:
    street.store.halts.set(channel_scope("facebook"), **SIGNED)  # type: ignore[arg-type]
    street.shown()
    street.store.halts.lift(channel_scope("facebook"), who="Lan")
    before = street.shown(1.1)
    now, held = street.clock.now(), {each.entry: each for each in street.store.deliveries.list(states=[State.HELD])}
    assert sorted(held) == sorted(TONES)
    triage.release(street.store, held["vui"], **SIGNED, now=now, rule=RULE)
    triage.drop(street.store, held["thuong"], **SIGNED)
    given = {**SIGNED, "approver": "Minh", "now": now, "rule": RULE}
    with pytest.raises(BadInput, match="giờ trống kế tiếp"):
        triage.move(street.store, held["trang-trong"], now + timedelta(minutes=5), **given)  # type: ignore[arg-type]
    triage.move(street.store, held["trang-trong"], now + timedelta(minutes=20), **given)  # type: ignore[arg-type]
    assert street.shown(1.1) - before == {"vui.facebook"}
    assert street.shown(1.1 + 1 / 3) - before == {"vui.facebook", "trang-trong.facebook"}
    assert street.store.deliveries.get(held["thuong"].id).state is State.CANCELLED


def test_several_that_are_released_together_each_have_a_moment_of_their_own(street: Street) -> None:
    street.store.halts.set(ALL, **SIGNED)  # type: ignore[arg-type]
    street.shown()
    street.store.halts.lift(ALL, who="Lan")
    street.shown(1.1)
    now = street.clock.now()
    for each in street.store.deliveries.list(states=[State.HELD], channel="portal"):
        triage.release(street.store, each, **SIGNED, now=now, rule=RULE)
    moments = [each.next_at - now for each in street.store.deliveries.list(states=[State.QUEUED])]
    assert moments == [timedelta(), timedelta(minutes=20), timedelta(minutes=40)]
