"""A rehearsal's judgement: what is lost, sent twice, left lying, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from editorial.clock import SimulatedClock
from editorial.delivery import HoldReason, State
from editorial.outcome import Receipt
from scheduler.judgement import Judgement, judge
from scheduler.proof import Publication, prove
from store.store import Store
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import DUE, approval, post

KEYS = tuple(f"tin-{number}.portal.2026" for number in range(3))
PLAN = dict.fromkeys(KEYS, "portal")
LEASE = timedelta(seconds=15)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(DUE - timedelta(hours=1))


@pytest.fixture
def store(clock: SimulatedClock, tmp_path: Path) -> Iterator[Store]:
    with Store.open(fresh_database(tmp_path), clock=clock, media_folder=tmp_path) as opened:
        for key in KEYS:
            planned = post(key, text=f"Lời của {key}")
            opened.deliveries.plan(planned)
            opened.approvals.save(approval([planned], at=clock.now()), [planned])
        yield opened


def send(store: Store, clock: SimulatedClock, *ends: State) -> None:
    """Take the deliveries in turn as far as SENDING, and let each end as given."""
    clock.move_to(DUE)
    store.deliveries.promote()
    for end in ends:
        claim = store.deliveries.claim("máy-1", LEASE)
        assert claim is not None
        prepared = store.deliveries.pass_to(claim.delivery, State.PREPARED)
        sending, _ = store.attempts.open(prepared, deadline=DUE + timedelta(seconds=30))
        if end in (State.SENT, State.VERIFIED):
            receipt = Receipt(remote_id=f"id-{claim.delivery.post_key}", url=None)
            store.deliveries.pass_to(sending, State.SENT, receipt=receipt, outcome="receipt")
        elif end is State.HELD:
            store.deliveries.pass_to(sending, State.HELD, hold_reason=HoldReason.AMBIGUOUS, detail="hãy mở kênh xem")
        elif end is not State.SENDING:
            store.deliveries.pass_to(sending, end, detail="nền tảng không nhận")
    for _ in range(ends.count(State.VERIFIED)):
        claim = store.deliveries.claim("máy-1", LEASE)
        assert claim is not None
        store.deliveries.pass_to(claim.delivery, State.VERIFIED)


def shown(key: str, *, id: str = "") -> Publication:
    return Publication(channel="portal", remote_id=id or f"id-{key}", url=f"http://portal/{key}", text=f"Lời của {key}")


def judged(store: Store, *publications: Publication) -> Judgement:
    return judge(store, prove(store, publications), PLAN)


def test_what_the_store_calls_sent_and_nobody_sees_is_lost(store: Store, clock: SimulatedClock) -> None:
    send(store, clock, State.VERIFIED, State.VERIFIED, State.FAILED)
    found = judged(store, shown(KEYS[0]))
    assert [each.post_key for each in found.lost] == [KEYS[1]]
    assert not found.ok
    assert judged(store, shown(KEYS[0]), shown(KEYS[1])).ok


def test_what_a_person_has_is_named_with_its_reason_and_not_lost(store: Store, clock: SimulatedClock) -> None:
    send(store, clock, State.VERIFIED, State.HELD, State.FAILED)
    found = judged(store, shown(KEYS[0]), shown(KEYS[1], id="mới"))
    assert [(each.post_key, each.reason, each.public) for each in found.waiting] == [
        (KEYS[1], HoldReason.AMBIGUOUS, True),
        (KEYS[2], None, False),
    ]
    assert found.waiting[0].why == "hãy mở kênh xem"
    assert (found.ok, found.lost, found.figures().needs_person) == (True, (), 2)


def test_what_is_neither_done_nor_with_a_person_is_stuck(store: Store, clock: SimulatedClock) -> None:
    send(store, clock, State.SENT, State.UNKNOWN, State.SENDING)
    found = judged(store, shown(KEYS[0]))
    # the first is sent and was never read back: that too is not done
    assert [each.state for each in found.stuck] == [State.SENT, State.UNKNOWN, State.SENDING]
    assert not found.ok


def test_a_second_publication_and_one_that_nobody_planned_are_told(store: Store, clock: SimulatedClock) -> None:
    send(store, clock, State.FAILED, State.FAILED, State.FAILED)
    twice = judged(store, shown(KEYS[0], id="1"), shown(KEYS[0], id="2"))
    assert (twice.ok, twice.figures().duplicates, twice.proof.duplicate_keys) == (False, 1, (KEYS[0],))
    strange = judged(store, Publication(channel="portal", remote_id="9", url="http://portal/9", text="Lời lạ"))
    assert (strange.ok, len(strange.proof.strangers)) == (False, 1)


def test_a_planned_post_that_the_store_never_had_is_lost(store: Store, clock: SimulatedClock) -> None:
    send(store, clock, State.FAILED, State.FAILED, State.FAILED)
    found = judge(store, prove(store, ()), {**PLAN, "tin-9.zalo.2026": "zalo"})
    assert [each.post_key for each in found.lost] == ["tin-9.zalo.2026"]
    assert found.channels == ("portal", "zalo")
    assert asdict(found.figures("zalo"))["lost"] == 1
    assert asdict(found.figures("portal"))["lost"] == 0
    assert [found.figures(channel).planned for channel in (None, "portal", "zalo")] == [4, 3, 1]


def test_a_publication_is_not_taken_for_another_post_whose_words_it_holds_too(store: Store) -> None:
    short = post("tin-5.portal.2026", text="Cấm đường quanh hồ Gươm")
    long = post("tin-6.portal.2026", text="Cấm đường quanh hồ Gươm đến hết Chủ nhật")
    for each in (short, long):
        store.deliveries.plan(each)
    proof = prove(store, [Publication(channel="portal", remote_id="1", url="http://p/1", text=long.variant.text)])
    assert long.key not in proof.lost_keys
    assert short.key in proof.lost_keys


def test_a_second_publication_is_known_by_its_words_although_they_are_written_with_markup(
    store: Store, clock: SimulatedClock
) -> None:  # fmt: skip
    marked = post("tin-8.telegram.2026", channel="telegram", text="<b>Ngõ Gạch</b> &amp; phố cổ\n<i>mở lại</i>")
    store.deliveries.plan(marked)
    once = Publication(channel="telegram", remote_id="loa/1", url="http://t/loa/1", text="Ngõ Gạch & phố cổ\nmở lại")
    twice = Publication(channel="telegram", remote_id="loa/2", url="http://t/loa/2", text="Ngõ Gạch & phố cổ\nmở lại")
    proof = prove(store, (once, twice))
    assert (proof.strangers, proof.duplicate_keys) == ((), (marked.key,))
    assert marked.key not in proof.lost_keys


def test_a_page_is_known_by_its_words_although_a_reader_spells_lists_and_links_otherwise(store: Store) -> None:
    html = "<p>Mời bà con:</p><ul><li>đọc dự thảo;</li><li>góp ý.</li></ul><p>Xem <a href='https://hanoi.gov.vn'>Cổng</a></p>"
    words = "Mời bà con:\n• đọc dự thảo;\n• góp ý.\nXem Cổng (https://hanoi.gov.vn)"
    plain = post("tin-7.zalo.2026", channel="zalo", text=words)
    page = replace(plain, variant=replace(plain.variant, html=html))
    store.deliveries.plan(page)
    seen = "Tóm tắt ở trên\nMời bà con:\nđọc dự thảo;\ngóp ý.\nXem Cổng"
    proof = prove(store, [Publication(channel="zalo", remote_id=id, url=f"http://z/{id}", text=seen) for id in ("1", "2")])
    assert (proof.strangers, proof.duplicate_keys) == ((), (page.key,))


def test_what_the_public_sees_otherwise_than_it_was_approved_is_told_whatever_the_store_says(
    store: Store, clock: SimulatedClock
) -> None:
    send(store, clock, State.VERIFIED, State.VERIFIED, State.VERIFIED)
    right, other, bare = (shown(key) for key in KEYS)
    found = judged(store, replace(right, media=0), replace(other, text="Lời đã bị đổi"), replace(bare, media=1))
    assert found.proof.altered_keys == (KEYS[1], KEYS[2])
    assert not found.ok
