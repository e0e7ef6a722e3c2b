"""The Zalo stand-in, driven over plain HTTP; pictures are fetched from the portal's stand-in."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rehearsal.publication import Event
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, mp4, png


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
