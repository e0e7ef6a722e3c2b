"""The calendar's views, and what its forms say to whatever is sent to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.workbench import Workbench
from editorial.workflow import Stage
from store.entry_file import open_entry
from tests.desk.web.browser import Browser
from tests.desk.written_office import markdown, open_written_office, sign

ENTRY = "giai-phong-thu-do"
WHEN = {f"bai-{number:03}": f"2026-11-{number % 3 + 10}@{number % 12 + 7:02}:00" for number in range(200)}
MANY = {id: markdown(id, when) for id, when in WHEN.items()}
NEW = {"headline": "Tựa", "summary": "Một câu.", "group": "1.1", "axis": "thanh-uy", "unit": "btgdv", "tone": "neutral",
       "form": "communication", "day": "2026-10-21", "time": "08:00", "channel": "portal"}  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Return an office with 200 entries on three days; tests share it and leave it as it is."""
    with open_written_office(tmp_path_factory.mktemp("many"), texts=MANY) as bench:
        sign(bench, ENTRY)
        yield bench


@pytest.fixture
def desk(bench: Workbench) -> Browser:
    return Browser(bench, "bien-tap")


def test_a_crowded_day_shows_a_few_and_leads_to_the_rest(desk: Browser) -> None:
    html = desk.get("/calendar?month=2026-11").text
    assert html.count('data-entry="bai-') == 9
    assert "thêm 64 bài" in html
    assert len(html) < 250_000


def test_the_list_goes_on_where_it_ended_and_misses_nothing(desk: Browser) -> None:
    seen: list[str] = []
    html = desk.get("/calendar?view=agenda&day=2026-11-10").text
    for _ in range(10):
        seen += re.findall(r'data-entry="(bai-\d+)"', html)
        more = re.search(r'hx-get="([^"]+&amp;after=[^"]+)"', html)
        if more is None or len(seen) >= 200:
            break
        html = desk.get(more[1].replace("&amp;", "&")).text
    assert sorted(seen) == sorted(MANY)


def test_a_week_has_rows_for_the_hours_of_its_posts(desk: Browser) -> None:
    html = desk.get("/calendar?view=week&day=2026-10-07").text
    hours = re.findall(r'class="hour">([\d:]+)<', html)
    assert hours == ["08:00", "11:00", "16:00", "19:00"]
    assert 'data-drop="2026-10-09" data-time="19:00"' in html
    assert "ngày 29/8 âm lịch" in html


def test_a_quarter_counts_its_days_and_names_the_busiest(desk: Browser) -> None:
    html = desk.get("/calendar?view=quarter&month=2026-11").text
    assert html.count('<table class="mini">') == 3
    assert re.search(r"Những ngày đông nhất.*?Thứ Tư, 11/11.*?<strong>67</strong>", html, re.S)
    assert "<strong>201</strong> bài" in html  # of November


def test_what_is_due_is_told_by_stage_until_it_is_done(bench: Workbench, desk: Browser) -> None:
    october = desk.get("/calendar?month=2026-10&group=1.7").text
    assert "Hạn 1 duyệt" not in _day(october, "2026-10-08")  # the 9th's is signed
    assert "67 duyệt" in _day(desk.get("/calendar?month=2026-11").text, "2026-11-09")
    assert "Hạn" not in _day(desk.get("/calendar?month=2026-11&unit=so-vhtt").text, "2026-11-09")


def test_filters_of_unit_and_axis_narrow_every_view(desk: Browser) -> None:
    for view in ("month", "week", "quarter", "agenda"):
        html = desk.get(f"/calendar?view={view}&day=2026-11-10&unit=so-vhtt&axis=ubnd").text
        assert "bai-0" not in html.replace("/calendar/new", "")
        assert "Đơn vị:" in html and "Trục:" in html


@pytest.mark.parametrize(
    "query",
    ["view=x", "day=2026-02-30", "day=x", "day=1900-01-01", "day=٢٠٢٦-٠٩-٢٥", "unit=x", "axis=%00", "view=agenda&after=x",
     "view=agenda&after=2026-10-01T99:00~x", "view=week&day=2200-01-01"],
)  # fmt: skip
def test_a_wrong_address_is_the_reader_s_to_mend(desk: Browser, query: str) -> None:
    answer = desk.get(f"/calendar?{query}")
    assert answer.status_code == 400
    assert "Địa chỉ này có chỗ chưa đúng" in answer.text


def test_the_calendar_ends_where_it_ends(desk: Browser) -> None:
    for view in ("month", "week", "quarter", "agenda"):
        for day in ("1976-01-01", "2099-12-31"):
            assert desk.get(f"/calendar?view={view}&day={day}").status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"to_day": "x"}, "day"), ({"to_day": "2026-02-30"}, "day"), ({"to_time": "25:00"}, "time"),
     ({"channel": "x"}, "channel"), ({"to_day": "2026-09-01"}, "day"),
     ({"to_day": "2026-10-09", "to_time": "08:00"}, "day")],
)  # fmt: skip
def test_what_cannot_be_moved_so_is_said_beside_its_field(
    bench: Workbench, desk: Browser, changed: dict[str, str], field: str
) -> None:
    form = {"entry": ENTRY, "to_day": "2026-10-07", "to_time": "08:00", "channel": "zalo", **changed}
    seen = re.search(r'name="seal" value="(\w*)"', desk.post("/calendar/move", form).text)
    answer = desk.post("/calendar/move", {**form, "seal": seen[1] if seen else ""})
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text and f'aria-describedby="error-{field}"' in answer.text
    assert f'value="{form["to_day"]}"' in answer.text and f'value="{form["to_time"]}"' in answer.text
    assert bench.store.workflow.of(ENTRY).stage is Stage.SCHEDULED


def test_who_may_not_write_moves_and_begins_nothing(bench: Workbench, desk: Browser) -> None:
    checker = desk.as_person("kiem-chung")
    form = {"entry": ENTRY, "to_day": "2026-10-07", "to_time": "08:00"}
    seal = re.search(r'name="seal" value="(\w+)"', checker.post("/calendar/move", form).text)
    answer = checker.post("/calendar/move", {**form, "seal": seal[1] if seal else ""})
    assert answer.status_code == 422 and "không có quyền" in answer.text
    assert bench.store.workflow.of(ENTRY).stage is Stage.SCHEDULED
    assert checker.post("/calendar/new", NEW).status_code == 422
    assert not (bench.root / "content" / "tua.md").exists()


def test_nothing_is_moved_that_was_not_shown_first(bench: Workbench, desk: Browser) -> None:
    form = {"entry": ENTRY, "to_day": "2026-10-07", "to_time": "08:00"}
    for seal in ("", "0" * 16):
        answer = desk.post("/calendar/move", {**form, "seal": seal})
        assert answer.status_code == 409
        assert "hết hiệu lực" in answer.text
    assert bench.store.workflow.of(ENTRY).stage is Stage.SCHEDULED


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"headline": " "}, "headline"), ({"summary": ""}, "summary"), ({"id": "Có Dấu"}, "id"), ({"id": ENTRY}, "id"),
     ({"day": "x"}, "day"), ({"day": "2026-09-01"}, "day"), ({"time": "x"}, "time"), ({"channel": "x"}, "channel"),
     ({"unit": "x"}, "unit"), ({"group": ""}, "group"), ({"tone": "x"}, "tone"),
     ({"occasion": "giai_phong_thu_do", "year": "2026", "days": "1e9"}, "days")],
)  # fmt: skip
def test_what_cannot_be_begun_so_is_said_beside_its_field(
    bench: Workbench, desk: Browser, changed: dict[str, str], field: str
) -> None:
    answer = desk.post("/calendar/new", {**NEW, "body": "Lời đã viết", **changed})
    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert "Lời đã viết" in answer.text
    assert not (bench.root / "content" / "tua.md").exists()


def test_an_id_that_nobody_has_to_write_is_not_asked_for_beside_the_headline_that_it_comes_from(desk: Browser) -> None:
    html = desk.post("/calendar/new", {**NEW, "id": "", "headline": ""}).text
    assert 'id="error-headline"' in html and 'id="error-id"' not in html


@pytest.mark.parametrize(
    "path", ["/calendar/new?day=x", "/calendar/new?occasion=x&year=2026", "/calendar/new?occasion=giai_phong_thu_do&year=1900",
             "/calendar/move?entry=khong-co", "/calendar/move?entry=../x&to_day=2026-10-10"]
)  # fmt: skip
def test_a_dialog_of_nothing_says_so(desk: Browser, path: str) -> None:
    assert desk.get(path).status_code == 400


def test_without_scripts_a_link_opens_a_page_that_does_the_same(tmp_path: Path) -> None:
    with open_written_office(tmp_path, (ENTRY,)) as bench:
        desk = Browser(bench, "bien-tap")
        asked = f"/calendar/move?entry={ENTRY}&to_day=2026-10-07&to_time=08:00"
        html = desk.get(asked, referer="http://127.0.0.1:8000/calendar?month=2026-10").text
        assert "<!doctype html>" in html and "Quy tắc ngày sẽ đọc là gì?" in html
        form = dict(re.findall(r'type="(?:hidden|date|time)"[^>]* name="(\w+)" value="([^"]*)"', html))
        answer = desk.post("/calendar/move", {**form, "rule": "fixed"})
        assert answer.status_code == 409  # another rule than was shown
        form["seal"] = re.search(r'name="seal" value="(\w+)"', answer.text)[1]  # type: ignore[index]
        moved = desk.post("/calendar/move", {**form, "rule": "fixed"})
        assert (moved.status_code, moved.headers["location"]) == (303, "/calendar?month=2026-10")
        assert "when: 2026-10-07@08:00" in (bench.root / "content" / f"{ENTRY}.md").read_text()
        said = moved.headers["set-cookie"].split(";")[0]
        shown = desk.get("/calendar?month=2026-10", cookie=said)
        assert "Hoàn tác" in shown.text and 'said=""' in shown.headers["set-cookie"]
        undo = dict(re.findall(r'type="hidden" name="(entry|rules|digest)" value="([^"]*)"', shown.text))
        undo = {name: value.replace("&#34;", '"').replace("&quot;", '"') for name, value in undo.items()}
        assert desk.post("/calendar/undo", undo).status_code == 303
        assert "when: giai_phong_thu_do/2026-1d@08:00" in (bench.root / "content" / f"{ENTRY}.md").read_text()
        assert desk.post("/calendar/undo", undo).status_code == 400  # not twice


@pytest.mark.parametrize("rules", ["x", "[]", '{"": ""}', '{"x": "2026-10-10@08:00"}', '{"": "x"}', '{"": null}'])
def test_a_way_back_that_is_none_does_nothing(bench: Workbench, desk: Browser, rules: str) -> None:
    file = bench.root / "content" / f"{ENTRY}.md"
    before = file.read_bytes()
    digest = open_entry(bench.root, ENTRY).digest
    answer = desk.post("/calendar/undo", {"entry": ENTRY, "rules": rules, "digest": digest})
    assert answer.status_code == 400
    assert file.read_bytes() == before


def test_a_cookie_that_is_not_ours_says_nothing(desk: Browser) -> None:
    for said in ("x", "e30=", "eyJ3b3JkcyI6IDF9", '"><script>'):
        assert 'id="flash"' not in desk.get("/calendar", cookie=f"said={said}").text


def _day(html: str, day: str) -> str:
    return html.split(f'data-drop="{day}"')[1].split("</td>")[0]
