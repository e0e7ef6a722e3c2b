"""The TikTok stand-in, driven over plain HTTP as the Content Posting API is documented."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from rehearsal.media import Kind, recognise
from rehearsal.publication import Event
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, mp4, png, webp

MB = 1_000_000
SMALL = mp4(4096)


class Client:
    """Calls TikTok as an app of the creator would."""

    def __init__(self, town: Town, http: httpx.Client) -> None:
        self.keys = dict(town.credentials()["tiktok"])
        self.root, self._http, self._town = town.addresses["tiktok"], http, town

    def post(self, path: str, body: object = None, **query: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.keys['access_token']}"}
        reply = self._http.post(f"{self.root}/v2/{path}/", json={} if body is None else body, headers=headers, params=query)
        return {"http": reply.status_code, **reply.json()}

    def code(self, path: str, body: object = None) -> tuple[int, str]:
        found = self.post(path, body)
        return found["http"], found["error"]["code"]

    def ask_creator(self) -> dict[str, Any]:
        return dict(self.post("post/publish/creator_info/query")["data"])

    def refresh(self) -> None:
        form = {name: self.keys[name] for name in ("client_key", "client_secret", "refresh_token")}
        self.keys |= self._http.post(f"{self.root}/v2/oauth/token/", data={**form, "grant_type": "refresh_token"}).json()

    def begin(self, clip: bytes = SMALL, **info: object) -> dict[str, Any]:
        self.ask_creator()
        return dict(self.post("post/publish/video/init", direct(clip, **info))["data"])

    def put(self, url: str, chunk: bytes, first: int, total: int, **headers: str) -> httpx.Response:
        span = f"bytes {first}-{first + len(chunk) - 1}/{total}"
        return self._http.put(url, content=chunk, headers={"Content-Type": "video/mp4", "Content-Range": span, **headers})

    def send(self, clip: bytes = SMALL, **info: object) -> str:
        begun = self.begin(clip, **info)
        assert self.put(begun["upload_url"], clip, 0, len(clip)).status_code == 201
        return str(begun["publish_id"])

    def status(self, publish_id: str) -> dict[str, Any]:
        return dict(self.post("post/publish/status/fetch", {"publish_id": publish_id})["data"])

    def hosted(self, data: bytes, name: str) -> str:
        """Put a file where it can be pulled from: on the portal's stand-in."""
        keys, root = self._town.credentials()["wordpress"], self._town.addresses["wordpress"]
        files = {"file": (name, data, "application/octet-stream")}
        auth = (keys["user"], keys["application_password"])
        return str(self._http.post(f"{root}/wp-json/wp/v2/media", files=files, auth=auth).json()["source_url"])


def direct(clip: bytes = SMALL, **info: object) -> dict[str, Any]:
    said = {"title": "Phố cổ #HaNoi", "privacy_level": "PUBLIC_TO_EVERYONE", **info}
    return {"post_info": said, "source_info": by_file(len(clip))}


def by_file(size: int, chunk: int | None = None, chunks: int | None = None) -> dict[str, Any]:
    chunk = size if chunk is None else chunk
    return {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk,
            "total_chunk_count": size // max(chunk, 1) if chunks is None else chunks}  # fmt: skip


def photos(*urls: str, mode: str = "DIRECT_POST", **info: object) -> dict[str, Any]:
    seen_by = {"privacy_level": "PUBLIC_TO_EVERYONE"} if mode == "DIRECT_POST" else {}
    said = {"title": "Ba cửa ô", "description": "Ảnh tư liệu", **seen_by, **info}
    source = {"source": "PULL_FROM_URL", "photo_cover_index": 0, "photo_images": list(urls)}
    return {"media_type": "PHOTO", "post_mode": mode, "post_info": said, "source_info": source}


def jpeg(width: int = 1080, height: int = 1350) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    return b"\xff\xd8" + frame + b"\x00" * 32 + b"\xff\xd9"


Opened = Callable[..., tuple[Town, Client]]


@pytest.fixture
def tiktok(town: Town, http: httpx.Client) -> Client:
    return Client(town, http)


@pytest.fixture
def opened(clock: HandClock, http: httpx.Client, tmp_path: Path) -> Iterator[Opened]:
    """Open a town whose TikTok has settings of its own."""
    with ExitStack() as stack:

        def open_town(**settings: object) -> tuple[Town, Client]:
            town = stack.enter_context(Town(clock=clock, folder=tmp_path / "own", settings={"tiktok": settings}))
            return town, Client(town, http)

        yield open_town


def test_the_bytes_publish_and_the_id_comes_after_moderation(
    tiktok: Client, town: Town, clock: HandClock, http: httpx.Client
) -> None:  # fmt: skip
    begun = tiktok.begin()
    assert tiktok.status(begun["publish_id"])["status"] == "PROCESSING_UPLOAD"
    assert tiktok.put(begun["upload_url"], SMALL, 0, len(SMALL)).status_code == 201
    early = tiktok.status(begun["publish_id"])
    assert (early["status"], early["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])
    assert early["uploaded_bytes"] == len(SMALL)
    assert town.ledger("tiktok") == ()
    clock.move(seconds=31)
    (id,) = tiktok.status(begun["publish_id"])["publicaly_available_post_id"]
    (row,) = town.ledger("tiktok")
    assert (row.id, row.text, row.event) == (str(id), "Phố cổ #HaNoi", Event.PUBLISHED)
    assert row.media_sha256 == (hashlib.sha256(SMALL).hexdigest(),)
    assert "Phố cổ #HaNoi" in http.get(row.url).text


def test_a_direct_post_needs_a_look_at_the_creator_and_one_of_the_levels_it_offers(tiktok: Client, clock: HandClock) -> None:
    assert tiktok.code("post/publish/video/init", direct()) == (400, "invalid_params")
    info = tiktok.ask_creator()
    assert info["privacy_level_options"] == ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    assert info["max_video_post_duration_sec"] == 600
    offered = direct(privacy_level="FOLLOWER_OF_CREATOR")
    assert tiktok.code("post/publish/video/init", offered) == (403, "privacy_level_option_mismatch")
    assert tiktok.code("post/publish/video/init", direct()) == (200, "ok")
    clock.move(days=1, minutes=1)
    assert tiktok.code("post/publish/video/init", direct()) == (401, "access_token_invalid")
    tiktok.refresh()
    assert tiktok.code("post/publish/video/init", direct()) == (400, "invalid_params")


@pytest.mark.parametrize(
    ("size", "chunk", "chunks"),
    [
        (50_000_123, 10_000_000, 6),  # the last chunk takes the rest: five, not six
        (4 * MB, 2 * MB, 2),  # below 5 MB in one
        (70 * MB, 70 * MB, 1),  # above 64 MB in several
        (20 * MB, 3 * MB, 6),  # a chunk below 5 MB
        (10 * MB, 0, 1),
        (10 * MB, 11 * MB, 0),
        (5_000 * MB, 50 * MB, 100),  # above 4 GB
    ],
)
def test_chunks_that_break_the_floor_rule_are_refused(tiktok: Client, size: int, chunk: int, chunks: int) -> None:
    tiktok.ask_creator()
    body = {**direct(), "source_info": by_file(size, chunk, chunks)}
    assert tiktok.code("post/publish/video/init", body) == (400, "invalid_params")


def test_chunks_go_up_in_order_and_the_last_one_takes_the_rest(tiktok: Client, town: Town, clock: HandClock) -> None:
    clip = mp4(11 * MB + 123, seconds=20)
    tiktok.ask_creator()
    begun = tiktok.post("post/publish/video/init", {**direct(), "source_info": by_file(len(clip), 5_300_000)})["data"]
    url, total = begun["upload_url"], len(clip)
    assert tiktok.put(url, clip[5_300_000:], 5_300_000, total).status_code == 416
    first = tiktok.put(url, clip[:5_300_000], 0, total)
    assert (first.status_code, first.headers["Content-Range"]) == (206, f"bytes 0-5299999/{total}")
    again = tiktok.put(url, clip[:5_300_000], 0, total)
    assert (again.status_code, again.headers["Content-Range"]) == (416, f"bytes 0-5299999/{total}")
    assert tiktok.put(url, clip[5_300_000:10_600_000], 5_300_000, total).status_code == 416  # leaves a piece over
    assert tiktok.put(url, clip[5_300_000:], 5_300_000, total + 1).status_code == 400
    assert tiktok.put(url, clip[5_300_000:], 5_300_000, total, **{"Content-Type": "text/plain"}).status_code == 400
    assert tiktok.put(url, clip[5_300_000:], 5_300_000, total).status_code == 201
    clock.move(minutes=1)
    assert town.ledger("tiktok")[0].media_sha256 == (hashlib.sha256(clip).hexdigest(),)


def test_an_upload_address_lives_an_hour_and_an_unknown_one_never_did(tiktok: Client, clock: HandClock) -> None:
    url = tiktok.begin()["upload_url"]
    assert tiktok.put(url + "x", SMALL, 0, len(SMALL)).status_code == 404
    clock.move(minutes=60)
    assert tiktok.put(url, SMALL, 0, len(SMALL)).status_code == 403


def test_bytes_of_an_unfinished_upload_outlive_the_process(clock: HandClock, http: httpx.Client, tmp_path: Path) -> None:
    clip = mp4(11 * MB, seconds=20)
    with Town(clock=clock, folder=tmp_path) as town:
        client = Client(town, http)
        client.ask_creator()
        begun = client.post("post/publish/video/init", {**direct(), "source_info": by_file(len(clip), 5_300_000)})["data"]
        client.put(begun["upload_url"], clip[:5_300_000], 0, len(clip))
    with Town(clock=clock, folder=tmp_path) as town:
        assert Client(town, http).put(begun["upload_url"], clip[5_300_000:], 5_300_000, len(clip)).status_code == 201
        clock.move(minutes=1)
        assert len(town.ledger("tiktok")) == 1


def test_an_unaudited_client_posts_only_to_itself_on_a_private_account(opened: Opened, clock: HandClock) -> None:
    refusal = (403, "unaudited_client_can_only_post_to_private_accounts")
    town, client = opened(audited=False, private_account=True)
    assert client.ask_creator()["privacy_level_options"][0] == "FOLLOWER_OF_CREATOR"
    assert client.code("post/publish/video/init", direct(privacy_level="FOLLOWER_OF_CREATOR")) == refusal
    id = client.send(privacy_level="SELF_ONLY")
    clock.move(minutes=5)
    assert client.status(id)["status"] == "PUBLISH_COMPLETE"
    assert client.status(id)["publicaly_available_post_id"] == []
    assert town.ledger("tiktok") == ()


def test_an_unaudited_client_is_refused_on_a_public_account(opened: Opened) -> None:
    _, client = opened(audited=False)
    client.ask_creator()
    public = client.code("post/publish/video/init", direct(privacy_level="SELF_ONLY"))
    assert public == (403, "unaudited_client_can_only_post_to_private_accounts")


def test_a_sixth_user_of_an_unaudited_client_is_refused(opened: Opened) -> None:
    _, client = opened(audited=False, private_account=True, active_users=5)
    client.ask_creator()
    assert client.code("post/publish/video/init", direct(privacy_level="SELF_ONLY")) == (403, "reached_active_user_cap")


@pytest.mark.parametrize(
    ("path", "body", "most"),
    [
        ("post/publish/creator_info/query", {}, 20),
        ("post/publish/inbox/video/init", {"source_info": {}}, 6),
        ("post/publish/status/fetch", {"publish_id": "x"}, 30),
    ],
)
def test_each_call_has_its_allowance_a_minute(tiktok: Client, clock: HandClock, path: str, body: object, most: int) -> None:
    for _ in range(most):
        assert tiktok.post(path, body)["http"] != 429
    assert tiktok.code(path, body) == (429, "rate_limit_exceeded")
    clock.move(seconds=60)
    assert tiktok.post(path, body)["http"] != 429


def test_a_creator_has_fifteen_posts_a_day_across_all_apps(tiktok: Client, clock: HandClock) -> None:
    for _ in range(15):
        tiktok.send()
        clock.move(minutes=1)
    assert tiktok.code("post/publish/creator_info/query") == (403, "spam_risk_too_many_posts")
    assert tiktok.code("post/publish/video/init", direct()) == (403, "spam_risk_too_many_posts")
    clock.move(hours=23, minutes=50)
    tiktok.refresh()
    assert tiktok.code("post/publish/video/init", direct()) == (200, "ok")


def test_a_draft_waits_in_the_inbox_for_a_person(tiktok: Client, town: Town, clock: HandClock) -> None:
    begun = tiktok.post("post/publish/inbox/video/init", {"source_info": by_file(len(SMALL))})["data"]
    assert tiktok.put(begun["upload_url"], SMALL, 0, len(SMALL)).status_code == 201
    clock.move(days=1)
    town.act("tiktok", "finish", publish_id=begun["publish_id"], title="Người làm nốt trong ứng dụng")
    clock.move(minutes=1)
    assert [row.text for row in town.ledger("tiktok")] == ["Người làm nốt trong ứng dụng"]


def test_a_draft_is_no_post_and_five_of_them_are_enough(tiktok: Client, town: Town, clock: HandClock) -> None:
    ids = []
    for _ in range(5):
        begun = tiktok.post("post/publish/inbox/video/init", {"source_info": by_file(len(SMALL))})["data"]
        tiktok.put(begun["upload_url"], SMALL, 0, len(SMALL))
        ids.append(begun["publish_id"])
    assert tiktok.status(ids[0])["status"] == "SEND_TO_USER_INBOX"
    clock.move(minutes=2)
    refused = tiktok.code("post/publish/inbox/video/init", {"source_info": by_file(len(SMALL))})
    assert refused == (403, "spam_risk_too_many_pending_share")
    assert town.ledger("tiktok") == ()
    town.act("tiktok", "finish", publish_id=ids[0])
    assert tiktok.code("post/publish/inbox/video/init", {"source_info": by_file(len(SMALL))}) == (200, "ok")
    with pytest.raises(ValueError, match="no draft"):
        town.act("tiktok", "finish", publish_id=ids[0])


def test_photos_are_pulled_at_once_and_the_log_of_their_host_proves_it(tiktok: Client, town: Town, clock: HandClock) -> None:
    urls = [tiktok.hosted(jpeg(1080, 1350 + number), f"anh-{number}.jpg") for number in range(3)]
    tiktok.ask_creator()
    id = tiktok.post("post/publish/content/init", photos(*urls))["data"]["publish_id"]
    assert tiktok.status(id)["downloaded_bytes"] == sum(len(jpeg(1080, 1350 + number)) for number in range(3))
    clock.move(minutes=1)
    (row,) = town.ledger("tiktok")
    assert (row.title, row.text, row.media_count) == ("Ba cửa ô", "Ảnh tư liệu", 3)
    assert "/photo/" in row.url
    fetched = town.act("tiktok", "fetches")["fetches"]
    assert [each["url"] for each in fetched] == urls  # type: ignore[index,union-attr]
    assert tiktok.post("video/list", {}, fields="id")["data"]["videos"] == []


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (png(1080, 1350), "anh.png", "file_format_check_failed"),
        (jpeg(2160, 2160), "anh.jpg", "picture_size_check_failed"),
        (b"", "", "photo_pull_failed"),
    ],
)
def test_a_photo_that_does_not_fit_fails_once_pulled(tiktok: Client, town: Town, data: bytes, name: str, why: str) -> None:
    url = tiktok.hosted(data, name) if name else town.addresses["wordpress"] + "/wp-content/uploads/khong-co.jpg"
    tiktok.ask_creator()
    id = tiktok.post("post/publish/content/init", photos(url))["data"]["publish_id"]
    assert (tiktok.status(id)["status"], tiktok.status(id)["fail_reason"]) == ("FAILED", why)


def test_a_webp_photo_is_measured() -> None:
    found = recognise(webp(800, 600))
    assert (found.kind, found.content_type, found.width, found.height) == (Kind.PICTURE, "image/webp", 800, 600)
    assert recognise(webp()[:20]).kind is Kind.DOCUMENT


def test_media_are_pulled_from_verified_addresses_only(opened: Opened) -> None:
    town, client = opened(verified_urls=("http://127.0.0.1:1/",))
    client.ask_creator()
    url = client.hosted(jpeg(), "anh.jpg")
    assert client.code("post/publish/content/init", photos(url)) == (403, "url_ownership_unverified")
    assert town.act("tiktok", "fetches")["fetches"] == []


@pytest.mark.parametrize(
    "body",
    [
        direct(privacy_level=None),
        direct(title="👋" * 1101),
        direct(disable_duet="yes"),
        direct(brand_content_toggle=True, privacy_level="SELF_ONLY"),
        direct(video_cover_timestamp_ms=-1),
        {"source_info": by_file(100)},
        {**direct(), "source_info": {"source": "MAGIC"}},
        {**direct(), "source_info": {"source": "PULL_FROM_URL"}},
        [],
    ],
)
def test_a_body_that_breaks_a_rule_is_refused(tiktok: Client, body: object) -> None:
    tiktok.ask_creator()
    assert tiktok.code("post/publish/video/init", body) == (400, "invalid_params")


@pytest.mark.parametrize(
    "body",
    [
        photos(),
        photos(*["http://127.0.0.1/a.jpg"] * 36),
        photos("http://127.0.0.1/a.jpg", title="x" * 91),
        photos("http://127.0.0.1/a.jpg", description="x" * 4001),
        {**photos("http://127.0.0.1/a.jpg"), "source_info": by_file(100)},
        {**photos("http://127.0.0.1/a.jpg"), "post_mode": "NOW"},
    ],
)
def test_a_photo_body_that_breaks_a_rule_is_refused(tiktok: Client, body: object) -> None:
    tiktok.ask_creator()
    assert tiktok.code("post/publish/content/init", body) == (400, "invalid_params")


def test_a_clip_that_is_none_or_too_long_or_too_small_fails_in_processing(tiktok: Client) -> None:
    for clip, why in ((b"\x00" * 4096, "file_format_check_failed"), (mp4(seconds=601), "duration_check_failed"),
                      (mp4(width=320, height=240), "picture_size_check_failed")):  # fmt: skip
        found = tiktok.status(tiktok.send(clip))
        assert (found["status"], found["fail_reason"]) == ("FAILED", why)


def test_a_post_may_be_cancelled_before_its_bytes_are_there(tiktok: Client) -> None:
    begun, done = tiktok.begin(), tiktok.send()
    assert tiktok.code("post/publish/cancel", {"publish_id": begun["publish_id"]}) == (200, "ok")
    assert tiktok.status(begun["publish_id"])["fail_reason"] == "publish_cancelled"
    assert tiktok.put(begun["upload_url"], SMALL, 0, len(SMALL)).status_code == 403
    assert tiktok.code("post/publish/cancel", {"publish_id": done}) == (400, "publish_not_cancellable")
    assert tiktok.code("post/publish/cancel", {"publish_id": "x"}) == (400, "invalid_publish_id")


def test_the_display_list_shows_what_is_through_moderation(tiktok: Client, clock: HandClock) -> None:
    for number in range(3):
        tiktok.send(title=f"Clip {number}")
        clock.move(minutes=1)
    first = tiktok.post("video/list", {"max_count": 2}, fields="id,title,share_url")["data"]
    assert ([video["title"] for video in first["videos"]], first["has_more"]) == (["Clip 2", "Clip 1"], True)
    rest = tiktok.post("video/list", {"max_count": 2, "cursor": first["cursor"]}, fields="title")["data"]
    assert ([video["title"] for video in rest["videos"]], rest["has_more"]) == (["Clip 0"], False)
    one = tiktok.post("video/query", {"filters": {"video_ids": [first["videos"][0]["id"]]}}, fields="title,duration")["data"]
    assert one["videos"] == [{"title": "Clip 2", "duration": 12}]
    assert tiktok.post("video/list", {}, fields="id,secrets")["error"]["code"] == "invalid_params"


def test_a_scope_that_was_not_granted_is_named(opened: Opened) -> None:
    _, client = opened(scopes=("video.upload",))
    assert client.code("post/publish/creator_info/query") == (401, "scope_not_authorized")
    assert client.code("post/publish/inbox/video/init", {"source_info": by_file(len(SMALL))}) == (200, "ok")


def test_a_refresh_ends_the_pair_before_it_and_errors_come_under_http_200(tiktok: Client, town: Town, http: httpx.Client) -> None:
    form = {name: tiktok.keys[name] for name in ("client_key", "client_secret", "refresh_token")}
    address = tiktok.root + "/v2/oauth/token/"
    fresh = http.post(address, data={**form, "grant_type": "refresh_token"}).json()
    assert (fresh["expires_in"], fresh["refresh_expires_in"], fresh["token_type"]) == (86_400, 31_536_000, "Bearer")
    assert fresh["refresh_token"] != form["refresh_token"]
    assert tiktok.code("post/publish/creator_info/query") == (401, "access_token_invalid")
    again = http.post(address, data={**form, "grant_type": "refresh_token"})
    assert (again.status_code, again.json()["error"]) == (200, "invalid_grant")
    tiktok.keys["access_token"] = fresh["access_token"]
    assert tiktok.code("post/publish/creator_info/query") == (200, "ok")
    town.arm("tiktok", "expire_token_now")
    assert tiktok.code("post/publish/creator_info/query") == (401, "access_token_invalid")


def test_signing_in_checks_a_hex_challenge(tiktok: Client, http: httpx.Client) -> None:
    challenge = hashlib.sha256(b"bi mat").hexdigest()
    asked = {"client_key": tiktok.keys["client_key"], "response_type": "code", "scope": "video.publish", "state": "s",
             "redirect_uri": "http://127.0.0.1/ve", "code_challenge": challenge, "code_challenge_method": "S256"}  # fmt: skip
    sent = http.get(tiktok.root + "/v2/auth/authorize/", params=asked, follow_redirects=False)
    code = httpx.URL(sent.headers["location"]).params["code"]
    form = {"client_key": tiktok.keys["client_key"], "client_secret": tiktok.keys["client_secret"], "code": code,
            "grant_type": "authorization_code", "redirect_uri": asked["redirect_uri"]}  # fmt: skip
    wrong = http.post(tiktok.root + "/v2/oauth/token/", data={**form, "code_verifier": "khác"}).json()
    assert wrong["error"] == "invalid_grant"
    assert http.post(tiktok.root + "/v2/oauth/token/", data={**form, "code_verifier": "bi mat"}).json()["open_id"]
    with_query = {**asked, "redirect_uri": "http://127.0.0.1/?a=1"}
    refused = http.get(tiktok.root + "/v2/auth/authorize/", params=with_query)
    assert refused.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("fault", "posts"),
    [("drop_response_after_commit", 1), ("5xx_after_commit", 1), ("5xx_before_commit", 0), ("html_error_page", 0)],
)
def test_the_last_chunk_is_the_commit_and_can_lose_its_answer(
    tiktok: Client, town: Town, clock: HandClock, fault: str, posts: int
) -> None:
    begun = tiktok.begin()
    town.arm("tiktok", fault, method="PUT", path="/video/")
    try:
        assert tiktok.put(begun["upload_url"], SMALL, 0, len(SMALL)).status_code >= 500
    except httpx.RemoteProtocolError:
        assert fault == "drop_response_after_commit"
    clock.move(minutes=1)
    assert len(town.ledger("tiktok")) == posts
    assert tiktok.status(begun["publish_id"])["status"] == ("PUBLISH_COMPLETE" if posts else "PROCESSING_UPLOAD")
