"""Sign in: name and password, then a one-time code; and sign out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from desk.web.back import HOME, SIGN_IN, own_page, sign_in_before
from desk.web.coming_in import come_in
from desk.web.cookies import SESSION, read_cookie, take_cookie
from desk.web.desk import Desk, TheDesk
from desk.web.kept import NOTHING, read_kept
from desk.web.sign_in_pages import code_page, codes_page, sign_in_page
from desk.web.visitor import Visitor, where_of
from editorial.problem import BadInput
from editorial.role import person_of
from store.sessions import Stage

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Form(max_length=4000)]
Kept = Annotated[str, Form(max_length=600_000)]


@router.get("/sign-in")
def ask(request: Request, desk: TheDesk, next: str = HOME) -> Response:
    """Ask for name and password; whoever is signed in goes on."""
    if desk.visitor is not None and desk.visitor.is_in:
        return _to(own_page(next))
    return sign_in_page(request, next=own_page(next))


@router.post("/sign-in")
def enter(
    request: Request, desk: TheDesk, name: Typed = "", password: Typed = "", next: Typed = HOME, kept: Kept = ""
) -> Response:
    """Take name and password."""
    typed = read_kept(kept)
    try:
        came = desk.entrance.enter(name, password, where_of(request))
    except BadInput as error:
        return sign_in_page(request, next=own_page(next), kept=typed, error=error, name=name[:80], status=_status(error))
    return come_in(request, desk, came, next=next, kept=typed)


@router.post("/sign-in/demo")
def as_demo(request: Request, desk: TheDesk, person: Typed, next: Typed = HOME, kept: Kept = "") -> Response:
    """Come in as somebody of the demo, by a button; anywhere else there is no such thing."""
    if not desk.front.demo:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    chosen = person_of(desk.bench.content.office.people, person, "person")
    came = desk.entrance.vouched_for(chosen, where_of(request), "diễn tập")
    return come_in(request, desk, came, next=next, kept=read_kept(kept))


@router.get("/sign-in/code")
def ask_code(request: Request, desk: TheDesk, next: str = HOME) -> Response:
    """Ask for a one-time code."""
    if _halfway(desk, Stage.CODE) is None:
        return _to(sign_in_before(own_page(next)))
    return code_page(request, next=own_page(next), kept=NOTHING)


@router.post("/sign-in/code")
def answer(request: Request, desk: TheDesk, code: Typed = "", next: Typed = HOME, kept: Kept = "") -> Response:
    """Take a one-time code."""
    visitor, typed = _halfway(desk, Stage.CODE), read_kept(kept)
    if visitor is None:
        return sign_in_page(request, next=own_page(next), kept=typed, status=HTTPStatus.UNAUTHORIZED)
    try:
        came = desk.entrance.answer(visitor.session, visitor.token, code, where_of(request))
    except BadInput as error:
        return code_page(request, next=own_page(next), kept=typed, error=error, status=_status(error))
    return come_in(request, desk, came, next=next, kept=typed)


@router.get("/sign-in/codes")
def ask_codes(request: Request, desk: TheDesk, next: str = HOME) -> Response:
    """Show what sets up one-time codes."""
    visitor = _halfway(desk, Stage.ENROL)
    if visitor is None:
        return _to(sign_in_before(own_page(next)))
    return codes_page(request, visitor, next=own_page(next), kept=NOTHING)


@router.post("/sign-in/codes")
def confirm(request: Request, desk: TheDesk, code: Typed = "", next: Typed = HOME, kept: Kept = "") -> Response:
    """Take a first code, and show the codes on paper once."""
    visitor, typed = _halfway(desk, Stage.ENROL), read_kept(kept)
    if visitor is None:
        return sign_in_page(request, next=own_page(next), kept=typed, status=HTTPStatus.UNAUTHORIZED)
    try:
        came = desk.entrance.confirm(visitor.session, visitor.token, code, where_of(request))
    except BadInput as error:
        return codes_page(request, visitor, next=own_page(next), kept=typed, error=error, status=_status(error))
    return come_in(request, desk, came, next=next, kept=typed)


@router.post("/sign-out")
def sign_out(request: Request, desk: TheDesk) -> Response:
    """End this session."""
    desk.bench.store.sessions.end(read_cookie(request, SESSION))
    answer = _to(SIGN_IN)
    take_cookie(request, answer, SESSION)
    return answer


@router.get("/session")
def session(desk: TheDesk) -> Response:
    """Tell a page that stood open who is signed in now, and the word for its forms."""
    visitor = desk.visitor
    word = visitor.csrf if visitor else ""
    return JSONResponse({"person": desk.person.id, "csrf": word}, headers={"cache-control": "no-store"})


def _halfway(desk: Desk, stage: Stage) -> Visitor | None:
    return desk.visitor if desk.visitor is not None and desk.visitor.session.stage is stage else None


def _status(error: BadInput) -> int:
    waits = any(problem.rule == "sign-in-later" for problem in error.problems)
    return HTTPStatus.TOO_MANY_REQUESTS if waits else HTTPStatus.BAD_REQUEST


def _to(page: str) -> RedirectResponse:
    return RedirectResponse(page, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})


