"""Rehearse: a period lived through against the stand-ins, watched while it runs, and its result beside the plan."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.rehearsal_shelf import Asked, Progress, Run
from desk.rehearsals import Rehearsals
from desk.seed import read_seed
from desk.span import read_period
from desk.web.desk import Desk, TheDesk
from desk.web.rehearse_reader import first_form, platform_of, read_live, read_rehearse, read_result
from desk.web.signed import acting
from desk.web.views.rehearse import Form as Filled
from editorial.problem import BadInput
from editorial.role import Right
from rehearsal import pages
from rehearsal.exhibition import Exhibition, medium
from rehearsal.media import Media
from rehearsal.pages import Addresses
from rehearsal.publication import Publication

router = APIRouter(prefix="/rehearse", include_in_schema=False)
Word = Annotated[str, Form(max_length=60)]
Asking = Annotated[str, Query(max_length=60)]
GONE, STOPPED = "/rehearse?done=gone", "/rehearse?done=stopped"


@router.get("")
def show(
    request: Request, desk: TheDesk, start: Annotated[str, Query(alias="from", max_length=60)] = "",
    end: Annotated[str, Query(alias="to", max_length=60)] = "", faults: Asking = "", seed: Asking = "", done: Asking = "",
) -> HTMLResponse:  # fmt: skip
    """Show the form, what runs now, and the earlier rehearsals."""
    return _page(request, desk, first_form(desk.outlook, start, end, seed, faults), done=done)


@router.post("")
def begin(
    request: Request, desk: TheDesk, start: Annotated[str, Form(alias="from", max_length=60)] = "",
    end: Annotated[str, Form(alias="to", max_length=60)] = "", faults: Word = "", seed: Word = "",
) -> Response:  # fmt: skip
    """Begin a rehearsal, and lead to the page that follows it."""
    person = acting(desk, Right.REHEARSE)
    filled = Filled(first=start, last=end, faults=faults == "yes", seed=seed)
    try:
        period = read_period(start, end, ("from", "to"))
        number = read_seed(seed, "seed") if filled.faults else None
        asked = _rehearsals(request).begin(*period, number, person.name)
    except BadInput as error:
        errors = {problem.key or "": problem.message for problem in error.problems}
        again = Filled(first=start, last=end, faults=filled.faults, seed=seed, errors=errors)
        status = HTTPStatus.CONFLICT if "" in errors else HTTPStatus.BAD_REQUEST
        return _page(request, desk, again, status=status)
    return _to(f"/rehearse/{asked.id}")


@router.get("/public.css")
def style() -> Response:
    """Give the style sheet of the public pages."""
    return pages.style()


@router.get("/{id}")
def look(request: Request, desk: TheDesk, id: str) -> Response:
    """Show a rehearsal: how far it is, or what it came to."""
    found = _found(request, id)
    if found is None:
        return _to(GONE)
    if isinstance(found, Run):
        return desk.renderer.page(request, "rehearsed.html", {"page": read_result(desk.outlook, found)}, active="rehearse")
    view = {"page": read_live(desk.outlook, *_live(request, found))}
    return desk.renderer.page(request, "rehearsing.html", view, active="rehearse")


@router.get("/{id}/progress")
def progress(request: Request, desk: TheDesk, id: str) -> Response:
    """Show how far a rehearsal is; once it is over, lead the page that asks to what came of it."""
    found = _found(request, id)
    if found is None or isinstance(found, Run):
        return Response(headers={"hx-redirect": STOPPED if found is None else f"/rehearse/{id}"})
    return desk.renderer.page(request, "_rehearsing.html", {"page": read_live(desk.outlook, *_live(request, found))})


@router.post("/{id}/cancel")
def cancel(request: Request, desk: TheDesk, id: str) -> Response:
    """End a rehearsal that is under way: nothing of it stays."""
    acting(desk, Right.REHEARSE)
    if _rehearsals(request).cancel(id):
        return _to(STOPPED)
    if _found(request, id) is None:
        return _to(GONE)
    return _to(f"/rehearse/{id}")


@router.post("/{id}/delete")
def delete(request: Request, desk: TheDesk, id: str) -> Response:
    """Remove a rehearsal that is over."""
    acting(desk, Right.REHEARSE)
    run = _rehearsals(request).shelf.find(id)
    if run is None or not run.over:
        return _to(GONE if run is None else f"/rehearse/{id}")
    _rehearsals(request).shelf.delete(id)
    return _to("/rehearse?done=deleted")


@router.get("/{id}/public/{channel}")
def feed(request: Request, desk: TheDesk, id: str, channel: str) -> Response:
    """Show all that the public saw of a channel at the end."""
    return _exhibition(request, desk, id, channel).feed()


@router.get("/{id}/public/{channel}/post")
def post(request: Request, desk: TheDesk, id: str, channel: str, name: Annotated[str, Query(max_length=300)]) -> Response:
    """Show one post as the public saw it."""
    return _exhibition(request, desk, id, channel).post(name)


@router.get("/{id}/media/{filename}")
def media(request: Request, desk: TheDesk, id: str, filename: str) -> Response:
    """Give a picture or clip that the public saw."""
    found = medium(_over(request, id).town, filename)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "Không có tệp này.")
    return found


def _exhibition(request: Request, desk: Desk, id: str, channel: str) -> Exhibition:
    run, base = _over(request, id), f"/rehearse/{id}"

    def post_address(row: Publication) -> str:
        return f"{base}/public/{channel}/post?{urlencode({'name': row.id})}"

    def media_address(shown: Media) -> str:
        return f"{base}/media/{shown.sha256}.{shown.extension}"

    at = Addresses(feed=f"{base}/public/{channel}", style="/rehearse/public.css", post=post_address, media=media_address)
    try:
        return Exhibition(run.town, platform_of(desk.outlook, channel), at)
    except KeyError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, "Kênh này không có trang công khai trong lần diễn tập.") from error


def _over(request: Request, id: str) -> Run:
    run = _rehearsals(request).shelf.find(id)
    if run is None or not run.over:
        raise HTTPException(HTTPStatus.NOT_FOUND, "Lần diễn tập này không còn, hoặc chưa xong.")
    return run


def _found(request: Request, id: str) -> Run | Asked | None:
    """Return a rehearsal that is over, what was asked for of one that is under way, or None."""
    running = _rehearsals(request).running()
    run = _rehearsals(request).shelf.find(id)
    if run is not None and run.over:
        return run
    return running if running is not None and running.id == id else None


def _live(request: Request, asked: Asked) -> tuple[Asked, Progress]:
    run = _rehearsals(request).shelf.find(asked.id)
    return asked, run.progress if run else Progress()


def _rehearsals(request: Request) -> Rehearsals:
    found: Rehearsals = request.app.state.rehearsals
    return found


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def _page(request: Request, desk: Desk, form: Filled, *, done: str = "", status: int = 200) -> HTMLResponse:
    view = {"page": read_rehearse(desk.outlook, _rehearsals(request), form, done)}
    return desk.renderer.page(request, "rehearse.html", view, active="rehearse", status=status)
