"""The delivery ledger on a real SQLite file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from editorial.clock import SimulatedClock
from editorial.delivery import Delivery, HoldReason, State
from editorial.outcome import Pending, Receipt
from editorial.release import Comeback, ReleaseRule
from editorial.tone import Tone
from store.approvals import Signing
from store.database import Database
from store.errors import Halted, Lost, NotAllowed, RemoteIdTaken, TooClose, Unapproved
from store.halts import ALL, channel_scope, entry_scope, post_scope
from store.readings import Reading
from store.store import Store
from tests.editorial.small_plan import entry
from tests.store.ledger_posts import DUE, approval, post

LEASE = timedelta(seconds=60)
CALL = timedelta(seconds=30)
RECEIPT = Receipt(remote_id="77", url="https://example.vn/77", evidence={"photo": "5"})


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(DUE - timedelta(days=1))


def planned(store: Store, key: str = "giai-phong.portal.2026", channel: str = "portal") -> Delivery:
    ready = post(key, channel=channel)
    delivery = store.deliveries.plan(ready)
    store.approvals.save(approval([ready]), [ready])
    return delivery


def test_a_crowd_comes_due_though_those_before_it_are_not_sent_yet(store: Store, clock: SimulatedClock) -> None:
    crowd = tuple(post(f"dong-{number}.portal.2026") for number in range(620))
    crowd = tuple(replace(each, entry="dong") for each in crowd)
    store.deliveries.plan_together(crowd, signing=Signing(approval=approval(crowd), posts=crowd))
    clock.move_to(DUE)
    assert (store.deliveries.promote(), store.deliveries.promote()) == (500, 120)
    assert store.deliveries.promote() == 0
    assert store.deliveries.due() == 620


def test_what_a_pause_lets_go_comes_back_though_a_crowd_before_it_stays_paused(store: Store, clock: SimulatedClock) -> None:
    crowd = tuple(replace(post(f"dong-{number}.portal.2026"), entry="dong") for number in range(520))
    freed = post("rieng.facebook.2026", channel="facebook", due_at=DUE + timedelta(seconds=30))
    store.deliveries.plan_together((*crowd, freed), signing=Signing(approval=approval(crowd), posts=crowd))
    store.approvals.save(approval([freed]), [freed])
    for channel in ("portal", "facebook"):
        store.halts.set(channel_scope(channel), why="chờ", who="Lan")
    clock.move_to(freed.due_at)
    while store.deliveries.promote():
        pass
    assert store.deliveries.counts().total() == store.deliveries.counts()[("portal", State.HELD)] + 1 == 521
    store.halts.lift(channel_scope("facebook"), who="Lan")
    assert [each.post_key for each in store.deliveries.freed()] == [freed.key]
    store.deliveries.promote(ReleaseRule(after_pause=Comeback.SPACE))
    found = store.deliveries.by_key(freed.key)
    assert found and found.state is State.QUEUED
    assert store.deliveries.promote() == 0


class TestTheEndOfALine:
    """Of a crowd the last wait for the first: as long as somebody is being sent, that is no downtime."""

    OTHER, LATE = "cuoi.portal.2026", timedelta(seconds=90)

    def look_after(self, store: Store, clock: SimulatedClock, span: timedelta, *, since: timedelta, sent: timedelta) -> Delivery:
        """Let two be due, the first be sent at one moment, and look; return the second."""
        last = planned(store, self.OTHER)
        planned(store, "dau.portal.2026")
        clock.move_to(DUE)
        assert store.deliveries.promote(running_since=DUE) == 2
        clock.move_to(DUE + sent)
        claims = [store.deliveries.claim("máy-1", span) for _ in range(2)]
        first, other = sorted((claim.delivery for claim in claims if claim), key=lambda each: each.post_key == self.OTHER)
        store.deliveries.pass_to(other, State.QUEUED, next_at=DUE, failures=0)
        store.attempts.open(first, deadline=clock.now() + CALL)
        clock.move_to(DUE + span)
        store.deliveries.promote(running_since=DUE + since)
        return store.deliveries.get(last.id)

    def test_it_keeps_its_place_while_the_line_moves(self, store: Store, clock: SimulatedClock) -> None:
        last = self.look_after(store, clock, self.LATE, since=timedelta(0), sent=timedelta(seconds=60))
        assert (last.state, last.next_at, last.detail) == (State.QUEUED, DUE, "")

    def test_it_has_lost_its_moment_where_nothing_was_sent_of_late(self, store: Store, clock: SimulatedClock) -> None:
        last = self.look_after(store, clock, self.LATE, since=timedelta(0), sent=timedelta(seconds=5))
        assert "lỡ giờ vì máy không chạy" in last.detail and last.next_at > DUE

    def test_it_has_lost_its_moment_where_nothing_ran_when_that_came(self, store: Store, clock: SimulatedClock) -> None:
        last = self.look_after(store, clock, self.LATE, since=timedelta(seconds=61), sent=timedelta(seconds=60))
        assert "lỡ giờ vì máy không chạy" in last.detail and last.next_at > DUE

    def test_a_person_is_asked_when_it_has_waited_longer_than_any_post_may(self, store: Store, clock: SimulatedClock) -> None:
        span = timedelta(minutes=15, seconds=1)
        last = self.look_after(store, clock, span, since=timedelta(0), sent=span - timedelta(seconds=30))
        assert (last.state, last.hold_reason) == (State.HELD, HoldReason.LATE)


def prepared(store: Store, clock: SimulatedClock, key: str = "giai-phong.portal.2026") -> Delivery:
    planned(store, key)
    if clock.now() < DUE:
        clock.move_to(DUE)
    store.deliveries.promote()
    claim = store.deliveries.claim("máy-1", LEASE)
    assert claim
    return store.deliveries.pass_to(claim.delivery, State.PREPARED)


def sending(store: Store, clock: SimulatedClock, key: str = "giai-phong.portal.2026") -> Delivery:
    return store.attempts.open(prepared(store, clock, key), deadline=clock.now() + CALL)[0]


class TestPlanning:
    def test_planning_twice_makes_one_delivery(self, store: Store) -> None:
        assert planned(store) == store.deliveries.plan(post())
        assert len(store.deliveries.list()) == 1

    def test_another_version_replaces_the_planned_one_and_is_not_approved(self, store: Store) -> None:
        planned(store)
        changed = post(text="Lời khác")
        delivery = store.deliveries.plan(changed)
        assert (delivery.state, delivery.post_digest) == (State.SCHEDULED, changed.digest)
        assert not store.approvals.covers(changed.key, changed.digest)

    def test_a_version_that_is_going_out_is_not_replaced(self, store: Store, clock: SimulatedClock) -> None:
        under_way = sending(store, clock)
        assert store.deliveries.plan(post(text="Lời khác")) == under_way

    def test_a_worker_loses_a_delivery_whose_post_was_changed_under_it(self, store: Store, clock: SimulatedClock) -> None:
        in_hand = prepared(store, clock)
        store.deliveries.plan(post(text="Lời khác"))
        with pytest.raises(Lost):
            store.attempts.open(in_hand, deadline=clock.now() + CALL)
        assert store.attempts.count() == 0

    def test_a_held_delivery_that_may_be_public_is_not_replaced(self, store: Store, clock: SimulatedClock) -> None:
        unclear = store.deliveries.pass_to(sending(store, clock), State.HELD, hold_reason=HoldReason.AMBIGUOUS, outcome="x")
        assert store.deliveries.plan(post(text="Lời khác")) == unclear


class TestTheMoment:
    def test_what_is_due_and_approved_is_queued(self, store: Store, clock: SimulatedClock) -> None:
        delivery = planned(store)
        assert store.deliveries.promote() == 0
        clock.move_to(DUE)
        assert store.deliveries.promote() == 1
        assert store.deliveries.get(delivery.id).state is State.QUEUED

    def test_what_nobody_approved_is_held_at_its_moment(self, store: Store, clock: SimulatedClock) -> None:
        delivery = store.deliveries.plan(post())
        clock.move_to(DUE)
        store.deliveries.promote()
        assert store.deliveries.get(delivery.id).hold_reason is HoldReason.UNAPPROVED

    def test_what_is_later_than_its_grace_is_held_for_a_person(self, store: Store, clock: SimulatedClock) -> None:
        delivery = planned(store)
        clock.move_to(DUE + timedelta(minutes=15, seconds=1))
        store.deliveries.promote()
        assert store.deliveries.get(delivery.id).hold_reason is HoldReason.LATE
        assert store.decisions.publish_now(delivery.id, who="Minh").state is State.QUEUED
        store.deliveries.promote()
        assert store.deliveries.claim("máy-1", LEASE)

    @pytest.mark.parametrize(
        ("tone", "minutes", "state"),
        [
            (Tone.FESTIVE, 1, State.QUEUED), (Tone.FESTIVE, 3, State.HELD), (Tone.SOLEMN, 3, State.HELD),
            (Tone.NEUTRAL, 3, State.QUEUED), (Tone.NEUTRAL, 15, State.QUEUED), (Tone.NEUTRAL, 16, State.HELD),
        ],
    )  # fmt: skip
    def test_downtime_is_made_up_for_by_neutral_posts_alone(
        self, store: Store, clock: SimulatedClock, tone: Tone, minutes: int, state: State
    ) -> None:
        store.entries.save(entry("giai-phong", "2026-10-10@08:00", tone=tone))
        delivery = planned(store)
        clock.move_to(DUE + timedelta(minutes=minutes))
        store.deliveries.promote()
        assert store.deliveries.get(delivery.id).state is state

    @pytest.mark.parametrize(("hours", "state"), [(1, State.QUEUED), (3, State.HELD)])
    def test_an_emergency_may_be_two_hours_late(
        self, store: Store, clock: SimulatedClock, hours: int, state: State
    ) -> None:
        store.emergencies.grant("lan", timedelta(hours=23), granted_by="minh", why="trực đêm cuối tuần")
        store.emergencies.use("giai-phong", person="lan", why="vỡ đường ống nước trên phố Huế")
        delivery = planned(store)
        clock.move_to(DUE + timedelta(hours=hours))
        store.deliveries.promote()
        assert store.deliveries.get(delivery.id).state is state

    def test_what_waited_for_a_worker_longer_than_its_grace_is_held_unless_a_person_let_it_go(
        self, store: Store, clock: SimulatedClock
    ) -> None:
        delivery = planned(store)
        clock.move_to(DUE)
        store.deliveries.promote()
        clock.advance(timedelta(minutes=15, seconds=1))
        store.deliveries.promote()
        assert store.deliveries.get(delivery.id).hold_reason is HoldReason.LATE
        store.decisions.publish_now(delivery.id, who="Minh")
        store.deliveries.promote()
        assert store.deliveries.claim("máy-1", LEASE)

    def test_changing_one_post_voids_the_approval_of_the_others_it_was_signed_with(
        self, store: Store, clock: SimulatedClock
    ) -> None:
        both = [post("tet.portal.2026"), post("tet.facebook.2026", channel="facebook")]
        first = store.deliveries.plan(both[0])
        store.deliveries.plan(both[1])
        store.approvals.save(approval(both), both)
        assert store.approvals.covers(both[0].key, both[0].digest)
        store.deliveries.plan(post("tet.facebook.2026", channel="facebook", text="Lời khác"))
        clock.move_to(DUE)
        store.deliveries.promote()
        assert store.deliveries.get(first.id).hold_reason is HoldReason.UNAPPROVED

    @pytest.mark.parametrize("scope", [ALL, channel_scope("portal"), entry_scope("giai-phong"), post_scope(post().key)])
    def test_a_pause_holds_what_it_covers_and_lifting_it_asks_a_person(
        self, store: Store, clock: SimulatedClock, scope: str
    ) -> None:
        delivery = planned(store)
        store.halts.set(scope, why="quốc tang", who="Minh", reason=HoldReason.BLACKOUT)
        clock.move_to(DUE)
        store.deliveries.promote()
        assert store.deliveries.get(delivery.id).hold_reason is HoldReason.BLACKOUT
        store.halts.lift(scope, who="Minh")
        store.deliveries.promote()
        assert store.deliveries.get(delivery.id).hold_reason is HoldReason.LATE

    def test_where_the_office_says_so_what_a_pause_held_goes_by_itself_one_by_one(
        self, store: Store, clock: SimulatedClock
    ) -> None:
        both = [planned(store, f"muc-{number}.portal.2026") for number in range(2)]
        store.halts.set(ALL, why="kiểm tra", who="Minh")
        clock.move_to(DUE)
        store.deliveries.promote()
        store.halts.lift(ALL, who="Minh")
        store.deliveries.promote(ReleaseRule(gap=timedelta(minutes=20), after_pause=Comeback.SPACE))
        moments = [store.deliveries.get(each.id).next_at for each in both]
        assert moments == [DUE, DUE + timedelta(minutes=20)]

    def test_what_waits_for_its_moment_during_a_pause_has_it_afterwards(self, store: Store, clock: SimulatedClock) -> None:
        delivery = planned(store)
        store.halts.set(ALL, why="kiểm tra", who="Minh")
        clock.move_to(DUE - timedelta(seconds=1))
        store.deliveries.promote()
        store.halts.lift(ALL, who="Minh")
        clock.move_to(DUE)
        store.deliveries.promote()
        assert store.deliveries.get(delivery.id).state is State.QUEUED

    def test_lifting_a_pause_does_not_release_what_became_late(self, store: Store, clock: SimulatedClock) -> None:
        delivery = planned(store)
        store.halts.set(ALL, why="kiểm tra", who="Minh")
        clock.move_to(DUE)
        store.deliveries.promote()
        clock.advance(timedelta(hours=1))
        store.halts.lift(ALL, who="Minh")
        while store.deliveries.promote():
            pass
        assert store.deliveries.get(delivery.id).hold_reason is HoldReason.LATE


class TestTheIntent:
    def test_it_is_written_with_the_digest_and_the_fence(self, store: Store, clock: SimulatedClock) -> None:
        under_way = sending(store, clock)
        (attempt,) = store.attempts.of(under_way.id)
        assert (under_way.state, attempt.request_digest, attempt.fence, attempt.outcome) == (
            State.SENDING, post().digest, under_way.fence, None,
        )  # fmt: skip

    def test_what_was_claimed_is_prepared_in_the_transaction_of_its_intent(self, store: Store, clock: SimulatedClock) -> None:
        planned(store)
        clock.move_to(DUE)
        store.deliveries.promote()
        claim = store.deliveries.claim("máy-1", LEASE)
        assert claim is not None
        store.halts.set(ALL, why="tạm dừng", who="Minh")
        with pytest.raises(Halted):
            store.attempts.open(claim.delivery, deadline=clock.now() + CALL)
        assert store.deliveries.get(claim.delivery.id) == claim.delivery
        store.halts.lift(ALL, who="Minh")
        under_way, _ = store.attempts.open(claim.delivery, deadline=clock.now() + CALL)
        steps = [passage.end for passage in store.deliveries.passages(under_way.id)]
        assert (under_way.state, steps[-3:]) == (State.SENDING, [State.CLAIMED, State.PREPARED, State.SENDING])

    def test_no_intent_is_written_under_a_pause(self, store: Store, clock: SimulatedClock) -> None:
        ready = prepared(store, clock)
        store.halts.set(ALL, why="tạm dừng", who="Minh")
        with pytest.raises(Halted):
            store.attempts.open(ready, deadline=clock.now() + CALL)
        assert store.attempts.count() == 0
        assert store.deliveries.get(ready.id).state is State.PREPARED

    def test_no_intent_is_written_once_the_approval_is_taken_back(self, store: Store, clock: SimulatedClock) -> None:
        ready = prepared(store, clock)
        store.approvals.revoke(ready.entry, who="Minh", why="sai số liệu")
        with pytest.raises(Unapproved):
            store.attempts.open(ready, deadline=clock.now() + CALL)

    def test_no_intent_is_written_after_the_lease(self, store: Store, clock: SimulatedClock) -> None:
        ready = prepared(store, clock)
        clock.advance(LEASE + timedelta(seconds=1))
        with pytest.raises(Lost):
            store.attempts.open(ready, deadline=clock.now() + CALL)

    def test_a_closed_attempt_cannot_be_changed_and_none_can_be_deleted(
        self, store: Store, clock: SimulatedClock, url: str
    ) -> None:
        store.deliveries.pass_to(sending(store, clock), State.UNKNOWN, outcome="OutcomeUnknown")
        database = Database(url)
        for statement in ("UPDATE attempts SET outcome = 'receipt'", "DELETE FROM attempts", "DELETE FROM passages"):
            with pytest.raises(IntegrityError, match="append-only"), database.write() as connection:
                connection.execute(text(statement))
        database.close()

    def test_two_attempts_are_never_open_at_once(self, store: Store, clock: SimulatedClock, url: str) -> None:
        sending(store, clock)
        database = Database(url)
        again = (
            "INSERT INTO attempts (delivery, number, fence, started_at, deadline, request_digest, detail) "
            "SELECT delivery, 2, fence, started_at, deadline, request_digest, '' FROM attempts"
        )
        with pytest.raises(IntegrityError), database.write() as connection:
            connection.execute(text(again))
        database.close()


class TestOutcomes:
    def test_a_receipt_survives_a_restart(self, store: Store, clock: SimulatedClock, url: str) -> None:
        under_way = sending(store, clock)
        store.deliveries.pass_to(under_way, State.SENT, receipt=RECEIPT, outcome="receipt", next_at=clock.now())
        with Store.open(url, clock=clock) as again:
            sent = again.deliveries.get(under_way.id)
        assert (sent.state, sent.receipt, sent.published_at) == (State.SENT, RECEIPT, clock.now())

    def test_a_step_that_the_state_machine_does_not_have_is_refused(self, store: Store, clock: SimulatedClock) -> None:
        with pytest.raises(NotAllowed):
            store.deliveries.pass_to(prepared(store, clock), State.SENT, receipt=RECEIPT)

    def test_a_stale_worker_changes_nothing(self, store: Store, clock: SimulatedClock) -> None:
        under_way = sending(store, clock)
        store.deliveries.pass_to(under_way, State.UNKNOWN, outcome="OutcomeUnknown", next_at=clock.now())
        with pytest.raises(Lost):
            store.deliveries.pass_to(under_way, State.FAILED, outcome="Refused")

    def test_the_reading_that_decides_is_kept_with_what_it_decides_or_not_at_all(
        self, store: Store, clock: SimulatedClock
    ) -> None:
        under_way = sending(store, clock)
        sent = store.deliveries.pass_to(under_way, State.SENT, receipt=RECEIPT, outcome="receipt", next_at=clock.now())
        seen = Reading(delivery=sent.id, live=None, differences=(), at=clock.now())
        with pytest.raises(Lost):
            store.deliveries.pass_to(replace(sent, fence=sent.fence + 1), State.VERIFIED, seen=seen)
        assert store.readings.of(sent.id) == ()
        verified = store.deliveries.pass_to(sent, State.VERIFIED, seen=seen)
        assert store.readings.of(sent.id) == (seen,)
        assert [deed.action for deed in store.audit.of(verified.post_key)][-2:] == ["read-back", "delivery-verified"]
        assert store.audit.verify().chain.ok

    def test_proof_of_success_is_taken_even_from_a_stale_worker(self, store: Store, clock: SimulatedClock) -> None:
        under_way = sending(store, clock)
        store.deliveries.pass_to(under_way, State.UNKNOWN, outcome="OutcomeUnknown", next_at=clock.now())
        assert store.deliveries.claim("máy-2", LEASE)
        assert store.deliveries.accept_proof(under_way.id, RECEIPT, who="máy-1").state is State.SENT

    def test_proof_stops_a_second_sending_that_is_only_queued(self, store: Store, clock: SimulatedClock) -> None:
        under_way = sending(store, clock)
        store.deliveries.pass_to(under_way, State.QUEUED, outcome="Unavailable", next_at=clock.now(), failures=1)
        assert store.deliveries.accept_proof(under_way.id, RECEIPT, who="máy-1").state is State.SENT

    def test_a_worker_that_lost_a_delivery_overwrites_no_handle_of_the_one_that_has_it(
        self, store: Store, clock: SimulatedClock
    ) -> None:
        first = prepared(store, clock)
        clock.advance(LEASE + timedelta(seconds=1))
        store.deliveries.pass_to(first, State.QUEUED)
        second = store.deliveries.claim("máy-2", LEASE)
        assert second
        store.handles.of(second.delivery).save("draft", "2")
        with pytest.raises(Lost):
            store.handles.of(first).save("draft", "1")
        assert store.handles.of(first).get("draft") == "2"

    def test_a_second_live_copy_is_shown_to_a_person(self, store: Store, clock: SimulatedClock) -> None:
        under_way, now = sending(store, clock), clock.now()
        sent = store.deliveries.pass_to(under_way, State.SENT, receipt=RECEIPT, outcome="receipt", next_at=now)
        again = store.deliveries.accept_proof(sent.id, RECEIPT, who="máy-1")
        assert again == sent, "the same proof twice says nothing new"
        other = Receipt(remote_id="78", url="https://example.vn/78")
        held = store.deliveries.accept_proof(sent.id, other, who="máy-1")
        assert (held.state, held.hold_reason, held.receipt) == (State.HELD, HoldReason.DRIFT, RECEIPT)
        assert "https://example.vn/78" in held.detail

    def test_a_post_that_was_dropped_and_went_out_after_all_is_shown_to_a_person(
        self, store: Store, clock: SimulatedClock
    ) -> None:
        held = store.deliveries.pass_to(sending(store, clock), State.HELD, hold_reason=HoldReason.AMBIGUOUS, outcome="x")
        store.decisions.cancel(held.id, who="Lan", why="thôi")
        found = store.deliveries.accept_proof(held.id, RECEIPT, who="máy-1")
        assert (found.state, found.hold_reason, found.receipt) == (State.HELD, HoldReason.DRIFT, RECEIPT)

    def test_a_post_that_was_refused_and_went_out_after_all_is_public(self, store: Store, clock: SimulatedClock) -> None:
        failed = store.deliveries.pass_to(sending(store, clock), State.FAILED, outcome="Refused")
        assert store.deliveries.accept_proof(failed.id, RECEIPT, who="máy-1").state is State.SENT

    def test_two_deliveries_never_claim_one_live_post(self, store: Store, clock: SimulatedClock) -> None:
        store.deliveries.pass_to(sending(store, clock), State.SENT, receipt=RECEIPT, outcome="receipt", next_at=clock.now())
        other = sending(store, clock, "trung-thu.portal.2026")
        with pytest.raises(RemoteIdTaken):
            store.deliveries.pass_to(other, State.SENT, receipt=RECEIPT, outcome="receipt")
        assert store.attempts.of(other.id)[0].outcome is None

    def test_an_ambiguous_delivery_is_only_sent_again_by_somebody_who_looked(
        self, store: Store, clock: SimulatedClock
    ) -> None:
        held = store.deliveries.pass_to(sending(store, clock), State.HELD, hold_reason=HoldReason.AMBIGUOUS, outcome="x")
        with pytest.raises(NotAllowed):
            store.decisions.publish_now(held.id, who="Lan")
        assert store.decisions.send_again(held.id, who="Lan", why="đã xem trang, không có").state is State.QUEUED
        assert [deed.action for deed in store.audit.of(held.post_key)] == ["send-again"]

    def test_a_ticket_is_there_when_the_delivery_is_taken_up_again(self, store: Store, clock: SimulatedClock) -> None:
        ticket = Pending(ticket="v1", ask_again_in=timedelta(seconds=5))
        store.deliveries.pass_to(sending(store, clock), State.FOLLOWING, ticket=ticket, outcome="pending", next_at=clock.now())
        claim = store.deliveries.claim("máy-1", LEASE)
        assert claim and claim.ticket == ticket


def test_many_threads_and_two_stores_never_claim_the_same_delivery(store: Store, clock: SimulatedClock, url: str) -> None:
    for number in range(24):
        planned(store, f"muc-{number}.portal.2026")
    clock.move_to(DUE)
    assert store.deliveries.promote() == 24
    taken: list[int] = []

    def take(source: Store, owner: str) -> None:
        while claim := source.deliveries.claim(owner, LEASE):
            taken.append(claim.delivery.id)

    with Store.open(url, clock=clock) as other:
        threads = [threading.Thread(target=take, args=(source, f"máy-{n}")) for n, source in enumerate([store, other] * 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(taken) == sorted(delivery.id for delivery in store.deliveries.list())


def test_two_released_posts_that_two_workers_have_in_hand_at_once_do_not_go_out_together(
    store: Store, clock: SimulatedClock, url: str
) -> None:
    both = [planned(store, f"muc-{number}.portal.2026") for number in range(2)]
    clock.move_to(DUE + timedelta(hours=1))
    store.deliveries.promote()
    for each in both:
        store.decisions.publish_now(each.id, who="Lan")
    clock.advance(timedelta(minutes=31))  # both are due: nobody worked at the first one's moment
    with Store.open(url, clock=clock) as other:
        hands = [(source, _in_hand(source, owner)) for source, owner in ((store, "máy-1"), (other, "máy-2"))]
        answers = at_the_same_time(*(partial(_try_to_send, *hand) for hand in hands))
    assert sorted(answers) == ["close", "sent"]


def _in_hand(store: Store, owner: str) -> Delivery:
    claim = store.deliveries.claim(owner, LEASE)
    assert claim
    return store.deliveries.pass_to(claim.delivery, State.PREPARED)


def _try_to_send(store: Store, prepared: Delivery) -> str:
    try:
        store.attempts.open(prepared, deadline=store.deliveries._clock.now() + CALL)
    except TooClose:
        return "close"
    return "sent"


def at_the_same_time(*deeds: Callable[[], str]) -> list[str]:
    """Do the deeds in threads that begin together; return what they answer."""
    begin = threading.Barrier(len(deeds))

    def do(deed: Callable[[], str]) -> str:
        begin.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
