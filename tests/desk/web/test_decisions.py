from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.web.views.next_step import Action, advice, ways
from editorial.delivery import Delivery, HoldReason, State
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import NOW, SmallOffice, open_small_office

SIGNED = {"why": "Đã xem trên kênh"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office of the test's own, since decisions change it."""
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


def _held(office: SmallOffice) -> Delivery:
    return next(each for each in office.store.deliveries.list() if each.hold_reason is HoldReason.AMBIGUOUS)


def _decide(browser: Browser, delivery: Delivery, action: Action, **more: str) -> int:
    return browser.post(f"/deliveries/{delivery.id}/decision", {"action": action.value, **SIGNED, **more}).status_code


def test_every_delivery_that_stands_still_has_advice_and_a_way_out() -> None:
    held = [_delivery(State.HELD, reason) for reason in HoldReason]
    for delivery in (*held, _delivery(State.FAILED, None)):
        assert advice(delivery).endswith(".")
        assert ways(delivery)


def test_a_post_that_may_be_public_is_never_offered_as_a_plain_retry() -> None:
    offered = {way.action for way in ways(_delivery(State.HELD, HoldReason.AMBIGUOUS))}
    assert Action.PUBLISH not in offered
    assert Action.SEND_AGAIN in offered


def test_a_person_who_looked_can_have_it_sent_again(browser: Browser, office: SmallOffice) -> None:
    delivery = _held(office)
    assert "Không có trên kênh, gửi lại" in browser.get(f"/deliveries/{delivery.id}").text
    assert _decide(browser, delivery, Action.SEND_AGAIN) == 303
    assert office.store.deliveries.get(delivery.id).state is State.QUEUED
    assert office.store.audit.of(delivery.post_key)[-1].who == "le-chi"
    assert "Lê Chi" in browser.get(f"/deliveries/{delivery.id}").text


def test_a_person_who_found_it_gives_its_address(browser: Browser, office: SmallOffice) -> None:
    delivery = _held(office)
    assert _decide(browser, delivery, Action.FOUND) == 400
    assert _decide(browser, delivery, Action.FOUND, url="javascript:alert(1)", remote_id="77") == 400
    assert _decide(browser, delivery, Action.FOUND, url="https://t.me/hanoi/77", remote_id="77") == 303
    found = office.store.deliveries.get(delivery.id)
    assert found.state is State.SENT
    assert found.receipt is not None and found.receipt.remote_id == "77"


def test_an_id_that_is_another_post_s_is_refused_in_words(browser: Browser, office: SmallOffice) -> None:
    live = next(each for each in office.store.deliveries.list() if each.state is State.VERIFIED)
    waiting = next(each for each in office.store.deliveries.list(channel=live.channel) if each.state is State.SCHEDULED)
    delivery = office.store.deliveries.pass_to(waiting, State.HELD, hold_reason=HoldReason.AMBIGUOUS)
    assert live.receipt is not None
    given = {"url": "https://t.me/hanoi/77", "remote_id": live.receipt.remote_id}
    assert _decide(browser, delivery, Action.FOUND, **given) == 400
    assert office.store.deliveries.get(delivery.id) == delivery


@pytest.mark.parametrize("reason", [HoldReason.LATE, HoldReason.AUTH, HoldReason.POISON])
def test_what_somebody_posted_by_hand_meanwhile_is_known_and_read_back(
    browser: Browser, office: SmallOffice, reason: HoldReason
) -> None:
    waiting = next(each for each in office.store.deliveries.list() if each.state is State.SCHEDULED)
    delivery = office.store.deliveries.pass_to(waiting, State.HELD, hold_reason=reason, detail="giữ lại")
    assert "Đã đăng bằng tay" in browser.get(f"/deliveries/{delivery.id}").text
    assert _decide(browser, delivery, Action.FOUND, url="https://example.vn/bai/77", remote_id="77") == 303
    found = office.store.deliveries.get(delivery.id)
    assert (found.state, found.receipt and found.receipt.remote_id) == (State.SENT, "77")
    assert office.store.deliveries.due() >= 1, "it is read back"
    assert [deed.who for deed in office.store.audit.of(delivery.post_key) if deed.action == "found"] == ["le-chi"]
    assert office.store.signatures.contradictions() == ()


def test_a_decision_that_no_longer_fits_changes_nothing(browser: Browser, office: SmallOffice) -> None:
    verified = next(each for each in office.store.deliveries.list() if each.state is State.VERIFIED)
    for action in (Action.PUBLISH, Action.SEND_AGAIN, Action.CANCEL):
        assert _decide(browser, verified, action) == 409
    assert _decide(browser, verified, Action.FOUND, url="https://t.me/hanoi/77", remote_id="77") == 409
    assert office.store.deliveries.get(verified.id) == verified


def test_a_decision_without_a_right_or_a_reason_is_refused(browser: Browser, office: SmallOffice) -> None:
    delivery = _held(office)
    assert _decide(browser, delivery, Action.CANCEL, why="") == 400
    assert _decide(browser.as_person("tran-an"), delivery, Action.CANCEL) == 403
    assert _decide(browser.as_person("tran-an"), delivery, Action.CANCEL, who="le-chi") == 403
    assert "dành cho" in browser.as_person("tran-an").get(f"/deliveries/{delivery.id}").text
    assert office.store.deliveries.get(delivery.id) == delivery


def _delivery(state: State, reason: HoldReason | None) -> Delivery:
    return Delivery(
        id=1, post_key="a.b.2026", entry="a", channel="b", state=state, due_at=NOW, next_at=NOW, post_digest="0" * 64,
        hold_reason=reason,
    )  # fmt: skip
