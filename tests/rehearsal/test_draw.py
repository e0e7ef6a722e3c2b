"""Faults drawn from a seed: the same seed is the same bad luck, and all of it is within what the platforms do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from rehearsal.draw import draw
from rehearsal.faults import Fault
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock
from tests.rehearsal.test_town import say

START = datetime(2026, 10, 1, 1, tzinfo=UTC)
PLATFORMS = ("facebook", "zalo", "youtube", "telegram", "wordpress")
CALENDAR = [(platform, START + timedelta(days=day)) for day in range(90) for platform in PLATFORMS]


def test_the_same_seed_draws_the_same_faults_whatever_the_order_and_another_seed_others(town: Town) -> None:
    first = draw(7, CALENDAR, town.faults_known)
    assert draw(7, reversed(CALENDAR), town.faults_known) == first
    assert draw(8, CALENDAR, town.faults_known) != first


@pytest.mark.parametrize("seed", range(20))
def test_a_platform_gets_only_faults_that_it_can_have_each_at_a_planned_moment(town: Town, seed: int) -> None:
    drawn = draw(seed, CALENDAR, town.faults_known)
    assert 0.2 * len(CALENDAR) < len(drawn) < 0.5 * len(CALENDAR)
    for each in drawn:
        assert each.armed.fault in town.faults_known(each.platform)
        assert each.armed.since is not None and each.armed.since >= START
        assert each.armed.seconds <= (120 if each.armed.fault is not Fault.SLOW_COMMIT else 90)
        town.arm(each.platform, each.armed)


def test_over_a_few_seeds_every_fault_is_drawn(town: Town) -> None:
    assert {each.armed.fault for seed in range(5) for each in draw(seed, CALENDAR, town.faults_known)} == set(Fault)


READING = {
    "telegram": ("POST", lambda keys: f"/bot{keys['token']}/getChat?chat_id={keys['chat_id']}"),
    "tiktok": ("POST", lambda keys: "/v2/post/publish/status/fetch/"),
    "zalo": ("POST", lambda keys: "/v2.0/article/verify"),
    "youtube": ("GET", lambda keys: "/youtube/v3/videos?part=id&id=x"),
    "facebook": ("GET", lambda keys: f"/v26.0/{keys['page_id']}"),
    "wordpress": ("GET", lambda keys: "/wp-json/wp/v2/posts"),
}


@pytest.mark.parametrize("platform", READING)
def test_a_drawn_fault_of_reading_strikes_what_the_platform_knows_for_a_question_whatever_its_method(
    town: Town, http: httpx.Client, platform: str
) -> None:
    publications = [(platform, START + timedelta(days=day)) for day in range(300)]
    reading = (each.armed for each in draw(3, publications, town.faults_known) if each.armed.reads)
    first = next(armed for armed in reading if armed.fault is Fault.HTML_ERROR_PAGE)
    town.arm(platform, replace(first, skip=0, since=None))
    method, target = READING[platform]
    keys = town.credentials()[platform]
    assert http.request(method, f"{town.addresses[platform]}{target(keys)}").status_code == 502
    assert [strike.platform for strike in town.strikes()] == [platform]


@pytest.mark.parametrize(("method", "struck"), [("forwardMessage", True), ("sendMessage", False), ("editMessageText", False)])
def test_looking_at_a_message_of_telegram_is_reading_and_saying_something_is_not(
    town: Town, http: httpx.Client, method: str, struck: bool
) -> None:
    town.arm("telegram", Fault.HTML_ERROR_PAGE, reads=True)
    keys = town.credentials()["telegram"]
    chat = keys["audit_chat_id"] if method == "forwardMessage" else keys["chat_id"]
    said = {"chat_id": chat, "from_chat_id": keys["chat_id"], "message_id": "2", "text": "Tin"}
    answer = http.post(f"{town.addresses['telegram']}/bot{keys['token']}/{method}", data=said)
    assert (answer.status_code == 502) is struck


def test_a_fault_waits_for_its_moment_and_is_remembered_with_the_call(town: Town, http: httpx.Client, clock: HandClock) -> None:
    town.arm("facebook", "5xx_before_commit", since=clock() + timedelta(hours=1))
    assert say(town, http, "Tin một").status_code == 200
    assert town.strikes() == ()
    clock.move(hours=1)
    assert [say(town, http, text).status_code for text in ("Tin hai", "Tin ba")] == [503, 200]
    (strike,) = town.strikes()
    assert (strike.platform, strike.armed.fault, strike.at) == ("facebook", Fault.ERROR_BEFORE_COMMIT, clock())
    assert strike.call.startswith("POST /v26.0/") and strike.call.endswith("/feed")
    assert "token" not in strike.call


def test_a_token_dies_and_a_clock_goes_wrong_at_their_moment(town: Town, http: httpx.Client, clock: HandClock) -> None:
    town.arm("facebook", "expire_token_now", since=clock() + timedelta(hours=2), subcode=460)
    town.arm("facebook", "clock_offset", seconds=90, since=clock() + timedelta(hours=1))
    keys = town.credentials()["facebook"]
    address, token = f"{town.addresses['facebook']}/v26.0/{keys['page_id']}/feed", {"access_token": keys["page_token"]}
    clock.move(hours=1)
    http.post(address, params=token, data={"message": "Tin một"})
    assert town.ledger("facebook")[0].at == clock() + timedelta(seconds=90)
    clock.move(hours=1)
    refused = http.post(address, params=token, data={"message": "Tin hai"}).json()["error"]
    assert (refused["code"], refused["error_subcode"]) == (190, 460)
    assert [strike.armed.fault for strike in town.strikes()] == [Fault.CLOCK_OFFSET, Fault.EXPIRE_TOKEN_NOW]
