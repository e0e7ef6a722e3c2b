"""The Zalo stand-in, driven over plain HTTP; pictures are fetched from the portal's stand-in."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import httpx
import pytest

from rehearsal.publication import Event
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, mp4, png, webp


class Account:
    """Calls the Official Account as a client would."""

    def __init__(self, town: Town, http: httpx.Client) -> None:
        self.keys = dict(town.credentials()["zalo"])
        self.root, self._http = town.addresses["zalo"], http
        portal = town.credentials()["wordpress"]
        self._portal = (town.addresses["wordpress"], (portal["user"], portal["application_password"]))

    def post(self, path: str, body: object) -> dict[str, Any]:
        return dict(self._http.post(self.root + path, json=body, headers=self._headers).json())

    def get(self, path: str, **params: str | int) -> dict[str, Any]:
        return dict(self._http.get(self.root + path, params=params, headers=self._headers).json())

    def refresh(self) -> dict[str, Any]:
        data = {"app_id": self.keys["app_id"], "grant_type": "refresh_token", "refresh_token": self.keys["refresh_token"]}
        address, secret = self.root + "/v4/oa/access_token", {"secret_key": self.keys["secret_key"]}
        return dict(self._http.post(address, data=data, headers=secret).json())

    def picture(self, data: bytes, name: str = "anh.png") -> str:
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": "image/png"}
        reply = self._http.post(f"{self._portal[0]}/wp-json/wp/v2/media", content=data, headers=headers, auth=self._portal[1])
        return str(reply.json()["source_url"])

    def article(self, **changes: object) -> dict[str, Any]:
        cover = {"cover_type": "photo", "photo_url": self.picture(png()), "status": "show"}
        body = [{"type": "text", "content": "<p>Nước sông Hồng đang rút.</p>"}]
        plain = {"type": "normal", "title": "Mực nước", "author": "Tổ truyền thông", "description": "Bản tin"}
        return {**plain, "cover": cover, "body": body, **changes}

    def resolve(self, token: str) -> str:
        self.post("/v2.0/article/verify", {"token": token})
        return str(self.post("/v2.0/article/verify", {"token": token})["data"]["id"])

    @property
    def _headers(self) -> dict[str, str]:
        return {"access_token": self.keys["access_token"]}


@pytest.fixture
def account(town: Town, http: httpx.Client) -> Account:
    return Account(town, http)


def test_an_article_is_hidden_until_it_is_shown(account: Account, town: Town, http: httpx.Client) -> None:
    body = account.article()
    token = account.post("/v2.0/article/create", body)["data"]["token"]
    assert account.post("/v2.0/article/verify", {"token": token})["error"] == -214
    id = account.post("/v2.0/article/verify", {"token": token})["data"]["id"]
    assert town.ledger("zalo") == ()
    account.post("/v2.0/article/update", {**body, "id": id, "status": "show"})
    (row,) = town.ledger("zalo")
    assert (row.id, row.title, row.media_count) == (id, "Mực nước", 1)
    assert "Nước sông Hồng đang rút." in row.text
    assert "Nước sông Hồng đang rút." in http.get(row.url).text


def test_showing_again_what_is_shown_adds_no_row(account: Account, town: Town) -> None:
    body = account.article(status="show")
    id = account.resolve(account.post("/v2.0/article/create", body)["data"]["token"])
    account.post("/v2.0/article/update", {**body, "id": id})
    assert len(town.ledger("zalo")) == 1
    account.post("/v2.0/article/remove", {"id": id})
    assert [row.event for row in town.ledger("zalo")] == [Event.PUBLISHED, Event.REMOVED]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": "x" * 151}, -210),
        ({"author": "x" * 51}, -210),
        ({"description": "x" * 301}, -210),
        ({"title": ""}, -201),
        ({"body": []}, -201),
        ({"cover": {"cover_type": "photo", "photo_url": "https://example.com/a.jpg"}}, -201),
    ],
)
def test_what_breaks_a_limit_is_refused_under_http_200(account: Account, changes: dict[str, object], code: int) -> None:
    assert account.post("/v2.0/article/create", account.article(**changes))["error"] == code


def test_pictures_are_fetched_and_held_to_one_megabyte(account: Account) -> None:
    heavy = png()[:-12] + b"\x00" * (1 << 20) + png()[-12:]
    assert (
        account.post("/v2.0/article/create", account.article(cover=_cover(account.picture(heavy, "nang.png"))))["error"] == -210
    )
    page = account.root + "/__sandbox/feed"
    assert account.post("/v2.0/article/create", account.article(cover=_cover(page)))["error"] == -201


def test_an_update_needs_the_whole_body(account: Account) -> None:
    id = account.resolve(account.post("/v2.0/article/create", account.article())["data"]["token"])
    assert account.post("/v2.0/article/update", {"id": id, "status": "show"})["error"] == -201


def test_a_page_of_the_list_holds_at_most_ten(account: Account) -> None:
    account.post("/v2.0/article/create", account.article())
    assert account.get("/v2.0/article/getslice", offset=0, limit=11, type="normal")["error"] == -210
    listed = account.get("/v2.0/article/getslice", offset=0, limit=10, type="normal")["data"]
    assert (listed["total"], listed["medias"][0]["status"]) == (1, "hide")
    detail = account.get("/v2.0/article/getdetail", id=listed["medias"][0]["id"])["data"]
    assert (detail["author"], detail["body"][0]["type"]) == ("Tổ truyền thông", "text")


def test_an_access_token_lives_an_hour_and_a_refresh_token_works_once(account: Account, clock: HandClock) -> None:
    clock.move(minutes=61)
    assert account.get("/v2.0/oa/getoa")["error"] == -220
    fresh = account.refresh()
    assert fresh["expires_in"] == "3600"
    assert account.refresh()["error"] == -14014
    account.keys.update(access_token=fresh["access_token"], refresh_token=fresh["refresh_token"])
    assert account.get("/v2.0/oa/getoa")["error"] == 0


def test_a_clip_is_taken_verified_and_used(account: Account, http: httpx.Client, town: Town) -> None:
    headers = {"access_token": account.keys["access_token"]}
    files = {"file": ("clip.mp4", mp4(), "video/mp4")}
    prepared = http.post(account.root + "/v2.0/article/upload_video/preparevideo", files=files, headers=headers).json()
    by_header = {**headers, "token": prepared["data"]["token"]}
    clip = http.get(account.root + "/v2.0/article/upload_video/verify", headers=by_header).json()["data"]
    assert (clip["status"], clip["convert_percent"]) == (1, 100)
    body = {"type": "video", "title": "Clip", "description": "Một phút", "video_id": clip["video_id"], "status": "show"}
    account.post("/v2.0/article/create", {**body, "avatar": account.picture(png())})
    assert town.ledger("zalo")[0].media[0].content_type == "video/mp4"


def _cover(url: str) -> dict[str, str]:
    return {"cover_type": "photo", "photo_url": url, "status": "show"}


def test_a_broadcast_is_moderated_and_cannot_be_asked_back(account: Account, town: Town, clock: HandClock) -> None:
    id = account.resolve(account.post("/v2.0/article/create", account.article(status="show"))["data"]["token"])
    element = {"media_type": "article", "attachment_id": id}
    payload = {"template_type": "media", "elements": [element]}
    message = {"recipient": {"target": {}}, "message": {"attachment": {"type": "template", "payload": payload}}}
    assert account.post("/v2.0/oa/message", message)["data"]["message_id"]
    assert len(town.ledger("zalo")) == 1
    clock.move(minutes=31)
    assert [row.title for row in town.ledger("zalo")] == ["Mực nước", "Tin gửi người quan tâm"]


def test_broadcasts_are_counted_by_vietnams_days(account: Account, clock: HandClock) -> None:
    id = account.resolve(account.post("/v2.0/article/create", account.article(status="show"))["data"]["token"])
    payload = {"template_type": "media", "elements": [{"media_type": "article", "attachment_id": id}]}
    message = {"recipient": {"target": {}}, "message": {"attachment": {"type": "template", "payload": payload}}}
    assert account.post("/v2.0/oa/message", message)["error"] == 0
    assert account.post("/v2.0/oa/message", message)["error"] == -211
    clock.move(hours=16)  # midnight in Hanoi
    account.keys.update(account.refresh())
    assert account.post("/v2.0/oa/message", message)["error"] == 0


def test_an_allowance_of_articles_that_is_used_up_is_told(clock: HandClock, tmp_path: Path, http: httpx.Client) -> None:
    with Town(clock=clock, folder=tmp_path, settings={"zalo": {"allowance": 1}}) as town:
        account = Account(town, http)
        account.post("/v2.0/article/create", account.article(status="show"))
        assert account.post("/v2.0/article/create", account.article(status="show"))["error"] == -223
        assert account.post("/v2.0/article/create", account.article())["error"] == 0


def test_a_sign_in_with_a_challenge_needs_its_verifier(account: Account, http: httpx.Client) -> None:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"bi-mat").digest()).rstrip(b"=").decode()
    query = {"app_id": account.keys["app_id"], "redirect_uri": "http://127.0.0.1/ve", "code_challenge": challenge, "state": "s"}
    sent = http.get(account.root + "/v4/oa/permission", params=query, follow_redirects=False)
    code = httpx.URL(sent.headers["location"]).params["code"]
    form = {"app_id": account.keys["app_id"], "grant_type": "authorization_code", "code": code}
    address, secret = account.root + "/v4/oa/access_token", {"secret_key": account.keys["secret_key"]}
    assert http.post(address, data={**form, "code_verifier": "khac"}, headers=secret).json()["error"] == -14010
    assert http.post(address, data={**form, "code_verifier": "bi-mat"}, headers=secret).json()["expires_in"] == "3600"


class Listener(BaseHTTPRequestHandler):
    """An application's webhook: keeps what comes, and answers as it is told."""

    calls: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    status: ClassVar[int] = 200
    asks_back: ClassVar[str] = ""  # an address that it reads before it answers

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if self.asks_back and len(self.calls) < 3:
            httpx.get(self.asks_back, trust_env=False)
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[type[Listener]]:
    Listener.calls, Listener.status, Listener.asks_back = [], 200, ""
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        Listener.address = f"http://127.0.0.1:{server.server_port}/zalo"  # type: ignore[attr-defined]
        yield Listener
        server.shutdown()


def test_an_event_is_signed_with_a_plain_digest(account: Account, town: Town, listener: type[Listener]) -> None:
    town.act("zalo", "webhook", url=listener.address)  # type: ignore[attr-defined]
    town.act("zalo", "event", event_name="follow", follower={"id": "1"})
    ((headers, body),) = listener.calls
    said = json.loads(body)
    text = account.keys["app_id"] + body.decode() + said["timestamp"] + account.keys["oa_secret_key"]
    assert headers["x-zevent-signature"] == "mac=" + hashlib.sha256(text.encode()).hexdigest()
    assert (said["event_name"], said["oa_id"]) == ("follow", account.keys["oa_id"])
    assert "num_retry" not in headers


def test_an_event_is_tried_again_on_its_timetable_and_given_up(town: Town, listener: type[Listener], clock: HandClock) -> None:
    listener.status = 500
    town.act("zalo", "webhook", url=listener.address)  # type: ignore[attr-defined]
    assert town.act("zalo", "event", event_name="follow")["subscribed"]
    for minutes in (0.5, 5, 15, 30, 60):
        clock.move(minutes=minutes)
        town.ledger("zalo")
    assert [headers.get("num_retry") for headers, _ in listener.calls] == [None, "1", "2", "3", "4", "5"]
    assert not town.act("zalo", "event", event_name="follow")["subscribed"]
    assert len(listener.calls) == 6


def test_a_picture_for_messages_is_jpeg_or_png(account: Account, http: httpx.Client) -> None:
    address, headers = account.root + "/v2.0/oa/upload/image", {"access_token": account.keys["access_token"]}
    taken, refused = (
        http.post(address, files={"file": (name, data, "image/x")}, headers=headers).json()["error"]
        for name, data in (("a.png", png()), ("a.webp", webp()))
    )
    assert (taken, refused) == (0, -201)


def test_an_application_that_asks_back_before_it_answers_is_told_once(town: Town, listener: type[Listener]) -> None:
    listener.asks_back = town.addresses["zalo"] + "/__sandbox/feed"
    town.act("zalo", "webhook", url=listener.address)  # type: ignore[attr-defined]
    town.act("zalo", "event", event_name="follow")
    assert len(listener.calls) == 1
