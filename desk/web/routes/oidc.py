"""Sign in with the city's own account: to its server and back."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from desk.round_trip import RoundTrip
from desk.web.back import HOME, own_page
from desk.web.coming_in import come_in
from desk.web.cookies import ERRAND, leave_cookie, read_cookie, take_cookie
from desk.web.desk import Desk, TheDesk
from desk.web.kept import NOTHING
from desk.web.sign_in_pages import sign_in_page
from desk.web.visitor import where_of
from editorial.problem import BadInput, Problem
from editorial.role import Person

if TYPE_CHECKING:
    from desk.provider import Provider

router = APIRouter(prefix="/oidc", include_in_schema=False)

MINUTES = 10  # that an errand may take
LONGEST_PAGE = 400
BACK = "/oidc/back"


@router.get("/start")
def start(request: Request, desk: TheDesk, next: str = HOME) -> Response:
    """Send the browser to the server."""
    errand, page = RoundTrip.new(), own_page(next)
    try:
        answer = RedirectResponse(_provider(request, desk).address(errand), HTTPStatus.SEE_OTHER)
    except BadInput as error:
        return _failed(request, page, error)
    kept = page if len(page) <= LONGEST_PAGE else HOME
    leave_cookie(request, answer, ERRAND, f"{errand.word} {kept}".encode().hex(), lasting=MINUTES * 60)
    return answer


@router.get("/back")
def back(request: Request, desk: TheDesk, code: str = "", state: str = "") -> Response:
    """Let in whoever comes back with the server's word."""
    word, page = _errand(read_cookie(request, ERRAND))
    try:
        if not word or not code:
            message = "chưa đăng nhập được ở máy chủ tài khoản; hãy thử lại"
            raise BadInput(Problem(rule="provider", key="provider", message=message))
        named = _provider(request, desk).person(RoundTrip(word=word), code=code, state=state)
        person = _of_the_office(desk.bench.content.office.people, named)
    except BadInput as error:
        answer = _failed(request, page, error)
    else:
        came = desk.entrance.vouched_for(person, where_of(request), "tài khoản của cơ quan")
        answer = come_in(request, desk, came, next=page, kept=NOTHING)
    take_cookie(request, answer, ERRAND)
    return answer


def _provider(request: Request, desk: Desk) -> Provider:
    from desk.provider import Provider

    settings = desk.front.provider
    if settings is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    base = desk.front.address or str(request.base_url).rstrip("/")
    return Provider(settings, desk.bench.clock, f"{base}{BACK}")


def _of_the_office(people: Mapping[str, Person], named: str) -> Person:
    """Return whom the server means: by id, or by the address of mail that office.yaml has."""
    found = next((person for person in people.values() if named in (person.id, (person.email or "").casefold())), None)
    if found is None:
        message = "tài khoản của bạn chưa có trong danh sách people của content/office.yaml; hãy nhờ quản trị thêm"
        raise BadInput(Problem(rule="unknown-person", key="provider", message=message))
    return found


def _errand(cookie: str) -> tuple[str, str]:
    try:
        word, _, page = bytes.fromhex(cookie).decode().partition(" ")
    except ValueError:
        return "", HOME
    return word, own_page(page)


def _failed(request: Request, page: str, error: BadInput) -> Response:
    return sign_in_page(request, next=page, error=error, status=HTTPStatus.BAD_REQUEST)
