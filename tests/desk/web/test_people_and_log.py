"""Units and people, the audit log and the settings, as each sees them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from desk.deed_words import Kind, action_words, kind_of
from desk.errands import Errands
from desk.log_check import FRESH, LogCheck
from desk.rendering import HowFar
from desk.web.cookies import SESSION
from editorial.clock import OFFICE_ZONE, SimulatedClock
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import REPOSITORY, SmallOffice, open_small_office
from tests.desk.web.test_signing_in import PASSWORD, enter, welcomed

LINK = re.compile(r'id="link" type="text" readonly value="http://127\.0\.0\.1:8000(/welcome/[\w-]+)"')


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    office = open_small_office(tmp_path)
    yield office
    office.store.close()


@pytest.fixture
def admin(office: SmallOffice) -> Browser:
    return Browser(office, "vu-quan")


def test_who_manages_sees_how_everybody_stands_and_the_others_see_who_they_are(office: SmallOffice, admin: Browser) -> None:
    html = admin.get("/people").text
    for words in ("Sở Văn hóa và Thể thao", "Đầu mối của Sở", "Đỗ Xem", "người xem", "Chưa mời", "Không thuộc đơn vị nào"):
        assert words in html
    assert "/people/do-xem/invite" in html
    html = Browser(office).get("/people").text
    assert "Đỗ Xem" in html and "người xem" in html
    assert "Chưa mời" not in html and "/invite" not in html and "dành cho: quản trị" in html


def test_an_invitation_is_shown_once_and_a_reset_cuts_off_at_once(office: SmallOffice, admin: Browser) -> None:
    page = admin.post("/people/do-xem/invite", {})
    link = LINK.search(page.text)
    assert link is not None and page.headers["cache-control"] == "no-store"
    assert "/welcome/" not in admin.get("/people").text and "Đã mời" in admin.get("/people").text
    reader = Browser(office, "")
    reader.post(link[1], {"password": PASSWORD, "again": PASSWORD})
    assert "Đăng nhập được" in admin.get("/people").text
    assert admin.post("/people/do-xem/invite", {}).status_code == 409
    again = LINK.search(admin.post("/people/do-xem/reset", {}).text)
    assert again is not None
    assert reader.get("/calendar").status_code == 303
    assert enter(Browser(office, ""), "do-xem").status_code == 400
    assert Browser(office, "").post(again[1], {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    told = [(deed.who, deed.action) for deed in office.store.audit.of("person:do-xem")]
    assert ("vu-quan", "invite") in told and ("vu-quan", "reset") in told


def test_signing_somebody_out_leaves_their_password(office: SmallOffice, admin: Browser) -> None:
    reader = Browser(office, "")
    welcomed(office, "do-xem", reader)
    assert admin.post("/people/do-xem/sign-out", {}).headers["location"] == "/people#do-xem"
    assert reader.get("/calendar").status_code == 303
    assert enter(reader, "do-xem").status_code == 303


@pytest.mark.parametrize("what", ["invite", "reset", "sign-out"])
def test_only_who_manages_lets_in_and_out(office: SmallOffice, admin: Browser, what: str) -> None:
    before = office.store.audit.all()
    for person in ("le-chi", "tran-an", "do-xem"):
        assert Browser(office, person).post(f"/people/vu-quan/{what}", {}).status_code == 403
    assert admin.post(f"/people/khong-co/{what}", {}).status_code == 404
    assert office.store.audit.all() == before


def test_the_settings_are_for_who_manages_and_show_no_secret(
    office: SmallOffice, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOA_DATABASE", "postgresql://loa:bimat@db/loa")
    html = admin.get("/settings").text
    assert "content/office.yaml" in html and "LOA_OIDC_ISSUER" in html and "2 giờ" in html
    assert "bimat" not in html
    assert Browser(office).get("/settings").status_code == 403


def test_the_log_reads_in_plain_words_by_day_and_by_stretches(office: SmallOffice) -> None:
    browser = Browser(office)
    browser.post("/halts", {"why": "Có tin buồn"})
    office.clock.advance(timedelta(hours=1))
    browser.post("/halts/lift", {})
    html = browser.get("/audit").text
    assert html.index("cho chạy lại") < html.index("tạm dừng: tất cả")
    assert "<strong>Lê Chi</strong>" in html and "Có tin buồn" in html and "20/10/2026" in html
    for number in range(130):
        office.store.audit.write("tran-an", "submit", "cho-hoa", f"lần {number}")
    seen: list[int] = []
    address: str | None = "/audit"
    while address:
        html = browser.get(address).text
        seen += [int(each.replace(".", "")) for each in re.findall(r'title="Số dòng trong nhật ký">([\d.]+)<', html)]
        older = re.search(r'rel="next" href="([^"]+)"', html)
        address = older[1].replace("&amp;", "&") if older else None
    assert seen == sorted(seen, reverse=True) == list(range(len(office.store.audit.all()), 0, -1))
    assert '<a href="/entries/cho-hoa">cho-hoa</a>' in html or "cho-hoa" in browser.get("/audit").text


def test_the_log_writes_moments_and_days_for_its_reader(office: SmallOffice) -> None:
    browser, start = Browser(office), datetime(2026, 12, 1, tzinfo=OFFICE_ZONE)
    office.store.halts.set("all", why="Quốc tang", who="le-chi", starts_at=start, ends_at=start + timedelta(days=2))
    html = browser.get("/audit").text
    assert "Quốc tang (00:00 1/12/2026 - 00:00 3/12/2026)" in html and "Thứ Ba, 20/10/2026" in html
    assert "Tuesday, 20 October 2026" in browser.get("/audit", accept_language="en").text


def test_the_log_is_narrowed_to_a_person_and_a_kind(office: SmallOffice) -> None:
    browser = Browser(office)
    browser.post("/halts", {"why": "Có tin buồn"})
    html = browser.get("/audit?person=le-chi&kind=tam-dung").text
    assert "Có tin buồn" in html and html.count('class="deed"') == 1
    assert "Không có việc nào khớp" in browser.get("/audit?person=tran-an&kind=nguoi").text
    for wrong in ("person=khach", "kind=gi-do", "before=0", "before=x", f"before={9 * 10**30}"):
        assert browser.get(f"/audit?{wrong}").status_code == 400


def change_first_row(folder: Path) -> None:
    """Change the log behind Loa's back, as somebody with the file in hand would."""
    with sqlite3.connect(folder / "loa.sqlite") as database:
        database.execute("DROP TRIGGER IF EXISTS audit_no_update")
        database.execute("UPDATE audit SET who = 'tran-an' WHERE id = 1")


def test_the_log_says_whether_it_holds(office: SmallOffice, tmp_path: Path) -> None:
    browser = Browser(office)
    change_first_row(tmp_path)
    html = browser.get("/audit/state").text
    assert "không còn nguyên vẹn" in html and "dòng 1" in html


def test_what_is_known_of_the_log_is_gone_on_from_until_somebody_has_all_of_it_read(office: SmallOffice, tmp_path: Path) -> None:
    browser = Browser(office)
    first = browser.get("/audit/state?part=row").text
    rows = len(office.store.audit.links())
    assert "Nguyên vẹn" in first and f"{rows} dòng nối nhau" in first and "mới hơn" not in first
    browser.post("/halts", {"why": "Có tin buồn"})
    office.store.audit.write("le-chi", "comment", "muc")
    newer = len(office.store.audit.links()) - rows
    shown = browser.get("/audit/state").text
    assert f"{rows + newer} dòng nối nhau" in shown and f"{newer} dòng mới hơn vừa được đọc" in shown
    assert office.store.audit.links()[-1].sha256 in shown
    change_first_row(tmp_path)
    assert "Nguyên vẹn" in browser.get("/audit/state").text, "that row was read before"
    answer = browser.post("/audit/state", {})
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit/state")
    assert "dòng 1: nội dung dòng này đã bị sửa" in browser.get("/audit/state").text


def test_what_was_read_of_the_log_a_day_ago_is_read_anew(office: SmallOffice, tmp_path: Path) -> None:
    check, clock = LogCheck(), SimulatedClock(datetime(2026, 10, 5, 8, tzinfo=OFFICE_ZONE))
    assert check.read_on(office.store.audit, clock) is None
    check.read_all(office.store.audit, clock, lambda done, whole: None)
    clock.advance(FRESH - timedelta(seconds=1))
    found = check.read_on(office.store.audit, clock)
    assert found is not None and not found.report.breaks
    clock.advance(timedelta(seconds=1))
    assert check.read_on(office.store.audit, clock) is None
    set_back = SimulatedClock(clock.now() - FRESH * 2)
    assert check.read_on(office.store.audit, set_back) is None, "a clock that was set back does not say how long ago it was"


def test_a_page_says_how_far_a_long_log_has_been_read(office: SmallOffice) -> None:
    errands, go = Errands(), Event()
    running = errands.read("audit", lambda tell: (tell(5_000, 600_000), go.wait(300)), page="/audit/state")
    browser = Browser(office, errands=errands)
    for path in ("/audit/state?part=row", "/audit/state"):
        html = browser.get(path).text
        assert "Đang đọc lại nhật ký: 5.000 / 600.000 dòng" in html and 'hx-trigger="load delay:700ms"' in html
    go.set()
    assert running.wait(60)
    assert "Nguyên vẹn" in browser.get("/audit/state?part=row").text
    errands.stop()


def test_a_log_that_is_being_read_does_not_keep_the_desk_open() -> None:
    errands, begun, closed = Errands(), Event(), Event()

    def work(tell: HowFar) -> None:
        begun.set()
        closed.wait(60)
        tell(1, 2)
        raise AssertionError("goes on though the desk is closed")

    running = errands.read("audit", work, page="/audit/state")
    assert begun.wait(60)
    errands.stop()
    closed.set()
    assert running.wait(60) and running.refusal is not None
    assert [problem.rule for problem in running.refusal.problems] == ["not-open"]


def test_every_deed_that_the_code_writes_has_words() -> None:
    """Found in the code, so that a new deed is not shown to people by its name in the log."""
    written = set()
    for path in [*(REPOSITORY / "store").glob("*.py"), *(REPOSITORY / "desk").rglob("*.py")]:
        written |= set(re.findall(r'action="([a-z-]+)"', path.read_text(encoding="utf-8")))
        written |= set(re.findall(r'self\._deed\(person, "([a-z-]+)"', path.read_text(encoding="utf-8")))
    assert len(written) > 20
    assert {action for action in written if action_words(action) == action} == set()
    assert kind_of("sign-in") is Kind.PEOPLE and kind_of("xyz") is Kind.OTHER


def test_a_reader_s_pages_offer_nothing_that_they_may_not_do(office: SmallOffice) -> None:
    reader = Browser(office, "do-xem")
    for path in ("/deliveries", "/deliveries/3"):
        html = reader.get(path).text
        assert "Việc này (tạm dừng và xử lý bài bị giữ) dành cho: người duyệt, trực ban, quản trị." in html
        assert 'action="/halts"' not in html and "/decision" not in html
    assert reader.post("/halts", {"why": "thử"}).status_code == 403
    assert SESSION in reader.cookies
