"""Pauses and days of mourning: one switch, a reason, and what it holds, told before it is done."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from desk.mourning import declare
from desk.silence import scope_words
from desk.web.desk import Desk, TheDesk
from desk.web.moment_words import short_day
from desk.web.pauses_reader import (
    LONGEST_REASON,
    in_office,
    post_lines,
    preview_mourning,
    preview_pause,
    read_days,
    read_pauses,
    read_window,
)
from desk.web.signed import acting, said
from desk.web.turns import TurnRoute
from desk.web.views.pauses import Done, PausesPage
from desk.web.views.pauses import Form as Filled
from editorial.problem import BadInput, Problem
from editorial.role import Right

router = APIRouter(prefix="/pauses", include_in_schema=False, route_class=TurnRoute)
FIELDS = ("kind", "channel", "unit", "tone", "entry", "from", "to", "why")


@router.get("")
def show(request: Request, desk: TheDesk, kind: str = "all", name: str = "") -> HTMLResponse:
    """Show what is paused; an address may say what to pause, as a link from that channel's page does."""
    page = read_pauses(desk, pause=Filled(values={"kind": kind, kind: name} if kind != "all" else {"kind": kind}))
    return desk.renderer.page(request, "pauses.html", {"page": page}, active="pauses")


@router.get("/preview")
def preview(request: Request, desk: TheDesk) -> HTMLResponse:
    """Say what a pause would hold if it were set now, as the form stands."""
    try:
        view = {"preview": preview_pause(desk, read_window(desk, request.query_params)), "errors": ()}
    except BadInput as error:
        view = {"preview": None, "errors": tuple(problem.message for problem in error.problems)}
    return desk.renderer.page(request, "_preview.html", view)


@router.get("/mourning/preview")
def preview_days(request: Request, desk: TheDesk) -> HTMLResponse:
    """Say what mourning would hold."""
    try:
        view = {"preview": preview_mourning(desk, *read_days(desk, request.query_params)), "errors": ()}
    except BadInput as error:
        view = {"preview": None, "errors": tuple(problem.message for problem in error.problems)}
    return desk.renderer.page(request, "_preview.html", view)


@router.post("")
async def pause(request: Request, desk: TheDesk) -> HTMLResponse:
    """Pause what the form says: no commit call in it starts once this has answered."""
    form = await _filled(request)
    try:
        person = acting(desk, Right.PAUSE)
        why, window = _why(form), read_window(desk, form)
        starts, ends = window.starts_at, window.ends_at
        too_late = desk.bench.store.halts.set(window.scope, why=why, who=person.id, starts_at=starts, ends_at=ends)
    except BadInput as error:
        return _again(request, desk, read_pauses(desk, pause=_filled_in(form, error)))
    return _done(request, desk, Done(words=f"Đã tạm dừng: {_scope(desk, window.scope)}.", too_late=post_lines(desk, too_late)))


@router.post("/mourning")
async def mourn(request: Request, desk: TheDesk) -> HTMLResponse:
    """Declare days of mourning."""
    form = await _filled(request)
    try:
        person = acting(desk, Right.PAUSE)
        why, (first, last) = _why(form), read_days(desk, form)
        too_late = declare(desk.bench.store, first, last, why=why, who=person.id)
    except BadInput as error:
        return _again(request, desk, read_pauses(desk, mourning=_filled_in(form, error)))
    words = f"Đã khai báo quốc tang từ {short_day(first)} đến hết {short_day(last)}."
    return _done(request, desk, Done(words=words, too_late=post_lines(desk, too_late)))


@router.post("/lift")
def lift(request: Request, desk: TheDesk, scope: str = Form(max_length=300)) -> HTMLResponse:
    """End a pause; what became late meanwhile waits for a person, or goes out apart, as the office's rule says."""
    person, store = acting(desk, Right.PAUSE), desk.bench.store
    if scope not in {halt.scope for halt in store.halts.planned()}:
        return _done(request, desk, Done(words="Lệnh tạm dừng này đã hết từ trước."))
    store.halts.lift(scope, who=person.id)
    freed = post_lines(desk, store.deliveries.freed(), told=True)
    return _done(request, desk, Done(words=f"Đã cho chạy lại: {_scope(desk, scope)}.", freed=freed))


async def _filled(request: Request) -> Mapping[str, str]:
    """Return the fields of the form, each no longer than it may be."""
    form = await request.form()
    return {name: str(form.get(name, ""))[:1000] for name in FIELDS}


def _scope(desk: Desk, scope: str) -> str:
    return in_office(scope_words(scope), desk.bench.content.office)


def _why(form: Mapping[str, str]) -> str:
    why = said(form["why"], "why", "lý do")
    if len(why) > LONGEST_REASON:
        raise BadInput(Problem(rule="too-long", key="why", message=f"lý do dài quá {LONGEST_REASON} ký tự; hãy viết ngắn lại"))
    return why


def _filled_in(form: Mapping[str, str], error: BadInput) -> Filled:
    """Return the form as it was filled in, with what is wrong beside each field."""
    return Filled(values=form, errors={problem.key or "why": problem.message for problem in error.problems})


def _again(request: Request, desk: Desk, page: PausesPage) -> HTMLResponse:
    return desk.renderer.page(request, "pauses.html", {"page": page}, active="pauses", status=400)


def _done(request: Request, desk: Desk, done: Done) -> HTMLResponse:
    return desk.renderer.page(request, "pauses.html", {"page": read_pauses(desk, done=done)}, active="pauses")
