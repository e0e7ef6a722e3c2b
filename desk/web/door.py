"""Who comes in: every page needs somebody who is signed in, but for the few that are open to anyone by their nature."""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.api.caller import Caller, find_caller, nobody
from desk.api.pace import Pace, too_often
from desk.api.problem_document import PREFIX, Refused, document
from desk.web.back import sign_in_before
from desk.web.cookies import SESSION, leave_cookie
from desk.web.failures import store_failed
from desk.web.headers import SECURITY_HEADERS
from desk.web.kept import keep
from desk.web.same_origin import SAFE, carries_token
from desk.web.sign_in_pages import sign_in_page
from desk.web.visitor import Visitor, find_visitor
from store.trouble import TROUBLES

# Open to anyone, and nobody's session is looked up: static files, feeds (with a word of their own), approved media by the digest
# of their bytes, which platforms fetch (docs/decisions/0005), and whether the desk is up.
PUBLIC = ("/static/", "/assets/fonts/", "/feeds/", "/media/", "/health")
ENTRY = ("/sign-in", "/welcome/", "/oidc/", "/theme", "/language")  # open too, and somebody may be known there
SIGNED_OUT = "loa:signed-out"  # what our pages hear when a part of them finds the session gone


class Door:
    """Find out who asks, and turn strangers to the sign-in page with what they typed still in their hands."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or (scope["type"] == "http" and _is_in(scope["path"], PUBLIC)):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if scope["path"].startswith(PREFIX) and carries_token(request.headers):
            await (await self._by_token(request) or self._app)(scope, receive, send)
            return
        desk = request.app.state.desk
        try:
            visitor = await run_in_threadpool(find_visitor, request, desk.bench.store, desk.bench.content.office.people)
        except TROUBLES as error:
            await store_failed(request, error)(scope, receive, send)
            return
        scope["visitor"] = visitor
        if _is_in(scope["path"], ENTRY) or (visitor is not None and visitor.is_in):
            await self._app(scope, receive, _with_cookie(request, visitor, send))
            return
        await (await _turned_away(request))(scope, receive, send)

    async def _by_token(self, request: Request) -> Response | None:
        """Find out whose program asks; return what it is told where it does not come in."""
        try:
            caller = await run_in_threadpool(find_caller, request, request.app.state.desk)
        except Refused as error:
            return document(error.status, problems=error.problems, headers=error.headers)
        except TROUBLES as error:
            return store_failed(request, error)
        request.scope["caller"] = caller
        return _too_often(request.app.state.pace, caller)


def _too_often(pace: Pace, caller: Caller) -> Response | None:
    seconds = pace.wait(caller.token or 0)
    if not seconds:
        return None
    refused = too_often(seconds)
    return document(refused.status, problems=refused.problems, headers=refused.headers)


def _is_in(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place.rstrip("/") or path.startswith(f"{place.rstrip('/')}/") for place in places)


def _with_cookie(request: Request, visitor: Visitor | None, send: Send) -> Send:
    """Give the browser the token of a session that was renewed, with whatever is answered."""
    if visitor is None or not visitor.renewed:
        return send
    carrier = Response()
    leave_cookie(request, carrier, SESSION, visitor.token)
    cookie = carrier.headers["set-cookie"].encode("latin-1")

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
        await send(message)

    return send_with_cookie


async def _turned_away(request: Request) -> Response:
    if request.url.path.startswith(PREFIX):
        refused = nobody()
        return document(refused.status, problems=refused.problems, headers=refused.headers)
    if "hx-request" in request.headers:  # the page with all that was typed stands in the browser: it says what to do
        headers = {"hx-reswap": "none", "hx-trigger": SIGNED_OUT, **SECURITY_HEADERS}
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers=headers)
    if request.method in SAFE:
        page = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(sign_in_before(page), HTTPStatus.SEE_OTHER, headers={"cache-control": "no-store"})
    return await run_in_threadpool(sign_in_page, request, kept=await keep(request), status=HTTPStatus.UNAUTHORIZED)
