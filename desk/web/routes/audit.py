"""The audit log as a page: who did what, newest first, and whether the chain holds."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from desk.deed_words import KIND_WORDS, MACHINES, Kind, who_words
from desk.web.audit_reader import LogFilters, read_log, read_state
from desk.web.desk import TheDesk
from desk.web.phrase_book import spoken
from editorial.office import Office
from editorial.problem import BadInput, Problem

router = APIRouter(include_in_schema=False)

MOST = 2**53


@router.get("/audit")
def show(
    request: Request, desk: TheDesk, person: str = "", kind: str = "", before: Annotated[int | None, Query(ge=1, le=MOST)] = None
) -> HTMLResponse:
    """List deeds; `before` is the row from which an older stretch goes on."""
    office = desk.bench.content.office
    filters = _filters(office, person, kind)
    view = {
        "page": read_log(desk.bench, filters, before),
        "filters": filters,
        "people": [(id, person.name) for id, person in office.people.items()]
        + [(id, spoken(who_words(id, office))) for id in ("scheduler", "loa")],
        "kinds": [(each.value, words) for each, words in KIND_WORDS.items()],
        "older": lambda number: "/audit?" + urlencode({**filters.as_query(), "before": str(number)}),
    }
    return desk.renderer.page(request, "audit.html", view, active="audit")


@router.get("/audit/state")
def state(request: Request, desk: TheDesk, part: str = "") -> HTMLResponse:
    """Read the whole log over and say whether it holds."""
    template = "_audit_state.html" if part == "row" else "audit_state.html"
    return desk.renderer.page(request, template, {"state": read_state(desk.bench)}, active="audit")


def _filters(office: Office, person: str, kind: str) -> LogFilters:
    if person and person not in office.people and person not in MACHINES:
        raise BadInput(Problem(rule="unknown-choice", key="person", message="không có ai tên này; hãy chọn lại trên trang"))
    if kind and kind not in {each.value for each in Kind}:
        raise BadInput(Problem(rule="unknown-choice", key="kind", message="không có loại việc này; hãy chọn lại trên trang"))
    return LogFilters(person=person or None, kind=Kind(kind) if kind else None)
