"""F5 to F9, F21, F26: what comes back, or does not, from the platforms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from editorial.delivery import HoldReason, State
from editorial.outcome import RateLimited
from rehearsal.faults import Fault
from store.sightings import Seen
from tests.faults.city import CHANNELS, COMMIT, LOOK, ONCE, City, End, asked, die
from tests.faults.expected import ROWS


@pytest.mark.parametrize("fault", [Fault.DROP_RESPONSE_AFTER_COMMIT, Fault.ERROR_AFTER_COMMIT, Fault.TIMEOUT_MID_BODY])
def test_F5_the_answer_is_lost_after_the_platform_accepted(city: City, fault: Fault) -> None:
    city.arm(fault)
    city.plan_all()
    city.live()
    assert city.ends() == ROWS["F5"].ends
    for delivery in city.store.deliveries.list():
        assert [attempt.outcome for attempt in city.store.attempts.of(delivery.id)] == ["OutcomeUnknown"]


@pytest.mark.parametrize("fault", [Fault.ERROR_BEFORE_COMMIT, Fault.HTML_ERROR_PAGE])
def test_F6_an_error_before_the_platform_accepted(city: City, fault: Fault) -> None:
    city.arm(fault)
    city.plan_all()
    city.live()
    assert city.ends() == ROWS["F6"].ends


def test_F7_accepted_a_little_later_than_the_error_said(city: City) -> None:
    for channel, line in COMMIT.items():
        late = city.publishers[channel].manifest.settle_seconds * 0.8
        city.town.arm(line.platform, Fault.SLOW_COMMIT, path=line.path, method=line.method, seconds=late)
    city.plan_all()
    city.live()
    assert city.ends() == ROWS["F7"].ends


@pytest.mark.parametrize("minutes", [4, 10])
def test_F7_accepted_minutes_later_where_the_commit_names_the_post_by_its_id(city: City, minutes: int) -> None:
    by_id = ("web_portal", "zalo_oa", "youtube", "tiktok")
    city.arm(Fault.SLOW_COMMIT, {channel: COMMIT[channel] for channel in by_id}, seconds=60.0 * minutes)
    city.plan_all(by_id)
    city.live()
    assert city.ends() == dict.fromkeys(by_id, ONCE)


def test_F7_accepted_ten_minutes_later_on_a_channel_that_proves_no_absence(city: City) -> None:
    city.arm(Fault.SLOW_COMMIT, {"telegram": COMMIT["telegram"]}, seconds=600)
    city.plan_all(("telegram",))
    city.live()
    assert city.ends() == {"telegram": asked(1)}


def test_F8_a_channel_that_cannot_be_read_is_never_taken_for_empty(city: City) -> None:
    city.arm(Fault.DROP_RESPONSE_AFTER_COMMIT)
    city.plan_all()
    city.live(timedelta(seconds=10))
    assert {delivery.state for delivery in city.store.deliveries.list()} == {State.UNKNOWN}
    city.arm(Fault.HTML_ERROR_PAGE, LOOK, count=3)
    city.live()
    assert city.ends() == ROWS["F8"].ends
    for delivery in city.store.deliveries.list():
        seen = [look.seen for look in city.store.sightings.of(delivery.id, since=delivery.due_at)]
        assert seen == [Seen.UNCLEAR] * 3 + [Seen.FOUND]


def test_F9_a_storm_of_too_many_requests_spends_no_attempt_and_keeps_the_order(city: City) -> None:
    city.arm(Fault.RATE_LIMIT_NEXT, count=3, seconds=40)
    city.plan_all()
    city.live()
    assert city.ends() == ROWS["F9"].ends
    assert {delivery.attempts for delivery in city.store.deliveries.list()} == {1}


def test_F9_waiting_for_the_platform_many_times_is_no_failure_of_the_work_and_a_crash_after_it_is_the_first(city: City) -> None:
    portal = city.publishers["web_portal"]
    prepare, waits = portal.prepare, [True] * 4  # type: ignore[attr-defined]

    def slowly(post: object, **more: object) -> object:
        if waits:
            waits.pop()
            raise RateLimited("đang xử lý", wait=timedelta(seconds=5))
        portal.prepare = prepare  # type: ignore[attr-defined]
        return die()

    portal.prepare = slowly  # type: ignore[attr-defined]
    city.plan_all(("web_portal",))
    city.live()
    assert city.ends() == {"web_portal": ONCE}


def test_F9_one_answer_that_says_not_now_is_heeded_by_the_whole_account(city: City) -> None:
    city.arm(Fault.RATE_LIMIT_NEXT, seconds=40)
    city.plan(*(city.post(channel, number) for channel in CHANNELS for number in range(3)))
    city.live()
    assert city.public() == dict.fromkeys(CHANNELS, 3)
    for channel in CHANNELS:
        made = [(each.started_at, each.outcome) for one in city.store.deliveries.list(channel=channel)
                for each in city.store.attempts.of(one.id)]  # fmt: skip
        assert [outcome for _, outcome in made].count("RateLimited") == 1, channel
        first, second = sorted(moment for moment, _ in made)[:2]
        assert second - first >= timedelta(seconds=40), channel


def test_F21_a_revoked_token_stops_its_channel_and_no_other(city: City) -> None:
    for platform in ("facebook", "telegram", "wordpress"):
        city.town.arm(platform, Fault.EXPIRE_TOKEN_NOW)
    city.plan_all()
    city.live()
    assert city.ends() == ROWS["F21"].ends
    dead = {channel for channel, end in ROWS["F21"].ends.items() if end.reason is HoldReason.AUTH}
    assert {halt.scope for halt in city.store.halts.standing()} == {f"channel:{channel}" for channel in dead}


def test_F26_the_same_words_twice_are_two_posts_even_when_an_answer_is_lost(city: City) -> None:
    first = [city.post(channel) for channel in CHANNELS]
    city.plan(*first)
    city.live(timedelta(minutes=30))
    city.arm(Fault.DROP_RESPONSE_AFTER_COMMIT)
    again = [replace(post, key=f"nhac-lai.{post.channel}.2026", entry="nhac-lai", due_at=city.clock.now()) for post in first]
    city.plan(*again)
    city.live()
    # Facebook takes no words that it has shown a moment ago.
    second = {delivery.channel: delivery for delivery in city.store.deliveries.list(entry="nhac-lai")}
    public = city.public()
    ends = {
        channel: End(state=each.state, reason=each.hold_reason, public=public[channel] - 1) for channel, each in second.items()
    }
    assert ends == ROWS["F26"].ends
