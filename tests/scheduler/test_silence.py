"""Mourning, pauses and blackouts on the simulated clock: what must not go out does not, and nothing comes back in a burst."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from desk import triage
from desk.mourning import declare, declare_from_calendar
from editorial.calendar import Catalogue, MourningPeriod
from editorial.clock import OFFICE_ZONE
from editorial.delivery import Delivery, HoldReason, State
from editorial.entry import Entry
from editorial.message import Message
from editorial.occasion import Evidence
from editorial.problem import BadInput
from editorial.release import ReleaseRule
from editorial.tone import Tone
from store.halts import MOURNING, tone_scope, unit_scope
from tests.scheduler.office import Office, open_office
from tests.store.ledger_posts import DUE, approval, post

GAP = timedelta(minutes=30)
RULE = ReleaseRule(gap=GAP)
MORNING = datetime(2026, 10, 10, 8, 0, tzinfo=OFFICE_ZONE)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path)
    assert made.clock.now() == DUE == MORNING
    yield made
    made.store.close()


def plan(office: Office, entry: str, tone: Tone | None, *, hours: float = 1, unit: str = "so-vhtt", number: int = 0) -> Delivery:
    """Schedule an approved post of an entry so many hours from now."""
    if tone is not None:
        office.store.entries.save(_entry(entry, tone, unit))
    key = f"{entry}.portal.{2026 + number}"
    ready = post(key, text=f"Lời của {key}", due_at=office.clock.now() + timedelta(hours=hours))
    office.store.approvals.save(approval([ready]), [ready])
    return office.store.deliveries.plan(ready)


def _entry(id: str, tone: Tone, unit: str) -> Entry:
    message = Message(language="vi", headline=id, summary="", body="")
    return Entry(id=id, group="1.7", axis="ubnd", unit=unit, tone=tone, when="2026-10-10@08:00", channels=("portal",),
                 messages={"vi": message})  # fmt: skip


def live_to(office: Office, moment: datetime) -> None:
    """Let the minutes pass, each with its beat."""
    while office.clock.now() < moment:
        office.clock.advance(min(timedelta(minutes=5), moment - office.clock.now()))
        office.run()


def state(office: Office, delivery: Delivery) -> tuple[State, HoldReason | None]:
    now = office.now(delivery)
    return now.state, now.hold_reason


def test_in_mourning_the_festive_is_held_the_neutral_asked_about_and_the_solemn_passes(office: Office) -> None:
    festive, neutral, solemn = (plan(office, tone.value, tone) for tone in (Tone.FESTIVE, Tone.NEUTRAL, Tone.SOLEMN))
    unknown = plan(office, "khong-ro", None)
    declare(office.store, date(2026, 10, 10), date(2026, 10, 11), why="quốc tang", who="Lan")
    live_to(office, MORNING + timedelta(hours=3))
    assert state(office, solemn)[0] is State.VERIFIED
    for held in (festive, neutral, unknown):
        assert state(office, held) == (State.HELD, HoldReason.BLACKOUT)
    assert [shown.key for shown in office.platform.ledger] == [solemn.post_key]


def test_when_mourning_is_over_nothing_bursts_and_what_is_late_waits_for_a_person(office: Office) -> None:
    posts = [plan(office, f"vui-{number}", Tone.FESTIVE, hours=1 + number / 10) for number in range(8)]
    declare(office.store, date(2026, 10, 10), date(2026, 10, 11), why="quốc tang", who="Lan")
    live_to(office, datetime(2026, 10, 12, 9, 0, tzinfo=OFFICE_ZONE))
    assert office.platform.ledger == []
    assert {state(office, each) for each in posts} == {(State.HELD, HoldReason.LATE)}


def test_what_is_due_after_mourning_goes_out_at_its_own_moment(office: Office) -> None:
    declare(office.store, date(2026, 10, 10), date(2026, 10, 10), why="quốc tang", who="Lan")
    after = plan(office, "vui", Tone.FESTIVE, hours=24)
    live_to(office, MORNING + timedelta(hours=25))
    assert state(office, after)[0] is State.VERIFIED


def test_released_posts_go_one_by_one_a_gap_apart(office: Office) -> None:
    posts = [plan(office, f"bài-{number}", Tone.NEUTRAL) for number in range(5)]
    office.clock.advance(timedelta(hours=3))
    office.run()
    assert {state(office, each) for each in posts} == {(State.HELD, HoldReason.LATE)}
    for each in posts:
        triage.release(office.store, office.now(each), who="Lan", why="vẫn cần đăng", now=office.clock.now(), rule=RULE)
    office.run()
    live_to(office, office.clock.now() + timedelta(hours=4))
    times = [shown.visible_at for shown in office.platform.ledger]
    assert len(times) == 5
    assert all(later - earlier >= GAP for earlier, later in pairwise(times))


def test_a_neutral_post_may_be_let_through_mourning_and_a_festive_one_may_not(office: Office) -> None:
    festive, neutral = plan(office, "vui", Tone.FESTIVE), plan(office, "thuong", Tone.NEUTRAL)
    declare(office.store, date(2026, 10, 10), date(2026, 10, 10), why="quốc tang", who="Lan")
    live_to(office, MORNING + timedelta(hours=1, minutes=5))
    given = {"who": "Lan", "why": "thông tin cần thiết", "now": office.clock.now(), "rule": RULE}
    with pytest.raises(BadInput, match="không đăng trong quốc tang"):
        triage.release(office.store, office.now(festive), **given)  # type: ignore[arg-type]
    triage.release(office.store, office.now(neutral), **given)  # type: ignore[arg-type]
    live_to(office, MORNING + timedelta(hours=2))
    assert [shown.key for shown in office.platform.ledger] == [neutral.post_key]


def test_mourning_declared_in_the_middle_of_a_call_stops_the_very_next_one(office: Office) -> None:
    first, second = (plan(office, f"vui-{number}", Tone.FESTIVE, hours=0) for number in range(2))
    day = MORNING.date()
    office.platform.before_call = lambda _: declare(office.store, day, day, why="quốc tang", who="Lan")
    office.run()
    assert len(office.platform.ledger) == 1
    assert state(office, first)[0] in (State.SENT, State.VERIFIED)
    assert state(office, second) == (State.HELD, HoldReason.BLACKOUT)


def test_the_calendar_declares_mourning_once_and_what_a_person_lifts_stays_lifted(office: Office) -> None:
    period = MourningPeriod(start=date(2026, 10, 10), end=date(2026, 10, 11), reason="mẫu", evidence=Evidence.GENERAL_KNOWLEDGE)
    past = MourningPeriod(start=date(2025, 5, 24), end=date(2025, 5, 25), reason="cũ", evidence=Evidence.GENERAL_KNOWLEDGE)
    catalogue = Catalogue((), mourning=(period, past))
    for _ in range(2):
        declare_from_calendar(office.store, catalogue, date(2026, 10, 9))
    assert [halt.scope for halt in office.store.halts.planned()] == [MOURNING]
    office.store.halts.lift(MOURNING, who="Lan")
    declare_from_calendar(office.store, catalogue, date(2026, 10, 9))
    assert office.store.halts.planned() == ()


@pytest.mark.parametrize("scope", [unit_scope("so-vhtt"), tone_scope(Tone.FESTIVE)])
def test_a_unit_or_a_tone_is_paused_alone(office: Office, scope: str) -> None:
    mine, other = plan(office, "vui", Tone.FESTIVE), plan(office, "khac", Tone.NEUTRAL, unit="vp-ubnd")
    office.store.halts.set(scope, why="chờ", who="Lan")
    live_to(office, MORNING + timedelta(hours=2))
    assert state(office, mine) == (State.HELD, HoldReason.HALT)
    assert state(office, other)[0] is State.VERIFIED


def test_a_pause_for_a_window_begins_and_ends_by_itself(office: Office) -> None:
    before, within, after = (plan(office, f"bài-{hours}", Tone.NEUTRAL, hours=hours) for hours in (1, 3, 5))
    start, end = (MORNING + timedelta(hours=hours) for hours in (2, 4))
    office.store.halts.set("all", why="bảo trì", who="Lan", starts_at=start, ends_at=end)
    live_to(office, MORNING + timedelta(hours=6))
    assert [state(office, each)[0] for each in (before, within, after)] == [State.VERIFIED, State.HELD, State.VERIFIED]
    assert state(office, within)[1] is HoldReason.LATE


def test_a_moved_post_needs_a_new_signature_and_goes_at_its_new_moment(office: Office) -> None:
    late = plan(office, "bài", Tone.NEUTRAL)
    office.clock.advance(timedelta(hours=2))
    office.run()
    to = office.clock.now() + timedelta(hours=1)
    given = {"who": "Lan", "why": "dời", "now": office.clock.now(), "rule": RULE}
    triage.move(office.store, office.now(late), to, approver="", **given)  # type: ignore[arg-type]
    live_to(office, to + timedelta(minutes=5))
    assert state(office, late) == (State.HELD, HoldReason.UNAPPROVED)
    again = office.clock.now() + timedelta(hours=1)
    triage.move(office.store, office.now(late), again, approver="Minh", **{**given, "now": office.clock.now()})  # type: ignore[arg-type]
    live_to(office, again + timedelta(minutes=5))
    assert state(office, late)[0] is State.VERIFIED
    with pytest.raises(BadInput, match="không dời được"):
        triage.move(office.store, office.now(late), again + timedelta(days=1), approver="Minh", **given)  # type: ignore[arg-type]
