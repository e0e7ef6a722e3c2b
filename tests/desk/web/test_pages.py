from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from desk.web import delivery_stretch
from editorial.delivery import State
from store.delivery_pages import PRESSING, place_of
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice, open_small_office


def test_the_calendar_shows_solar_and_lunar_days_occasions_and_entries(browser: Browser) -> None:
    html = browser.get("/calendar?month=2026-10").text
    assert "Tháng 10/2026" in html
    assert "ngày 1/9 âm lịch" in html
    assert "Ngày Giải phóng Thủ đô" in html
    assert "72 năm Giải phóng Thủ đô" in html
    assert "Fanpage Facebook, 08:00: Đã đối chiếu." in html
    assert "Zalo OA, 08:00: Bị từ chối." in html


def test_the_calendar_opens_on_the_office_s_month(browser: Browser) -> None:
    assert browser.get("/").headers["location"] == "/calendar"
    html = browser.get("/calendar").text
    assert "Tháng 10/2026" in html
    assert 'aria-current="date"' in html


def test_the_quarter_s_progress_counts_slots(browser: Browser) -> None:
    html = browser.get("/calendar?month=2026-11").text
    assert 'aria-label="Đã đăng 4 trên 16 lượt"' in html


def test_a_month_without_entries_says_so(browser: Browser) -> None:
    assert "Tháng này chưa có bài nào được lên lịch." in browser.get("/calendar?month=2026-05").text


def test_the_calendar_can_be_narrowed_to_a_status(browser: Browser) -> None:
    html = browser.get("/calendar?month=2026-10&status=ready").text
    assert "Giải phóng Thủ đô</span>" not in html
    assert "đường hoa" in html
    assert "bài bị ẩn vì bộ lọc" in html


def test_a_filter_that_hides_everything_leads_out(browser: Browser) -> None:
    html = browser.get("/calendar?month=2026-10&status=withdrawn").text
    assert "Không bài nào khớp bộ lọc" in html
    assert "Bỏ lọc" in html


def test_a_headline_is_never_markup(browser: Browser) -> None:
    for path in ("/calendar?month=2026-10", "/entries/cho-hoa", "/deliveries"):
        html = browser.get(path).text
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; đường hoa" in html


def test_a_body_keeps_its_facts_and_loses_its_scripts(browser: Browser) -> None:
    html = browser.get("/entries/giai-phong-thu-do").text
    assert '<a href="#fact-wards" rel="noreferrer noopener">126 xã, phường</a>' in html
    assert "Kế hoạch 2026, mục VI.6" in html
    assert "thân bài" not in html
    assert "treo cờ" in html


def test_an_entry_explains_its_moment_its_approval_and_who_answers_for_it(browser: Browser) -> None:
    html = browser.get("/entries/giai-phong-thu-do").text
    assert "08:00 thứ Sáu 9/10/2026" in html
    assert "giai_phong_thu_do/2026-1d@08:00" in html
    assert "Nguyễn An" in html and "Trần Bình" in html
    assert "Người phát ngôn của Sở" in html


def test_an_entry_shows_what_a_channel_gets_and_what_was_read_back(browser: Browser) -> None:
    html = browser.get("/entries/giai-phong-thu-do?channel=facebook").text
    assert "72 năm Giải phóng Thủ đô\n\nMời bà con cùng tham gia." in html
    assert 'alt="Cầu Long Biên ngày về tiếp quản"' in html
    assert "/ 63.206 ký tự" in html
    assert "Khớp bản đã duyệt" in html
    assert "https://example.org/facebook/" in html


def test_html_is_shown_as_the_public_sees_it_and_as_it_goes_out(browser: Browser) -> None:
    html = browser.get("/entries/giai-phong-thu-do?channel=portal").text
    assert "<p>Mời bà con cùng tham gia.</p></div>" in html
    assert "&lt;p&gt;Mời bà con cùng tham gia.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_draft_says_what_it_waits_for(browser: Browser) -> None:
    html = browser.get("/entries/ban-nhap").text
    assert "Chưa có người duyệt." in html
    assert "chưa được dựng" in html


def test_deliveries_tell_what_to_do_about_those_that_stand_still(browser: Browser) -> None:
    html = browser.get("/deliveries").text
    assert "Chưa biết bài đã lên hay chưa." in html
    assert "Zalo không nhận ảnh này (-201)" in html
    assert "Bộ lập lịch chạy lần cuối lúc 11:59 thứ Ba 20/10/2026 (vừa xong)." in html
    assert html.index("Bị từ chối</span>") < html.index("Đã đối chiếu</span>")


def test_deliveries_can_be_narrowed(browser: Browser) -> None:
    html = browser.get("/deliveries?channel=zalo&status=failed").text
    assert "2 lượt" in html
    assert 'data-label="Kênh">Kênh Telegram' not in html


def test_a_delivery_shows_every_attempt_with_the_platform_s_answer(browser: Browser) -> None:
    row = browser.get("/deliveries?channel=zalo&status=failed").text
    id = row.split('id="delivery-')[1].split('"')[0]
    html = browser.get(f"/deliveries/{id}").text
    assert "Lần 1: nền tảng từ chối" in html
    assert "máy thử" in html
    part = browser.get(f"/deliveries/{id}?part=row").text
    assert part.lstrip().startswith('<tr class="detail-row">')


MISSING = ("/entries/khong-co", "/deliveries/99999", "/media/xyz.jpg", "/nope", "/entries/cho-hoa?channel=x")


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there_is_a_friendly_404(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Về lịch" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/calendar?month=2026-13",
        "/calendar?month=0000-01",
        "/calendar?month=abc",
        "/calendar?status=x",
        "/calendar?channel=%00",
        "/deliveries?group=9.9",
        "/deliveries?after=hom-qua",
            "/deliveries?before=2026-10-20~x",
        "/deliveries/abc",
    ],
)
def test_a_wrong_address_is_the_reader_s_to_mend(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 400
    assert "Địa chỉ này có chỗ chưa đúng" in answer.text


def test_an_address_with_markup_in_it_is_shown_as_text(browser: Browser) -> None:
    html = browser.get("/calendar?month=<script>alert(1)</script>").text
    assert "<script>alert" not in html


def test_a_line_that_was_drawn_before_is_told_in_each_reader_s_language_and_as_it_stands_now(tmp_path: Path) -> None:
    office = open_small_office(tmp_path)
    browser = Browser(office)

    def shown() -> tuple[str, str]:
        return browser.get("/deliveries").text, browser.get("/deliveries", accept_language="en").text

    first = shown()
    for vietnamese, english in (first, shown()):
        assert "<span>Chi tiết</span>" in vietnamese and "<span>Details</span>" not in vietnamese
        assert "<span>Details</span>" in english and "<span>Chi tiết</span>" not in english
    waiting = office.store.deliveries.list(states=[State.SCHEDULED])[0]
    assert f'data-status="stopped" id="delivery-{waiting.id}"' not in first[0]
    office.store.deliveries.pass_to(waiting, State.CANCELLED)
    assert all(f'data-status="stopped" id="delivery-{waiting.id}"' in page for page in shown())
    office.store.close()


def test_the_list_of_deliveries_goes_on_from_a_place_and_comes_back_to_now(
    browser: Browser, office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_stretch, "PAGE", 3)
    monkeypatch.setattr(delivery_stretch, "LEAST", 3)

    def rows(html: str) -> list[int]:
        return [int(id) for id in re.findall(r'<tr data-status="[a-z]+" id="delivery-(\d+)"', html)]

    def follow(html: str, rel: str) -> str:
        found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
        return browser.get(unescape(found[1])).text if found else ""

    whole = office.store.deliveries.list()
    pressing = [each.id for each in whole if each.state in PRESSING]
    others = [each.id for each in whole if each.state not in PRESSING]
    page = browser.get("/deliveries").text
    assert rows(page) == pressing[:3], "what needs a person comes first"
    seen, later = rows(page), page
    while later := follow(later, "next"):
        seen += rows(later)
    assert seen[: len(pressing)] == pressing
    assert seen[len(pressing) :] == others[-len(seen) + len(pressing) :], "then by moment, from about now on"
    assert 'href="/deliveries">Hiện tại</a>' in browser.get(f"/deliveries?after={_at(office, others[2])}").text
    back = browser.get(f"/deliveries?before={_at(office, others[4])}").text
    assert rows(back) == others[1:4] and rows(follow(back, "prev")) == others[:1]
    assert "Không còn lượt nào ở phía này" in browser.get(f"/deliveries?after={_at(office, others[-1])}").text


def _at(office: SmallOffice, id: int) -> str:
    return str(delivery_stretch.Cursor(place=place_of(office.store.deliveries.get(id))))


def test_the_strip_alone_can_be_asked_for(browser: Browser) -> None:
    part = browser.get("/deliveries?part=strip&channel=zalo").text
    assert 'id="strip"' in part and "<table" not in part and "<html" not in part
    assert 'hx-get="/deliveries?channel=zalo&amp;part=strip"' in browser.get("/deliveries?channel=zalo").text


def test_the_calendar_is_drawn_anew_as_soon_as_something_in_it_has_changed(tmp_path: Path) -> None:
    office = open_small_office(tmp_path)  # the one that tests share is left as it is
    browser = Browser(office)
    before = browser.get("/calendar?month=2026-10").text
    assert browser.get("/calendar?month=2026-10").text == before
    held = next(each for each in office.store.deliveries.list(states=(State.HELD,)))
    office.store.decisions.cancel(held.id, who="le-chi", why="thử")
    after = browser.get("/calendar?month=2026-10").text
    assert after != before and after.count('data-status="stopped"') > before.count('data-status="stopped"')
    office.store.approvals.revoke("cho-hoa", who="loa", why="đã đổi")
    assert browser.get("/calendar?month=2026-10").text.count('data-status="draft"') > after.count('data-status="draft"')
    office.store.close()
