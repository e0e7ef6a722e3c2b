"""The scheduler with real publishers over real HTTP against the platforms' stand-ins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from editorial.delivery import State
from publishers.contract import Publisher
from publishers.registry import open_publisher
from rehearsal.faults import Fault
from rehearsal.publication import Event
from rehearsal.town import Town
from scheduler.dispatch import Dispatcher
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.proof import Publication, prove
from scheduler.simulation import run_quarter
from store.store import Store
from tests.publishers.bench import HANOI_MORNING, a_post, account_at, clip, picture, serving
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import approval

CHANNELS = {
    "web_portal": "wordpress",
    "facebook": "facebook",
    "telegram": "telegram",
    "zalo_oa": "zalo",
    "youtube": "youtube",
}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(HANOI_MORNING)


@pytest.fixture
def town(clock: SimulatedClock) -> Iterator[Town]:
    with Town(clock=clock.now, processing=timedelta(seconds=90)) as opened:
        yield opened


@pytest.fixture
def store(clock: SimulatedClock, tmp_path: Path) -> Iterator[Store]:
    with Store.open(fresh_database(tmp_path), clock=clock, media_folder=tmp_path) as opened:
        yield opened


@pytest.fixture
def publishers(town: Town, store: Store, tmp_path: Path) -> Iterator[dict[str, Publisher]]:
    opened = {}
    with serving(tmp_path) as media_url:
        for channel in CHANNELS:
            account = account_at(town, channel, media_url)
            store.secrets.of(channel).replace(account.secrets.values)  # type: ignore[attr-defined]
            opened[channel] = open_publisher(channel, replace(account, secrets=store.secrets.of(channel)))
        yield opened
    for publisher in opened.values():
        publisher.close()


def test_five_channels_with_lost_answers_are_public_exactly_once(
    clock: SimulatedClock, town: Town, store: Store, publishers: dict[str, Publisher], tmp_path: Path
) -> None:
    media = {channel: clip(tmp_path) if channel == "youtube" else picture(tmp_path) for channel in CHANNELS}
    posts = [a_post(channel, (media[channel],), number) for channel in CHANNELS for number in range(2)]
    for post in posts:
        store.deliveries.plan(post)
        store.approvals.save(approval([post]), [post])
    town.arm("wordpress", Fault.DROP_RESPONSE_AFTER_COMMIT, path="posts/1", method="POST", count=2)
    town.arm("facebook", Fault.DROP_RESPONSE_AFTER_COMMIT, path="/feed", method="POST")
    engine = EmbeddedEngine(threads=3)
    dispatcher = Dispatcher(store, publishers, clock, owner="máy-1", slots=3, submit=engine.submit)
    run_quarter(store, dispatcher, engine, clock=clock, until=HANOI_MORNING + timedelta(hours=12))
    engine.stop()
    seen = [
        Publication(channel=channel, remote_id=row.id, url=row.url, text=row.text)
        for channel, platform in CHANNELS.items()
        for row in town.ledger(platform)
        if row.event is Event.PUBLISHED
    ]
    proof = prove(store, seen, shown=lambda post: publishers[post.channel].shown(post))
    states = {delivery.post_key: (delivery.state, delivery.detail) for delivery in store.deliveries.list()}
    assert proof.ok, (proof, states)
    assert (proof.planned, len(proof.per_channel)) == (10, 5)
    deliveries = store.deliveries.list()
    assert {delivery.state for delivery in deliveries} == {State.VERIFIED}
    outcomes = [attempt.outcome for delivery in deliveries for attempt in store.attempts.of(delivery.id)]
    assert outcomes.count("OutcomeUnknown") == 3
