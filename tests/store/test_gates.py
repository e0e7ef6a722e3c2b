"""Gates on both databases: the pace of an account, what its platform asks for, and the rest of a provider in trouble."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from editorial.clock import SimulatedClock
from editorial.delivery import Delivery, State
from editorial.outcome import Receipt
from editorial.rate import Rate
from store.errors import Shut
from store.gates import Answer, Way, Ways
from store.store import Store
from tests.store.ledger_posts import approval, post

LEASE = timedelta(seconds=60)
CALL = timedelta(seconds=30)
SECOND = timedelta(seconds=1)
FOUR_A_MINUTE = Ways(by_channel={"portal": Way(provider="web", rate=Rate(calls=4, span=timedelta(minutes=1)))})
APP = {"provider": "web", "app": "77", "app_rate": Rate(calls=4, span=timedelta(minutes=1))}
ONE_APP = Ways(by_channel={"portal": Way(**APP), "ward": Way(**APP), "other": Way(provider="web", app="78")})  # type: ignore[arg-type]
TWO_ACCOUNTS = Ways(by_channel={"portal": Way(provider="web"), "ward": Way(provider="web")})


def plan(store: Store, count: int, channel: str = "portal") -> None:
    for number in range(count):
        ready = post(f"muc-{number}.{channel}.2026", channel=channel)
        store.deliveries.plan(ready)
        store.approvals.save(approval([ready]), [ready])
    store.deliveries.promote()


def begin(store: Store, clock: SimulatedClock, ways: Ways, owner: str = "máy-1") -> Delivery | None:
    """Take one delivery as far as its intent; None where none may be taken."""
    claim = store.deliveries.claim(owner, LEASE, ways=ways)
    if claim is None:
        return None
    prepared = store.deliveries.pass_to(claim.delivery, State.PREPARED)
    return store.attempts.open(prepared, deadline=clock.now() + CALL, ways=ways)[0]


def send(store: Store, clock: SimulatedClock, ways: Ways) -> Delivery | None:
    delivery = begin(store, clock, ways)
    if delivery is None:
        return None
    receipt = Receipt(remote_id=delivery.post_key, url=None)
    return store.deliveries.pass_to(
        delivery, State.SENT, receipt=receipt, outcome="receipt", next_at=clock.now() + timedelta(days=1),
        answer=Answer.GIVEN, ways=ways,
    )  # fmt: skip


def fail(store: Store, clock: SimulatedClock, ways: Ways) -> Delivery | None:
    delivery = begin(store, clock, ways)
    if delivery is None:
        return None
    later = clock.now() + timedelta(days=1)
    return store.deliveries.pass_to(
        delivery, State.UNKNOWN, outcome="OutcomeUnknown", next_at=later, answer=Answer.NONE, ways=ways
    )


def test_accounts_of_one_app_keep_its_pace_together_and_another_apps_are_free(store: Store, clock: SimulatedClock) -> None:
    for channel in ("portal", "ward", "other"):
        plan(store, 4, channel)
    sent = list[tuple[str, datetime]]()
    while len(sent) < 12:
        while delivery := send(store, clock, ONE_APP):
            sent.append((delivery.channel, clock.now()))
        moment = store.deliveries.next_moment(ONE_APP)
        assert moment is not None
        if len(sent) < 12:
            assert clock.now() < moment
            clock.move_to(moment)
    begun = sent[0][1]
    assert {moment for channel, moment in sent if channel == "other"} == {begun}
    seconds = [(moment - begun).total_seconds() for channel, moment in sent if channel != "other"]
    assert seconds == [0, 0, 30, 60, 90, 120, 150, 180]


def test_workers_on_two_stores_keep_an_apps_pace_together(store: Store, clock: SimulatedClock, url: str) -> None:
    plan(store, 6)
    plan(store, 6, "ward")
    assert len(rush(clock, url, ONE_APP)) == 2, "half of them at once, the others one after the other"
    assert {gate.name for gate in store.deliveries.gates()} == {"app:web:77"}


def test_an_answer_for_the_whole_app_keeps_all_its_accounts_in_line_and_no_other(store: Store, clock: SimulatedClock) -> None:
    for channel in ("portal", "ward", "other"):
        plan(store, 2, channel)
    until = clock.now() + timedelta(seconds=40)
    store.deliveries.keep_waiting("portal", until, ONE_APP, of_app=True)
    begun = [delivery.channel for _ in range(6) if (delivery := begin(store, clock, ONE_APP))]
    assert begun == ["other", "other"]
    clock.move_to(until)
    assert begin(store, clock, ONE_APP)


def test_a_call_and_an_answer_of_one_account_never_wait_for_each_other(store: Store, clock: SimulatedClock, url: str) -> None:
    """Both lock the account's, the app's and the provider's gate: in one order, or PostgreSQL would end one of them."""
    plan(store, 60)
    plan(store, 60, "ward")
    for _ in range(3):
        fail(store, clock, TWO_ACCOUNTS)
    busy = Ways(by_channel={channel: Way(provider="web", app="77", app_rate=Rate(calls=10_000, span=SECOND),
                                         rate=Rate(calls=10_000, span=SECOND)) for channel in ("portal", "ward")})  # fmt: skip
    errors = list[BaseException]()

    def work(owner: str) -> None:
        with Store.open(url, clock=clock) as own:
            while delivery := begin(own, clock, busy, owner):
                own.deliveries.pass_to(
                    delivery, State.QUEUED, outcome="RateLimited", next_at=clock.now() + timedelta(days=1), spent=False,
                    shut_until=clock.now(), of_app=bool(delivery.id % 2), answer=Answer.GIVEN, ways=busy,
                )  # fmt: skip

    def watched(owner: str) -> None:
        try:
            work(owner)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=watched, args=(f"máy-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.attempts.count() == 120


@pytest.mark.parametrize("calls", [1, 2, 3, 4, 20])
def test_no_span_holds_more_calls_than_the_platform_allows(store: Store, clock: SimulatedClock, calls: int) -> None:
    span = timedelta(minutes=1)
    ways = Ways(by_channel={"portal": Way(provider="web", rate=Rate(calls=calls, span=span))})
    plan(store, 2 * calls + 3)
    sent = list[datetime]()
    while len(sent) < 2 * calls + 3:
        while send(store, clock, ways):
            sent.append(clock.now())
        moment = store.deliveries.next_moment(ways)
        assert moment is not None
        if len(sent) < 2 * calls + 3:
            assert clock.now() < moment <= clock.now() + span
            clock.move_to(moment)
    for first in sent:
        assert sum(first <= moment < first + span for moment in sent) <= calls


def test_what_waits_for_the_pace_stays_in_line_and_is_not_called_missed(store: Store, clock: SimulatedClock) -> None:
    plan(store, 9)
    keys = list[str]()
    for _ in range(20):
        store.deliveries.promote(ways=FOUR_A_MINUTE)
        while delivery := send(store, clock, FOUR_A_MINUTE):
            keys.append(delivery.post_key)
        clock.advance(timedelta(seconds=30))
    assert keys == [f"muc-{number}.portal.2026" for number in range(9)]
    assert {delivery.state for delivery in store.deliveries.list()} == {State.SENT}


def test_workers_on_two_stores_keep_one_pace_together(store: Store, clock: SimulatedClock, url: str) -> None:
    plan(store, 12)
    assert len(rush(clock, url, FOUR_A_MINUTE)) == 2, "half of them at once, the others one after the other"


def rush(clock: SimulatedClock, url: str, ways: Ways) -> list[int]:
    """Let four workers, each on a store of its own, begin what they may; return what they began."""
    begun, refused = list[int](), list[str]()

    def work(owner: str) -> None:
        with Store.open(url, clock=clock) as own:
            try:
                while delivery := begin(own, clock, ways, owner):
                    begun.append(delivery.id)
            except Shut as shut:
                refused.append(str(shut))

    threads = [threading.Thread(target=work, args=(f"máy-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return begun


def test_what_a_platform_asks_for_holds_for_the_whole_account_and_no_other(store: Store, clock: SimulatedClock) -> None:
    plan(store, 2)
    plan(store, 1, "ward")
    delivery = begin(store, clock, TWO_ACCOUNTS)
    assert delivery and delivery.channel == "portal"
    until = clock.now() + timedelta(seconds=40)
    store.deliveries.pass_to(
        delivery, State.QUEUED, outcome="RateLimited", next_at=until, spent=False, shut_until=until,
        answer=Answer.GIVEN, ways=TWO_ACCOUNTS,
    )  # fmt: skip
    other = begin(store, clock, TWO_ACCOUNTS)
    assert other and other.channel == "ward"
    assert begin(store, clock, TWO_ACCOUNTS) is None
    assert [(gate.name, gate.opens_at) for gate in store.deliveries.gates()] == [("account:portal", until)]
    clock.move_to(until)
    assert begin(store, clock, TWO_ACCOUNTS)


def test_a_gate_that_shuts_after_the_claim_refuses_the_intent_and_counts_nothing(store: Store, clock: SimulatedClock) -> None:
    plan(store, 1)
    claim = store.deliveries.claim("máy-1", LEASE)
    assert claim
    prepared = store.deliveries.pass_to(claim.delivery, State.PREPARED)
    store.deliveries.keep_waiting("portal", clock.now() + SECOND)
    with pytest.raises(Shut) as refused:
        store.attempts.open(prepared, deadline=clock.now() + CALL)
    assert refused.value.opens_at == clock.now() + SECOND
    assert store.attempts.count() == 0


def test_five_calls_in_a_minute_without_an_answer_shut_all_accounts_of_the_provider(store: Store, clock: SimulatedClock) -> None:
    plan(store, 4)
    plan(store, 4, "ward")
    for number in range(5):
        assert fail(store, clock, TWO_ACCOUNTS), number
        clock.advance(SECOND)
    assert begin(store, clock, TWO_ACCOUNTS) is None
    assert [delivery.state for delivery in store.deliveries.list()].count(State.QUEUED) == 3, "the rest is not risked"


def test_a_provider_that_answers_at_least_as_often_as_not_goes_on(store: Store, clock: SimulatedClock) -> None:
    plan(store, 24)
    for _ in range(6):
        assert fail(store, clock, TWO_ACCOUNTS)
        for _ in range(3):
            assert send(store, clock, TWO_ACCOUNTS)
    assert store.deliveries.gates() == ()


def test_calls_that_fail_over_a_longer_time_shut_nothing(store: Store, clock: SimulatedClock) -> None:
    plan(store, 9)
    for _ in range(9):
        assert fail(store, clock, TWO_ACCOUNTS)
        clock.advance(timedelta(seconds=31))


def test_after_the_rest_one_delivery_asks_and_its_answer_opens_the_gate(store: Store, clock: SimulatedClock) -> None:
    plan(store, 9)
    for _ in range(5):
        fail(store, clock, TWO_ACCOUNTS)
    clock.advance(timedelta(seconds=30))
    asking = begin(store, clock, TWO_ACCOUNTS)
    assert asking
    assert begin(store, clock, TWO_ACCOUNTS) is None, "one delivery asks, and nobody else"
    receipt = Receipt(remote_id="1", url=None)
    store.deliveries.pass_to(asking, State.SENT, receipt=receipt, outcome="receipt", answer=Answer.GIVEN, ways=TWO_ACCOUNTS)
    assert send(store, clock, TWO_ACCOUNTS)
    assert send(store, clock, TWO_ACCOUNTS)


def test_each_answer_that_does_not_come_doubles_the_rest_up_to_five_minutes(store: Store, clock: SimulatedClock) -> None:
    plan(store, 12)
    for _ in range(5):
        fail(store, clock, TWO_ACCOUNTS)
    rests = list[int]()
    for _ in range(6):
        moment = store.deliveries.next_moment(TWO_ACCOUNTS)
        assert moment
        rests.append(int((moment - clock.now()).total_seconds()))
        clock.move_to(moment)
        assert fail(store, clock, TWO_ACCOUNTS)
    assert rests == [30, 60, 120, 240, 300, 300]


def test_a_worker_that_dies_while_it_asks_keeps_nobody_out_longer_than_its_call(store: Store, clock: SimulatedClock) -> None:
    plan(store, 9)
    for _ in range(5):
        fail(store, clock, TWO_ACCOUNTS)
    clock.advance(timedelta(seconds=30))
    assert begin(store, clock, TWO_ACCOUNTS)
    clock.advance(LEASE)
    assert begin(store, clock, TWO_ACCOUNTS, "máy-2")
