"""What programs read: the same as the pages, page by page, and problems in words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

import pytest
from fastapi import FastAPI

from desk.api.pace import Pace
from desk.web.views.report import COLUMNS
from desk.workbench import Workbench
from tests.desk.api.programs import Program, all_of, open_api, token_for
from tests.desk.web.browser import Browser
from tests.desk.written_office import open_written_office, sign

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Return one office for all that only read; what changes something is in test_reading_on.py."""
    opened = open_written_office(tmp_path_factory.mktemp("office"))
    sign(opened, "giai-phong-thu-do")
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def app(bench: Workbench) -> FastAPI:
    return open_api(bench)


@pytest.fixture(scope="module")
def editor(app: FastAPI, bench: Workbench) -> Program:
    return Program(app, token_for(bench))


def test_entries_are_listed_by_id_each_once_however_small_the_pages(editor: Program, bench: Workbench) -> None:
    found = [each["id"] for each in all_of(editor, "/api/entries", 1)]
    assert found == sorted(bench.content.entries)
    assert [each["id"] for each in all_of(editor, "/api/entries", 200)] == found
    assert [each["id"] for each in all_of(editor, "/api/entries?q=PHU-NU", 2)] == ["phu-nu-viet-nam"]
    channel = "telegram"
    expected = sorted(id for id, entry in bench.content.entries.items() if channel in entry.channels)
    assert [each["id"] for each in all_of(editor, f"/api/entries?channel={channel}", 2)] == expected


def test_an_entry_has_its_fields_and_a_name_for_its_files(editor: Program, bench: Workbench) -> None:
    answer = editor.get("/api/entries/phu-nu-viet-nam")
    record = answer.json()
    entry = bench.content.entries["phu-nu-viet-nam"]
    assert record["fields"]["summary"] == entry.messages["vi"].summary
    assert record["stage"] == "draft" and editor.get("/api/entries/giai-phong-thu-do").json()["stage"] == "scheduled"
    assert record["revision"] == entry.revision
    assert answer.headers["etag"].strip('"').isalnum()


def test_messages_quote_facts_and_have_them_written_out(editor: Program) -> None:
    vietnamese = editor.get("/api/entries/giai-phong-thu-do/messages").json()["items"][0]
    assert vietnamese["language"] == "vi"
    assert "{{" not in vietnamese["headline_written_out"] + vietnamese["summary_written_out"]


def test_renditions_of_what_was_handed_in_are_listed(editor: Program) -> None:
    assert editor.get("/api/entries/phu-nu-viet-nam/renditions").json() == {"items": []}


def test_facts_tell_where_they_are_said(editor: Program, bench: Workbench) -> None:
    facts = {each["id"]: each for each in all_of(editor, "/api/facts", 7)}
    shared = next(name for name in bench.content.facts if bench.content.quoting.get(name))
    assert facts[shared]["quoted_by"] == len(bench.content.quoting[shared])
    assert editor.get(f"/api/facts/{shared}").json()["source"] == bench.content.facts[shared].source
    places = all_of(editor, f"/api/facts/{shared}/places", 1)
    assert {each["entry"] for each in places} == set(bench.content.quoting[shared])
    assert editor.get("/api/facts/khong-co").status_code == 404


def test_templates_have_their_fields_and_sizes(editor: Program, bench: Workbench) -> None:
    found = [each["id"] for each in all_of(editor, "/api/templates", 5)]
    assert found == sorted(bench.workspace.templates)
    record = editor.get(f"/api/templates/{found[0]}").json()
    assert record["sizes"] == list(bench.workspace.templates[found[0]].sizes)
    assert {field["name"] for field in record["fields"]} == set(bench.workspace.templates[found[0]].fields)


def test_deliveries_are_filtered_and_read_once_each_while_more_are_planned(editor: Program, bench: Workbench) -> None:
    first = editor.get("/api/deliveries?limit=2").json()
    sign(bench, "phu-nu-viet-nam")
    rest = editor.get(f"/api/deliveries?limit=200&cursor={first['next']}").json()
    ids = [each["id"] for each in first["items"] + rest["items"]]
    assert sorted(set(ids)) == ids and len(ids) == len(bench.store.deliveries.list())
    assert all(each["due_at"].endswith("+07:00") for each in rest["items"])
    assert editor.get("/api/deliveries?channel=portal&state=scheduled").json()["items"][0]["channel"] == "portal"
    assert editor.get("/api/deliveries?state=verified").json() == {"items": [], "next": None}
    assert editor.get("/api/deliveries?until=2026-09-01").json()["items"] == []


def test_the_calendar_has_days_and_occasions(editor: Program) -> None:
    days = {day["date"]: day for day in editor.get("/api/calendar?month=2026-10").json()["days"]}
    assert len(days) == 31 and days["2026-10-10"]["lunar"] == "ngày 1/9 âm lịch"
    occasions = {each["id"]: each["date"] for each in editor.get("/api/calendar/occasions?year=2026").json()["items"]}
    assert occasions["trung_thu"] == "2026-09-25"


def test_a_report_has_the_figures_of_the_page_and_of_its_table(editor: Program, bench: Workbench) -> None:
    answer = editor.get("/api/reports/2026-Q4")
    assert answer.status_code == 200, answer.text
    record = answer.json()
    assert (record["quarter"], record["first"], record["last"], record["over"]) == ("2026-Q4", "2026-10-01", "2026-12-31", False)
    assert record["made_at"].endswith("+07:00") and record["deliveries"] == record["signed"] == len(bench.store.deliveries.list())
    counts = ("planned", "published", "on_time", "verified", "corrected", "withdrawn", "missed")
    table = list(csv.DictReader(StringIO(Browser(bench, "bien-tap").get("/report.csv?quarter=2026-Q4").text.lstrip("\ufeff"))))
    assert [record["whole"][each] for each in counts] == [int(table[0][each]) for each in COLUMNS[:-1]]
    assert record["whole"]["planned"] > 0 and record["whole"]["on_time_percent"] is None, "nothing is published yet"
    for side, said in (("channels", "Kênh"), ("units", "Đơn vị"), ("groups", "Nhóm nội dung")):
        rows = [(each["name"], *(each[count] for count in counts)) for each in record[side]]
        assert rows == [(line["Tên"], *(int(line[each]) for each in COLUMNS[:-1])) for line in table if line["Theo"] == said]
    assert {each["id"] for each in record["channels"]} <= set(bench.content.office.channels)


def test_a_report_takes_its_own_scope(app: FastAPI, bench: Workbench) -> None:
    answer = Program(app, token_for(bench, scopes=("calendar:read",))).get("/api/reports/2026-Q4")
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (403, "no-scope")
    assert Program(app, token_for(bench, scopes=("reports:read",))).get("/api/reports/2026-Q4").status_code == 200
    assert Program(app).get("/api/reports/2026-Q4").status_code == 401


@pytest.mark.parametrize(
    ("path", "status", "rule"),
    [
        ("/api/nothing", 404, None),
        ("/api/entries/khong-co", 404, "unknown-entry"),
        ("/api/entries?limit=0", 422, "wrong-value"),
        ("/api/entries?channel=fax", 400, "unknown-choice"),
        ("/api/deliveries/x", 422, "wrong-type"),
        ("/api/deliveries/99999999999999999999", 422, "wrong-value"),
        ("/api/deliveries?since=9999-12-31T23:59:59-23:59", 422, "wrong-date"),
        ("/api/deliveries?since=0001-01-01T00:00", 422, "wrong-date"),
        ("/api/calendar?month=2026-99", 400, None),
        ("/api/calendar/occasions?year=9999", 422, "wrong-value"),
        ("/api/reports/2026-Q5", 400, "bad-quarter"),
        ("/api/reports/0001-Q1", 400, "bad-quarter"),
        ("/api/entries?cursor=abc", 400, "bad-cursor"),
        ("/api/entries?q=%00", 400, "unreadable"),
    ],
)
def test_mistakes_are_problems_in_vietnamese(editor: Program, path: str, status: int, rule: str | None) -> None:
    answer = editor.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["status"] == status and body["title"] and body["detail"]
    assert rule is None or body["errors"][0]["rule"] == rule


def test_a_cursor_goes_on_with_its_own_list_only(editor: Program) -> None:
    cursor = editor.get("/api/entries?limit=1").json()["next"]
    assert editor.get(f"/api/entries?limit=1&cursor={cursor}").status_code == 200
    for path in (f"/api/entries?q=a&cursor={cursor}", f"/api/facts?cursor={cursor}", f"/api/deliveries?cursor={cursor}"):
        answer = editor.get(path)
        assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (400, "bad-cursor")
    changed = ("A" if cursor[10] != "A" else "B").join((cursor[:10], cursor[11:]))
    assert editor.get(f"/api/entries?limit=1&cursor={changed}").status_code == 400


def test_mistakes_are_told_in_english_where_the_desk_speaks_it(editor: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOA_LANG", "en")
    body = editor.get("/api/entries/khong-co").json()
    assert body["title"] == "Not found"
    assert body["detail"] == "There is no such entry in content/; see the list at /api/entries."


def test_a_method_that_an_address_does_not_take_is_told_with_those_that_it_does(editor: Program) -> None:
    answer = editor.send("DELETE", "/api/entries/phu-nu-viet-nam")
    assert answer.status_code == 405 and answer.headers["content-type"] == PROBLEM
    assert answer.headers["allow"] == "GET, PATCH"


def test_bodies_are_json_and_no_larger_than_an_entry(editor: Program) -> None:
    assert editor.send("POST", "/api/entries", content=b"a=1", headers={"content-type": "text/plain"}).status_code == 415
    large = b'{"headline": "' + b"x" * 1_100_000 + b'"}'
    assert editor.send("POST", "/api/entries", content=large, headers={"content-type": "application/json"}).status_code == 413

    async def dripping():  # type: ignore[no-untyped-def]
        for _ in range(30):
            yield b" " * 50_000

    answer = editor.send("POST", "/api/entries", content=dripping(), headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    broken = editor.send("POST", "/api/entries", content=b"{", headers={"content-type": "application/json"})
    assert (broken.status_code, broken.json()["errors"][0]["rule"]) == (422, "bad-json")


def test_a_program_that_asks_too_often_is_told_how_long_to_wait(bench: Workbench) -> None:
    now = [0.0]
    program = Program(open_api(bench, Pace(a_minute=3, clock=lambda: now[0])), token_for(bench))
    assert [program.get("/api/facts").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = program.get("/api/facts")
    assert answer.headers["retry-after"] == "20" and answer.headers["content-type"] == PROBLEM
    now[0] += 20
    assert program.get("/api/facts").status_code == 200


def test_the_description_names_every_path_and_the_problems_of_each(editor: Program) -> None:
    described = editor.get("/api/openapi.json").json()
    assert all(path.startswith("/api/") for path in described["paths"])
    assert {"/api/entries", "/api/facts/{name}/places", "/api/deliveries/{id}", "/api/calendar"} <= described["paths"].keys()
    for operations in described["paths"].values():
        for operation in operations.values():
            for status in ("401", "403", "404", "422", "429", "503"):
                assert PROBLEM in operation["responses"][status]["content"]
            assert operation["security"]
    ways = {(method, path) for path, operations in described["paths"].items() for method in operations if method != "get"}
    drafting = {("post", "/api/entries"), ("patch", "/api/entries/{id}"), ("post", "/api/facts/{name}/proposals")}
    media = "/api/entries/{id}/media"
    drafting |= {("post", media), ("put", f"{media}/{{medium}}"), ("delete", f"{media}/{{medium}}")}
    assert ways == drafting | {("post", "/api/entries/{id}/check")}, "a check changes nothing"


def test_a_signed_in_person_reads_with_the_browser_and_writes_nothing(app: FastAPI, bench: Workbench) -> None:
    from tests.desk.web.browser import Browser

    browser = Browser(bench, "bien-tap")
    assert browser.get("/api/entries").status_code == 200
    answer = browser.post("/api/entries", {"headline": "Thử"})
    assert answer.status_code in (403, 415) and answer.headers["content-type"] == PROBLEM
