"""Order on a channel, on both databases: a post that was signed to follow another one goes out after it, or a person is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, bindparam, text

from editorial.clock import SimulatedClock
from editorial.delivery import Delivery, HoldReason, State
from editorial.outcome import Receipt
from editorial.post import Post
from store.errors import OutOfTurn
from store.halts import post_scope
from store.moment import Moment
from store.passage import Step, take_step
from store.store import Store
from store.turn import out_of_turn
from tests.store.ledger_posts import DUE, approval, post
from tests.store.test_invariants import without_guards

LEASE = timedelta(seconds=60)
CALL = timedelta(seconds=30)
LOOK = timedelta(seconds=10)
FIRST, SECOND = "mot.portal.2026", "hai.portal.2026"


def plan(store: Store, ready: Post) -> Delivery:
    store.approvals.save(approval([ready]), [ready])
    return store.deliveries.plan(ready)


def both(store: Store) -> tuple[Delivery, Delivery]:
    """Plan two posts of one moment; the second was planned first, so that nothing but the order holds it back."""
    second = plan(store, post(SECOND, after=FIRST))
    return plan(store, post(FIRST)), second


def take(store: Store, owner: str = "máy-1") -> Delivery | None:
    store.deliveries.promote()
    claim = store.deliveries.claim(owner, LEASE, states=(State.QUEUED,))
    return claim.delivery if claim else None


def begin(store: Store, delivery: Delivery) -> Delivery:
    prepared = store.deliveries.pass_to(delivery, State.PREPARED)
    return store.attempts.open(prepared, deadline=store.clock.now() + CALL)[0]


def sent(store: Store, sending: Delivery) -> Delivery:
    receipt = Receipt(remote_id=sending.post_key, url=None)
    return store.deliveries.pass_to(sending, State.SENT, receipt=receipt, outcome="receipt",
                                    next_at=store.clock.now() + timedelta(days=1))  # fmt: skip


def key_of(delivery: Delivery | None) -> str | None:
    return delivery.post_key if delivery else None


def waits(store: Store, clock: SimulatedClock) -> bool:
    clock.advance(LOOK)
    return take(store, "máy-2") is None


def test_the_later_post_goes_only_once_the_earlier_one_is_public(store: Store, clock: SimulatedClock) -> None:
    both(store)
    first = take(store)
    assert key_of(first) == FIRST and first
    assert waits(store, clock), "the first is in hand"
    sending = begin(store, first)
    assert waits(store, clock), "the call is under way"
    sent(store, sending)
    clock.advance(LOOK)
    second = take(store, "máy-2")
    assert key_of(second) == SECOND and second
    sent(store, begin(store, second))
    assert store.invariants.broken() == ()


def test_what_waits_in_line_keeps_nobody_else_waiting_and_is_looked_at_again(store: Store, clock: SimulatedClock) -> None:
    plan(store, post(SECOND, after=FIRST))
    plan(store, post("ba.portal.2026"))
    assert key_of(take(store)) == "ba.portal.2026"
    assert store.deliveries.due(states=(State.QUEUED,)) == 0
    assert store.deliveries.next_moment() == DUE + LOOK


def test_a_post_on_another_channel_waits_for_nobody(store: Store) -> None:
    plan(store, post(FIRST, due_at=DUE + timedelta(hours=1)))
    plan(store, post("hai.facebook.2026", channel="facebook"))
    assert key_of(take(store)) == "hai.facebook.2026"


@pytest.mark.parametrize("end", ["cancelled", "failed and cancelled", "withdrawn"])
def test_it_goes_on_once_the_earlier_one_is_given_up(store: Store, clock: SimulatedClock, end: str) -> None:
    earlier, _ = both(store)
    first = take(store)
    assert first is not None
    if end == "cancelled":
        store.deliveries.pass_to(first, State.HELD, hold_reason=HoldReason.POISON)
    elif end == "failed and cancelled":
        store.deliveries.pass_to(first, State.FAILED)
    else:
        store.deliveries.pass_to(sent(store, begin(store, first)), State.WITHDRAWN)
    if end != "withdrawn":
        assert waits(store, clock), "nobody has decided yet"
        store.decisions.cancel(earlier.id, who="Lan", why="thôi")
    clock.advance(LOOK)
    assert key_of(take(store)) == SECOND
    assert store.invariants.broken() == ()


def test_past_its_grace_a_person_is_asked_and_decides(store: Store, clock: SimulatedClock) -> None:
    second = plan(store, post(SECOND, after=FIRST))  # nobody has approved the first one
    assert take(store) is None
    while clock.now() < DUE + timedelta(minutes=15):
        clock.advance(timedelta(seconds=30))
        assert take(store) is None
        assert store.deliveries.get(second.id).state is State.QUEUED
    clock.advance(LOOK)
    assert take(store) is None
    held = store.deliveries.get(second.id)
    assert (held.state, held.hold_reason) == (State.HELD, HoldReason.LATE)
    assert held.detail == f"chưa tới lượt: bài {FIRST} phải lên kênh này trước mà chưa lên; hãy chọn đăng ngay, dời lịch hoặc bỏ"
    store.decisions.publish_now(second.id, who="Lan", why="bài kia để mai")
    taken = take(store)
    assert key_of(taken) == SECOND and taken, "who was told of the order and says now means now"
    sent(store, begin(store, taken))
    assert store.invariants.broken() == ()


def test_a_person_who_was_asked_about_something_else_has_not_lifted_the_order(store: Store, clock: SimulatedClock) -> None:
    _, second = both(store)
    store.halts.set(post_scope(SECOND), who="Lan", why="xem lại")
    assert key_of(take(store)) == FIRST
    store.decisions.publish_now(second.id, who="Lan", why="xong")
    store.halts.lift(post_scope(SECOND), who="Lan")
    assert store.deliveries.get(second.id).state is State.QUEUED
    assert waits(store, clock)


def test_the_intent_asks_again_and_takes_the_order_from_what_was_signed(store: Store, clock: SimulatedClock) -> None:
    """The body's spelling is not signed, and a worker may have another version of the claim: the intent has the last word."""
    _, second = both(store)
    store.deliveries.promote()
    second = store.deliveries.get(second.id)
    taken = Step(state=State.CLAIMED, who="máy-0", at=DUE, owner="máy-0", lease_until=DUE + LEASE, fence=second.fence + 1)
    spelled = r"""UPDATE posts SET body = replace(body, '"after":', '"\u0061fter" : ') WHERE key = 'hai.portal.2026'"""
    with store._database.write() as connection:
        second = take_step(connection, second, taken)
        assert connection.execute(text(spelled)).rowcount == 1
    prepared = store.deliveries.pass_to(second, State.PREPARED)
    with pytest.raises(OutOfTurn) as caught:
        store.attempts.open(prepared, deadline=clock.now() + CALL)
    assert (caught.value.after, caught.value.until, caught.value.over) == (FIRST, DUE + LOOK, False)
    assert store.attempts.count() == 0


def test_another_order_is_another_post_to_approve_and_an_old_one_keeps_its_digest(store: Store) -> None:
    plain = post(SECOND)
    assert plain.digest == "249c70cccb06dae857d15cbf004379104c8c7e07fa7c02459ed507d5f86f67d7"
    follows = replace(plain, after=FIRST)
    assert follows.digest != plain.digest
    plan(store, plain)
    store.deliveries.plan(follows)
    store.deliveries.promote()
    (delivery,) = store.deliveries.list()
    assert (delivery.state, delivery.hold_reason) == (State.HELD, HoldReason.UNAPPROVED)


def test_a_call_before_its_turn_is_named_by_the_invariants(store: Store, clock: SimulatedClock) -> None:
    both(store)
    first = take(store)
    assert first
    sent(store, begin(store, first))
    clock.advance(LOOK)
    second = take(store)
    assert second
    sent(store, begin(store, second))
    without_guards(store)
    later = text("UPDATE passages SET at = '2030-01-01' WHERE \"end\" = 'sent' AND delivery = :id")
    with store._database.write() as connection:
        connection.execute(later, {"id": first.id})
    assert ("order", SECOND) in {(each.invariant, each.subject) for each in store.invariants.broken()}


def test_who_waits_for_another_reason_is_not_woken(store: Store, clock: SimulatedClock) -> None:
    _first, second = both(store)
    claimed = take(store)
    assert key_of(claimed) == FIRST
    assert claimed
    later = clock.now() + timedelta(minutes=3)
    with store._database.write() as connection:
        connection.execute(text("UPDATE deliveries SET next_at = :at, detail = 'chờ tới lượt' WHERE id = :id").bindparams(
            bindparam("at", type_=Moment())), {"at": later, "id": second.id})  # fmt: skip
    sent(store, begin(store, claimed))
    assert store.deliveries.get(second.id).next_at == later


def test_who_is_put_in_line_while_the_earlier_post_becomes_public_is_woken(
    store: Store, clock: SimulatedClock, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """On PostgreSQL two workers write side by side: one decides that it is not the turn, the other that it is over."""
    if url.startswith("sqlite"):
        pytest.skip("trên SQLite hai lượt ghi không bao giờ chồng lên nhau")
    _first, second = both(store)
    with Store.open(url, clock=clock) as other:
        first = take(other, "máy-2")
        assert key_of(first) == FIRST
        assert first
        sending = begin(other, first)
        with store._database.write() as connection:
            connection.execute(text("UPDATE deliveries SET next_at = due_at WHERE id = :id"), {"id": second.id})

        def meanwhile(connection: Connection, delivery: Delivery, now: datetime) -> OutOfTurn | None:
            turn = out_of_turn(connection, delivery, now)
            if turn is not None and other.deliveries.get(sending.id).state is State.SENDING:
                sent(other, sending)
            return turn

        monkeypatch.setattr("store.claims.out_of_turn", meanwhile)
        assert take(store) is None
        monkeypatch.undo()
    assert store.deliveries.get(second.id).next_at == clock.now()
    assert key_of(take(store)) == SECOND
