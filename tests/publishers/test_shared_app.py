"""What several accounts of one platform share: an app, a bot, a project, and with it an allowance."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from editorial.outcome import PublishError, RateLimited
from publishers.accompaniment import accompanied
from publishers.contract import Account, Publisher, brief_notes
from publishers.registry import open_publisher
from publishers.youtube.publisher import YouTubePublisher
from publishers.youtube.quota import UNITS, until_midnight_pacific
from scheduler.station import ways_of
from tests.publishers.bench import HandClock, MemoryHandles, MemorySecrets
from tests.publishers.test_answers import SECRET, Oracle, account, oracle, outcome, post_for  # noqa: F401  # a fixture


@pytest.mark.parametrize(
    ("channel", "settings", "secrets", "app"),
    [
        ("facebook", {"page_id": "1", "app_id": "77"}, {}, "77"),
        ("facebook", {"page_id": "1"}, {}, ""),
        ("telegram", {"chat_id": "@kenh", "audit_chat_id": "-1"}, {"bot_token": f"12345:{SECRET}"}, "12345"),
        ("telegram", {"chat_id": "@kenh", "audit_chat_id": "-1"}, {"bot_token": "98" * 12}, ""),
        ("telegram", {"chat_id": "@kenh", "audit_chat_id": "-1"}, {}, ""),
        ("youtube", {"token_uri": "http://127.0.0.1:9"}, {"client_id": "314-abc.apps.googleusercontent.com"}, "314"),
        ("web_portal", {}, {"username": "a", "application_password": SECRET}, None),
    ],
)  # fmt: skip
def test_an_account_says_whose_allowance_it_shares_and_no_secret(
    channel: str, settings: dict[str, str], secrets: dict[str, str], app: str | None
) -> None:
    given = Account(channel=channel, base_url="http://127.0.0.1:9", settings=settings, secrets=MemorySecrets(secrets))
    publisher = open_publisher(channel, given)
    assert publisher.app == app
    publisher.close()


def test_a_bot_that_is_connected_later_is_known_from_then_on() -> None:
    secrets = MemorySecrets({})
    publisher = open_publisher("telegram", replace(account("telegram", 9), secrets=secrets))
    assert publisher.app == ""
    secrets.values["bot_token"] = f"12345:{SECRET}"
    assert publisher.app == "12345"
    way = ways_of({"kenh": publisher}).of("kenh")
    assert way.app_rate is not None
    assert (way.app_rate.calls, way.app_rate.span) == (30, timedelta(seconds=1))
    publisher.close()


@pytest.mark.parametrize(
    ("channel", "status", "answer", "of_app"),
    [
        ("facebook", 400, {"error": {"code": 4, "message": "?"}}, True),
        ("facebook", 400, {"error": {"code": 80001, "message": "?"}}, False),
        ("zalo_oa", 200, {"error": -32, "message": "?"}, True),
        ("zalo_oa", 429, {}, True),
        ("zalo_oa", 200, {"error": -223, "message": "?"}, False),
        ("youtube", 403, {"error": {"code": 403, "errors": [{"reason": "quotaExceeded", "message": "?"}]}}, True),
        ("youtube", 403, {"error": {"code": 403, "errors": [{"reason": "userRateLimitExceeded", "message": "?"}]}}, False),
    ],
)
def test_an_answer_tells_whether_all_that_share_the_app_have_to_wait(
    channel: str, status: int, answer: object, of_app: bool, oracle: Oracle  # noqa: F811
) -> None:  # fmt: skip
    oracle.says(status, answer)
    error = outcome(channel, oracle)
    assert isinstance(error, RateLimited)
    assert error.of_app is of_app


def pages(port: int, clock: HandClock) -> tuple[Publisher, ...]:
    """Return two pages that are connected by one app, and one that is by another."""
    shared = brief_notes()
    given = account("facebook", port)
    apps = {"ha-noi": "2", "hoan-kiem": "2", "ba-dinh": "3"}
    return tuple(
        open_publisher("facebook", Account(
            channel=channel, base_url=given.base_url, settings={**given.settings, "app_id": app}, secrets=given.secrets,
            shared=shared, now=clock,
        ))
        for channel, app in apps.items()
    )  # fmt: skip


def refusal(publisher: Publisher) -> PublishError | None:
    post = post_for("facebook")
    try:
        publisher.prepare(post, key=post.key, handles=MemoryHandles())  # type: ignore[attr-defined]
    except PublishError as error:
        return error
    return None


@pytest.mark.parametrize(("header", "shared"), [("X_App_Usage", True), ("X_Business_Use_Case_Usage", False)])
def test_what_one_page_hears_of_its_apps_allowance_is_heeded_by_all_pages_of_the_app(
    header: str, shared: bool, oracle: Oracle  # noqa: F811
) -> None:  # fmt: skip
    clock = HandClock()
    first, second, other = pages(oracle.port, clock)
    told: object = {"call_count": 97} if shared else {"1": [{"type": "pages", "call_count": 97}]}
    oracle.says(200, {"id": "1", "name": "Trang"}, **{header: json.dumps(told)})
    first.greet()  # type: ignore[attr-defined]
    for publisher, waits in ((first, True), (second, shared), (other, False)):
        error = refusal(publisher)
        assert isinstance(error, RateLimited) is waits
        assert not isinstance(error, RateLimited) or error.of_app is shared
    clock.move(minutes=15)
    assert [refusal(publisher) for publisher in (first, second, other)] == [None, None, None]
    for publisher in (first, second, other):
        publisher.close()


def test_a_post_that_was_taken_tells_how_long_the_app_rests(oracle: Oracle) -> None:  # noqa: F811
    first, *others = pages(oracle.port, HandClock())
    oracle.says(200, {"id": "1_2"}, X_App_Usage=json.dumps({"call_count": 3, "total_time": 96}))
    post = post_for("facebook")
    with accompanied() as heard:
        first.publish(post, key=post.key, handles=MemoryHandles())
    assert (heard.app_wait, heard.wait) == (timedelta(minutes=15), timedelta(0))
    for publisher in (first, *others):
        publisher.close()


def channels(port: int, clock: HandClock, projects: tuple[str, ...]) -> tuple[YouTubePublisher, ...]:
    shared, given = brief_notes(), account("youtube", port)
    made = []
    for number, project in enumerate(projects):
        secrets = MemorySecrets({"access_token": SECRET, "client_id": f"{project}-abc.apps.googleusercontent.com"})
        settings = {**given.settings, "daily_units": "1400"}
        known = Account(channel=f"kenh-{number}", base_url=given.base_url, settings=settings, secrets=secrets, shared=shared,
                        now=clock)  # fmt: skip
        made.append(YouTubePublisher(known))
    return tuple(made)


def test_channels_of_one_project_count_one_days_quota_until_midnight_in_california(oracle: Oracle) -> None:  # noqa: F811
    clock = HandClock()
    first, second, other = channels(oracle.port, clock, ("314", "314", "271"))
    first._youtube.quota.used_up(UNITS)
    assert [each._youtube.quota.used(UNITS) for each in (first, second, other)] == [1400, 1400, 0]
    with pytest.raises(RateLimited) as caught:
        second._youtube.quota.ask("videos.insert")
    assert caught.value.of_app
    assert caught.value.wait == until_midnight_pacific(clock.now)
    other._youtube.quota.ask("videos.insert")
    clock.now += caught.value.wait
    second._youtube.quota.ask("videos.insert")
    for publisher in (first, second, other):
        publisher.close()


