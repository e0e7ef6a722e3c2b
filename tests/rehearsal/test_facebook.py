"""The Graph stand-in, driven over plain HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json

import httpx
import pytest

from rehearsal.publication import Event
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, mp4, png


class Graph:
    """Calls the Page as a client would."""

    def __init__(self, town: Town, http: httpx.Client) -> None:
        keys = town.credentials()["facebook"]
        self.page, self.secret = keys["page_id"], keys["app_secret"]
        self.token = {"access_token": keys["page_token"]}
        self._root, self._http = town.addresses["facebook"] + "/v26.0/", http

    def post(self, path: str, data: dict[str, str] | None = None, **more: object) -> httpx.Response:
        return self._http.post(self._root + path, params=self.token, data=data, **more)  # type: ignore[arg-type]

    def get(self, path: str, **params: str) -> dict[str, object]:
        return dict(self._http.get(self._root + path, params={**self.token, **params}).json())

    def photo(self, shade: int, **data: str) -> str:
        files = {"source": ("anh.png", png(shade=shade), "image/png")}
        return str(self.post(f"{self.page}/photos", {"published": "false", **data}, files=files).json()["id"])


@pytest.fixture
def graph(town: Town, http: httpx.Client) -> Graph:
    return Graph(town, http)


def error(response: httpx.Response) -> tuple[int, int | None]:
    found = response.json()["error"]
    return found["code"], found.get("error_subcode")


def test_unpublished_photos_stay_unseen_until_a_post_attaches_them(graph: Graph, town: Town) -> None:
    photos = [graph.photo(shade, alt_text_custom=f"Ảnh {shade}") for shade in (1, 2)]
    assert town.ledger("facebook") == ()
    indexed = {f"attached_media[{place}]": json.dumps({"media_fbid": id}) for place, id in enumerate(photos)}
    post = graph.post(f"{graph.page}/feed", {"message": "Ga Cát Linh mở cửa", **indexed}).json()["id"]
    (row,) = town.ledger("facebook")
    assert (row.id, row.text, row.media_count) == (post, "Ga Cát Linh mở cửa", 2)
    assert row.media_sha256[0] == hashlib.sha256(png(shade=1)).hexdigest()
    photo = graph.get(photos[0], fields="page_story_id,alt_text_custom")
    assert (photo["page_story_id"], photo["alt_text_custom"]) == (post, "Ảnh 1")


def test_attached_media_may_be_one_json_array(graph: Graph) -> None:
    photo = graph.photo(3)
    post = graph.post(f"{graph.page}/feed", {"message": "Một ảnh", "attached_media": json.dumps([{"media_fbid": photo}])}).json()[
        "id"
    ]
    shown = graph.get(post, fields="attachments{media_type,target},status_type")
    assert shown["attachments"]["data"][0]["target"]["id"] == photo  # type: ignore[index]
    assert shown["status_type"] == "added_photos"


def test_the_same_words_twice_in_a_row_are_refused_as_506(graph: Graph, town: Town) -> None:
    graph.post(f"{graph.page}/feed", {"message": "Thông báo"})
    assert error(graph.post(f"{graph.page}/feed", {"message": "Thông báo"})) == (506, 1455006)
    assert len(town.ledger("facebook")) == 1


def test_a_file_that_is_no_picture_is_refused(graph: Graph) -> None:
    response = graph.post(f"{graph.page}/photos", {}, files={"source": ("a.png", b"\x89PNG\r\n\x1a\nnot really", "image/png")})
    assert error(response)[0] == 324


def test_scheduling_is_held_to_ten_minutes_and_thirty_days_and_fires_by_the_clock(
    graph: Graph, town: Town, clock: HandClock
) -> None:
    def at(minutes: int) -> dict[str, str]:
        when = str(int(clock().timestamp()) + minutes * 60)
        return {"message": "Hẹn giờ", "published": "false", "scheduled_publish_time": when}

    assert error(graph.post(f"{graph.page}/feed", at(9)))[0] == 100
    assert error(graph.post(f"{graph.page}/feed", at(31 * 24 * 60)))[0] == 100
    assert graph.post(f"{graph.page}/feed", at(60)).status_code == 200
    assert len(graph.get(f"{graph.page}/scheduled_posts")["data"]) == 1  # type: ignore[arg-type]
    clock.move(minutes=61)
    assert [row.event for row in town.ledger("facebook")] == [Event.PUBLISHED]


def test_a_scheduled_post_never_appears_once_its_token_died(graph: Graph, town: Town, clock: HandClock) -> None:
    when = str(int(clock().timestamp()) + 3600)
    graph.post(f"{graph.page}/feed", {"message": "Hẹn giờ", "published": "false", "scheduled_publish_time": when})
    town.arm("facebook", "expire_token_now")
    clock.move(hours=2)
    assert town.ledger("facebook") == ()
    assert error(graph.post(f"{graph.page}/feed", {"message": "Tin"})) == (190, 463)


def test_a_clip_goes_up_in_the_chunks_that_the_server_asks_for(graph: Graph, town: Town) -> None:
    clip, path = mp4(2_500_000), f"{graph.page}/videos"
    step = graph.post(path, {"upload_phase": "start", "file_size": str(len(clip))}).json()
    session, video = step["upload_session_id"], step["video_id"]
    while step["start_offset"] != step["end_offset"]:
        start, end = int(step["start_offset"]), int(step["end_offset"])
        data = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": str(start)}
        step = graph.post(path, data, files={"video_file_chunk": ("chunk", clip[start:end])}).json()
    finish = {"upload_phase": "finish", "upload_session_id": session, "title": "Cầu Long Biên", "description": "Một phút"}
    assert graph.post(path, finish).json() == {"success": True}
    assert graph.post(path, finish).json() == {"success": True}
    (row,) = town.ledger("facebook")
    assert row.media_sha256 == (hashlib.sha256(clip).hexdigest(),)
    shown = graph.get(video, fields="status,post_id,published,length")
    assert (shown["post_id"], shown["published"], shown["length"]) == (row.id, True, 12.0)
    assert shown["status"]["video_status"] == "ready"  # type: ignore[index]


def test_a_chunk_at_the_wrong_place_is_told_where_to_go_on(graph: Graph) -> None:
    path = f"{graph.page}/videos"
    session = graph.post(path, {"upload_phase": "start", "file_size": "4096"}).json()["upload_session_id"]
    data = {"upload_phase": "transfer", "upload_session_id": session, "start_offset": "100"}
    response = graph.post(path, data, files={"video_file_chunk": ("chunk", mp4())})
    assert error(response)[1] == 1363037
    assert response.json()["error"]["error_data"] == {"start_offset": "0", "end_offset": "4096"}


def test_editing_and_deleting_are_rows_of_the_ledger(graph: Graph, town: Town, http: httpx.Client) -> None:
    post = graph.post(f"{graph.page}/feed", {"message": "Sai số"}).json()["id"]
    graph.post(post, {"message": "Đúng số"})
    url = town.ledger("facebook")[0].url
    assert "Đúng số" in http.get(url).text
    http.delete(f"{town.addresses['facebook']}/v26.0/{post}", params=graph.token)
    assert [row.event for row in town.ledger("facebook")] == [Event.PUBLISHED, Event.EDITED, Event.REMOVED]
    assert http.get(url).status_code == 410
    assert graph.get(post)["error"]["error_subcode"] == 33  # type: ignore[index]


def test_one_unknown_field_refuses_the_whole_request(graph: Graph) -> None:
    post = graph.post(f"{graph.page}/feed", {"message": "Tin"}).json()["id"]
    assert graph.get(post, fields="message,post_impressions")["error"]["code"] == 100  # type: ignore[index]


def test_a_wrong_app_secret_proof_is_refused_and_a_right_one_admitted(graph: Graph, town: Town, http: httpx.Client) -> None:
    address = f"{town.addresses['facebook']}/v26.0/{graph.page}"
    right = hmac.new(graph.secret.encode(), graph.token["access_token"].encode(), hashlib.sha256).hexdigest()
    assert http.get(address, params={**graph.token, "appsecret_proof": right}).status_code == 200
    assert error(http.get(address, params={**graph.token, "appsecret_proof": "0" * 64}))[0] == 100


def test_every_reply_names_the_version_and_the_usage(graph: Graph, town: Town, http: httpx.Client) -> None:
    response = http.get(f"{town.addresses['facebook']}/v24.0/{graph.page}", params=graph.token)
    assert response.headers["facebook-api-version"] == "v24.0"
    usage = json.loads(response.headers["x-business-use-case-usage"])[graph.page][0]
    assert (usage["type"], usage["call_count"]) == ("pages", 0)


def test_a_photo_may_be_given_by_its_address(graph: Graph, town: Town, http: httpx.Client) -> None:
    known = graph.get(graph.photo(5), fields="source")["source"]
    photo = graph.post(f"{graph.page}/photos", {"url": str(known), "caption": "Từ địa chỉ"}).json()
    assert town.ledger("facebook")[0].id == photo["post_id"]
    assert error(graph.post(f"{graph.page}/photos", {"url": "https://example.com/anh.jpg"}))[0] == 324


def test_a_reel_is_uploaded_then_published(graph: Graph, town: Town, http: httpx.Client) -> None:
    path, clip = f"{graph.page}/video_reels", mp4(8192)
    started = graph.post(path, {"upload_phase": "start"}).json()
    headers = {"Authorization": f"OAuth {graph.token['access_token']}", "offset": "0", "file_size": str(len(clip))}
    assert http.post(started["upload_url"], content=clip, headers=headers).json() == {"success": True}
    finish = {"upload_phase": "finish", "video_id": started["video_id"], "video_state": "PUBLISHED", "description": "Cổ Loa"}
    assert graph.post(path, finish).json()["success"]
    assert graph.post(path, finish).json()["success"]
    assert [row.text for row in town.ledger("facebook")] == ["Cổ Loa"]


def test_an_unpublished_post_is_seen_once_it_is_published_by_its_id(graph: Graph, town: Town) -> None:
    post = graph.post(f"{graph.page}/feed", {"message": "Chờ duyệt", "published": "false"}).json()["id"]
    assert (town.ledger("facebook"), graph.get(f"{graph.page}/published_posts")["data"]) == ((), [])
    for _ in range(2):
        assert graph.post(post, {"is_published": "true"}).json() == {"success": True}
    assert [row.text for row in town.ledger("facebook")] == ["Chờ duyệt"]


def test_comments_stand_below_their_post_in_order_and_the_page_answers_in_its_own_name(graph: Graph) -> None:
    post = str(graph.post(f"{graph.page}/feed", {"message": "Cầu Long Biên cấm xe máy"}).json()["id"])
    asked = graph.post(f"{post}/comments", {"message": "Đến mấy giờ?"}).json()["id"]
    graph.post(f"{asked}/comments", {"message": "Đến 10 giờ."})
    assert graph.post(f"{post}/comments", {"message": " "}).json()["error"]["code"] == 1705
    top = graph.get(f"{post}/comments", fields="id,message")["data"]
    assert [row["message"] for row in top] == ["Đến mấy giờ?"]  # type: ignore[attr-defined]
    stream = graph.get(f"{post}/comments", filter="stream")["data"]
    assert [row.get("parent") for row in stream] == [None, {"id": asked}]  # type: ignore[attr-defined]
    assert graph.get(post, fields="comments.summary(total_count).limit(0)")["comments"]["summary"]["total_count"] == 2  # type: ignore[index]


def test_a_post_is_read_at_its_id_as_well_as_at_its_own_address(graph: Graph, town: Town, http: httpx.Client) -> None:
    post = str(graph.post(f"{graph.page}/feed", {"message": "Ga Cát Linh mở cửa"}).json()["id"])
    for path in (post, f"{graph.page}/posts/{post.partition('_')[2]}"):
        assert "Ga Cát Linh mở cửa" in http.get(f"{town.addresses['facebook']}/{path}").text
