"""Order on a channel as the platform saw it, whatever went wrong with the post that goes first; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from editorial.delivery import Delivery, HoldReason, State
from store import claims
from tests.scheduler.office import Office, open_office
from tests.store.ledger_posts import DUE, approval, post

FIRST, SECOND = "mot.portal.2026", "hai.portal.2026"
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path, database=str(request.param))
    yield opened
    opened.store.close()


def plan(office: Office) -> tuple[Delivery, Delivery]:
    """Plan two posts of one moment, the later one first."""
    ready = (post(SECOND, text="Bài sau", after=FIRST), post(FIRST, text="Bài trước"))
    for each in ready:
        office.store.approvals.save(approval([each]), [each])
    later, earlier = (office.store.deliveries.plan(each) for each in ready)
    return earlier, later


@pytest.mark.parametrize("fault", [None, "timeout-after", "timeout-before", "crash-after", "unavailable", "rate", "pending"])
def test_the_earlier_post_is_public_before_the_call_of_the_later_one(office: Office, fault: str | None) -> None:
    earlier, later = plan(office)
    office.platform.faults = [fault] if fault else []
    seen: list[tuple[str, bool]] = []

    def note(sent: object) -> None:
        first = office.now(earlier)
        seen.append((getattr(sent, "key", ""), first.receipt is not None))

    office.platform.before_call = note
    office.live(HOUR)
    assert [office.now(each).state for each in (earlier, later)] == [State.VERIFIED, State.VERIFIED]
    assert [public for key, public in seen if key == SECOND] == [True]
    assert [office.platform.count(each.post_key) for each in (earlier, later)] == [1, 1]
    assert office.store.invariants.broken() == ()


def test_the_later_post_goes_out_in_the_moment_in_which_the_earlier_one_is_public(office: Office) -> None:
    earlier, later = plan(office)
    office.run()
    assert office.clock.now() == DUE
    assert [shown.key for shown in office.platform.ledger] == [earlier.post_key, later.post_key]


@pytest.mark.parametrize("fault", ["pending", "timeout-after"])
def test_what_is_found_or_finished_later_lets_the_next_one_go_at_once(office: Office, fault: str) -> None:
    earlier, later = plan(office)
    office.platform.faults = [fault]
    office.live(HOUR)
    first, second = (office.now(each).published_at for each in (earlier, later))
    assert first is not None
    assert first == second
    assert first > DUE


def test_where_the_earlier_one_is_given_up_the_later_one_goes_at_once(office: Office) -> None:
    office.platform.faults = ["unavailable"]
    earlier, later = plan(office)
    office.run()
    assert office.now(later).detail == f"chờ bài {FIRST} lên kênh này trước"
    office.store.decisions.cancel(earlier.id, who="Lan", why="bỏ")
    office.run()
    assert office.clock.now() == DUE
    assert office.now(later).receipt is not None


def test_where_the_earlier_one_is_refused_a_person_is_asked_about_both(office: Office) -> None:
    office.platform.faults = ["refused"]
    earlier, later = plan(office)
    office.live(HOUR)
    assert office.now(earlier).state is State.FAILED
    held = office.now(later)
    assert (held.state, held.hold_reason) == (State.HELD, HoldReason.LATE)
    assert held.detail.startswith(f"chưa tới lượt: bài {FIRST} phải lên kênh này trước")
    assert held.attempts == 0
    office.store.decisions.cancel(earlier.id, who="Lan", why="bỏ")
    office.store.decisions.publish_now(later.id, who="Lan")
    office.live(HOUR)
    assert office.now(later).state is State.VERIFIED


def test_what_the_claim_overlooks_the_intent_puts_back_in_line_and_then_shows_to_a_person(office: Office) -> None:
    """A worker of another version, whose claim does not know of the order."""
    office.platform.faults = ["refused"]
    earlier, later = plan(office)
    with patch.object(claims, "out_of_turn", lambda *_: None):
        office.run()
        assert office.now(later).detail == f"chờ bài {FIRST} lên kênh này trước"
        office.live(HOUR)
    assert office.now(later).hold_reason is HoldReason.LATE
    assert office.platform.calls == [earlier.post_key]
