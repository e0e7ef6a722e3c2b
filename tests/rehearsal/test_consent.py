"""The stand-ins' sign-ins are as strict as the platforms': an unknown address, a code used, too old or of somebody else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock

BACK = "http://127.0.0.1:8000/channels/back"
VERIFIER = "v" * 43
FACEBOOK_SCOPE = "pages_show_list,pages_manage_posts"
YOUTUBE_SCOPE = "https://www.googleapis.com/auth/youtube https://www.googleapis.com/auth/youtube.upload"


@dataclass(frozen=True, kw_only=True)
class Way:
    """One platform's sign-in: where it is asked, with what, and how a code is spent."""

    platform: str
    door: str
    asked: Callable[[dict[str, str]], dict[str, str]]
    spend: Callable[[str, dict[str, str], str, str, str], httpx.Response]
    returns_address: bool = True  # the address is compared when the code is spent
    proves: bool = False  # the verifier is


def _facebook(root: str, keys: dict[str, str], code: str, back: str, _verifier: str) -> httpx.Response:
    app = {"client_id": keys["app_id"], "client_secret": keys["app_secret"]}
    return httpx.get(f"{root}/v26.0/oauth/access_token", params={**app, "redirect_uri": back, "code": code}, trust_env=False)


def _zalo(root: str, keys: dict[str, str], code: str, _back: str, verifier: str) -> httpx.Response:
    form = {"code": code, "app_id": keys["app_id"], "grant_type": "authorization_code", "code_verifier": verifier}
    return httpx.post(f"{root}/v4/oa/access_token", data=form, headers={"secret_key": keys["secret_key"]}, trust_env=False)


def _youtube(root: str, keys: dict[str, str], code: str, back: str, _verifier: str) -> httpx.Response:
    app = {name: keys[name] for name in ("client_id", "client_secret")}
    form = {**app, "code": code, "redirect_uri": back, "grant_type": "authorization_code"}
    return httpx.post(f"{root}/token", data=form, trust_env=False)


def _tiktok(root: str, keys: dict[str, str], code: str, back: str, verifier: str) -> httpx.Response:
    app = {name: keys[name] for name in ("client_key", "client_secret")}
    form = {**app, "code": code, "redirect_uri": back, "grant_type": "authorization_code", "code_verifier": verifier}
    return httpx.post(f"{root}/v2/oauth/token/", data=form, trust_env=False)


WAYS = (
    Way(platform="facebook", door="/v26.0/dialog/oauth", spend=_facebook,
        asked=lambda keys: {"client_id": keys["app_id"], "scope": FACEBOOK_SCOPE}),
    Way(platform="zalo", door="/v4/oa/permission", spend=_zalo, returns_address=False, proves=True,
        asked=lambda keys: {"app_id": keys["app_id"], "code_challenge": "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"}),
    Way(platform="youtube", door="/o/oauth2/v2/auth", spend=_youtube,
        asked=lambda keys: {"client_id": keys["client_id"], "scope": YOUTUBE_SCOPE, "response_type": "code",
                            "access_type": "offline", "prompt": "consent"}),
    Way(platform="tiktok", door="/v2/auth/authorize/", spend=_tiktok, proves=True,
        asked=lambda keys: {"client_key": keys["client_key"], "scope": "video.publish", "response_type": "code",
                            "code_challenge": hashlib.sha256(VERIFIER.encode()).hexdigest()}),
)  # fmt: skip


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def town(clock: HandClock) -> Iterator[Town]:
    with Town(clock=clock) as town:
        for way in WAYS:
            town.act(way.platform, "redirects", addresses=[BACK])
        yield town


def ask(town: Town, way: Way, back: str = BACK) -> httpx.Response:
    keys = dict(town.credentials()[way.platform])
    params = {**way.asked(keys), "redirect_uri": back, "state": "s1"}
    return httpx.get(town.addresses[way.platform] + way.door, params=params, follow_redirects=False, trust_env=False)


def spent(town: Town, way: Way, code: str, back: str = BACK, verifier: str = VERIFIER) -> bool:
    answer = way.spend(town.addresses[way.platform], dict(town.credentials()[way.platform]), code, back, verifier)
    return bool(answer.json().get("access_token"))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.platform)
def test_a_code_works_once_for_whom_and_where_it_was_given_and_not_for_long(town: Town, clock: HandClock, way: Way) -> None:
    def code() -> str:
        sent = httpx.URL(ask(town, way).headers["location"])
        assert sent.params["state"] == "s1" and str(sent).startswith(BACK)
        return sent.params["code"]

    first = code()
    assert spent(town, way, first) and not spent(town, way, first)
    assert not spent(town, way, "khong-phai-ma")
    if way.returns_address:
        assert not spent(town, way, code(), back="http://127.0.0.1:8000/khac")
    if way.proves:
        assert not spent(town, way, code(), verifier="w" * 43)
    late = code()
    clock.move(minutes=11)
    assert not spent(town, way, late)
    assert spent(town, way, code())


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.platform)
def test_nobody_is_sent_to_an_address_that_the_console_does_not_know(town: Town, way: Way) -> None:
    for other in ("http://127.0.0.1:8000/khac", "https://ke-gian.example/channels/back", ""):
        assert "location" not in ask(town, way, other).headers


@pytest.mark.parametrize("way", [way for way in WAYS if way.platform != "zalo"], ids=lambda way: way.platform)
def test_somebody_who_declines_is_sent_back_without_a_code(town: Town, way: Way) -> None:
    town.act(way.platform, "decline")
    declined = httpx.URL(ask(town, way).headers["location"])
    assert declined.params["error"] == "access_denied" and "code" not in declined.params
    assert "code" in httpx.URL(ask(town, way).headers["location"]).params, "the next one agrees"
