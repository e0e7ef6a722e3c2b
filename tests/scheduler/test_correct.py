"""Corrections and withdrawals carried out over real HTTP, judged by what the stand-ins' public saw."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.approval import Approval, package_digest
from editorial.clock import SimulatedClock
from editorial.correction import Decision, Item, ItemState, Kind, Means, annotated, next_key
from editorial.delivery import HoldReason, State
from editorial.entry import Entry
from editorial.message import Message
from editorial.post import Medium, Post
from editorial.problem import BadInput
from editorial.source import Source
from editorial.tone import Tone
from publishers.contract import Account, Corrects, Publisher, Withdraws
from publishers.registry import open_publisher
from rehearsal.faults import Fault
from rehearsal.publication import Event, Publication
from rehearsal.town import Town
from scheduler import correct as correcting
from scheduler.dispatch import Dispatcher
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.simulation import run_quarter
from store.halts import ALL, channel_scope
from store.store import Store
from tests.publishers.bench import HANOI_MORNING, a_post, account_at, clip, picture, serving
from tests.scheduler.test_rehearsed import CHANNELS
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import approval

NOTE = "Đính chính ngày 10/10/2026: 127 xã, phường (bản trước ghi 126 xã, phường)."


@dataclass(kw_only=True)
class Street:
    """A town with one live post on each of the five channels."""

    clock: SimulatedClock
    town: Town
    store: Store
    publishers: dict[str, Publisher]
    folder: Path

    def live_on(self, owner: str = "máy-1", span: timedelta = timedelta(hours=1)) -> None:
        engine = EmbeddedEngine(threads=1)
        dispatcher = Dispatcher(self.store, self.publishers, self.clock, owner=owner, slots=1, submit=engine.submit)
        run_quarter(self.store, dispatcher, engine, clock=self.clock, until=self.clock.now() + span)
        engine.stop()

    def rows(self, channel: str) -> tuple[Publication, ...]:
        return self.town.ledger(CHANNELS[channel])

    def events(self, channel: str) -> Counter[Event]:
        return Counter(row.event for row in self.rows(channel))

    def visible(self, channel: str) -> list[Publication]:
        last = {row.id: row for row in self.rows(channel)}
        return [row for row in last.values() if row.event is not Event.REMOVED]


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    clock = SimulatedClock(HANOI_MORNING)
    with (
        Town(clock=clock.now, processing=timedelta(seconds=60)) as town,
        Store.open(fresh_database(tmp_path), clock=clock, media_folder=tmp_path) as store,
        serving(tmp_path) as media_url,
    ):
        publishers = {}
        for channel in CHANNELS:
            account = _connect(store, town, channel, media_url)
            publishers[channel] = open_publisher(channel, replace(account, secrets=store.secrets.of(channel)))
        made = Street(clock=clock, town=town, store=store, publishers=publishers, folder=tmp_path)
        _publish(made)
        yield made
        for publisher in publishers.values():
            publisher.close()


def _connect(store: Store, town: Town, channel: str, media_url: str = "") -> Account:
    """Take the platform's tokens of today over."""
    account = account_at(town, channel, media_url)
    store.secrets.of(channel).replace(account.secrets.values)  # type: ignore[attr-defined]
    return account


def _publish(street: Street) -> None:
    for channel in CHANNELS:
        post = a_post(channel, (_medium(street, channel),))
        street.store.deliveries.plan(post)
        street.store.approvals.save(approval([post]), [post])
    street.live_on()
    assert {delivery.state for delivery in street.store.deliveries.list()} == {State.VERIFIED}


def _medium(street: Street, channel: str, shade: int = 120) -> Medium:
    return clip(street.folder) if channel == "youtube" else picture(street.folder, shade=shade)


def _item(street: Street, channel: str, means: Means, *, shade: int = 120, figure: str = "127") -> Item:
    """Return an item that gives the channel's newest post a note and, where its shade is another, another picture."""
    delivery = street.store.deliveries.list(channel=channel)[-1]
    live = street.store.posts.version(delivery.post_key, delivery.post_digest)
    wanted = replace(live, variant=annotated(live.variant, (NOTE.replace("127", figure),), markup=channel == "telegram"))
    if channel != "youtube" and shade != 120:
        wanted = replace(wanted, media=(_medium(street, channel, shade),))
    if means is Means.REPOST:
        wanted = replace(wanted, key=next_key(live.key), due_at=street.clock.now())
    post = None if means in (Means.REMOVE, Means.MANUAL) else wanted
    return Item(delivery=delivery.id, post_key=live.key, channel=channel, entry=live.entry, means=means, post=post, note=NOTE,
                live_digest=live.digest)  # fmt: skip


def _sign(street: Street, *items: Item, value: str = "127") -> int:
    decision = Decision(kind=Kind.CORRECTION, subject="wards", value=value, why="", items=items)
    street.store.corrections.ask_current(decision)
    copies: list[Post] = [item.post for item in items if item.post and item.means is Means.REPOST]
    for copy in copies:
        signed = Approval(entry=copy.entry, digest=package_digest([copy]), author="Lan", approver="Minh", at=street.clock.now())
        street.store.approvals.save(signed, [copy])
    return street.store.corrections.sign(decision, author="Lan", approver="Minh").id


def _change(street: Street, statement: str) -> None:
    """Change rows as somebody with the database in hand would, past the triggers."""
    with sqlite3.connect(street.folder / "loa.db") as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        assert connection.execute(statement).rowcount >= 1
    connection.close()


def _states(street: Street, correction: int) -> set[ItemState]:
    return {item.state for item in street.store.corrections.items(correction)}


def test_every_channel_shows_the_corrected_words_in_place_once(street: Street) -> None:
    correction = _sign(street, *(_item(street, channel, Means.EDIT) for channel in CHANNELS))
    street.live_on()
    assert _states(street, correction) == {ItemState.DONE}
    for channel in CHANNELS:
        assert street.events(channel) == {Event.PUBLISHED: 1, Event.EDITED: 1}, channel
        assert "127 xã, phường" in street.visible(channel)[0].text
    for item in street.store.corrections.items(correction):
        delivery = street.store.deliveries.get(item.delivery)
        assert (delivery.state, delivery.post_digest, item.calls) == (State.VERIFIED, item.post_digest, 1)
        assert street.store.corrections.notes(delivery) == (NOTE,)


def test_a_wrong_picture_is_replaced_in_place_or_taken_down_and_posted_anew(street: Street) -> None:
    means = {channel: Means.EDIT if channel in ("web_portal", "zalo_oa") else Means.REPOST for channel in CHANNELS}
    before = {channel: street.visible(channel)[0] for channel in CHANNELS}
    correction = _sign(street, *(_item(street, channel, means[channel], shade=60) for channel in CHANNELS))
    street.live_on()
    assert _states(street, correction) == {ItemState.DONE}
    for channel in CHANNELS:
        shown = street.visible(channel)
        assert len(shown) == 1, channel
        assert "127 xã, phường" in shown[0].text
        assert (shown[0].id == before[channel].id) is (means[channel] is Means.EDIT)
    assert street.events("facebook") == {Event.PUBLISHED: 2, Event.REMOVED: 1}
    assert street.visible("web_portal")[0].media_sha256 != before["web_portal"].media_sha256
    old, new = street.store.deliveries.list(channel="telegram")
    assert (old.state, new.state, new.post_key) == (State.WITHDRAWN, State.VERIFIED, next_key(old.post_key))


def test_withdrawn_copies_are_gone_and_read_back_as_gone(street: Street) -> None:
    correction = _sign(street, *(_item(street, channel, Means.REMOVE) for channel in CHANNELS))
    street.live_on()
    assert _states(street, correction) == {ItemState.DONE}
    for channel in CHANNELS:
        assert street.visible(channel) == []
    assert {delivery.state for delivery in street.store.deliveries.list()} == {State.WITHDRAWN}


def test_a_call_that_takes_long_is_not_made_by_another_worker_as_well(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    correction = _sign(street, _item(street, "web_portal", Means.EDIT))
    first, second = (Dispatcher(street.store, street.publishers, street.clock, owner=f"máy-{n}") for n in range(2))
    portal = street.publishers["web_portal"]
    assert isinstance(portal, Corrects)
    call = portal.correct

    def slowly(*given: object, **more: object) -> object:
        for _ in range(5):
            street.clock.advance(timedelta(seconds=5))
            first.renew()
            second.tick()
        return call(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(portal, "correct", slowly)
    first.tick()
    monkeypatch.undo()
    street.live_on()
    (item,) = street.store.corrections.items(correction)
    assert (item.state, item.calls) == (ItemState.DONE, 1)
    assert street.events("web_portal") == {Event.PUBLISHED: 1, Event.EDITED: 1}


@pytest.mark.parametrize("crash", ["begin", "after-call", "finish_edit", "finish_removal", "queue_anew"])
def test_a_crash_in_the_middle_is_gone_on_with_and_nothing_is_doubled(
    street: Street, monkeypatch: pytest.MonkeyPatch, crash: str
) -> None:
    correction = _sign(street, _item(street, "web_portal", Means.EDIT), _item(street, "facebook", Means.REPOST, shade=60))
    with monkeypatch.context() as patch:
        _break(street, patch, crash)
        dispatcher = Dispatcher(street.store, street.publishers, street.clock, owner="máy-1")
        with pytest.raises(KeyboardInterrupt):
            while dispatcher.tick():
                pass
    street.live_on(owner="máy-1")
    assert _states(street, correction) == {ItemState.DONE}
    assert street.events("web_portal") == {Event.PUBLISHED: 1, Event.EDITED: 1}
    assert street.events("facebook") == {Event.PUBLISHED: 2, Event.REMOVED: 1}
    assert len(street.visible("facebook")) == 1


def _break(street: Street, patch: pytest.MonkeyPatch, crash: str) -> None:
    """Let the process die at a step, as Ctrl-C or a power cut would end it."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    if crash == "after-call":
        make = correcting._make_call
        patch.setattr(correcting, "_make_call", lambda *given: (make(*given), die()))
    elif crash == "begin":
        begin = street.store.corrections.begin
        patch.setattr(street.store.corrections, "begin", lambda item: (begin(item), die()))
    else:
        patch.setattr(street.store.corrections, crash, die)


def test_a_lost_answer_is_asked_again_and_edits_once(street: Street) -> None:
    street.town.arm("wordpress", Fault.DROP_RESPONSE_AFTER_COMMIT, path="posts/", method="POST")
    correction = _sign(street, _item(street, "web_portal", Means.EDIT))
    street.live_on()
    item = street.store.corrections.items(correction)[0]
    assert (item.state, item.calls) == (ItemState.DONE, 2)
    assert street.events("web_portal") == {Event.PUBLISHED: 1, Event.EDITED: 1}


def test_a_pause_stops_a_correction_and_mourning_does_not(street: Street) -> None:
    street.store.halts.set(ALL, why="tạm dừng", who="Lan")
    correction = _sign(street, _item(street, "telegram", Means.EDIT))
    dispatcher = Dispatcher(street.store, street.publishers, street.clock, owner="máy-1")
    while dispatcher.tick():
        pass
    assert street.events("telegram") == {Event.PUBLISHED: 1}
    assert street.store.corrections.items(correction)[0].calls == 0
    street.store.halts.lift(ALL, who="Lan")
    street.store.halts.set(ALL, why="quốc tang", who="Lan", reason=HoldReason.BLACKOUT)
    street.live_on()
    assert street.events("telegram") == {Event.PUBLISHED: 1, Event.EDITED: 1}


def test_a_command_does_not_wait_for_the_end_of_a_pause(street: Street) -> None:
    street.store.halts.set(ALL, why="tạm dừng", who="Lan")
    correction = _sign(street, _item(street, "telegram", Means.EDIT))
    before = street.clock.now()
    street.live_on(span=timedelta(minutes=2))
    assert street.clock.now() - before < timedelta(minutes=10)
    assert not street.store.corrections.moving() and _states(street, correction) == {ItemState.WAITING}
    street.store.halts.lift(ALL, who="Lan")
    assert street.store.corrections.moving()
    street.live_on()
    assert _states(street, correction) == {ItemState.DONE}


def test_a_copy_that_is_posted_anew_in_mourning_waits_for_a_person_without_being_waited_for(street: Street) -> None:
    street.store.halts.set(ALL, why="quốc tang", who="Lan", reason=HoldReason.BLACKOUT)
    correction = _sign(street, _item(street, "facebook", Means.REPOST, shade=60))
    before = street.clock.now()
    street.live_on(span=timedelta(minutes=2))
    assert street.clock.now() - before < timedelta(minutes=10)
    assert _states(street, correction) == {ItemState.REMOVED} and not street.store.corrections.moving()
    again = street.store.deliveries.list(channel="facebook")[-1]
    street.store.halts.let_pass(again.post_key, who="Lan", why="Người dân cần bản đúng")
    street.store.decisions.publish_now(again.id, who="Lan", why="Người dân cần bản đúng")
    street.live_on()
    assert _states(street, correction) == {ItemState.DONE} and len(street.visible("facebook")) == 1


def test_a_dead_token_pauses_the_channel_and_the_correction_goes_on_once_it_is_connected_again(street: Street) -> None:
    street.town.arm("facebook", Fault.EXPIRE_TOKEN_NOW)
    correction = _sign(street, _item(street, "facebook", Means.EDIT))
    street.live_on(span=timedelta(minutes=2))
    assert _states(street, correction) == {ItemState.WAITING} and not street.store.corrections.moving()
    assert "kết nối lại kênh" in street.store.corrections.items(correction)[0].detail
    (halt,) = street.store.halts.standing()
    assert (halt.scope, halt.reason) == (channel_scope("facebook"), HoldReason.AUTH)
    _connect(street.store, street.town, "facebook")
    street.store.halts.lift(halt.scope, who="Lan")
    street.live_on()
    assert _states(street, correction) == {ItemState.DONE}
    assert street.events("facebook") == {Event.PUBLISHED: 1, Event.EDITED: 1}


def test_what_failed_is_tried_again_when_the_same_is_signed_again(street: Street) -> None:
    item = _item(street, "facebook", Means.EDIT)
    street.town.arm("facebook", Fault.ERROR_BEFORE_COMMIT, count=6, method="POST")
    correction = _sign(street, item)
    street.live_on()
    assert _states(street, correction) == {ItemState.FAILED}
    assert _sign(street, item) == correction
    street.live_on()
    assert _states(street, correction) == {ItemState.DONE}
    assert street.events("facebook") == {Event.PUBLISHED: 1, Event.EDITED: 1}
    assert [deed.action for deed in street.store.audit.all() if deed.action == "correction-again"] == ["correction-again"]


def _by_hand(street: Street, channel: str, text: str) -> None:
    """Change the live words as somebody in the platform's own editor would."""
    delivery = street.store.deliveries.list(channel=channel)[0]
    live = street.store.posts.version(delivery.post_key, delivery.post_digest)
    html = f"<p>{text}</p>" if live.variant.html else ""
    changed = replace(live, variant=replace(live.variant, text=text, html=html))
    publisher, handles = street.publishers[channel], street.store.handles.of(delivery)
    assert isinstance(publisher, Corrects) and delivery.receipt is not None
    publisher.correct(delivery.receipt, changed, handles=handles)
    street.clock.move_to(street.clock.now() + timedelta(minutes=5))


def _taken_down(street: Street, channel: str) -> None:
    """Take the live post down as somebody in the platform's own editor would."""
    publisher, receipt = street.publishers[channel], street.store.deliveries.list(channel=channel)[0].receipt
    assert isinstance(publisher, Withdraws) and receipt is not None
    publisher.withdraw(receipt)


def test_words_that_somebody_changed_there_are_overwritten_only_by_those_who_know(street: Street) -> None:
    for channel in CHANNELS:
        _by_hand(street, channel, "Lời sửa ngay trên kênh.")
    items = [_item(street, channel, Means.EDIT) for channel in CHANNELS]
    correction = _sign(street, *items)
    street.live_on()
    assert _states(street, correction) == {ItemState.DIFFERENT}
    for channel in CHANNELS:
        (shown,) = street.visible(channel)
        assert "Lời sửa ngay trên kênh." in shown.text and "127" not in shown.text
    held = [street.store.deliveries.get(item.delivery) for item in items]
    assert {(each.state, each.hold_reason) for each in held} == {(State.HELD, HoldReason.DRIFT)}
    assert all("ngay trên kênh" in each.detail for each in held)
    assert _sign(street, *items) == correction
    street.live_on()
    assert _states(street, correction) == {ItemState.DONE}
    assert all("127 xã, phường" in street.visible(channel)[0].text for channel in CHANNELS)


@pytest.mark.parametrize("means", [Means.EDIT, Means.REPOST])
def test_what_somebody_took_down_on_the_platform_is_not_put_back(street: Street, means: Means) -> None:
    for channel in CHANNELS:
        _taken_down(street, channel)
    correction = _sign(street, *(_item(street, channel, means) for channel in CHANNELS))
    street.live_on()
    assert _states(street, correction) == {ItemState.DIFFERENT}
    for channel in CHANNELS:
        assert street.events(channel) == {Event.PUBLISHED: 1, Event.REMOVED: 1}, channel
    assert {delivery.hold_reason for delivery in street.store.deliveries.list()} == {HoldReason.DRIFT}


def test_what_was_put_right_by_hand_is_known_until_a_later_decision_is_carried_out(street: Street) -> None:
    (delivery,) = street.store.deliveries.list(channel="facebook")
    correction = _sign(street, _item(street, "facebook", Means.MANUAL))
    assert not street.store.corrections.hand_made(delivery.id)
    (item,) = street.store.corrections.items(correction)
    street.store.corrections.done_by_hand(item.id, who="Lê Chi", why="đã sửa tay")
    assert street.store.corrections.hand_made(delivery.id)
    _sign(street, _item(street, "facebook", Means.EDIT), value="128")
    street.live_on()
    assert not street.store.corrections.hand_made(delivery.id)


def test_what_a_platform_refuses_is_left_to_a_person_who_may_say_that_it_is_done(street: Street) -> None:
    _taken_down(street, "facebook")
    correction = _sign(street, _item(street, "facebook", Means.EDIT), _item(street, "youtube", Means.MANUAL))
    street.live_on()
    by_channel = {item.channel: item for item in street.store.corrections.items(correction)}
    assert by_channel["youtube"].state is ItemState.MANUAL
    assert by_channel["facebook"].state in (ItemState.FAILED, ItemState.DIFFERENT)
    for item in by_channel.values():
        assert street.store.corrections.done_by_hand(item.id, who="Lê Chi", why="đã bình luận").state is ItemState.DONE
    assert street.store.audit.verify().chain.ok


def test_each_call_is_in_the_audit_log_before_it_is_made(street: Street) -> None:
    _sign(street, _item(street, "web_portal", Means.EDIT))
    street.live_on()
    deeds = [deed.action for deed in street.store.audit.all() if deed.action.startswith(("correction", "edit"))]
    assert deeds == ["correction", "edit-call", "edit-done"]


def test_what_a_person_took_down_as_published_in_error_is_live_no_more(street: Street) -> None:
    item = _item(street, "youtube", Means.MANUAL)
    decision = Decision(kind=Kind.WITHDRAWAL, subject=item.entry, value="error", why="Đăng nhầm.", items=(item,))
    correction = street.store.corrections.sign(decision, author="Lan", approver="Minh")
    (left,) = street.store.corrections.items(correction.id)
    street.store.corrections.done_by_hand(left.id, who="Minh", why="đã xóa trong Studio")
    assert street.store.deliveries.get(item.delivery).state is State.WITHDRAWN
    assert street.store.corrections.withdrawn(item.delivery)
    assert street.store.signatures.contradictions() == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE correction_items SET means = 'remove', post_key = NULL, post_digest = NULL",
        "UPDATE correction_items SET post_digest = (SELECT post_digest FROM deliveries WHERE deliveries.id = delivery)",
        "UPDATE posts SET body = replace(body, '127', '128')",
        "UPDATE corrections SET signed = replace(signed, '127', '128')",
        "UPDATE corrections SET digest = 'd0' || substr(digest, 3)",
    ],
)
def test_what_was_altered_after_two_people_signed_it_is_not_carried_out(street: Street, statement: str) -> None:
    correction = _sign(street, _item(street, "facebook", Means.EDIT))
    _change(street, statement)
    street.live_on()
    (item,) = street.store.corrections.items(correction)
    assert (item.state, item.calls) == (ItemState.FAILED, 0) and "audit verify" in item.detail
    assert street.events("facebook") == {Event.PUBLISHED: 1}


def test_two_decisions_drafted_side_by_side_are_not_both_carried_out(street: Street) -> None:
    one, two = (_item(street, "facebook", Means.REPOST, shade=shade) for shade in (60, 90))
    _sign(street, one)
    with pytest.raises(BadInput, match="đang được sửa"):
        _sign(street, two, value="128")
    street.live_on()
    with pytest.raises(BadInput, match="vừa đổi"):
        _sign(street, two, value="128")
    street.live_on()
    assert len(street.visible("facebook")) == 1
    assert street.events("facebook") == {Event.PUBLISHED: 2, Event.REMOVED: 1}


def test_a_plan_from_before_a_correction_is_not_signed_after_it(street: Street) -> None:
    stale = _item(street, "facebook", Means.EDIT)
    _sign(street, _item(street, "facebook", Means.EDIT))
    street.live_on()
    with pytest.raises(BadInput, match="vừa đổi"):
        _sign(street, stale, value="128")


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE corrections SET approver = 'Ai đó'", "ghi người khác ký"),
        ("UPDATE corrections SET author = 'Ai đó'", "ghi người khác ký"),
        ("UPDATE correction_items SET means = 'remove', post_digest = NULL", "các bản sao"),
        ("DELETE FROM correction_items", "các bản sao"),
        ("UPDATE sources SET body = replace(body, 'Tin', 'Tim')", "bản nguồn"),
    ],
)
def test_a_decision_that_reads_otherwise_than_the_log_is_named(street: Street, statement: str, what: str) -> None:
    item = _item(street, "facebook", Means.EDIT)
    assert item.post is not None
    message = Message(language="vi", headline="Tin", summary="Tin.", body="Tin.")
    entry = Entry(id=item.entry, group="1.1", axis="ubnd", unit="a", tone=Tone.NEUTRAL, when="2026-10-10", channels=("facebook",),
                  messages={"vi": message})  # fmt: skip
    street.store.sources.keep((item.post,), Source(entry=entry, facts={}))
    _sign(street, item)
    assert street.store.signatures.contradictions() == ()
    _change(street, statement)
    assert what in " ".join(found.what for found in street.store.signatures.contradictions())


def test_a_decision_that_is_gone_is_missed(street: Street) -> None:
    _sign(street, _item(street, "facebook", Means.EDIT))
    _change(street, "DELETE FROM correction_items")
    _change(street, "DELETE FROM corrections")
    assert "không còn trong sổ" in street.store.signatures.contradictions()[0].what
