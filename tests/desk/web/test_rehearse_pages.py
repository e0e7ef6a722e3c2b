"""The pages of rehearsals: what may be asked for, what is told of a mistake, and what one came to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desk.place import Place
from desk.rehearsal_shelf import Asked, Run, Shelf, begin_folder, fail, finish
from desk.rehearsals import Rehearsals
from desk.rehearsing import alone
from rehearsal.town import Town
from tests.desk.web.browser import Browser
from tests.desk.web.small_office import SmallOffice, open_small_office

BEGAN = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
ASKED = Asked(id="20261020-090000-abcd", first=date(2026, 10, 1), last=date(2026, 11, 30), seed=7, who="Lê Chi", began=BEGAN)
FORM = {"from": "2026-10-01", "to": "2026-12-31", "faults": "yes", "seed": "7"}
HELD = "phu-nu-viet-nam.telegram.2026-10-19"
TWICE = "cho-hoa.facebook.2026-10-28"
FIGURES = {"planned": 3, "published": 3, "verified": 2, "ledger": 3, "duplicates": 1, "lost": 0, "stuck": 0, "needs_person": 1}
NOTHING = dict.fromkeys(FIGURES, 0)


def values(**other: object) -> dict[str, object]:
    """Return a result as the command's JSON has it: one post of three waits for a person, one went out twice."""
    return {
        **FIGURES, "ok": False,
        "channels": {"facebook": {**NOTHING, "planned": 2, "published": 2, "verified": 2, "ledger": 3, "duplicates": 1},
                     "telegram": {**NOTHING, "planned": 1, "published": 1, "needs_person": 1}},
        "people": [{"post": HELD, "channel": "telegram", "due": "", "state": "held", "reason": "ambiguous",
                    "why": "không thấy trên kênh", "public": False}],
        "lost_posts": [], "duplicate_posts": [TWICE], "altered_posts": [], "stuck_posts": [],
        "strange_posts": [{"channel": "facebook", "url": "http://127.0.0.1:1/1"}],
        "comments": {"planned": 0, "said": 0, "ledger": 0, "needs_person": 0},
        "days": {"2026-10-19": {"telegram": {"planned": 1, "public": 0, "people": 1}},
                 "2026-10-28": {"facebook": {"planned": 2, "public": 2, "people": 0}}},
        "named": {HELD: {"entry": "phu-nu-viet-nam", "channel": "telegram", "due": "2026-10-19T09:30:00+07:00"},
                  TWICE: {"entry": "cho-hoa", "channel": "facebook", "due": "2026-10-28T07:00:00+07:00"}},
        "strikes": [{"platform": "telegram", "fault": "timeout_mid_body", "at": "2026-10-19T02:30:00+00:00", "call": ""}],
        "connected_again": ["telegram", "telegram"], "renditions": 5, "rendered": 2, "seconds": 12.3, **other,
    }  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """Return an office whose rehearsals lie in a folder of the test's own."""
    (memory := tmp_path / "memory").mkdir()
    office = open_small_office(memory)
    yield replace(office, root=tmp_path)
    office.store.close()


@pytest.fixture
def kept(office: SmallOffice) -> Run:
    kept = begin_folder(Shelf(Place(root=office.root)).place_of(ASKED.id), ASKED)
    finish(kept, values())
    return kept


def test_an_office_that_has_rehearsed_nothing_is_offered_this_quarter_with_a_seed_to_note(browser: Browser) -> None:
    shown = browser.get("/rehearse").text
    assert "Chưa có lần nào" in shown
    assert 'value="2026-10-01"' in shown and 'value="2026-12-31"' in shown
    assert "Quý IV/2026" in shown and "Quý I/2027" in shown
    assert 'name="seed"' in shown
    chosen = browser.get("/rehearse?from=2027-01-01&to=2027-03-31&faults=no&seed=42").text
    assert 'value="2027-01-01"' in chosen and 'value="42"' in chosen
    assert 'value="no" checked' in chosen


@pytest.mark.parametrize(("wrong", "field"), [
    ({"from": ""}, "from"),
    ({"from": "hôm qua"}, "from"),
    ({"to": "2026-02-30"}, "to"),
    ({"to": "2026-09-30"}, "to"),
    ({"to": "2031-12-31"}, "to"),
    ({"from": "1700-01-01"}, "from"),
    ({"seed": ""}, "seed"),
    ({"seed": "bảy"}, "seed"),
    ({"seed": "-1"}, "seed"),
    ({"seed": "9" * 19}, "seed"),
])  # fmt: skip
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, office: SmallOffice, wrong: dict[str, str], field: str
) -> None:
    form = {**FORM, **wrong}
    shown = browser.post("/rehearse", form)
    assert shown.status_code == 400
    assert f'id="{field}-error"' in shown.text
    assert all(f'value="{value}"' in shown.text for value in form.values())
    assert not (office.root / ".loa").exists()


def test_who_may_not_rehearse_is_told_why_and_begins_nothing(browser: Browser, office: SmallOffice, kept: Run) -> None:
    reader = browser.as_person("do-xem")
    shown = reader.get("/rehearse").text
    assert "Việc này (diễn tập) dành cho" in shown and "Bắt đầu diễn tập" not in shown
    for address in ("/rehearse", f"/rehearse/{ASKED.id}/delete", f"/rehearse/{ASKED.id}/cancel"):
        assert reader.post(address, FORM).status_code == 403
    assert kept.over
    assert reader.get(f"/rehearse/{ASKED.id}").status_code == 200


def test_the_second_is_told_that_a_rehearsal_runs_and_keeps_what_was_typed(browser: Browser, office: SmallOffice) -> None:
    with alone(Place(root=office.root)):
        shown = browser.post("/rehearse", FORM)
    assert shown.status_code == 409
    assert "./loa rehearse đang chạy trên máy này" in shown.text
    assert 'value="7"' in shown.text
    began = begin_folder(Shelf(Place(root=office.root)).place_of(ASKED.id), ASKED)
    with alone(Place(root=office.root)):
        assert "Lê Chi đang diễn tập" in browser.get("/rehearse").text
        shown = browser.get(f"/rehearse/{ASKED.id}").text
        assert "Đang diễn tập" in shown and "Đồng hồ giả lập chưa chạy" in shown
        assert 'id="progress"' in browser.get(f"/rehearse/{ASKED.id}/progress").text
        assert "Lê Chi đang diễn tập" in browser.post("/rehearse", FORM).text
    finish(began, values())
    assert browser.get(f"/rehearse/{ASKED.id}/progress").headers["hx-redirect"] == f"/rehearse/{ASKED.id}"


def test_a_result_stands_beside_the_plan_and_each_difference_leads_to_its_entry(browser: Browser, kept: Run) -> None:
    listed = browser.get("/rehearse").text
    assert "1/10/2026 – 30/11/2026" in listed and "Chưa đạt" in listed and "3 / 3 bài công khai" in listed
    shown = browser.get(f"/rehearse/{ASKED.id}").text
    assert "Có sự cố, hạt giống 7" in shown
    assert "1 bài đăng hai lần" in shown and "Không bài nào thất lạc" in shown
    assert 'href="/entries/phu-nu-viet-nam"' in shown and "Chờ người: chưa rõ" in shown and "không thấy trên kênh" in shown
    assert 'href="/entries/cho-hoa"' in shown and "<script>" not in shown.split("<main", 1)[1]
    assert "Không có trong kế hoạch" in shown
    assert 'id="day-2026-10-19"' in shown and 'href="#day-2026-10-19"' in shown
    assert "Kênh Telegram 2 lần" in shown
    assert "Trả lời đứt giữa chừng" in shown
    assert "from=2026-10-01&amp;to=2026-11-30&amp;faults=yes&amp;seed=7" in shown


def test_one_that_could_not_run_says_why_and_an_empty_one_says_so(browser: Browser, office: SmallOffice) -> None:
    shelf = Shelf(Place(root=office.root))
    failed = begin_folder(shelf.place_of(ASKED.id), ASKED)
    fail(failed, ("content/<b>.md:3 unit: thiếu đơn vị",))
    shown = browser.get(f"/rehearse/{ASKED.id}").text
    assert "Không chạy được" in shown and "content/&lt;b&gt;.md:3 unit: thiếu đơn vị" in shown
    other = replace(ASKED, id="20261020-090001-abcd", seed=None)
    empty = begin_folder(shelf.place_of(other.id), other)
    finish(empty, values(**NOTHING, ok=True, channels={}, people=[], duplicate_posts=[], strange_posts=[], days={}, strikes=[]))
    assert "không có bài nào" in browser.get(f"/rehearse/{other.id}").text


def test_an_earlier_rehearsal_is_deleted_and_one_that_is_gone_leads_back(browser: Browser, kept: Run) -> None:
    assert browser.post(f"/rehearse/{ASKED.id}/delete", {}).headers["location"] == "/rehearse?done=deleted"
    assert not kept.folder.exists()
    assert "Đã xóa lần diễn tập" in browser.get("/rehearse?done=deleted").text
    for address in (f"/rehearse/{ASKED.id}", "/rehearse/khong-co", "/rehearse/..%2F.."):
        answer = browser.get(address)
        assert answer.status_code == 404 or answer.headers["location"] == "/rehearse?done=gone"
    assert browser.get(f"/rehearse/{ASKED.id}/progress").headers["hx-redirect"] == "/rehearse?done=stopped"
    assert browser.post(f"/rehearse/{ASKED.id}/cancel", {}).headers["location"] == "/rehearse?done=gone"


def test_what_the_public_saw_is_shown_without_a_server(browser: Browser, kept: Run) -> None:
    assert "Trang công khai" not in browser.get(f"/rehearse/{ASKED.id}").text.split("results", 1)[1].split("<tbody>")[1]
    with Town(clock=lambda: BEGAN, folder=kept.town) as town:
        town.act  # noqa: B018  # opened and closed again: the journals are there
    shown = browser.get(f"/rehearse/{ASKED.id}/public/telegram")
    assert shown.status_code == 200 and "Chưa có bài nào" in shown.text
    assert "/rehearse/public.css" in shown.text and "<style>" not in shown.text
    assert browser.get("/rehearse/public.css").headers["content-type"].startswith("text/css")
    assert browser.get(f"/rehearse/{ASKED.id}/public/telegram/post?name=1").status_code == 404
    for address in ("public/khong-co", "media/khong-co.jpg", "media/..%2F..%2Fresult.json", "public/telegram/post"):
        assert browser.get(f"/rehearse/{ASKED.id}/{address}").status_code in (400, 404)
    assert browser.get("/rehearse/20261020-090009-abcd/public/telegram").status_code == 404


def test_a_result_that_says_more_than_a_page_needs_is_read_all_the_same(kept: Run) -> None:
    place = kept.folder / "result.json"
    place.write_text(json.dumps({**json.loads(place.read_text()), "later": [1]}))
    assert kept.result is not None and kept.result.planned == 3


def test_the_desk_ends_its_rehearsals_when_it_closes(office: SmallOffice) -> None:
    room = Rehearsals(Place(root=office.root))
    room.close()
    assert room.running() is None
