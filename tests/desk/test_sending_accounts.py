"""An account that is connected is posted with at once, and one that is taken off no more: no process has to start anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk.rehearsal_accounts import connect
from desk.sending_accounts import SendingAccounts
from editorial.clock import SimulatedClock
from editorial.delivery import HoldReason, State
from editorial.office import Channel
from editorial.post import Post
from publishers.web_portal.publisher import WebPortalPublisher
from rehearsal.publication import Event
from rehearsal.town import Town
from scheduler.dispatch import Dispatcher
from store.connections import Connection
from store.store import Store
from tests.store.ledger_posts import DUE, approval, post

CHANNELS = {
    "portal": Channel(id="portal", name="Cổng", publisher="web_portal", caption="portal"),
    "telegram": Channel(id="telegram", name="Telegram", publisher="telegram", caption="telegram"),
}


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(DUE)


@pytest.fixture
def store(tmp_path: Path, clock: SimulatedClock) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'loa.sqlite'}", clock=clock) as store:
        yield store


@pytest.fixture
def town(tmp_path: Path, clock: SimulatedClock) -> Iterator[Town]:
    """Return the platforms themselves: what an account of the office is connected to."""
    with Town(clock=clock.now, folder=tmp_path / "platforms") as town:
        yield town


@pytest.fixture
def accounts(store: Store) -> Iterator[SendingAccounts]:
    made = SendingAccounts(CHANNELS, store)
    yield made
    made.close()


def approved(store: Store) -> Post:
    plain = post()
    made = replace(plain, variant=replace(plain.variant, html="<p>Hà Nội ngày trở về</p>"))
    store.approvals.save(approval((made,)), (made,))
    return made


def connect_portal(store: Store, town: Town) -> None:
    known = town.credentials()["wordpress"]
    secrets = {"username": known["user"], "application_password": known["application_password"]}
    made = Connection(base_url=town.addresses["wordpress"], settings={}, name="Cổng thật")
    store.connections.connect("portal", made, secrets=secrets, notes={}, who="quan-tri")


def test_the_first_account_ends_the_rehearsal_and_others_post_nowhere(
    store: Store, town: Town, accounts: SendingAccounts, tmp_path: Path, clock: SimulatedClock
) -> None:
    assert not accounts.look() and not accounts.are_real
    with Town(clock=clock.now, folder=tmp_path / "stand-ins") as stand_ins:
        rehearsed = connect(CHANNELS, store, stand_ins, "http://127.0.0.1:9/media")
        accounts.rehearse(rehearsed.publishers)
        assert set(accounts) == {"portal", "telegram"}
        connect_portal(store, town)
        assert accounts.look() and accounts.are_real and set(accounts) == {"portal"}
        assert isinstance(accounts["portal"], WebPortalPublisher)
        assert accounts["portal"].account.base_url == town.addresses["wordpress"]
        accounts.rehearse(rehearsed.publishers)
        assert set(accounts) == {"portal"}, "a rehearsal does not take the place of an account"
        assert not accounts.look()
        rehearsed.close()


def test_no_post_of_a_channel_goes_to_its_stand_in_once_an_account_is_connected(
    store: Store, town: Town, accounts: SendingAccounts, tmp_path: Path, clock: SimulatedClock
) -> None:
    with Town(clock=clock.now, folder=tmp_path / "stand-ins") as stand_ins:
        rehearsed = connect(CHANNELS, store, stand_ins, "http://127.0.0.1:9/media")
        accounts.rehearse(rehearsed.publishers)
        waiting = store.deliveries.plan(approved(store))
        connect_portal(store, town)
        dispatcher = Dispatcher(store, accounts, clock, owner="serve")
        dispatcher.tick()  # before this process has looked which accounts are connected
        accounts.look()
        for _ in range(4):
            clock.advance(timedelta(seconds=20))
            dispatcher.tick()
        assert store.deliveries.get(waiting.id).state in (State.SENT, State.VERIFIED)
        assert (stand_ins.ledger("wordpress"), [row.event for row in town.ledger("wordpress")]) == ((), [Event.PUBLISHED])
        rehearsed.close()


def test_an_account_that_is_taken_off_is_posted_with_no_more_and_nothing_is_rehearsed_in_its_place(
    store: Store, town: Town, accounts: SendingAccounts
) -> None:
    connect_portal(store, town)
    accounts.look()
    store.connections.disconnect("portal", who="quan-tri")
    assert accounts.look() and dict(accounts.items()) == {} and accounts.are_real
    fresh = SendingAccounts(CHANNELS, store)
    assert not fresh.look() and not fresh.are_real, "the next start rehearses again"


def test_what_is_due_goes_out_by_the_account_that_was_connected_a_moment_ago(
    store: Store, town: Town, accounts: SendingAccounts, clock: SimulatedClock
) -> None:
    dispatcher = Dispatcher(store, accounts, clock, owner="serve")
    accounts.look()
    waiting = store.deliveries.plan(approved(store))
    dispatcher.tick()
    held = store.deliveries.get(waiting.id)
    assert (held.state, held.hold_reason) == (State.HELD, HoldReason.AUTH)
    connect_portal(store, town)
    clock.advance(timedelta(seconds=1))
    accounts.look()
    assert store.halts.standing() == (), "connecting ends the pause for want of credentials"
    for _ in range(4):
        dispatcher.tick()
        clock.advance(timedelta(seconds=20))
    assert store.deliveries.get(waiting.id).state in (State.SENT, State.VERIFIED)
    assert [row.event for row in town.ledger("wordpress")] == [Event.PUBLISHED]
