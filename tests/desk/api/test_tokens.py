"""Tokens: shown once, kept as a digest, never more than their owner may now."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI

from desk.workbench import Workbench
from editorial.problem import BadInput
from editorial.role import Role
from store.token import digest_of
from tests.desk.api.programs import EVERYTHING, Program, token_for, tokens_of
from tests.desk.web.browser import Browser


def test_nobody_comes_in_without_a_token_or_with_a_wrong_one(app: FastAPI) -> None:
    for program, told in ((Program(app), "Bearer realm"), (Program(app, "loa_gi-do"), "invalid_token")):
        answer = program.get("/api/entries")
        assert answer.status_code == 401 and told in answer.headers["www-authenticate"]
        assert answer.headers["content-type"] == "application/problem+json"
        assert program.post("/api/entries", {}).status_code == 401


def test_of_a_token_only_the_digest_is_kept(bench: Workbench) -> None:
    token = token_for(bench)
    assert token.startswith("loa_")
    kept = bench.store.api_tokens.all()[0]
    assert token not in repr(kept)
    with bench.store._database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM api_tokens").all()
    assert token not in str(rows) and digest_of(token) in str(rows)


def test_a_token_ends_with_its_time_and_when_it_is_revoked(app: FastAPI, bench: Workbench) -> None:
    token = token_for(bench)
    program = Program(app, token)
    assert program.get("/api/facts").status_code == 200
    used = bench.store.api_tokens.all()[0]
    assert used.used_at == bench.clock.now()
    bench.clock.advance(timedelta(days=30))  # type: ignore[attr-defined]  # a clock that is moved
    assert program.get("/api/facts").status_code == 401
    other = Program(app, token_for(bench))
    tokens_of(bench).revoke(bench.store.api_tokens.all()[0].id, bench.content.office.people["bien-tap"])
    assert other.get("/api/facts").status_code == 401
    deeds = [(deed.who, deed.action) for deed in bench.store.audit.all() if deed.action.startswith("api-token")]
    assert deeds == [("bien-tap", "api-token"), ("bien-tap", "api-token"), ("bien-tap", "api-token-revoked")]


def test_a_token_opens_its_scopes_alone(app: FastAPI, bench: Workbench) -> None:
    program = Program(app, token_for(bench, scopes=("calendar:read",)))
    assert program.get("/api/calendar").status_code == 200
    for path in ("/api/entries", "/api/facts", "/api/templates", "/api/deliveries"):
        answer = program.get(path)
        assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (403, "no-scope")


def test_whoever_loses_a_right_loses_it_for_their_programs_too(app: FastAPI, bench: Workbench) -> None:
    program = Program(app, token_for(bench))
    people = dict(bench.content.office.people)
    people["bien-tap"] = replace(people["bien-tap"], roles=(Role.READER,))
    app.state.desk = replace(app.state.desk, bench=_with_people(bench, people))
    assert program.get("/api/entries").status_code == 200
    answer = program.post("/api/entries", NEW)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (403, "no-right")
    del people["bien-tap"]
    app.state.desk = replace(app.state.desk, bench=_with_people(bench, people))
    assert program.get("/api/entries").status_code == 401


NEW = {"headline": "Bài thử", "summary": "Một câu.", "group": "1.1", "axis": "thanh-uy", "unit": "btgdv", "tone": "festive",
       "when": "2026-11-03@08:00", "channels": ["portal"]}  # fmt: skip


def _with_people(bench: Workbench, people: dict[str, object]) -> Workbench:
    office = replace(bench.content.office, people=people)  # type: ignore[arg-type]
    return replace(bench, workspace=replace(bench.workspace, content=replace(bench.content, office=office)))


def test_nobody_makes_a_token_for_more_than_they_may(bench: Workbench) -> None:
    people, tokens = bench.content.office.people, tokens_of(bench)
    for whose, by, scopes in (
        ("nguoi-xem", "nguoi-xem", ("entries:draft",)),  # a reader writes nothing
        ("bien-tap", "quan-tri", ("entries:draft",)),  # the administrator would write in the editor's name
        ("bien-tap", "duyet", ("entries:read",)),  # only the administrator makes one for others
    ):
        with pytest.raises(BadInput) as refused:
            tokens.make(people[whose], people[by], name="x", scopes=scopes, days=30)
        assert refused.value.problems[0].rule == "no-right"
    assert tokens.make(people["bien-tap"], people["quan-tri"], name="x", scopes=("entries:read",), days=30).token


def test_no_scope_approves_or_publishes(app: FastAPI, bench: Workbench) -> None:
    """Not one address of the pages takes a token, whatever it says."""
    program = Program(app, token_for(bench))
    assert not [scope for scope in EVERYTHING if re.search("approve|publish|schedule|pause|manage", scope)]
    for path in ("/review/phu-nu-viet-nam", "/halts", "/pauses", "/deliveries/1/decision", "/entries/phu-nu-viet-nam/edit"):
        assert program.post(path, {"action": "approve"}).status_code in (401, 403)
    assert program.get("/calendar").status_code == 303  # to the sign-in page


def test_a_token_is_made_on_a_page_shown_once_and_taken_away(bench: Workbench) -> None:
    browser = Browser(bench, "bien-tap")
    answer = browser.post("/account/tokens", {"name": "Máy đọc tin", "days": "30", "scope": "entries:read"})
    token = re.findall(r'value="(loa_[^"]+)"', answer.text)
    assert answer.status_code == 200 and len(token) == 1 and answer.headers["cache-control"] == "no-store"
    assert token[0] not in browser.get("/account/tokens").text and "Máy đọc tin" in browser.get("/account/tokens").text
    made = bench.store.api_tokens.all()[0]
    assert browser.post(f"/account/tokens/{made.id}/revoke", {}).status_code == 303
    assert "Máy đọc tin" not in browser.get("/account/tokens").text


def test_a_wrong_form_says_so_beside_its_field_and_keeps_what_was_typed(bench: Workbench) -> None:
    answer = Browser(bench, "bien-tap").post("/account/tokens", {"name": "Máy đọc tin", "days": "7", "scope": "entries:read"})
    assert answer.status_code == 422 and "Hạn của mã là một trong" in answer.text and 'value="Máy đọc tin"' in answer.text
    missing = Browser(bench, "bien-tap").post("/account/tokens", {"name": "Máy đọc tin", "days": "30"})
    assert missing.status_code == 422 and "chọn ít nhất một phạm vi" in missing.text


def test_somebody_elses_token_is_taken_away_by_the_administrator_alone(bench: Workbench) -> None:
    token_for(bench)
    made = bench.store.api_tokens.all()[0]
    assert Browser(bench, "duyet").post(f"/account/tokens/{made.id}/revoke", {}).status_code == 403
    assert bench.store.api_tokens.all()[0].revoked_at is None
    assert "chương trình thử" not in Browser(bench, "duyet").get("/account/tokens").text
    admin = Browser(bench, "quan-tri")
    assert "chương trình thử" in admin.get("/account/tokens").text
    assert admin.post(f"/account/tokens/{made.id}/revoke", {}).status_code == 303
    assert bench.store.api_tokens.all()[0].revoked_at is not None
