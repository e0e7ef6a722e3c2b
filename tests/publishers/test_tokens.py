"""Tokens are renewed once, whoever else finds them dead at the same moment, and stored before they are used."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from editorial.clock import SimulatedClock
from editorial.outcome import Unauthorized, Unavailable
from publishers.contract import Account
from publishers.tiktok import token as tiktok
from publishers.wire import Answer, Call, Wire
from publishers.youtube import http as google
from publishers.zalo_oa import token as zalo
from rehearsal.faults import Fault
from rehearsal.town import Town
from store.secrets import LONGEST_RENEWAL
from store.store import Store
from tests.publishers.bench import HANOI_MORNING, MemorySecrets, account_at
from tests.store.fresh_database import DATABASES, fresh_database

MACHINES = 4


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire(timedelta(seconds=3))
    yield wire
    wire.close()


@pytest.fixture
def account(town: Town, media_url: str) -> Account:
    return account_at(town, "zalo_oa", media_url)


def kept(account: Account) -> dict[str, str]:
    secrets = account.secrets
    assert isinstance(secrets, MemorySecrets)
    return secrets.values


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize(("channel", "platform"), [("zalo_oa", "zalo"), ("tiktok", "tiktok")])
def test_machines_that_find_a_single_use_token_dead_at_once_spend_it_once(
    wire: Wire, town: Town, media_url: str, tmp_path: Path, kind: str, channel: str, platform: str
) -> None:
    """Each has its own connection to the office's database; one that came second would lose the pair for everybody."""
    url, clock, barrier = fresh_database(tmp_path, kind), SimulatedClock(HANOI_MORNING), Barrier(MACHINES)
    account, refresh = account_at(town, channel, media_url), {"zalo_oa": zalo.refresh, "tiktok": tiktok.refresh}[channel]
    with ExitStack() as stack:
        stores = [stack.enter_context(Store.open(url, clock=clock)) for _ in range(MACHINES)]
        stores[0].secrets.of(channel).replace(kept(account))
        dead = kept(account)["access_token"]
        town.arm(platform, Fault.EXPIRE_TOKEN_NOW)

        def renew(store: Store) -> str:
            mine = replace(account, channel=channel, secrets=store.secrets.of(channel))
            barrier.wait()
            refresh(mine, wire, dead)
            return mine.secrets.get("access_token")

        with ThreadPoolExecutor(MACHINES) as pool:
            renewed = set(pool.map(renew, stores))
        assert renewed == {town.credentials()[platform]["access_token"]}
        assert stores[0].secrets.of(channel).get("refresh_token") == town.credentials()[platform]["refresh_token"]


@pytest.mark.parametrize("new", ["renewed by another machine", "another account"])
@pytest.mark.parametrize("channel", ["zalo_oa", "tiktok", "youtube"])
def test_who_slept_while_renewing_spends_nothing_twice_and_pauses_no_channel(
    wire: Wire, town: Town, media_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str, new: str
) -> None:
    account, clock = account_at(town, channel, media_url), SimulatedClock(HANOI_MORNING)
    refresh = {"zalo_oa": zalo.refresh, "tiktok": tiktok.refresh, "youtube": google.refresh}[channel]
    platform = town._platforms["zalo" if channel == "zalo_oa" else channel]
    with Store.open(fresh_database(tmp_path), clock=clock) as store:
        secrets = store.secrets.of(channel)
        secrets.replace(kept(account))
        mine, dead = replace(account, secrets=secrets), secrets.get("access_token")
        read = secrets.get

        def fall_asleep(name: str) -> str:
            spent = read(name)
            if name == "refresh_token":
                monkeypatch.undo()
                clock.advance(LONGEST_RENEWAL + timedelta(seconds=1))
                _others_go_on(new)
            return spent

        def _others_go_on(new: str) -> None:
            if new == "another account":
                store.secrets.of(channel).replace({"access_token": "của-trang-khác", "refresh_token": "của-trang-khác"})
            else:
                refresh(replace(account, secrets=store.secrets.of(channel)), wire, dead)

        monkeypatch.setattr(secrets, "get", fall_asleep)
        refresh(mine, wire, dead)
        calls = 0 if new == "another account" else 1
        assert platform.counter.next("request") - 1 == calls
        assert secrets.get("access_token") != dead
        assert (secrets.get("access_token") == "của-trang-khác") is (new == "another account")


def test_what_was_bought_in_the_sleep_of_another_account_is_not_stored_over_it(
    account: Account, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead, send = kept(account)["access_token"], wire.send

    def fall_asleep(call: Call) -> Answer:
        answer = send(call)
        account.secrets.replace({"access_token": "của-trang-khác", "refresh_token": "của-trang-khác"})
        return answer

    monkeypatch.setattr(wire, "send", fall_asleep)
    zalo.refresh(account, wire, dead)
    assert kept(account)["access_token"] == kept(account)["refresh_token"] == "của-trang-khác"


@pytest.mark.parametrize("kind", DATABASES)
def test_a_machine_that_died_while_it_renewed_stops_the_others_for_two_minutes_only(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.secrets.PATIENCE", 0.1)
    clock = SimulatedClock(HANOI_MORNING)
    with Store.open(fresh_database(tmp_path, kind), clock=clock) as store:
        secrets = store.secrets.of("zalo")
        dead = secrets.alone()
        dead.__enter__()
        with pytest.raises(Unavailable), secrets.alone():
            raise AssertionError("two at once")
        clock.move_to(clock.now() + LONGEST_RENEWAL)
        with secrets.alone():
            pass
        dead.__exit__(None, None, None)


def test_a_refresh_whose_answer_is_lost_asks_for_a_new_connection(account: Account, wire: Wire, town: Town) -> None:
    town.arm("zalo", Fault.DROP_RESPONSE_AFTER_COMMIT, path="/v4/oa/access_token")
    dead = kept(account)["access_token"]
    with pytest.raises(Unavailable):
        zalo.refresh(account, wire, dead)
    with pytest.raises(Unauthorized, match="kết nối lại"):
        zalo.refresh(account, wire, dead)


@pytest.mark.parametrize(
    ("channel", "platform", "path"),
    [("zalo_oa", "zalo", "/v4/oa/access_token"), ("youtube", "youtube", "/token"), ("tiktok", "tiktok", "/v2/oauth/token/")],
)
def test_a_gateways_page_in_the_place_of_tokens_pauses_no_channel(
    town: Town, wire: Wire, media_url: str, channel: str, platform: str, path: str
) -> None:
    account = account_at(town, channel, media_url)
    refresh = {"zalo_oa": zalo.refresh, "youtube": google.refresh, "tiktok": tiktok.refresh}[channel]
    for fault in (Fault.HTML_ERROR_PAGE, Fault.ERROR_BEFORE_COMMIT):
        town.arm(platform, fault, path=path)
        with pytest.raises(Unavailable):
            refresh(account, wire, kept(account)["access_token"])
    dead = kept(account)["access_token"]
    refresh(account, wire, dead)
    assert kept(account)["access_token"] != dead


def test_a_revoked_google_account_asks_for_a_new_connection(town: Town, wire: Wire, media_url: str) -> None:
    account = account_at(town, "youtube", media_url)
    account.secrets.replace({"refresh_token": "da-thu-hoi"})
    with pytest.raises(Unauthorized) as caught:
        google.refresh(account, wire, kept(account)["access_token"])
    assert caught.value.code == "invalid_grant"


def test_an_administrator_connects_the_official_account(account: Account, wire: Wire) -> None:
    """The address carries the challenge, never the verifier; the code that comes back buys the first pair, once."""
    asked = zalo.permission_address(account, redirect_uri="http://127.0.0.1:9/back", state="s1", verifier="v" * 43)
    query = parse_qs(urlsplit(asked).query)
    # base64url of SHA-256 without padding, computed with openssl
    assert query["code_challenge"] == ["7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"]
    assert "v" * 43 not in asked
    back = parse_qs(urlsplit(httpx.get(asked, trust_env=False).headers["location"]).query)
    assert back["state"] == ["s1"]
    zalo.exchange(account, wire, back["code"][0], verifier="v" * 43)
    assert httpx.get(
        f"{account.base_url}/v2.0/oa/getoa", headers={"access_token": kept(account)["access_token"]}, trust_env=False
    ).json()["error"] == 0
    with pytest.raises(Unauthorized):
        zalo.exchange(account, wire, back["code"][0], verifier="v" * 43)
