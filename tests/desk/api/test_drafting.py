"""What programs write: new drafts, changes, proposals; once each, and never over somebody else's words."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fastapi import FastAPI

from desk.drafting import Conflict, save
from desk.entry_fields import written_fields
from desk.proposing import proposed
from desk.workbench import Workbench
from store.entry_text import read_entry_text
from tests.desk.api.programs import Program, token_for

NEW = {"headline": "Ngày hội đọc sách", "summary": "Mời bà con cùng tham gia.", "group": "1.1", "axis": "thanh-uy",
       "unit": "btgdv", "tone": "festive", "when": "2026-11-03@08:00", "channels": ["portal", "facebook"]}  # fmt: skip
ENTRY = "/api/entries/phu-nu-viet-nam"


def test_a_draft_is_written_as_a_file_and_is_there_at_once(editor: Program, bench: Workbench) -> None:
    answer = editor.post("/api/entries", NEW)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == "/api/entries/ngay-hoi-doc-sach"
    assert "headline:" in (bench.root / "content" / "ngay-hoi-doc-sach.md").read_text("utf-8")
    again = editor.get(answer.headers["location"])
    assert again.headers["etag"] == answer.headers["etag"]
    assert again.json()["fields"]["headline"] == NEW["headline"] and again.json()["stage"] == "draft"
    deed = bench.store.audit.all()[-1]
    assert (deed.who, deed.action, deed.subject) == ("bien-tap", "new-entry", "ngay-hoi-doc-sach")


@pytest.mark.parametrize(
    ("change", "key"),
    [({"axis": "khong-co"}, "axis"), ({"when": "khong_co/2026@08:00"}, "when"), ({"headline": " "}, "headline"),
     ({"id": "Có dấu"}, "id"), ({"channels": []}, "channels"), ({"publish": True}, "publish"), ({"headline": 1}, "headline")],
)  # fmt: skip
def test_a_draft_that_does_not_hold_together_is_told_field_by_field(
    editor: Program, bench: Workbench, change: dict[str, object], key: str
) -> None:
    before = set((bench.root / "content").iterdir())
    answer = editor.post("/api/entries", NEW | change)
    assert answer.status_code == 422, answer.text
    assert key in [each.get("key") for each in answer.json()["errors"]]
    assert set((bench.root / "content").iterdir()) == before


def test_letters_that_no_text_has_are_refused(editor: Program) -> None:
    body = json.dumps(NEW | {"headline": "?"}).replace("?", "\\ud800").encode()
    answer = editor.send("POST", "/api/entries", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["errors"][0]["key"]) == (422, "headline")


def test_an_id_that_is_taken_is_a_conflict(editor: Program) -> None:
    assert editor.post("/api/entries", NEW | {"id": "phu-nu-viet-nam"}).status_code == 409


def test_a_change_names_what_was_read_and_changes_nothing_else(editor: Program, bench: Workbench) -> None:
    file = bench.root / "content" / "phu-nu-viet-nam.md"
    before = file.read_text("utf-8").splitlines()
    seen = editor.get(ENTRY)
    answer = editor.patch(ENTRY, {"fields": {"summary": "Một câu khác."}}, if_match=seen.headers["etag"])
    assert answer.status_code == 200, answer.text
    assert answer.json()["fields"]["summary"] == "Một câu khác."
    after = file.read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ['summary: "Một câu khác."']
    assert editor.get(ENTRY).headers["etag"] == answer.headers["etag"] != seen.headers["etag"]
    assert bench.store.audit.all()[-1].action == "save"


def test_a_stale_write_changes_nothing(editor: Program, bench: Workbench) -> None:
    seen = editor.get(ENTRY).headers["etag"]
    file = bench.root / "content" / "phu-nu-viet-nam.md"
    file.write_text(file.read_text("utf-8") + "\nMột người vừa viết thêm.\n", "utf-8")
    now = file.read_text("utf-8")
    answer = editor.patch(ENTRY, {"fields": {"summary": "Một câu khác."}}, if_match=seen)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (412, "stale-write")
    assert file.read_text("utf-8") == now
    assert editor.patch(ENTRY, {"fields": {"summary": "Khác."}}).status_code == 428
    assert editor.patch(ENTRY, {"fields": {"summary": "Khác."}}, if_match=answer.headers["etag"]).status_code == 200


def test_of_two_changes_at_once_one_is_told_that_it_is_late(app: FastAPI, bench: Workbench, editor: Program) -> None:
    seen = editor.get(ENTRY).headers["etag"]
    fields = ({"summary": "Câu của người thứ nhất."}, {"headline": "Tựa của người thứ hai"}, {"action": "Mời đến xem"})
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(lambda each: editor.patch(ENTRY, {"fields": each}, if_match=seen).status_code, fields))
    assert sorted(answers) == [200, 412, 412]


def test_whoever_saves_alone_is_told_of_any_change_meanwhile(bench: Workbench) -> None:
    name, who = "phu-nu-viet-nam", bench.content.office.people["bien-tap"]
    seen = read_entry_text(bench.root, name)
    base = written_fields(seen.read().entry)
    save(bench, name, who, typed=base | {"headline": "Tựa của người khác"}, base=base, digest=seen.digest)
    with pytest.raises(Conflict):
        save(bench, name, who, typed=base | {"summary": "Câu khác."}, base=base, digest=seen.digest, alone=True)
    save(bench, name, who, typed=base | {"summary": "Câu khác."}, base=base, digest=seen.digest)  # as the pages do: both stay


def test_a_field_that_the_entry_has_not_is_named(editor: Program) -> None:
    seen = editor.get(ENTRY).headers["etag"]
    answer = editor.patch(ENTRY, {"fields": {"approved": "yes"}}, if_match=seen)
    assert (answer.status_code, answer.json()["errors"][0]["key"]) == (422, "fields.approved")


def test_a_request_that_comes_again_is_answered_again_and_done_once(editor: Program, bench: Workbench) -> None:
    first = editor.post("/api/entries", NEW, idempotency_key="viec-1")
    again = editor.post("/api/entries", NEW, idempotency_key="viec-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content and again.headers["etag"] == first.headers["etag"]
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true" and "idempotency-replayed" not in first.headers
    assert [deed.subject for deed in bench.store.audit.all() if deed.action == "new-entry"] == ["ngay-hoi-doc-sach"]
    other = editor.post("/api/entries", NEW | {"summary": "Câu khác."}, idempotency_key="viec-1")
    assert (other.status_code, other.json()["errors"][0]["rule"]) == (422, "key-reused")


def test_the_same_request_many_times_at_once_is_done_once(editor: Program, bench: Workbench) -> None:
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: editor.post("/api/entries", NEW, idempotency_key="viec"), range(6)))
    assert {each.status_code for each in answers} <= {201, 409}
    assert {each.json()["errors"][0]["rule"] for each in answers if each.status_code == 409} <= {"under-way"}
    assert len({each.content for each in answers if each.status_code == 201}) == 1
    assert [deed.subject for deed in bench.store.audit.all() if deed.action == "new-entry"] == ["ngay-hoi-doc-sach"]
    assert editor.post("/api/entries", NEW, idempotency_key="viec").headers["idempotency-replayed"] == "true"


def test_a_word_is_its_tokens_own_and_is_free_after_a_day(app: FastAPI, editor: Program, bench: Workbench) -> None:
    assert editor.post("/api/entries", NEW, idempotency_key="viec").status_code == 201
    stranger = Program(app, token_for(bench))
    assert stranger.post("/api/entries", NEW, idempotency_key="viec").json()["id"] == "ngay-hoi-doc-sach-2"
    bench.clock.advance(timedelta(hours=24))  # type: ignore[attr-defined]  # a clock that is moved
    assert editor.post("/api/entries", NEW, idempotency_key="viec").json()["id"] == "ngay-hoi-doc-sach-3"


def test_what_was_refused_has_done_nothing_and_its_word_is_free(editor: Program) -> None:
    assert editor.post("/api/entries", NEW | {"axis": "x"}, idempotency_key="viec").status_code == 422
    assert editor.post("/api/entries", NEW, idempotency_key="viec").status_code == 201


def test_a_correction_is_proposed_and_nothing_changes(editor: Program, bench: Workbench) -> None:
    fact = bench.content.facts["wards"]
    answer = editor.post("/api/facts/wards/proposals", {"value": "127", "why": "Nghị quyết mới"}, idempotency_key="x")
    assert answer.status_code == 201, answer.text
    waiting = proposed(bench.store, "wards")
    assert waiting is not None and (waiting.value, waiting.author) == ("127", "bien-tap")
    assert bench.content.facts["wards"] == fact
    assert editor.get("/api/facts/wards").json()["proposal"]["value"] == "127"
    again = editor.post("/api/facts/wards/proposals", {"value": "128", "why": "Nghị quyết mới"})
    assert (again.status_code, again.json()["errors"][0]["rule"]) == (409, "already-proposed")
    wrong = editor.post("/api/facts/dien_bien_phu/proposals", {"value": "x", "why": ""})
    assert wrong.status_code in (404, 422)
