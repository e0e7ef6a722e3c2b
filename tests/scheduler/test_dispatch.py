"""From the due moment to the verified live post, and every way in which a call can end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.delivery import HoldReason, State
from editorial.tone import Tone
from scheduler.dispatch import SHARE, UNREAD_FOR, Dispatcher
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.proof import Publication, prove
from scheduler.simulation import Progress, run_quarter
from scheduler.verify import READ_AGAIN
from store.halts import ALL, channel_scope
from tests.editorial.small_plan import entry
from tests.scheduler.fake_platform import SETTLE
from tests.scheduler.office import Office, open_office
from tests.store.ledger_posts import DUE, approval, post


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture
def unproving(tmp_path: Path) -> Iterator[Office]:
    """An office whose channel's absence proves nothing."""
    opened = open_office(tmp_path, proof=False)
    yield opened
    opened.store.close()


def test_a_due_post_goes_out_once_and_is_verified(office: Office) -> None:
    delivery = office.plan()
    office.run()
    after = office.now(delivery)
    assert (after.state, after.attempts, after.receipt and after.receipt.remote_id) == (State.VERIFIED, 1, "1")
    assert office.platform.count(delivery.post_key) == 1
    assert [passage.end for passage in office.store.deliveries.passages(delivery.id)] == [
        State.QUEUED, State.CLAIMED, State.PREPARED, State.SENDING, State.SENT, State.VERIFIED,
    ]  # fmt: skip


def test_what_is_not_approved_never_reaches_the_platform(office: Office) -> None:
    delivery = office.plan(approved=False)
    office.live()
    assert office.now(delivery).hold_reason is HoldReason.UNAPPROVED
    assert office.platform.calls == []


def test_every_call_has_its_attempt_written_before_it(office: Office) -> None:
    delivery = office.plan()
    seen: list[int] = []
    office.platform.before_call = lambda _: seen.append(len(office.store.attempts.of(delivery.id)))
    office.run()
    assert seen == [1]


@pytest.mark.parametrize("fault", ["timeout-after", "crash-after"])
def test_a_post_that_arrived_although_the_call_failed_is_found_and_not_sent_again(office: Office, fault: str) -> None:
    office.platform.faults = [fault]
    delivery = office.plan()
    office.run()
    assert office.now(delivery).state is State.UNKNOWN
    office.live()
    assert (office.now(delivery).state, office.platform.count(delivery.post_key)) == (State.VERIFIED, 1)


def test_a_post_that_is_proved_absent_twice_is_sent_again(office: Office) -> None:
    office.platform.faults = ["timeout-before"]
    delivery = office.plan()
    office.live()
    after = office.now(delivery)
    assert (after.state, after.attempts, office.platform.count(delivery.post_key)) == (State.VERIFIED, 2, 1)
    first, second = office.store.attempts.of(delivery.id)
    assert second.started_at >= first.deadline + SETTLE


def test_a_post_that_shows_late_is_found_and_not_sent_again(office: Office) -> None:
    office.platform.faults, office.platform.lag = ["timeout-after"], SETTLE
    delivery = office.plan()
    office.live()
    assert office.platform.count(delivery.post_key) == 1


def test_where_absence_proves_nothing_a_person_decides(unproving: Office) -> None:
    unproving.platform.faults = ["timeout-before"]
    delivery = unproving.plan()
    unproving.live()
    held = unproving.now(delivery)
    assert held.hold_reason is HoldReason.AMBIGUOUS
    assert "mở kênh" in held.detail
    assert len(unproving.platform.calls) == 1
    unproving.store.decisions.send_again(delivery.id, who="Lan", why="đã xem, không có")
    unproving.run()
    assert unproving.now(delivery).state is State.VERIFIED


def test_a_live_post_that_could_not_be_read_back_is_read_again_soon_and_then_less_and_less_often(office: Office) -> None:
    delivery = office.plan()
    office.platform.readable = False
    office.run()
    looks = [office.now(delivery).next_at - office.clock.now()]
    for _ in range(12):
        office.clock.move_to(office.now(delivery).next_at)
        office.run()
        looks.append(office.now(delivery).next_at - office.clock.now())
    assert looks[0] == SETTLE
    assert looks == sorted(looks)
    assert looks[-1] == READ_AGAIN
    office.platform.readable = True
    office.clock.move_to(office.now(delivery).next_at)
    office.run()
    assert office.now(delivery).state is State.VERIFIED


def test_a_channel_that_cannot_be_read_is_never_taken_for_empty(office: Office) -> None:
    office.platform.faults, office.platform.readable = ["timeout-after"], False
    delivery = office.plan()
    office.live()
    assert office.now(delivery).hold_reason is HoldReason.AMBIGUOUS
    assert len(office.platform.calls) == 1


def test_a_ticket_is_followed_until_the_post_is_public(office: Office) -> None:
    office.platform.faults = ["pending"]
    delivery = office.plan()
    office.run()
    assert office.now(delivery).state is State.FOLLOWING
    office.live()
    assert office.now(delivery).state is State.VERIFIED


def test_a_post_whose_ticket_the_platform_has_forgotten_is_looked_for(office: Office) -> None:
    office.platform.faults = ["pending-forgotten"]
    delivery = office.plan()
    office.run()
    office.live()
    assert office.now(delivery).state is State.VERIFIED
    published = office.now(delivery).published_at
    assert published is not None and published - delivery.due_at < timedelta(minutes=10)
    assert len(office.platform.calls) == 1


@pytest.mark.parametrize("fault", ["", "timeout-after", "pending"])
def test_what_is_under_way_goes_on_once_its_channel_that_was_taken_off_is_connected_again(office: Office, fault: str) -> None:
    connected = office.dispatcher.station.publishers
    assert isinstance(connected, dict)
    delivery, before = office.plan(), dict(connected)
    office.platform.faults = [fault]
    office.platform.before_call = lambda _post: connected.clear()
    for _ in range(10):
        office.run()
        office.clock.advance(timedelta(minutes=1))
    assert office.now(delivery).state in (State.SENT, State.UNKNOWN, State.FOLLOWING)
    connected.update(before)
    office.live()
    assert (office.now(delivery).state, office.platform.count(delivery.post_key)) == (State.VERIFIED, 1)


def test_what_a_channel_taken_off_for_good_does_not_show_is_asked_about(office: Office) -> None:
    connected = office.dispatcher.station.publishers
    assert isinstance(connected, dict)
    delivery = office.plan()
    office.platform.before_call = lambda _post: connected.clear()
    office.live(timedelta(days=2))
    assert (office.now(delivery).state, office.now(delivery).hold_reason) == (State.HELD, HoldReason.DRIFT)


def test_a_refusal_stops_and_says_which_rule(office: Office) -> None:
    office.platform.faults = ["refused"]
    delivery = office.plan()
    office.live()
    assert (office.now(delivery).state, office.now(delivery).detail) == (State.FAILED, "nội dung bị từ chối (400)")


def test_what_the_manifest_forbids_is_not_even_sent(office: Office) -> None:
    delivery = office.plan(text="a" * 1001)
    office.run()
    assert office.now(delivery).state is State.FAILED
    assert office.platform.calls == []


def test_a_dead_token_pauses_its_channel_and_connecting_it_again_lets_both_go_a_gap_apart(office: Office) -> None:
    office.platform.faults = ["unauthorized"]
    one, two = office.plan(), office.plan("trung-thu.portal.2026")
    office.run()
    assert {office.now(one).hold_reason, office.now(two).hold_reason} == {HoldReason.AUTH}
    assert len(office.platform.calls) == 1
    office.store.halts.lift(channel_scope("portal"), who="Minh")
    office.run()
    assert [office.now(each).state for each in (one, two)] == [State.VERIFIED, State.QUEUED]
    office.live()
    first, second = (office.now(each).published_at for each in (one, two))
    assert first and second and second - first == timedelta(minutes=30)


def test_a_rate_limit_waits_as_told_and_costs_no_attempt(office: Office) -> None:
    office.platform.faults = ["rate"]
    delivery = office.plan()
    office.run()
    waiting = office.now(delivery)
    assert (waiting.state, waiting.attempts, waiting.next_at) == (State.QUEUED, 0, DUE + timedelta(seconds=40))
    office.live()
    assert (office.now(delivery).state, office.now(delivery).attempts) == (State.VERIFIED, 1)


def test_an_unreachable_platform_is_tried_six_times_and_then_a_person_is_asked(office: Office) -> None:
    office.platform.faults = ["unavailable"] * 10
    delivery = office.plan()
    office.live()
    assert (office.now(delivery).hold_reason, len(office.platform.calls)) == (HoldReason.POISON, 6)


def test_a_live_post_that_says_something_else_is_held_for_drift(office: Office) -> None:
    delivery = office.plan()
    office.platform.words = {delivery.post_key: "Một lời khác"}
    office.live()
    held = office.now(delivery)
    assert held.hold_reason is HoldReason.DRIFT
    assert "nội dung" in held.detail
    assert office.store.readings.of(delivery.id)[0].differences


def test_a_pause_stops_every_call_from_then_on(office: Office) -> None:
    for number in range(4):
        office.plan(f"muc-{number}.portal.2026")

    def pause(_: object) -> None:
        office.store.halts.set(ALL, why="tạm dừng", who="Minh")

    office.platform.before_call = pause
    office.run()
    assert len(office.platform.calls) == 1
    assert office.store.attempts.count() == 1


def test_a_worker_that_slept_between_intent_and_call_does_not_call(office: Office) -> None:
    delivery = office.plan()
    seconds = iter([0.0, 30.0, 30.0, 30.1])
    sleepy = Dispatcher(office.store, {"portal": office.publisher}, office.clock, owner="máy-1", elapsed=lambda: next(seconds))
    sleepy.tick()
    outcomes = [attempt.outcome for attempt in office.store.attempts.of(delivery.id)]
    assert outcomes == ["not_called", "receipt"]
    assert len(office.platform.calls) == 1


def test_a_worker_that_died_before_the_call_is_replaced_when_its_lease_is_over(office: Office) -> None:
    delivery = office.plan()
    office.store.deliveries.promote()
    assert office.store.deliveries.claim("máy-chết", timedelta(seconds=15))
    office.live()
    assert (office.now(delivery).state, office.now(delivery).attempts) == (State.VERIFIED, 1)


def test_work_that_kills_its_worker_three_times_is_held(office: Office) -> None:
    delivery = office.plan()
    for _ in range(3):
        office.store.deliveries.promote()
        assert office.store.deliveries.claim("máy-1", timedelta(seconds=15))
        office.dispatcher.recover()
    assert office.now(delivery).hold_reason is HoldReason.POISON


def test_a_restarted_worker_looks_for_what_it_was_sending(office: Office) -> None:
    delivery = office.plan()
    office.store.deliveries.promote()
    claim = office.store.deliveries.claim("máy-1", timedelta(seconds=60))
    assert claim
    prepared = office.store.deliveries.pass_to(claim.delivery, State.PREPARED)
    office.store.attempts.open(prepared, deadline=office.clock.now() + timedelta(seconds=30))
    office.platform.accept(post(delivery.post_key, text=f"Hà Nội ngày trở về {delivery.post_key}"))
    office.live()
    assert (office.now(delivery).state, office.platform.count(delivery.post_key)) == (State.VERIFIED, 1)
    assert office.store.attempts.of(delivery.id)[0].outcome == "OutcomeUnknown"


def test_a_restarted_worker_goes_on_reading_back_at_once(office: Office) -> None:
    office.platform.readable = False
    delivery = office.plan()
    office.run()
    office.clock.advance(timedelta(minutes=5))
    assert office.store.deliveries.claim("máy-1", timedelta(hours=1))
    office.platform.readable = True
    office.run()
    assert office.now(delivery).state is State.SENT
    office.dispatcher.recover()
    office.run()
    assert office.now(delivery).state is State.VERIFIED


@pytest.mark.parametrize(
    ("tone", "away", "state"),
    [
        (None, timedelta(minutes=10), State.VERIFIED), (None, timedelta(minutes=20), State.HELD),
        (Tone.FESTIVE, timedelta(minutes=10), State.HELD), (Tone.NEUTRAL, timedelta(minutes=10), State.VERIFIED),
    ],
)  # fmt: skip
def test_what_a_dead_worker_had_in_hand_is_late_like_anything_else(
    office: Office, tone: Tone | None, away: timedelta, state: State
) -> None:
    delivery = office.plan()
    if tone:
        office.store.entries.save(entry(delivery.entry, "2026-10-10@08:00", tone=tone))
    office.store.deliveries.promote()
    assert office.store.deliveries.claim("máy-chết", timedelta(minutes=1))
    office.clock.advance(away)
    office.live()
    assert office.now(delivery).state is state
    assert office.platform.count(delivery.post_key) == (state is State.VERIFIED)


@pytest.mark.parametrize(
    ("cut_after", "state"), [(timedelta(seconds=100), State.VERIFIED), (timedelta(minutes=5), State.HELD)]
)
def test_looking_for_what_was_cut_short_is_no_downtime(office: Office, cut_after: timedelta, state: State) -> None:
    """A festive post may be two minutes late by itself; that it was looked for twice, minutes apart, does not count as such."""
    delivery = office.plan()
    office.store.entries.save(entry(delivery.entry, "2026-10-10@08:00", tone=Tone.FESTIVE))
    office.store.deliveries.promote()
    claim = office.store.deliveries.claim("máy-1", timedelta(seconds=60))
    assert claim
    prepared = office.store.deliveries.pass_to(claim.delivery, State.PREPARED)
    office.store.attempts.open(prepared, deadline=office.clock.now() + timedelta(seconds=30))
    office.clock.advance(cut_after)
    office.dispatcher.recover()
    office.live()
    assert office.clock.now() > delivery.due_at + timedelta(minutes=2)
    assert office.now(delivery).state is state
    assert office.platform.count(delivery.post_key) == (state is State.VERIFIED)


def test_the_end_of_a_crowd_that_takes_minutes_keeps_its_place(office: Office) -> None:
    """Each call takes 40 s, and the looks go on meanwhile, as beside threads that are all busy."""
    crowd = [office.plan(f"muc-{number}.portal.2026") for number in range(6)]
    office.dispatcher.advance()

    def take_long(_: object) -> None:
        for _ in range(8):
            office.clock.advance(timedelta(seconds=5))
            office.dispatcher.renew()
            office.dispatcher.advance()

    office.platform.before_call = take_long
    office.run()
    assert [office.platform.count(each.post_key) for each in crowd] == [1] * 6
    lost = [step.detail for each in crowd for step in office.store.deliveries.passages(each.id) if "lỡ giờ" in step.detail]
    assert not lost


def test_what_is_public_is_read_back_also_while_there_is_no_end_of_posts(office: Office) -> None:
    office.platform.readable = False
    sent = office.plan()
    office.run()
    office.platform.readable = True
    office.clock.advance(SETTLE + UNREAD_FOR + timedelta(seconds=1))
    crowd = [office.plan(f"tin-{number}.portal.2026", due_at=office.clock.now()) for number in range(SHARE * 4)]
    before = list[State]()
    office.platform.before_call = lambda _: before.append(office.now(sent).state)
    office.run()
    assert all(office.now(each).state is State.VERIFIED for each in crowd)
    assert before.count(State.SENT) < SHARE, "it is read before the crowd has gone out"
    assert before[0] is State.SENT, "the first of the crowd does not wait for it"


def test_what_was_published_a_moment_ago_is_read_when_the_crowd_has_gone_out(office: Office) -> None:
    crowd = [office.plan(f"tin-{number}.portal.2026") for number in range(SHARE * 4)]
    states = list[State]()
    office.platform.before_call = lambda _: states.extend(office.now(each).state for each in crowd)
    office.run()
    assert State.SENT in states
    assert State.VERIFIED not in states


def test_a_draft_that_was_made_before_a_retry_is_made_once(office: Office) -> None:
    office.platform.faults = ["unavailable"]
    delivery = office.plan()
    office.live()
    assert office.store.handles.of(delivery).get("draft") == f"draft-of-{delivery.post_key}"


def test_a_quarter_is_lived_through_with_threads_and_proved(office: Office) -> None:
    for number in range(30):
        ready = post(f"muc-{number}.portal.2026", text=f"Tin số {number}.", due_at=DUE + timedelta(hours=5 * (number // 3)))
        office.store.deliveries.plan(ready)
        office.store.approvals.save(approval([ready]), [ready])
    office.platform.faults = ["", "timeout-after", "", "rate", "timeout-before", "pending", "unavailable"]
    engine, told = EmbeddedEngine(threads=4), list[Progress]()
    dispatcher = Dispatcher(
        office.store, {"portal": office.publisher}, office.clock, owner="máy-1", slots=4, submit=engine.submit
    )
    run_quarter(
        office.store, dispatcher, engine, clock=office.clock, until=DUE + timedelta(days=30), progress=told.append
    )  # fmt: skip
    engine.stop()
    proof = prove(office.store, [seen(shown.remote_id, shown.text) for shown in office.platform.ledger])
    assert proof.ok, proof
    assert (proof.planned, proof.per_channel["portal"].verified, proof.strangers) == (30, 30, ())
    assert (told[-1].done, told[-1].total) == (30, 30)


def test_an_interrupted_quarter_is_finished_by_the_next_run_without_a_duplicate(office: Office) -> None:
    for number in range(6):
        ready = post(f"muc-{number}.portal.2026", text=f"Tin số {number}.", due_at=DUE + timedelta(hours=number))
        office.store.deliveries.plan(ready)
        office.store.approvals.save(approval([ready]), [ready])
    office.platform.faults = ["", "timeout-after"]

    def interrupt(progress: Progress) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    engine = EmbeddedEngine(threads=2)
    dispatcher = Dispatcher(office.store, {"portal": office.publisher}, office.clock, owner="máy-1", submit=engine.submit)
    until = DUE + timedelta(days=1)
    with pytest.raises(KeyboardInterrupt):
        run_quarter(office.store, dispatcher, engine, clock=office.clock, until=until, progress=interrupt)
    dispatcher.stop()
    engine.stop()
    assert office.store.deliveries.last_touched() == office.clock.now()
    office.live()
    assert [office.platform.count(f"muc-{number}.portal.2026") for number in range(6)] == [1] * 6


def test_what_is_due_after_the_period_stays_where_it_is(office: Office) -> None:
    later = office.store.deliveries.plan(post(due_at=DUE + timedelta(days=3)))
    office.live(timedelta(days=1))
    assert office.now(later).state is State.SCHEDULED


def test_the_proof_names_duplicates_losses_and_strangers(office: Office) -> None:
    one, two = office.plan(), office.plan("trung-thu.portal.2026", approved=False)
    office.run()
    text = office.platform.ledger[0].text
    proof = prove(office.store, [seen("1", text), seen("2", text), seen("3", "Lời lạ")])
    assert not proof.ok
    assert (proof.duplicate_keys, proof.lost_keys) == ((one.post_key,), (two.post_key,))
    assert [stranger.text for stranger in proof.strangers] == ["Lời lạ"]


def seen(remote_id: str, text: str) -> Publication:
    return Publication(channel="portal", remote_id=remote_id, url=f"https://example.vn/{remote_id}", text=text)
