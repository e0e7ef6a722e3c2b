"""Units and people: who is in the office, what they may do, and whether they can sign in."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.people import Link
from desk.web.desk import Desk, TheDesk
from desk.web.moment_words import moment_words
from desk.web.people_reader import read_people
from desk.web.signed import acting
from editorial.problem import BadInput
from editorial.role import Person, Right

router = APIRouter(prefix="/people", include_in_schema=False)


@router.get("")
def show(request: Request, desk: TheDesk) -> HTMLResponse:
    """Show everybody, by unit."""
    return _page(request, desk)


@router.post("/{id}/invite")
def invite(request: Request, desk: TheDesk, id: str) -> HTMLResponse:
    """Make a link for somebody, and show it once."""
    by, person = acting(desk, Right.MANAGE), _person(desk, id)
    try:
        return _page(request, desk, desk.reception.invite(person, by=by.id))
    except BadInput as error:
        raise HTTPException(HTTPStatus.CONFLICT, error.problems[0].message) from error


@router.post("/{id}/reset")
def reset(request: Request, desk: TheDesk, id: str) -> HTMLResponse:
    """Take away what somebody signs in with, and show the link to begin anew once."""
    by, person = acting(desk, Right.MANAGE), _person(desk, id)
    return _page(request, desk, desk.reception.reset(person, by=by.id))


@router.post("/{id}/sign-out")
def sign_out(desk: TheDesk, id: str) -> Response:
    """End every session of somebody."""
    by, person = acting(desk, Right.MANAGE), _person(desk, id)
    desk.reception.sign_out(person, by=by.id)
    return RedirectResponse(f"/people#{person.id}", HTTPStatus.SEE_OTHER)


def _page(request: Request, desk: Desk, link: Link | None = None) -> HTMLResponse:
    shown = None
    if link is not None:
        base = desk.front.address or str(request.base_url).rstrip("/")
        shown = {"person": link.person.name, "address": f"{base}{link.path}", "until": moment_words(link.until)}
    view = {"page": read_people(desk, managed=desk.may(Right.MANAGE)), "link": shown}
    return desk.renderer.page(request, "people.html", view, active="people")


def _person(desk: Desk, id: str) -> Person:
    person = desk.bench.content.office.people.get(id)
    if person is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "Không có người này trong content/office.yaml.")
    return person
