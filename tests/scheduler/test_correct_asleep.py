"""A worker that sleeps in the middle of a correction and wakes after others, and after another decision: nothing goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from editorial.correction import Decision, ItemState, Kind, Means
from editorial.delivery import HoldReason, State
from publishers.contract import Verifies
from rehearsal.faults import Fault
from rehearsal.publication import Event
from scheduler.correct import LATE_CALL
from scheduler.dispatch import Dispatcher
from tests.publishers.bench import a_post
from tests.scheduler.test_correct import Street, _item, _medium, _sign
from tests.scheduler.test_correct import street as street
from tests.store.ledger_posts import approval

OLDER, NEWER = "127 xã, phường", "128 xã, phường"


@pytest.mark.parametrize("channel", ["web_portal", "facebook", "telegram", "zalo_oa", "youtube"])
def test_a_worker_that_slept_after_its_look_does_not_put_older_words_over_newer_ones(
    street: Street, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    first = _sign(street, _item(street, channel, Means.EDIT))
    publisher = street.publishers[channel]
    assert isinstance(publisher, Verifies)
    look = publisher.read_back

    def fall_asleep(receipt: object) -> object:
        live = look(receipt)  # type: ignore[arg-type]
        monkeypatch.undo()
        _others_go_on(street, channel)
        return live

    monkeypatch.setattr(publisher, "read_back", fall_asleep)
    _one_worker(street)
    assert _says(street, channel) == NEWER
    assert street.events(channel) == {Event.PUBLISHED: 1, Event.EDITED: 2}
    assert street.store.corrections.items(first)[0].state is ItemState.DONE
    assert [each.state for each in street.store.deliveries.list(channel=channel)] == [State.VERIFIED]


def test_a_call_that_comes_late_nevertheless_is_noticed_and_a_person_is_told(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    _sign(street, _item(street, "facebook", Means.EDIT))
    _between_guard_and_first_byte(street, monkeypatch, lambda: _others_go_on(street, "facebook"))
    _one_worker(street)
    assert _says(street, "facebook") == OLDER
    (delivery,) = street.store.deliveries.list(channel="facebook")
    assert (delivery.state, delivery.hold_reason) == (State.HELD, HoldReason.DRIFT)
    assert delivery.detail.startswith(LATE_CALL)


def test_a_late_call_that_only_repeats_what_others_have_done_disturbs_nobody(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    correction = _sign(street, _item(street, "facebook", Means.EDIT))
    _between_guard_and_first_byte(street, monkeypatch, street.live_on)
    _one_worker(street)
    assert _says(street, "facebook") == OLDER and street.store.corrections.items(correction)[0].state is ItemState.DONE
    assert [each.state for each in street.store.deliveries.list(channel="facebook")] == [State.VERIFIED]


def test_a_worker_that_slept_while_it_prepared_does_not_write_over_what_others_have_published_and_corrected(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = replace(a_post("web_portal", (_medium(street, "web_portal"),), number=1), due_at=street.clock.now())
    street.store.deliveries.plan(post)
    street.store.approvals.save(approval([post]), [post])
    street.town.arm("wordpress", Fault.DROP_RESPONSE_AFTER_COMMIT, path="/posts", method="POST")
    _one_worker(street)  # leaves a draft behind, which the next try looks for and takes up
    street.clock.advance(timedelta(seconds=10))
    portal = street.publishers["web_portal"]
    look = portal._by_slug  # type: ignore[attr-defined]

    def fall_asleep(kind: str, *given: object, **more: object) -> object:
        found = look(kind, *given, **more)
        if kind == "posts":
            monkeypatch.undo()
            street.clock.advance(timedelta(minutes=1))
            street.live_on(owner="máy-2")
            _sign(street, _item(street, "web_portal", Means.EDIT))
            street.live_on(owner="máy-2")
        return found

    monkeypatch.setattr(portal, "_by_slug", fall_asleep)
    _one_worker(street)
    assert [OLDER in shown.text for shown in street.visible("web_portal")] == [False, True]
    assert {each.state for each in street.store.deliveries.list(channel="web_portal")} == {State.VERIFIED}


def _between_guard_and_first_byte(street: Street, monkeypatch: pytest.MonkeyPatch, others: Callable[[], None]) -> None:
    """Let the worker sleep in the moment that no guard covers."""
    asked = street.store.corrections.in_hand

    def fall_asleep(item: object) -> bool:
        awake = asked(item)  # type: ignore[arg-type]
        monkeypatch.undo()
        street.clock.advance(timedelta(minutes=1))
        others()
        return awake

    monkeypatch.setattr(street.store.corrections, "in_hand", fall_asleep)


def _others_go_on(street: Street, channel: str) -> None:
    """Let another worker take over when the lease is over and finish, and two people sign the next correction."""
    street.clock.advance(timedelta(minutes=1))
    street.live_on(owner="máy-2")
    item = _item(street, channel, Means.EDIT, figure="128")
    decision = Decision(kind=Kind.CORRECTION, subject="wards", value="128", why="", items=(item,))
    street.store.corrections.sign(decision, author="Lan", approver="Minh")
    street.live_on(owner="máy-2")


def _one_worker(street: Street) -> None:
    Dispatcher(street.store, street.publishers, street.clock, owner="máy-1").tick()


def _says(street: Street, channel: str) -> str:
    (shown,) = street.visible(channel)
    return next(words for words in (NEWER, OLDER) if words in shown.text)
