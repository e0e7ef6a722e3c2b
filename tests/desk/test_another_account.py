"""A channel gets another account: nothing that was made on the one before is named to it; a person is told of what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.sending_accounts import SendingAccounts
from editorial.after_step import AfterStep, StepState
from editorial.clock import SimulatedClock
from editorial.correction import Decision, Item, ItemState, Kind, Means
from editorial.delivery import Delivery, HoldReason, State
from editorial.first_comment import FirstComment
from editorial.office import Channel
from editorial.post import Post
from editorial.problem import BadInput
from publishers.contract import Publisher
from publishers.registry import open_publisher
from publishers.telegram.history import NEAR_END
from rehearsal.faults import Fault
from rehearsal.town import Town
from scheduler.dispatch import Dispatcher
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.reconcile import take_up
from scheduler.simulation import run_quarter
from scheduler.station import Station
from store.connections import Connection
from store.correction_list import CorrectionItem
from store.errors import RemoteIdTaken
from store.halts import channel_scope
from store.steps import Words
from store.store import Store
from tests.publishers.bench import (
    HANOI_MORNING,
    HandClock,
    MemoryHandles,
    a_post,
    account_at,
    finish,
    picture,
    prepare,
    serving,
)
from tests.scheduler.test_rehearsed import CHANNELS
from tests.store.fresh_database import DATABASES, fresh_database
from tests.store.ledger_posts import approval

REACHED_BY_NUMBER = ("telegram", "web_portal", "zalo_oa", "facebook")


@dataclass(kw_only=True)
class Move:
    """An office, the town of its old accounts and that of its new ones; both towns give their posts the same numbers."""

    clock: SimulatedClock
    store: Store
    old: Town
    new: Town
    accounts: SendingAccounts
    media_url: str
    folder: Path

    def connect(self, channel: str, town: Town, *, which: str = "", look: bool = True) -> None:
        account = account_at(town, channel, self.media_url)
        publisher = open_publisher(channel, account)
        greeting = publisher.greet()  # type: ignore[attr-defined]
        publisher.close()
        which = which or ("old" if town is self.old else "new")  # all stand-ins of a kind have one id
        made = Connection(base_url=account.base_url, settings=account.settings, name=f"{greeting.name} {which}",
                          url=greeting.url, account=f"{greeting.account} {which}")  # fmt: skip
        secrets = account.secrets.values  # type: ignore[attr-defined]
        self.store.connections.connect(channel, made, secrets=secrets, notes={}, who="Lan")
        if look:
            self.accounts.look()
        self.clock.advance(timedelta(minutes=1))

    def live_on(self, span: timedelta = timedelta(hours=1)) -> None:
        engine = EmbeddedEngine(threads=1)
        dispatcher = Dispatcher(self.store, self.accounts, self.clock, owner="máy-1", slots=1, submit=engine.submit)
        run_quarter(self.store, dispatcher, engine, clock=self.clock, until=self.clock.now() + span)
        engine.stop()

    def plan(self, channel: str, number: int, *, pictures: int = 1, comment: FirstComment | None = None) -> Post:
        media = tuple(picture(self.folder, f"anh-{each}", 30 + each) for each in range(pictures))
        post = replace(a_post(channel, media, number), due_at=self.clock.now(), first_comment=comment)
        self.store.deliveries.plan(post)
        self.store.approvals.save(approval([post]), [post])
        return post

    def delivery(self, post: Post) -> Delivery:
        return next(each for each in self.store.deliveries.list() if each.post_key == post.key)

    @property
    def station(self) -> Station:
        return Station(store=self.store, publishers=self.accounts, clock=self.clock)

    def shown(self, town: Town, channel: str) -> list[str]:
        return [row.event.value for row in town.ledger(CHANNELS[channel])]


@pytest.fixture
def move(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Move]:
    clock = SimulatedClock(HANOI_MORNING)
    channels = {id: Channel(id=id, name=id, publisher=id, caption="x") for id in REACHED_BY_NUMBER}
    with ExitStack() as stack:
        old, new = (stack.enter_context(Town(clock=clock.now, folder=tmp_path / name)) for name in ("old", "new"))
        url = fresh_database(tmp_path, getattr(request, "param", "sqlite"))
        store = stack.enter_context(Store.open(url, clock=clock, media_folder=tmp_path))
        accounts = SendingAccounts(channels, store)
        stack.callback(accounts.close)
        media_url = stack.enter_context(serving(tmp_path))
        yield Move(clock=clock, store=store, old=old, new=new, accounts=accounts, media_url=media_url, folder=tmp_path)


@pytest.mark.parametrize("means", [Means.EDIT, Means.REMOVE])
@pytest.mark.parametrize("channel", REACHED_BY_NUMBER)
def test_what_lives_on_the_old_account_is_for_a_person_and_its_namesake_is_left_alone(
    move: Move, channel: str, means: Means
) -> None:
    move.connect(channel, move.old)
    first = move.plan(channel, 1)
    move.live_on()
    assert move.delivery(first).state is State.VERIFIED
    move.connect(channel, move.new)
    with closing(open_publisher(channel, account_at(move.new, channel, move.media_url))) as namesake:
        _publish_by_hand(namesake, a_post(channel, (picture(move.folder),), 2))
    before = move.shown(move.new, channel)
    correction = _decide(move, first, means)
    move.live_on()
    (item,) = move.store.corrections.items(correction)
    assert item.state is ItemState.MANUAL and "tài khoản cũ" in item.detail
    assert move.shown(move.new, channel) == before and move.shown(move.old, channel) == ["published"]


def test_what_was_prepared_on_the_old_account_is_prepared_anew_on_the_new_one(move: Move) -> None:
    move.connect("web_portal", move.old)
    move.old.arm("wordpress", Fault.ERROR_BEFORE_COMMIT, path="/media", method="POST", skip=1)
    post = move.plan("web_portal", 1, pictures=2)
    dispatcher = Dispatcher(move.store, move.accounts, move.clock, owner="máy-1")
    dispatcher.tick()
    move.store.halts.set(channel_scope("web_portal"), why="hết lượt", who="scheduler", reason=HoldReason.QUOTA)
    left = move.delivery(post)
    assert left.state is State.QUEUED and move.store.handles.of(left).all()
    move.connect("web_portal", move.new)
    assert move.store.halts.standing() == () and move.store.handles.of(left).all() == {}
    move.live_on()
    assert move.delivery(post).state is State.VERIFIED and move.shown(move.new, "web_portal") == ["published"]


@pytest.mark.parametrize("move", DATABASES, indirect=True)
def test_a_call_whose_outcome_nobody_knows_is_looked_for_by_a_person_on_the_old_account(move: Move) -> None:
    move.connect("telegram", move.old)
    move.old.arm("telegram", Fault.DROP_RESPONSE_AFTER_COMMIT, path="sendPhoto")
    post = move.plan("telegram", 1)
    Dispatcher(move.store, move.accounts, move.clock, owner="máy-1").tick()
    assert move.delivery(post).state is State.UNKNOWN
    move.connect("telegram", move.new)
    held = move.delivery(post)
    assert (held.state, held.hold_reason) == (State.HELD, HoldReason.AMBIGUOUS) and "tài khoản cũ" in held.detail
    move.live_on()
    assert move.shown(move.new, "telegram") == []


def test_a_post_may_have_the_number_that_another_has_on_the_old_account(move: Move) -> None:
    move.connect("telegram", move.old)
    first = move.plan("telegram", 1)
    move.live_on()
    move.connect("telegram", move.new)
    second = move.plan("telegram", 2)
    move.live_on()
    old, new = move.delivery(first), move.delivery(second)
    assert (old.state, new.state) == (State.VERIFIED, State.VERIFIED)
    assert old.receipt and new.receipt and old.receipt.remote_id == new.receipt.remote_id
    correction = _decide(move, second, Means.EDIT)
    move.live_on()
    assert [item.state for item in move.store.corrections.items(correction)] == [ItemState.DONE]
    assert move.shown(move.new, "telegram") == ["published", "edited"] and move.shown(move.old, "telegram") == ["published"]
    assert move.store.audit.verify().chain.ok


def test_on_one_account_a_number_belongs_to_one_post_whatever_another_account_had(move: Move) -> None:
    move.connect("telegram", move.old)
    move.plan("telegram", 1)
    move.live_on()
    move.connect("telegram", move.new)
    second = move.plan("telegram", 2)
    Dispatcher(move.store, move.accounts, move.clock, owner="máy-1").tick()
    known, third = move.delivery(second).receipt, move.plan("telegram", 3)
    assert known
    with pytest.raises(RemoteIdTaken):
        move.store.deliveries.accept_proof(move.delivery(third).id, known, who="Lan")
    for account in (move.old, move.new):  # come and gone: the number is still that post's
        move.connect("telegram", account)
    with pytest.raises(RemoteIdTaken):
        move.store.deliveries.accept_proof(move.delivery(third).id, known, who="Lan")


def test_no_other_account_is_connected_while_a_post_is_being_sent(move: Move) -> None:
    move.connect("telegram", move.old)
    move.plan("telegram", 1)
    move.store.deliveries.promote()
    claim = move.store.deliveries.claim("máy-1", timedelta(seconds=15))
    assert claim is not None
    move.store.attempts.open(claim.delivery, deadline=move.clock.now() + timedelta(seconds=30))
    with pytest.raises(BadInput, match="đang gửi"):
        move.connect("telegram", move.new)
    move.connect("telegram", move.old)  # the same one, with new credentials


def test_the_same_account_connected_again_keeps_everything(move: Move) -> None:
    move.connect("telegram", move.old)
    post = move.plan("telegram", 1)
    move.live_on()
    move.store.connections.disconnect("telegram", who="Lan")
    move.connect("telegram", move.old)
    correction = _decide(move, post, Means.EDIT)
    move.live_on()
    (item,) = move.store.corrections.items(correction)
    assert item.state is ItemState.DONE and move.shown(move.old, "telegram") == ["published", "edited"]


def test_an_account_that_comes_back_reaches_its_own_posts_again_and_not_those_between(move: Move) -> None:
    move.connect("telegram", move.old)
    first = move.plan("telegram", 1)
    move.live_on()
    move.connect("telegram", move.new)
    move.connect("telegram", move.old)
    correction = _decide(move, first, Means.EDIT)
    move.live_on()
    assert [item.state for item in move.store.corrections.items(correction)] == [ItemState.DONE]


@pytest.mark.parametrize("means", [Means.EDIT, Means.REMOVE])
@pytest.mark.parametrize("channel", REACHED_BY_NUMBER)
def test_a_worker_that_slept_past_the_change_puts_nothing_right_with_the_credentials_of_the_new_account(
    move: Move, monkeypatch: pytest.MonkeyPatch, channel: str, means: Means
) -> None:
    move.connect(channel, move.old)
    post = move.plan(channel, 1)
    move.live_on()
    correction = _decide(move, post, means)
    begin = move.store.corrections.begin

    def fall_asleep(item: CorrectionItem) -> CorrectionItem:
        begun = begin(item)
        monkeypatch.undo()
        move.connect(channel, move.old, which="new")  # one address for all accounts: the token tells which it is
        return begun

    monkeypatch.setattr(move.store.corrections, "begin", fall_asleep)
    move.live_on()
    (item,) = move.store.corrections.items(correction)
    assert move.shown(move.old, channel) == ["published"]
    assert item.state is ItemState.MANUAL and "tài khoản cũ" in item.detail


def test_a_worker_that_slept_past_the_change_says_nothing_with_the_credentials_of_the_new_account(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    move.connect("facebook", move.old)
    post = move.plan("facebook", 1, comment=FirstComment(text="Xem thêm trên Cổng."))
    opened = move.store.steps.open

    def fall_asleep(step: AfterStep, words: Words, **given: Any) -> AfterStep:
        begun = opened(step, words, **given)
        monkeypatch.undo()
        move.connect("facebook", move.old, which="new")
        return begun

    monkeypatch.setattr(move.store.steps, "open", fall_asleep)
    move.live_on()
    assert not move.old.remarks("facebook")
    step = move.store.steps.of(move.delivery(post).id)
    assert step is not None and step.state is StepState.HELD and "tài khoản cũ" in step.detail


@pytest.mark.parametrize("channel", REACHED_BY_NUMBER)
def test_a_worker_that_has_not_heard_of_the_change_yet_posts_nothing_on_the_old_account(move: Move, channel: str) -> None:
    move.connect(channel, move.old)
    move.connect(channel, move.new, look=False)
    post = move.plan(channel, 1)
    dispatcher = Dispatcher(move.store, move.accounts, move.clock, owner="máy-1")
    dispatcher.tick()
    move.clock.advance(timedelta(seconds=2))
    move.accounts.look()
    move.live_on()
    assert move.delivery(post).state is State.VERIFIED and move.store.halts.standing() == ()
    assert (move.shown(move.old, channel), move.shown(move.new, channel)) == ([], ["published"])


def test_what_a_worker_made_on_the_old_account_before_it_slept_is_not_kept_for_the_new_one(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_publisher("web_portal", account_at(move.new, "web_portal", move.media_url))) as namesake:
        _publish_by_hand(namesake, a_post("web_portal", (picture(move.folder),), 2))
    move.connect("web_portal", move.old)
    post = move.plan("web_portal", 1)
    portal = move.accounts["web_portal"]
    make = portal._draft  # type: ignore[attr-defined]

    def fall_asleep(*given: Any) -> str:
        draft: str = make(*given)
        monkeypatch.undo()
        move.clock.advance(timedelta(minutes=1))
        assert take_up(move.station) == 1  # another machine, once the lease is over
        assert move.delivery(post).state is State.QUEUED
        move.connect("web_portal", move.new)
        return draft

    monkeypatch.setattr(portal, "_draft", fall_asleep)
    Dispatcher(move.store, move.accounts, move.clock, owner="máy-1", slots=1).tick()
    move.live_on()
    assert move.delivery(post).state is State.VERIFIED
    ids = [row.id for row in move.new.ledger("wordpress")]
    assert move.shown(move.new, "web_portal") == ["published", "published"] and len(set(ids)) == 2


def test_what_a_worker_has_just_seen_on_the_old_account_is_not_noted_of_the_new_one(
    move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    move.connect("telegram", move.old)
    move.plan("telegram", 1)
    history = move.accounts["telegram"]._history  # type: ignore[attr-defined]
    forget = history.forget

    def fall_asleep(copy: object) -> None:
        monkeypatch.undo()
        move.connect("telegram", move.new)
        forget(copy)

    monkeypatch.setattr(history, "forget", fall_asleep)
    move.live_on()
    assert move.shown(move.old, "telegram") == ["published"]
    assert move.store.settings.of("telegram").get(NEAR_END) == ""


def test_nobody_is_asked_about_the_many_posts_of_the_old_account_that_were_read_back_there(move: Move) -> None:
    move.connect("telegram", move.old)
    posts = [move.plan("telegram", number) for number in range(1, 4)]
    move.live_on(timedelta(days=1))
    move.connect("telegram", move.new)
    move.live_on(timedelta(days=3))
    assert {move.delivery(post).state for post in posts} == {State.VERIFIED}


def _publish_by_hand(publisher: Publisher, post: Post) -> None:
    """Let the new account have a post of the office's, under the number that the old one's post has there."""
    handles, hand = MemoryHandles(), HandClock()
    prepare(publisher, post, handles, hand)
    finish(publisher, publisher.publish(post, key=post.key, handles=handles), handles, hand)


def _decide(move: Move, post: Post, means: Means) -> int:
    delivery = move.delivery(post)
    wanted = replace(post, variant=replace(post.variant, text=f"{post.variant.text}\n\nĐính chính"))
    item = Item(delivery=delivery.id, post_key=post.key, channel=post.channel, entry=post.entry, means=means,
                post=wanted if means is Means.EDIT else None, live_digest=post.digest)  # fmt: skip
    decision = Decision(kind=Kind.CORRECTION, subject="wards", value="127", why="", items=(item,))
    return move.store.corrections.sign(decision, author="Lan", approver="Minh").id
