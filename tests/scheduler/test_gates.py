"""What a busy or failing platform does to what is in line: nobody asks again before it says so, and nothing goes out too late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from editorial.clock import SimulatedClock
from editorial.delivery import HoldReason, State
from editorial.outcome import RateLimited
from editorial.post import Post
from editorial.rate import Rate
from publishers.accompaniment import current
from publishers.contract import Handles, Prepares
from publishers.manifest import SharedApp
from scheduler.dispatch import Dispatcher
from tests.scheduler.fake_platform import FakePublisher
from tests.scheduler.office import Office, open_office
from tests.store.fresh_database import DATABASES
from tests.store.ledger_posts import DUE, approval, post


@pytest.fixture(params=DATABASES)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    opened = open_office(tmp_path, database=request.param)
    yield opened
    opened.store.close()


def plan(office: Office, count: int) -> None:
    for number in range(count):
        office.plan(f"muc-{number}.portal.2026")


def states(office: Office) -> list[State]:
    return [delivery.state for delivery in office.store.deliveries.list()]


def test_one_answer_that_says_not_now_keeps_the_whole_account_in_line_and_in_order(office: Office) -> None:
    office.platform.faults = ["rate"]
    plan(office, 5)
    office.store.emergencies.grant("lan", timedelta(days=1), granted_by="minh", why="trực đêm cuối tuần")
    office.run()
    assert office.platform.calls == ["muc-0.portal.2026"], "nobody else asks"
    office.store.emergencies.use("khan", person="lan", why="vỡ đường ống nước trên phố Huế")
    office.plan("khan.portal.2026")
    office.live()
    assert [shown.key for shown in office.platform.ledger] == ["khan.portal.2026", *(f"muc-{n}.portal.2026" for n in range(5))]
    assert {delivery.attempts for delivery in office.store.deliveries.list()} == {1}


def test_a_platform_in_trouble_costs_five_unknown_posts_and_not_all_of_them(office: Office) -> None:
    office.platform.faults = ["timeout-before"] * 12
    plan(office, 20)
    office.run()
    assert states(office).count(State.UNKNOWN) == 5
    assert len(office.platform.calls) == 5
    office.live()
    assert set(states(office)) <= {State.VERIFIED, State.HELD}
    assert len({shown.key for shown in office.platform.ledger}) == len(office.platform.ledger)


def test_a_platform_that_comes_back_after_ten_minutes_gets_everything_without_hands(office: Office) -> None:
    plan(office, 12)
    office.platform.faults = ["unavailable"] * 100
    while office.clock.now() < DUE + timedelta(minutes=8):
        office.run()
        moment = office.store.deliveries.next_moment(office.dispatcher.station.ways)
        assert isinstance(office.clock, SimulatedClock) and moment
        office.clock.move_to(max(moment, office.clock.now() + timedelta(seconds=1)))
    assert len(office.platform.calls) < 15, "it is not hammered"
    office.platform.faults.clear()
    office.live()
    assert states(office).count(State.VERIFIED) >= 10
    assert {each.hold_reason for each in office.store.deliveries.list() if each.state is State.HELD} <= {HoldReason.POISON}


def test_what_a_platform_keeps_waiting_past_its_grace_is_asked_about(office: Office) -> None:
    office.platform.faults = ["rate"] * 200
    delivery = office.plan()
    office.live()
    held = office.now(delivery)
    assert (held.state, held.hold_reason, held.attempts) == (State.HELD, HoldReason.LATE, 0)
    assert not office.platform.ledger
    assert office.clock.now() >= DUE + timedelta(minutes=14)
    assert len(office.platform.calls) == 23, "every 40 seconds for a quarter of an hour"


def test_what_a_person_publishes_late_has_a_grace_of_its_own(office: Office) -> None:
    delivery = office.plan()
    office.clock.advance(timedelta(hours=5))
    office.run()
    assert office.now(delivery).hold_reason is HoldReason.LATE
    office.store.decisions.publish_now(delivery.id, who="Lan", why="vẫn cần")
    office.platform.faults = ["rate"] * 3
    office.live()
    assert office.now(delivery).state is State.VERIFIED


def test_a_used_up_allowance_holds_what_is_due_meanwhile_without_asking_the_platform(office: Office) -> None:
    office.platform.faults = ["quota"]
    plan(office, 4)
    office.run()
    assert len(office.platform.calls) == 1
    assert {delivery.hold_reason for delivery in office.store.deliveries.list()} == {HoldReason.QUOTA}
    (halt,) = office.store.halts.standing()
    assert (halt.reason, halt.ends_at) == (HoldReason.QUOTA, DUE + timedelta(hours=2))
    assert "hạn mức" in halt.why
    office.clock.advance(timedelta(hours=2))
    office.run()
    assert {delivery.hold_reason for delivery in office.store.deliveries.list()} == {HoldReason.LATE}
    assert not office.platform.ledger


def two_pages(office: Office) -> None:
    """Give the office a second channel of the same app."""
    pages = {"portal": office.publisher, "ward": FakePublisher(office.platform, "ward")}
    for publisher in pages.values():
        app = SharedApp(called="app", setting="app_id")
        publisher.manifest = publisher.manifest.model_copy(update={"id": "portal", "app": app})
    office.dispatcher = Dispatcher(office.store, pages, office.clock, owner="máy-1", random=Random(7))
    for key in ("muc-0.portal.2026", "muc-0.ward.2026"):
        ready = post(key, channel=key.split(".")[1])
        office.store.deliveries.plan(ready)
        office.store.approvals.save(approval([ready]), [ready])


def test_not_now_for_the_app_keeps_its_other_channels_in_line(office: Office) -> None:
    two_pages(office)
    office.platform.faults = ["app-rate"]
    office.run()
    assert office.platform.calls == ["muc-0.portal.2026"], "the other channel does not ask"
    office.live()
    assert {int((shown.visible_at - DUE).total_seconds()) for shown in office.platform.ledger} == {40}
    assert set(states(office)) == {State.VERIFIED}


def test_a_used_up_allowance_of_the_app_pauses_all_its_channels_until_it_opens(office: Office) -> None:
    two_pages(office)
    office.platform.faults = ["app-quota"]
    office.run()
    assert office.platform.calls == ["muc-0.portal.2026"]
    assert {(halt.scope, halt.reason, halt.ends_at) for halt in office.store.halts.standing()} == {
        (f"channel:{channel}", HoldReason.QUOTA, DUE + timedelta(hours=2)) for channel in ("portal", "ward")
    }
    assert {delivery.hold_reason for delivery in office.store.deliveries.list()} == {HoldReason.QUOTA}


def test_a_yes_that_tells_of_the_apps_allowance_keeps_its_other_channels_in_line(office: Office) -> None:
    two_pages(office)

    def nearly_used_up(post: Post) -> None:
        going = current()
        assert going is not None
        going.app_wait = timedelta(seconds=90)

    office.platform.before_call = nearly_used_up
    office.live()
    assert [int((shown.visible_at - DUE).total_seconds()) for shown in office.platform.ledger] == [0, 90]


class WorkingPublisher(FakePublisher, Prepares):
    """A platform that works on each draft for some seconds."""

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        if handles.get("draft") is None:
            handles.save("draft", key)
            raise RateLimited("đang xử lý bài", wait=timedelta(seconds=5))


def test_a_draft_that_is_still_being_worked_on_keeps_no_other_post_waiting(office: Office) -> None:
    publishers = {"portal": WorkingPublisher(office.platform)}
    office.dispatcher = Dispatcher(office.store, publishers, office.clock, owner="máy-1")
    plan(office, 4)
    office.live()
    assert {int((shown.visible_at - DUE).total_seconds()) for shown in office.platform.ledger} == {5}
    assert set(states(office)) == {State.VERIFIED}


def test_a_yes_that_asks_to_wait_keeps_the_account_in_line(office: Office) -> None:
    office.platform.before_call = lambda post: current().hear({"retry-after": "90"})  # type: ignore[union-attr]
    plan(office, 3)
    office.live()
    moments = [int((shown.visible_at - DUE).total_seconds()) for shown in office.platform.ledger]
    assert moments == [0, 90, 180]


def test_a_channel_keeps_the_pace_of_its_manifest(office: Office) -> None:
    rates = {"portal": Rate(calls=4, span=timedelta(minutes=1))}
    office.dispatcher = Dispatcher(office.store, {"portal": office.publisher}, office.clock, owner="máy-1", rates=rates)
    plan(office, 8)
    office.live()
    assert set(states(office)) == {State.VERIFIED}
    moments = [int((shown.visible_at - DUE).total_seconds()) for shown in office.platform.ledger]
    assert moments == [0, 0, 30, 60, 90, 120, 150, 180]
