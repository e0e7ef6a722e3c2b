"""Accounts, links, sessions and failures on both databases, also from many threads at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from editorial.clock import SimulatedClock
from store.sessions import IDLE, OVERLAP, Stage
from store.store import Store
from store.trials import Counter

DAY = timedelta(days=1)
COUNTER = Counter(name="account:x", free=3, longest=timedelta(minutes=5))


def test_a_link_is_used_by_one_of_many(store: Store) -> None:
    token = store.invitations.invite("duyet", by="quan-tri", span=DAY)
    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(lambda number: store.invitations.accept(token, f"mật khẩu {number}"), range(8)))
    assert sorted(used, key=str) == [None] * 7 + ["duyet"]
    account = store.accounts.find("duyet")
    assert account is not None and account.password.startswith("mật khẩu")


def test_a_code_is_used_by_one_of_many(store: Store) -> None:
    store.invitations.accept(store.invitations.invite("duyet", by="loa", span=DAY), "x")
    store.accounts.use_codes_of("duyet", "secret", 10, ["giay-1", "giay-2"])
    with ThreadPoolExecutor(8) as pool:
        steps = list(pool.map(lambda _: store.accounts.use_step("duyet", 11), range(8)))
        papers = list(pool.map(lambda _: store.accounts.use_recovery("duyet", "giay-1"), range(8)))
    assert steps.count(True) == papers.count(True) == 1
    assert not store.accounts.use_step("duyet", 10)
    assert store.accounts.recovery_left("duyet") == 1


def test_many_trials_at_one_moment_are_many_failures(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: store.trials.begin([COUNTER]), range(20)))
    assert begun.count(None) == COUNTER.free + 1


def test_a_session_stands_until_it_is_ended_replaced_or_over(store: Store, clock: SimulatedClock) -> None:
    token = store.sessions.begin("duyet", "approver", "Firefox")
    halfway = store.sessions.begin("duyet", "approver", "Firefox", Stage.CODE)
    found = store.sessions.find(token)
    assert found is not None and (found.person, found.roles, found.stage) == ("duyet", "approver", Stage.FULL)
    assert [each.key for each in store.sessions.of("duyet")] == [found.key], "who is half way in is not in"
    clock.advance(IDLE / 2)
    renewed = store.sessions.renew(token, "reader")
    assert store.sessions.find(renewed) is not None and store.sessions.find(token) is not None
    clock.advance(OVERLAP)
    assert store.sessions.find(token) is None and store.sessions.find(halfway) is None
    again = store.sessions.find(renewed)
    assert again is not None and again.roles == "reader" and again.began_at == found.began_at
    clock.advance(IDLE)
    assert store.sessions.find(renewed) is None


def test_signing_out_everywhere_leaves_the_one_that_is_named(store: Store) -> None:
    mine, others = store.sessions.begin("duyet", "approver"), store.sessions.begin("duyet", "approver")
    nobodys = store.sessions.begin("bien-tap", "editor")
    known = store.sessions.know_browser("duyet")
    assert store.sessions.know_browser("duyet", known) == known and store.sessions.know_browser("bien-tap", known) != known
    assert store.sessions.knows_browser("duyet", known) and not store.sessions.knows_browser("bien-tap", known)
    assert store.sessions.end_all("duyet", by="duyet", but=mine) == 1
    assert store.sessions.find(mine) and store.sessions.find(nobodys) and store.sessions.find(others) is None
    assert not store.sessions.knows_browser("duyet", known)


def test_a_reset_leaves_nothing_to_come_in_with(store: Store) -> None:
    store.invitations.accept(store.invitations.invite("duyet", by="loa", span=DAY), "x")
    store.accounts.use_codes_of("duyet", "secret", 1, ["giay"])
    token, known = store.sessions.begin("duyet", "approver"), store.sessions.know_browser("duyet")
    store.invitations.reset("duyet", by="quan-tri", span=DAY)
    assert store.accounts.find("duyet") is None and store.sessions.find(token) is None
    assert store.accounts.recovery_left("duyet") == 0 and not store.sessions.knows_browser("duyet", known)


def test_the_log_is_read_in_stretches_of_a_person_and_some_actions(store: Store) -> None:
    for number in range(7):
        store.audit.write("duyet" if number % 2 else "bien-tap", "approve" if number < 4 else "submit", f"muc-{number}")
    assert [each.number for each in store.audit.page(3)] == [7, 6, 5]
    assert [each.number for each in store.audit.page(3, before=5)] == [4, 3, 2]
    assert [each.number for each in store.audit.page(9, who="duyet", actions=("approve",))] == [4, 2]
    assert store.audit.page(9, who="ai-do") == ()


def test_failures_and_waits_are_kept_where_every_process_sees_them(store: Store, clock: SimulatedClock) -> None:
    for _ in range(COUNTER.free + 1):
        assert store.trials.begin([COUNTER]) is None
    assert store.trials.begin([COUNTER]) == clock.now() + timedelta(seconds=2)
    clock.advance(timedelta(seconds=2))
    assert store.trials.begin([COUNTER]) is None
    store.trials.tell(COUNTER, "person:duyet", "từ 10.0.0.1")
    assert [deed.action for deed in store.audit.of("person:duyet")] == ["failed-sign-in"]
    store.trials.forget(COUNTER)
    assert [store.trials.begin([COUNTER]) for _ in range(COUNTER.free)] == [None] * COUNTER.free
