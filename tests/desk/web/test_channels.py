"""The pages of the channels: how each fares, what it can do, and a trial at its stand-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from desk.errands import Errands
from editorial.delivery import HoldReason
from publishers.expiry import ACCESS_UNTIL, RENEWAL_UNTIL
from publishers.registry import PUBLISHERS, abilities
from scheduler.engines.embedded import EmbeddedEngine
from store.gates import shut
from store.halts import channel_scope
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import NOW, SmallOffice, open_small_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office of this test's own."""
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture
def errands() -> Iterator[Errands]:
    made, engine = Errands(), EmbeddedEngine()
    made.use(engine)
    yield made
    made.stop()
    engine.stop()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))


def card(html: str, channel: str) -> str:
    return text_of(html.split(f'id="{channel}"')[1].split('<li class="card channel"')[0])


def test_the_list_tells_of_each_channel_when_it_last_published_and_what_waits(office: SmallOffice) -> None:
    html = Browser(office).get("/channels").text
    assert "mọi bài đăng lên máy chủ thử" in html
    portal, zalo, telegram = (card(html, each) for each in ("portal", "zalo", "telegram"))
    assert "Cổng Thông tin" in portal and "Chạy tốt" in portal and "1 ngày trước" in portal and "1 bài" in portal
    assert "Chưa đăng bài nào" in zalo and "chưa có" in zalo
    assert "2 đang giữ" in telegram


def test_a_channel_that_needs_a_person_says_why_and_comes_first_in_the_count(office: SmallOffice) -> None:
    why = "kênh facebook không nhận quyền truy cập (190); hãy kết nối lại kênh rồi bỏ tạm dừng"
    office.store.halts.set(channel_scope("facebook"), why=why, who="scheduler", reason=HoldReason.AUTH)
    html = Browser(office).get("/channels").text
    assert "1/4 kênh cần người xử lý" in text_of(html)
    assert "Cần người xử lý" in card(html, "facebook") and "không nhận quyền truy cập" in card(html, "facebook")
    assert "Cần người xử lý" not in card(html, "portal")


def test_a_quota_that_is_used_up_says_until_when_and_how_many_posts_wait(office: SmallOffice) -> None:
    until = NOW + timedelta(days=30)
    office.store.halts.set(channel_scope("facebook"), why="kênh facebook đã dùng hết hạn mức", who="scheduler",
                           reason=HoldReason.QUOTA, ends_at=until)  # fmt: skip
    told = text_of(Browser(office).get("/channels/facebook").text)
    assert "Đang chờ" in told and "1 bài hẹn trước lúc đó phải chờ" in told


def test_a_platform_in_trouble_and_an_account_that_must_wait_are_told(office: SmallOffice) -> None:
    with office.store._database.write() as connection:
        shut(connection, "account:facebook", NOW + timedelta(minutes=10), NOW)
        shut(connection, "app:facebook:", NOW + timedelta(minutes=20), NOW)
        shut(connection, "provider:telegram", NOW + timedelta(minutes=5), NOW)
        connection.exec_driver_sql("UPDATE gates SET trips = 1 WHERE name = 'provider:telegram'")
    browser = Browser(office)
    facebook, telegram = (text_of(browser.get(f"/channels/{each}").text) for each in ("facebook", "telegram"))
    assert "bảo tài khoản chờ đến 12:10 20/10" in facebook and "bảo ứng dụng (chung" in facebook and "12:20 20/10" in facebook
    assert "nền tảng đang trục trặc. Loa nghỉ gọi đến 12:05 20/10" in telegram
    office.clock.advance(timedelta(minutes=6))
    assert "Loa gửi từng bài một" in text_of(browser.get("/channels/telegram").text)


@pytest.mark.parametrize(
    ("days", "said", "condition"),
    [
        (60, "còn 60 ngày", ""),
        (5, "hãy kết nối lại trước", "Sắp cần xử lý"),
        (-1, "Quyền truy cập đã hết hạn", "Cần người xử lý"),
    ],
)
def test_access_that_ends_is_counted_down(office: SmallOffice, days: int, said: str, condition: str) -> None:
    notes = office.store.settings.of("zalo")
    notes.put(ACCESS_UNTIL, (NOW + timedelta(hours=1)).isoformat())
    notes.put(RENEWAL_UNTIL, (NOW + timedelta(days=days)).isoformat())
    told = text_of(Browser(office).get("/channels/zalo").text)
    assert said in told and condition in told


def test_what_is_used_of_an_allowance_is_shown_with_its_reset(office: SmallOffice) -> None:
    with office.store._database.write() as connection:
        shut(connection, "account:telegram", NOW, NOW)
        connection.exec_driver_sql("UPDATE gates SET paced_to = '2026-10-20 05:00:15.000000' WHERE name = 'account:telegram'")
    office.store.settings.of("facebook").put("used", f"82 {NOW.isoformat()}")
    browser = Browser(office)
    telegram, facebook = (browser.get(f"/channels/{each}").text for each in ("telegram", "facebook"))
    assert "5 / 20" in telegram and "Bài trong 60 giây" in telegram and "Đầy lại lúc 12:00" in telegram
    assert "82%" in facebook and 'value="82"' in facebook
    office.clock.advance(timedelta(days=2))
    assert "82%" not in browser.get("/channels/facebook").text, "what was told two days ago says nothing of now"


def test_the_table_of_abilities_is_that_of_the_code(office: SmallOffice) -> None:
    browser = Browser(office)
    for channel in office.content.office.channels.values():
        html = browser.get(f"/channels/{channel.id}").text
        rows = re.findall(r"<tr class=\"(able-not)?\"><th scope=\"row\">([^<]*)", html)
        able = abilities(PUBLISHERS[channel.publisher])
        assert len(rows) == 9 and sum(not missing for missing, _ in rows) == len(able), channel.id
        assert office.manifests[channel.id].documentation in html
    assert "1.024" in browser.get("/channels/telegram").text


def test_a_trial_goes_the_whole_way_at_the_stand_in_and_touches_no_account(office: SmallOffice, errands: Errands) -> None:
    browser = Browser(office, "vu-quan", errands=errands)
    answer = browser.post("/channels/portal/trial", {})
    assert answer.status_code == 303 and answer.headers["location"].startswith("/channels/portal?errand=")
    errand = errands.find(answer.headers["location"].partition("errand=")[2].partition("#")[0])
    assert errand is not None and errand.wait(60)
    html = browser.get(answer.headers["location"].partition("#")[0]).text
    assert "Kênh chạy đúng." in html and html.count('data-status="verified"') >= 6 and "Thử lại" in html
    with pytest.raises(Exception, match="chưa được kết nối"):
        office.store.secrets.of("portal").get("username")


def test_others_look_and_do_not_try(office: SmallOffice) -> None:
    reader = Browser(office, "do-xem")
    html = reader.get("/channels/portal").text
    assert "Việc này (cấp quyền và kết nối kênh) dành cho: quản trị." in html and "Gửi bài thử" not in html
    assert reader.post("/channels/portal/trial", {}).status_code == 403
    assert reader.get("/channels/khong-co").status_code == 404
    assert Browser(office, "vu-quan").post("/channels/khong-co/trial", {}).status_code == 404
