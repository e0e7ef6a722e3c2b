"""What a browser is answered when somebody has come in, or halfway: its cookies, and the page that they were on their way to."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.entrance import Came
from desk.web.back import own_page
from desk.web.cookies import HALF_A_YEAR, KNOWN, SESSION, leave_cookie, read_cookie
from desk.web.desk import Desk
from desk.web.kept import Kept
from desk.web.sign_in_pages import code_page, codes_page
from desk.web.visitor import Visitor
from store.sessions import Stage

STEPS = {Stage.CODE: "/sign-in/code", Stage.ENROL: "/sign-in/codes"}


def come_in(request: Request, desk: Desk, came: Came, *, next: str, kept: Kept) -> Response:
    """Give the browser its new session, in the place of any that it had, and show what comes next."""
    before = read_cookie(request, SESSION)
    if before:
        desk.bench.store.sessions.end(before, told=False)
    visitor = _as(request, desk, came)
    answer = _next(request, desk, came, visitor, own_page(next), kept)
    leave_cookie(request, answer, SESSION, came.token)
    if came.known:
        leave_cookie(request, answer, KNOWN, came.known, lasting=HALF_A_YEAR)
    return answer


def _as(request: Request, desk: Desk, came: Came) -> Visitor:
    """Let the page that is drawn now be the new session's: its forms carry that one's word."""
    session = desk.bench.store.sessions.find(came.token)
    if session is None:
        raise LookupError("a session that was just begun is not there")
    visitor = Visitor(person=came.person, session=session, token=came.token)
    request.scope["visitor"] = visitor
    return visitor


def _next(request: Request, desk: Desk, came: Came, visitor: Visitor, next: str, kept: Kept) -> Response:
    if came.recovery:
        view = {"codes": came.recovery, "next": next, "kept": kept}
        return desk.renderer.page(request, "recovery_codes.html", view)
    if came.stage is Stage.FULL:
        return desk.renderer.page(request, "kept.html", {"kept": kept, "again": True}) if kept else _to(next)
    if not kept:
        return _to(f"{STEPS[came.stage]}?{urlencode({'next': next})}")
    if came.stage is Stage.CODE:  # drawn at once: what was typed travels in the page
        return code_page(request, next=next, kept=kept)
    return codes_page(request, visitor, next=next, kept=kept)


def _to(page: str) -> Response:
    return RedirectResponse(page, HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})
