"""The audit log as a page: who did what, newest first, and whether the chain holds."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.deed_words import KIND_WORDS, MACHINES, Kind, who_words
from desk.errands import Errand
from desk.log_check import Checked
from desk.web.audit_reader import LogFilters, read_log, state_of
from desk.web.desk import Desk, TheDesk
from desk.web.phrase_book import spoken
from desk.web.turns import TurnRoute
from editorial.office import Office
from editorial.problem import BadInput, Problem

router = APIRouter(include_in_schema=False, route_class=TurnRoute)

MOST = 2**53
READING = "audit"  # the errand that reads the whole log
GLANCE = 0.3  # seconds that a page waits for it before it shows how far it has come


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
    """Say whether the log holds; where not all of it has been read lately, that begins, and the page says how far it has come."""
    reading = desk.errands.latest(READING)
    running = reading is not None and not reading.over
    checked = None if running else desk.log_check.read_on(desk.bench.store.audit, desk.bench.clock)
    if checked is None:
        reading = _begin(desk)
        if reading.wait(GLANCE):
            checked = _outcome(reading)
    view = {"state": state_of(checked) if checked else None, "reading": reading}
    return desk.renderer.page(request, "_audit_state.html" if part == "row" else "audit_state.html", view, active="audit")


@router.post("/audit/state")
def read_again(desk: TheDesk) -> RedirectResponse:
    """Read the whole log over."""
    _begin(desk).wait(GLANCE)
    return RedirectResponse("/audit/state", status_code=303)


def _begin(desk: Desk) -> Errand:
    check, bench = desk.log_check, desk.bench
    return desk.errands.read(READING, partial(check.read_all, bench.store.audit, bench.clock), page="/audit/state")


def _outcome(reading: Errand) -> Checked:
    if reading.refusal is not None:
        raise reading.refusal
    assert isinstance(reading.outcome, Checked)
    return reading.outcome


def _filters(office: Office, person: str, kind: str) -> LogFilters:
    if person and person not in office.people and person not in MACHINES:
        raise BadInput(Problem(rule="unknown-choice", key="person", message="không có ai tên này; hãy chọn lại trên trang"))
    if kind and kind not in {each.value for each in Kind}:
        raise BadInput(Problem(rule="unknown-choice", key="kind", message="không có loại việc này; hãy chọn lại trên trang"))
    return LogFilters(person=person or None, kind=Kind(kind) if kind else None)
