"""The judge of the chaos is judged: what it must not let pass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from editorial.delivery import Delivery, HoldReason, State
from tests.chaos.judge import Verdict, judge, lines
from tests.chaos.stand_ins import Seen
from tests.store.ledger_posts import DUE

KEY = "tin-7.facebook-0.2026"


def verdict(state: State, *seen_after: float, reason: HoldReason | None = None) -> Verdict:
    delivery = Delivery(id=1, post_key=KEY, entry="tin-7", channel="facebook-0", state=state, due_at=DUE, next_at=DUE,
                        post_digest="d", hold_reason=reason)  # fmt: skip
    words = "Cấm đường\nThông báo 7: cầu Long Biên cấm xe máy."
    seen = [(0, Seen(platform="facebook", id=str(at), words=words, at=DUE + timedelta(seconds=at))) for at in seen_after]
    return judge({(0, "facebook", 7): KEY}, {KEY: DUE}, seen, [delivery], {"facebook-0": "facebook"})


def test_once_and_verified_is_good() -> None:
    found = verdict(State.VERIFIED, 1.0)
    assert (found.good, found.public, found.channels) == (True, 1, {"facebook": 1})


@pytest.mark.parametrize(
    ("found", "what"),
    [
        (verdict(State.VERIFIED, 1.0, 9.0), "duplicate"),
        (verdict(State.VERIFIED, -5.0), "early"),
        (verdict(State.VERIFIED), "false"),
        (verdict(State.SENT), "stuck"),
        (verdict(State.UNKNOWN, 1.0), "stuck"),
        (verdict(State.CANCELLED), "lost"),
    ],
)
def test_what_is_not_good_is_named(found: Verdict, what: str) -> None:
    assert not found.good
    assert KEY in getattr(found, what)
    assert any(KEY in line for line in lines(found, {}, (), "vi"))


def test_what_waits_for_a_person_is_named_with_what_the_public_saw() -> None:
    found = verdict(State.HELD, reason=HoldReason.AMBIGUOUS)
    assert found.good
    assert [(each.post, each.reason, each.public) for each in found.person] == [(KEY, "ambiguous", 0)]
    assert any(KEY in line for line in lines(found, {}, (), "en"))


def test_what_nobody_planned_is_no_silent_success() -> None:
    strange = (0, Seen(platform="facebook", id="1", words="Thông báo 8: khác", at=DUE))
    with pytest.raises(AssertionError, match="nobody planned"):
        judge({(0, "facebook", 7): KEY}, {KEY: DUE}, [strange], [], {})
