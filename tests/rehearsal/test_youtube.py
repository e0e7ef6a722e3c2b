"""The YouTube stand-in, driven by Google's own client and by plain HTTP."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build, build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload, MediaInMemoryUpload

from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, mp4, png, webp

STEP = 256 * 1024
BODY: dict[str, Any] = {
    "snippet": {"title": "Hà Nội 10/10", "description": "Giải phóng Thủ đô", "tags": ["ref:1", "Hà Nội"], "categoryId": "25"},
    "status": {"privacyStatus": "private", "selfDeclaredMadeForKids": False},
}


@pytest.fixture
def client(town: Town) -> Iterator[Any]:
    document = json.loads(files("googleapiclient").joinpath("discovery_cache/documents/youtube.v3.json").read_text())
    document.update(rootUrl=town.addresses["youtube"] + "/", baseUrl=town.addresses["youtube"] + "/")
    keys = town.credentials()["youtube"]
    names = ("refresh_token", "client_id", "client_secret", "token_uri")
    with build_from_document(
        document, credentials=Credentials(keys["access_token"], **{name: keys[name] for name in names})
    ) as service:
        yield service


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    place = tmp_path / "clip.mp4"
    place.write_bytes(mp4(STEP * 2 + 1000))
    return place


def upload(client: Any, clip: Path) -> dict[str, Any]:
    media = MediaFileUpload(str(clip), mimetype="video/mp4", chunksize=STEP, resumable=True)
    request = client.videos().insert(part="snippet,status", body=BODY, media_body=media)
    done = None
    while done is None:
        _, done = request.next_chunk()
    media.stream().close()
    return dict(done)


def test_the_official_client_uploads_privately_and_makes_public(client: Any, clip: Path, town: Town, http: httpx.Client) -> None:
    video = upload(client, clip)
    assert video["status"]["uploadStatus"] == "processed"
    assert town.ledger("youtube") == ()
    client.videos().update(part="status", body={"id": video["id"], "status": {"privacyStatus": "public"}}).execute()
    (row,) = town.ledger("youtube")
    assert (row.id, row.title, row.media_sha256) == (
        video["id"],
        "Hà Nội 10/10",
        (hashlib.sha256(clip.read_bytes()).hexdigest(),),
    )
    page = http.get(row.url).text
    assert 'property="og:video"' in page
    part = http.get(town.addresses["youtube"] + row.media[0].path, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")


def test_thumbnail_captions_and_the_uploads_list_work_with_the_official_client(client: Any, clip: Path, tmp_path: Path) -> None:
    video = upload(client, clip)["id"]
    picture, words = tmp_path / "anh.png", tmp_path / "phude.srt"
    picture.write_bytes(png(128, 72))
    words.write_text("1\n00:00:00,000 --> 00:00:02,000\nXin chào\n")
    thumbnail, srt = (
        MediaFileUpload(str(picture), mimetype="image/png"),
        MediaFileUpload(str(words), mimetype="application/x-subrip"),
    )
    client.thumbnails().set(videoId=video, media_body=thumbnail).execute()
    track = {"snippet": {"videoId": video, "language": "vi", "name": "Tiếng Việt"}}
    client.captions().insert(part="snippet", body=track, media_body=srt).execute()
    with pytest.raises(HttpError) as again:
        client.captions().insert(part="snippet", body=track, media_body=srt).execute()
    thumbnail.stream().close(), srt.stream().close()
    assert again.value.status_code == 409
    channel = client.channels().list(mine=True, part="contentDetails").execute()["items"][0]
    uploads = channel["contentDetails"]["relatedPlaylists"]["uploads"]
    listed = client.playlistItems().list(part="snippet,contentDetails", playlistId=uploads, maxResults=50).execute()
    assert [item["contentDetails"]["videoId"] for item in listed["items"]] == [video]
    details = client.videos().list(part="fileDetails,processingDetails,snippet", id=video).execute()["items"][0]
    assert details["fileDetails"]["fileSize"] == str(clip.stat().st_size)
    assert details["snippet"]["tags"] == ["ref:1", "Hà Nội"]


def test_the_official_client_refreshes_a_dead_token_by_itself(client: Any, town: Town) -> None:
    town.arm("youtube", "expire_token_now")
    assert client.channels().list(mine=True, part="id").execute()["items"]


def test_an_update_replaces_the_whole_part(client: Any, clip: Path) -> None:
    video = upload(client, clip)["id"]
    body = {"id": video, "snippet": {"title": "Tên mới", "categoryId": "25"}}
    changed = client.videos().update(part="snippet", body=body).execute()
    assert changed["snippet"]["description"] == ""
    assert "tags" not in changed["snippet"]
    with pytest.raises(HttpError) as refused:
        client.videos().update(part="snippet", body={"id": video, "snippet": {"title": "Thiếu mục"}}).execute()
    assert refused.value.error_details[0]["reason"] == "invalidCategoryId"


class Session:
    """An upload session, spoken to byte by byte."""

    def __init__(self, town: Town, http: httpx.Client, total: int, body: dict[str, Any] = BODY) -> None:
        self._http = http
        self.headers = {"Authorization": f"Bearer {town.credentials()['youtube']['access_token']}"}
        extra = {"X-Upload-Content-Type": "video/mp4", "X-Upload-Content-Length": str(total)}
        address = town.addresses["youtube"] + "/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status"
        self.opened = http.post(address, json=body, headers={**self.headers, **extra})
        self.uri = self.opened.headers.get("Location", "")

    def put(self, data: bytes, range: str) -> httpx.Response:
        return self._http.put(self.uri, content=data, headers={**self.headers, "Content-Range": range})


def test_a_session_tells_what_arrived_and_answers_again_when_it_is_done(town: Town, http: httpx.Client) -> None:
    clip = mp4(STEP + 500)
    session = Session(town, http, len(clip))
    asked = session.put(b"", f"bytes */{len(clip)}")
    assert (asked.status_code, asked.headers.get("Range")) == (308, None)
    assert session.put(clip[:1000], f"bytes 0-999/{len(clip)}").status_code == 400
    first = session.put(clip[:STEP], f"bytes 0-{STEP - 1}/{len(clip)}")
    assert (first.status_code, first.headers["Range"]) == (308, f"bytes=0-{STEP - 1}")
    done = session.put(clip[STEP:], f"bytes {STEP}-{len(clip) - 1}/{len(clip)}")
    again = session.put(b"", f"bytes */{len(clip)}")
    assert done.json()["id"] == again.json()["id"]


def test_a_session_expires_after_a_week(town: Town, http: httpx.Client, clock: HandClock) -> None:
    session = Session(town, http, 4096)
    clock.move(days=8)
    assert session.put(b"", "bytes */4096").status_code == 404


@pytest.mark.parametrize(
    ("snippet", "reason"),
    [
        ({"title": "x" * 101}, "invalidTitle"),
        ({"title": "a<b"}, "invalidTitle"),
        ({"title": "Tin", "description": "ế" * 1667}, "invalidDescription"),
        ({"title": "Tin", "tags": ["hai từ" * 30, "x" * 320]}, "invalidTags"),
    ],
)
def test_what_breaks_a_limit_is_refused_before_any_byte(
    town: Town, http: httpx.Client, snippet: dict[str, object], reason: str
) -> None:
    opened = Session(town, http, 4096, {"snippet": snippet, "status": {"privacyStatus": "private"}}).opened
    assert (opened.status_code, opened.json()["error"]["errors"][0]["reason"]) == (400, reason)


def test_uploads_have_a_bucket_of_a_hundred_until_midnight_in_california(
    town: Town, http: httpx.Client, clock: HandClock
) -> None:
    for _ in range(100):
        assert Session(town, http, 4096).opened.status_code == 200
    refused = Session(town, http, 4096).opened
    assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (403, "quotaExceeded")
    clock.move(hours=6)
    assert Session(town, http, 4096).opened.status_code == 200


def test_a_scheduled_video_becomes_public_by_the_clock(client: Any, clip: Path, town: Town, clock: HandClock) -> None:
    video = upload(client, clip)["id"]
    status = {"privacyStatus": "private", "publishAt": "2026-10-10T10:00:00+07:00"}
    client.videos().update(part="status", body={"id": video, "status": status}).execute()
    assert town.ledger("youtube") == ()
    clock.move(hours=2, minutes=1)
    assert [row.id for row in town.ledger("youtube")] == [video]


def test_an_unaudited_project_uploads_in_private_only(clock: HandClock, tmp_path: Path, http: httpx.Client) -> None:
    with Town(clock=clock, folder=tmp_path, settings={"youtube": {"audited": False, "upload_cap": 1}}) as town:
        body = {**BODY, "status": {"privacyStatus": "public"}}
        done = Session(town, http, len(mp4()), body).put(mp4(), f"bytes 0-{len(mp4()) - 1}/{len(mp4())}").json()
        assert done["status"]["privacyStatus"] == "private"
        headers = {"Authorization": f"Bearer {town.credentials()['youtube']['access_token']}"}
        shown = {"id": done["id"], "status": {"privacyStatus": "public"}}
        address = town.addresses["youtube"] + "/youtube/v3/videos"
        assert http.put(address, params={"part": "status"}, json=shown, headers=headers).status_code == 200
        assert town.ledger("youtube") == ()
        refused = Session(town, http, 4096).opened
        assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (400, "uploadLimitExceeded")


def test_a_duplicate_is_taken_and_rejected_in_processing(client: Any, clip: Path, town: Town) -> None:
    town.arm("youtube", "duplicate_detect")
    video = upload(client, clip)["id"]
    client.videos().update(part="status", body={"id": video, "status": {"privacyStatus": "public"}}).execute()
    (shown,) = client.videos().list(part="status", id=video).execute()["items"]
    assert (shown["status"]["uploadStatus"], shown["status"]["rejectionReason"]) == ("rejected", "duplicate")
    assert town.ledger("youtube") == ()
    again = upload(client, clip)["id"]
    client.videos().update(part="status", body={"id": again, "status": {"privacyStatus": "public"}}).execute()
    assert [row.id for row in town.ledger("youtube")] == [again]


def test_the_official_client_as_it_is_built_speaks_to_another_endpoint(town: Town) -> None:
    keys = town.credentials()["youtube"]
    names = ("refresh_token", "client_id", "client_secret", "token_uri")
    credentials = Credentials(keys["access_token"], **{name: keys[name] for name in names})
    options = {"api_endpoint": town.addresses["youtube"]}
    with build("youtube", "v3", credentials=credentials, client_options=options, static_discovery=True) as service:
        found = service.channels().list(mine=True, part="contentDetails,snippet").execute()["items"]
        assert found[0]["id"] == keys["channel_id"]
        request = service.videos().insert(part="snippet,status", body=BODY, media_body=MediaInMemoryUpload(mp4(), "video/mp4"))
        request.uri = request.uri.replace("https://", "http://")  # the client keeps https for uploads, whatever the endpoint
        assert request.execute()["status"]["privacyStatus"] == "private"


def test_a_thumbnail_is_jpeg_or_png(client: Any, clip: Path) -> None:
    video = upload(client, clip)["id"]
    media = MediaInMemoryUpload(webp(1280, 720), mimetype="image/png")
    with pytest.raises(HttpError) as refused:
        client.thumbnails().set(videoId=video, media_body=media).execute()
    assert refused.value.error_details[0]["reason"] == "invalidImage"


def test_all_but_uploads_share_ten_thousand_units_a_day(client: Any, clip: Path, town: Town, clock: HandClock) -> None:
    video = upload(client, clip)["id"]
    body = {"id": video, "status": {"privacyStatus": "private"}}
    for _ in range(200):
        client.videos().update(part="status", body=body).execute()
    with pytest.raises(HttpError) as refused:
        client.videos().list(part="status", id=video).execute()
    assert refused.value.error_details[0]["reason"] == "quotaExceeded"
    clock.move(hours=6)  # past midnight in California
    assert client.videos().list(part="status", id=video).execute()["items"]
