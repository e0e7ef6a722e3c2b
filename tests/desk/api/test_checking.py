"""An entry's check by API: what its page says of it, and nothing changed by asking."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from desk.workbench import Workbench
from tests.desk.api.programs import Program, token_for
from tests.desk.web.browser import Browser

ENTRY = "phu-nu-viet-nam"
CHECK = f"/api/entries/{ENTRY}/check"


def file_of(bench: Workbench) -> Path:
    return bench.root / "content" / f"{ENTRY}.md"


def rewrite(bench: Workbench, line: str) -> None:
    """Let somebody's own editor write another summary."""
    lines = file_of(bench).read_text("utf-8").splitlines()
    file_of(bench).write_text("\n".join(line if each.startswith("summary:") else each for each in lines) + "\n", "utf-8")


def test_a_clean_entry_has_a_certificate_of_every_fact_and_text(editor: Program, bench: Workbench) -> None:
    answer = editor.post(CHECK, None)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["entry"], found["clean"]) == (ENTRY, True)
    assert all(each["severity"] == "warning" for each in found["problems"])
    entry = bench.content.entries[ENTRY]
    facts = {each["id"]: each for each in found["certificate"]["facts"]}
    assert {id for id, each in facts.items() if each["required"]} == set(entry.uses)
    assert all(set(each["said"]) == set(entry.channels) for each in facts.values())
    assert {each["channel"] for each in found["certificate"]["texts"]} == set(entry.channels)
    assert answer.headers["etag"] == editor.get(f"/api/entries/{ENTRY}").headers["etag"]


def test_what_stands_in_the_file_now_is_what_is_checked(editor: Program, bench: Workbench) -> None:
    rewrite(bench, 'summary: "Có 987.654 người tham gia."')
    found = editor.post(CHECK, None).json()
    errors = [each for each in found["problems"] if each["severity"] == "error"]
    assert not found["clean"] and errors
    assert any("987.654" in each["detail"] and each["file"] == f"content/{ENTRY}.md" and each["line"] for each in errors)
    assert any("987.654" in each["text"] for each in found["certificate"]["texts"])


def test_it_says_what_the_page_says(editor: Program, bench: Workbench) -> None:
    rewrite(bench, 'summary: "Có 987.654 người tham gia, nhiệt độ 41 độ."')
    page = Browser(bench, "bien-tap").get(f"/entries/{ENTRY}/edit").text
    for each in editor.post(CHECK, None).json()["problems"]:
        assert each["detail"].removesuffix(".").partition(" (")[0] in page.replace("&#34;", '"').replace("&#39;", "'")


def test_a_channel_that_takes_no_post_without_a_picture_is_told(editor: Program, bench: Workbench) -> None:
    text = file_of(bench).read_text("utf-8")
    bare = re.sub(r"(?m)^media:\n(?:  .*\n)+", "", text)
    assert bare != text
    file_of(bench).write_text(bare, "utf-8")
    found = editor.post(CHECK, None).json()
    told = [(each["channel"], each["severity"]) for each in found["problems"] if each["rule"] == "missing-media"]
    assert told == [("zalo", "error")] and not found["clean"]


def test_files_that_cannot_be_read_are_told_and_not_a_failure(editor: Program, bench: Workbench) -> None:
    rewrite(bench, 'summary: "không đóng')
    answer = editor.post(CHECK, None)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert not found["clean"] and found["certificate"] is None
    assert found["problems"][0]["file"] == f"content/{ENTRY}.md"


def test_asking_changes_nothing(editor: Program, bench: Workbench) -> None:
    def everything() -> object:
        files = {path: path.read_bytes() for path in (bench.root / "content").rglob("*.md")}
        return files, len(bench.store.audit.all()), bench.store.workflow.of(ENTRY), bench.store.posts.of_entry(ENTRY)

    before = everything()
    for _ in range(2):
        assert editor.post(CHECK, None).status_code == 200
    assert everything() == before


@pytest.mark.parametrize(("scopes", "status"), [(("entries:read",), 200), (("entries:draft",), 403), (("facts:read",), 403)])
def test_it_takes_the_scope_that_reads(app: FastAPI, bench: Workbench, scopes: tuple[str, ...], status: int) -> None:
    assert Program(app, token_for(bench, scopes=scopes)).post(CHECK, None).status_code == status


def test_there_is_nothing_to_check_where_there_is_no_entry(editor: Program, app: FastAPI) -> None:
    assert editor.post("/api/entries/khong-co/check", None).status_code == 404
    assert Program(app).post(CHECK, None).status_code == 401
    described = editor.get("/api/openapi.json").json()["paths"]["/api/entries/{id}/check"]
    assert described.keys() == {"post"} and "requestBody" not in described["post"]
    schema = described["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert json.dumps(schema).endswith('CheckRecord"}')
