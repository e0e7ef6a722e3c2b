"""The Graph stand-in, driven over plain HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from rehearsal.publication import Event
from rehearsal.town import Town
from tests.rehearsal.conftest import HandClock, mp4, png, webp


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


@pytest.mark.parametrize("subcode", [458, 460, 463, 492])
def test_a_dead_token_says_how_it_died(graph: Graph, town: Town, subcode: int) -> None:
    town.arm("facebook", "expire_token_now", subcode=subcode)
    assert error(graph.post(f"{graph.page}/feed", {"message": "Tin"})) == (190, subcode)
    graph.token["access_token"] = "never-good"
    assert error(graph.post(f"{graph.page}/feed", {"message": "Tin"})) == (190, 467)


@pytest.mark.parametrize("fault", ["5xx_before_commit", "duplicate_detect", "rate_limit_next"])
def test_a_failing_reply_names_the_usage_too(graph: Graph, town: Town, fault: str) -> None:
    town.arm("facebook", fault)
    response = graph.post(f"{graph.page}/feed", {"message": "Tin"})
    assert response.status_code >= 400
    assert json.loads(response.headers["x-business-use-case-usage"])[graph.page]


def test_the_thirty_first_reel_of_a_day_is_refused_at_its_publication(graph: Graph, http: httpx.Client, clock: HandClock) -> None:
    path, clip = f"{graph.page}/video_reels", mp4(2048)

    def reel() -> httpx.Response:
        started = graph.post(path, {"upload_phase": "start"}).json()
        headers = {"Authorization": f"OAuth {graph.token['access_token']}", "offset": "0", "file_size": str(len(clip))}
        http.post(started["upload_url"], content=clip, headers=headers)
        return graph.post(path, {"upload_phase": "finish", "video_id": started["video_id"], "video_state": "PUBLISHED"})

    assert all(reel().status_code == 200 for _ in range(30))
    assert error(reel())[0] == 613
    clock.move(hours=24, minutes=1)
    assert reel().status_code == 200


def test_a_clip_may_be_given_by_its_address(graph: Graph, town: Town, http: httpx.Client) -> None:
    video = graph.post(f"{graph.page}/videos", {"title": "Clip"}, files={"source": ("clip.mp4", mp4(), "video/mp4")}).json()["id"]
    known = str(graph.get(video, fields="source")["source"])
    pulled = graph.post(f"{graph.page}/videos", {"file_url": known, "description": "Từ địa chỉ"})
    assert pulled.status_code == 200
    path = f"{graph.page}/video_reels"
    started = graph.post(path, {"upload_phase": "start"}).json()
    headers = {"Authorization": f"OAuth {graph.token['access_token']}", "file_url": known}
    assert http.post(started["upload_url"], headers=headers).json() == {"success": True}
    finish = {"upload_phase": "finish", "video_id": started["video_id"], "video_state": "PUBLISHED", "description": "Thước phim"}
    assert graph.post(path, finish).status_code == 200
    assert {row.text for row in town.ledger("facebook")} == {"Clip", "Từ địa chỉ", "Thước phim"}
    assert graph.post(f"{graph.page}/videos", {"file_url": "https://example.com/a.mp4"}).status_code == 400


def test_a_clip_of_more_than_four_hours_fails_in_processing(graph: Graph, town: Town) -> None:
    files = {"source": ("clip.mp4", mp4(seconds=4 * 3600 + 1), "video/mp4")}
    video = graph.post(f"{graph.page}/videos", {"title": "Dài"}, files=files).json()["id"]
    status = graph.get(video, fields="status")["status"]
    assert status["video_status"] == "error"  # type: ignore[index]
    assert status["processing_phase"]["errors"][0]["code"] == 1363030  # type: ignore[index]
    assert town.ledger("facebook") == ()


def test_a_picture_of_a_format_that_pages_do_not_take_is_refused(graph: Graph) -> None:
    response = graph.post(f"{graph.page}/photos", {}, files={"source": ("a.webp", webp(), "image/webp")})
    assert error(response)[0] == 324


def test_a_body_may_be_json_and_a_part_may_be_called_source0(graph: Graph, town: Town, http: httpx.Client) -> None:
    files = {"source0": ("a.png", png(), "image/png")}
    photo = graph.post(f"{graph.page}/photos", {"published": "false"}, files=files).json()["id"]
    address = f"{town.addresses['facebook']}/v26.0/{graph.page}/feed"
    body = {"message": "Bằng JSON", "published": True, "attached_media": [{"media_fbid": photo}]}
    assert http.post(address, params=graph.token, json=body).status_code == 200
    assert [(row.text, row.media_count) for row in town.ledger("facebook")] == [("Bằng JSON", 1)]


def test_an_expired_version_is_served_by_the_oldest_that_lives(graph: Graph, town: Town, http: httpx.Client) -> None:
    served = http.get(f"{town.addresses['facebook']}/v19.0/{graph.page}", params=graph.token)
    assert (served.status_code, served.headers["facebook-api-version"]) == (200, "v22.0")
    assert error(http.get(f"{town.addresses['facebook']}/v99.0/{graph.page}", params=graph.token))[0] == 2500


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"metric": "post_media_view,post_clicks"}, None),
        ({"metric": "post_media_view,post_impressions"}, 100),
        ({}, 3001),
        ({"metric": "post_clicks", "period": "year"}, 100),
        ({"metric": "post_clicks", "since": "1700000000", "until": "1709000000"}, 100),
    ],
)
def test_a_metric_that_is_retired_refuses_the_whole_request(graph: Graph, asked: dict[str, str], code: int | None) -> None:
    post = graph.post(f"{graph.page}/feed", {"message": "Tin"}).json()["id"]
    found = graph.get(f"{post}/insights", **asked)
    assert found.get("error", {}).get("code") == code  # type: ignore[attr-defined]
    if code is None:
        assert [row["name"] for row in found["data"]] == ["post_media_view", "post_clicks"]  # type: ignore[attr-defined]


def test_the_lists_of_a_page_may_lag_behind_its_posts(clock: HandClock, tmp_path: Path, http: httpx.Client) -> None:
    with Town(clock=clock, folder=tmp_path, settings={"facebook": {"list_lag": timedelta(seconds=40)}}) as town:
        graph = Graph(town, http)
        post = graph.post(f"{graph.page}/feed", {"message": "Tin"}).json()["id"]
        assert graph.get(post)["id"] == post
        assert graph.get(f"{graph.page}/published_posts")["data"] == []
        clock.move(seconds=40)
        assert len(graph.get(f"{graph.page}/published_posts")["data"]) == 1  # type: ignore[arg-type]


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
