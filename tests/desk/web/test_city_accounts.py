"""The city's own accounts: the whole way to a real provider process and back, and every way in which its word is not enough."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from desk.provider import Provider
from desk.provider_settings import ProviderSettings, read_provider
from desk.round_trip import RoundTrip
from desk.web.cookies import ERRAND, SESSION
from desk.web.front import Front
from editorial.clock import SimulatedClock
from editorial.problem import BadInput
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice, open_small_office
from tests.ports import free_port

USERS = (
    {"sub": "u1", "preferred_username": "le-chi", "email": "le.chi@example.vn", "email_verified": True},
    {"sub": "u2", "preferred_username": "nguoi-la", "email": "la@example.vn", "email_verified": True},
    {"sub": "u3", "preferred_username": "xem", "email": "Do.Xem@example.vn", "email_verified": True},
    {"sub": "u4", "preferred_username": "gia", "email": "do.xem@example.vn", "email_verified": False},
)
PATIENCE = 60.0


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Return the address of a provider that runs in a process of its own and asks for a nonce."""
    port = free_port()
    users = [word for user in USERS for word in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-P", "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with subprocess.Popen([*command, *users], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    end = monotonic() + PATIENCE
    while True:
        try:
            httpx.get(f"{address}/.well-known/openid-configuration").raise_for_status()
            return
        except httpx.HTTPError:
            if monotonic() > end:
                raise
            sleep(0.1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office that goes by today's clock, as the provider's process does."""
    office = open_small_office(tmp_path)
    office.clock.move_to(datetime.now(UTC))
    yield office
    office.store.close()


def settings(issuer: str, **more: str) -> ProviderSettings:
    return replace(ProviderSettings(issuer=issuer, client="loa", secret="bi-mat"), **more)


def browser_of(office: SmallOffice, issuer: str, **more: str) -> Browser:
    return Browser(office, "", front=Front(provider=settings(issuer, **more)))


def at_the_provider(address: str, user: str) -> str:
    """Sign in at the provider as a person would; return the path to which it sends the browser back."""
    answer = httpx.post(address, data={"sub": user})
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def test_somebody_of_the_office_comes_in_by_the_city_s_account(office: SmallOffice, issuer: str) -> None:
    browser = browser_of(office, issuer)
    assert "/oidc/start?next=%2Fdeliveries" in browser.get("/sign-in?next=/deliveries").text
    start = browser.get("/oidc/start?next=/deliveries")
    asked = parse_qs(urlsplit(start.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["redirect_uri"] == ["http://127.0.0.1:8000/oidc/back"]
    word = bytes.fromhex(browser.cookies[ERRAND]).decode().split()[0]
    assert word not in start.headers["location"] and RoundTrip(word=word).verifier not in start.headers["location"]
    back = browser.get(at_the_provider(start.headers["location"], "u1"))
    assert back.status_code == 303 and back.headers["location"] == "/deliveries"
    assert ERRAND not in browser.cookies
    assert browser.get("/deliveries").status_code == 200
    deed = office.store.audit.all()[-1]
    assert (deed.who, deed.action) == ("le-chi", "sign-in") and deed.detail.startswith("tài khoản của cơ quan")


def test_a_stranger_with_an_account_of_the_city_stays_outside(office: SmallOffice, issuer: str) -> None:
    browser = browser_of(office, issuer)
    answer = browser.get(at_the_provider(browser.get("/oidc/start").headers["location"], "u2"))
    assert answer.status_code == 400 and "chưa có trong danh sách people" in answer.text
    assert SESSION not in browser.cookies and office.store.accounts.all() == {}


def test_a_person_is_known_by_a_verified_address_of_mail(office: SmallOffice, issuer: str) -> None:
    browser = browser_of(office, issuer, claim="email")
    answer = browser.get(at_the_provider(browser.get("/oidc/start").headers["location"], "u4"))
    assert answer.status_code == 400 and "chưa xác minh địa chỉ thư" in answer.text
    assert browser.get(at_the_provider(browser.get("/oidc/start").headers["location"], "u3")).status_code == 303
    assert "Đỗ Xem" in browser.get("/account").text


def test_an_answer_is_worth_something_once_and_only_in_the_browser_that_asked(office: SmallOffice, issuer: str) -> None:
    browser, other = browser_of(office, issuer), browser_of(office, issuer)
    back = at_the_provider(browser.get("/oidc/start").headers["location"], "u1")
    assert other.get(back).status_code == 400, "no errand of this browser"
    other.get("/oidc/start")
    assert other.get(back).status_code == 400, "another errand"
    errand = dict(browser.cookies)
    assert browser.get(back).status_code == 303
    again = browser_of(office, issuer)
    again.cookies = {ERRAND: errand[ERRAND]}
    assert again.get(back).status_code == 400, "the code is used up"
    assert SESSION not in other.cookies and SESSION not in again.cookies


def test_without_settings_there_is_no_such_way_in(office: SmallOffice) -> None:
    browser = Browser(office, "")
    assert "/oidc/" not in browser.get("/sign-in").text
    assert browser.get("/oidc/start").status_code == 404


def test_a_provider_that_is_away_or_another_is_told_on_the_page(office: SmallOffice, issuer: str) -> None:
    away = browser_of(office, f"http://127.0.0.1:{free_port()}").get("/oidc/start")
    assert away.status_code == 400 and "không trả lời" in away.text
    other = browser_of(office, f"{issuer}/oauth2/..").get("/oidc/start")
    assert other.status_code == 400


KEY = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"}, private=True)
NOW = datetime(2026, 10, 20, 5, tzinfo=UTC)
ERRAND_OF_TEST = RoundTrip(word="x" * 43)


def word(key: RSAKey = KEY, algorithm: str = "RS256", **changes: object) -> str:
    """Return a signed word as a provider gives it, changed as the test wants."""
    now, end = int(NOW.timestamp()), int((NOW + timedelta(minutes=5)).timestamp())
    claims = {"iss": "https://id.example", "aud": "loa", "sub": "u1", "nonce": ERRAND_OF_TEST.nonce, "iat": now, "exp": end,
              "preferred_username": "le-chi", **changes}  # fmt: skip
    return jwt.encode({"alg": algorithm, "kid": "a"}, {name: value for name, value in claims.items() if value is not None}, key)


def claims_of(token: str) -> str:
    provider = Provider(settings("https://id.example"), SimulatedClock(NOW), "https://loa.example/oidc/back")
    return provider._named(provider._claims(token, KeySet([KEY]).as_dict(private=False), ERRAND_OF_TEST))


def test_a_word_that_holds_names_the_person() -> None:
    assert claims_of(word()) == "le-chi"
    assert claims_of(word(aud=["loa"])) == "le-chi"
    assert claims_of(word(iss="https://id.example/")) == "le-chi"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"}, {"aud": "another"}, {"nonce": "other"}, {"nonce": None}, {"sub": None}, {"exp": None},
        {"exp": int((NOW - timedelta(minutes=5)).timestamp())}, {"iat": int((NOW + timedelta(minutes=5)).timestamp())},
        {"aud": ["loa", "another"]}, {"preferred_username": None}, {"preferred_username": " "},
        {"preferred_username": ["le-chi"]},
    ],
)  # fmt: skip
def test_a_word_that_is_not_for_us_or_not_of_now_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        claims_of(word(**changes))


def test_a_word_that_somebody_else_signed_or_nobody_is_refused() -> None:
    other = RSAKey.generate_key(2048, {"kid": "a", "use": "sig"}, private=True)
    head, body, _ = word().split(".")
    unsigned = "eyJhbGciOiJub25lIn0." + body + "."
    for forged in (word(other), unsigned, f"{head}.{body}.", "", "x.y.z"):
        with pytest.raises(BadInput):
            claims_of(forged)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"LOA_OIDC_ISSUER": "https://id.example"}, "LOA_OIDC_CLIENT"),
        ({"LOA_OIDC_CLIENT": "loa"}, "LOA_OIDC_ISSUER"),
        ({"LOA_OIDC_ISSUER": "https://id.example", "LOA_OIDC_CLIENT": "loa"}, "LOA_OIDC_SECRET"),
        ({"LOA_OIDC_ISSUER": "http://id.example", "LOA_OIDC_CLIENT": "loa", "LOA_OIDC_SECRET": "x"}, "LOA_OIDC_ISSUER"),
    ],
)
def test_settings_are_whole_and_safe_or_told(given: dict[str, str], key: str) -> None:
    with pytest.raises(BadInput) as told:
        read_provider(given)
    assert told.value.problems[0].key == key
    assert read_provider({}) is None


def test_the_secret_is_in_no_repr() -> None:
    assert "bi-mat" not in repr(settings("https://id.example")) and "xxx" not in repr(ERRAND_OF_TEST)
