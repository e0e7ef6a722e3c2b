from __future__ import annotations

from editorial.delivery import State
from publishers.subtitles import to_webvtt
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice

SUBRIP = "1\n00:00:00,500 --> 00:00:02,000\nNgày 10/10/1954, 1,5 triệu người\n"


def _address(office: SmallOffice) -> str:
    delivery = office.store.deliveries.list()[0]
    return f"/media/{office.store.posts.get(delivery.post_key).media[0].sha256}.jpg"


def test_a_picture_is_served_for_ever_under_its_digest(browser: Browser, office: SmallOffice) -> None:
    answer = browser.get(_address(office))
    assert answer.headers["content-type"] == "image/jpeg"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content.startswith(b"\xff\xd8")


def test_a_part_of_a_medium_can_be_asked_for(browser: Browser, office: SmallOffice) -> None:
    answer = browser.get(_address(office), range="bytes=0-9")
    assert answer.status_code == 206
    assert len(answer.content) == 10


def test_no_other_file_is_served_as_a_medium(browser: Browser, office: SmallOffice) -> None:
    for name in ("..%2f..%2floa.sqlite", "a.sqlite", _address(office).removeprefix("/media/").replace("jpg", "mp4")):
        assert browser.get(f"/media/{name}").status_code == 404


def test_subtitles_are_served_as_the_browser_wants_them(browser: Browser, office: SmallOffice) -> None:
    path = office.media.put(SUBRIP.encode(), ".srt")
    answer = browser.get(f"/media/{path.stem}.vtt")
    assert answer.headers["content-type"].startswith("text/vtt")
    assert answer.text == to_webvtt(SUBRIP)
    assert "00:00:00.500 --> 00:00:02.000\nNgày 10/10/1954, 1,5 triệu" in answer.text


def test_the_api_lists_deliveries_with_their_states(browser: Browser, office: SmallOffice) -> None:
    answer = browser.get("/api/deliveries?limit=3").json()
    known = sorted(each.id for each in office.store.deliveries.list())
    assert [each["id"] for each in answer["items"]] == known[:3] and answer["next"]
    assert answer["items"][0]["due_at"].endswith("+07:00")
    failed = browser.get(f"/api/deliveries?state={State.FAILED.value}").json()["items"]
    assert {each["channel"] for each in failed} == {"zalo"}


def test_the_api_returns_a_month(browser: Browser) -> None:
    days = {day["date"]: day for day in browser.get("/api/calendar?month=2026-10").json()["days"]}
    assert len(days) == 31
    assert days["2026-10-10"]["lunar"] == "ngày 1/9 âm lịch"
    assert days["2026-10-09"]["entries"][0]["id"] == "giai-phong-thu-do"


def test_the_api_answers_mistakes_as_problems(browser: Browser) -> None:
    answer = browser.get("/api/calendar?month=2026-99")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "2026-99" in answer.json()["detail"]


def test_health_tells_that_the_store_can_be_read(browser: Browser) -> None:
    answer = browser.get("/health").json()
    assert answer["status"] == "ok"
    assert answer["deliveries"] == 12
