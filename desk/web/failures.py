"""What a reader sees when something is not there, not understood or broken."""

from __future__ import annotations

import logging
from html import escape
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match

from desk.api.mistakes import mistakes
from desk.api.problem_document import PREFIX, Refused, document
from desk.web.desk import desk_of
from desk.web.genuine import STALE, Stale
from desk.web.headers import SECURITY_HEADERS
from desk.web.prose import sentence
from editorial.problem import BadInput
from store.errors import Tampered
from store.trouble import TROUBLES, trouble

LOG = logging.getLogger(__name__)

_HEADINGS = {
    400: "Địa chỉ này có chỗ chưa đúng",
    403: "Bạn không có quyền làm việc này",
    404: "Không tìm thấy trang này",
    405: "Trang này không nhận thao tác đó",
    409: "Không còn đúng với tình trạng hiện nay",
}
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_AWAY = "Sổ của Loa chưa dùng được"
_LINES = {
    404: "Có thể địa chỉ bị gõ thiếu, hoặc mục này đã đổi tên.",
    405: "Hãy quay lại trang trước và thử bằng nút trên trang.",
}


def add_failures(app: FastAPI) -> None:
    """Answer every failure in plain words: a page for people, JSON under /api."""
    app.add_exception_handler(HTTPException, _not_there)
    app.add_exception_handler(BadInput, _not_understood)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Tampered, _tampered)
    app.add_exception_handler(RequestValidationError, _wrong_kind)
    app.add_exception_handler(Stale, _stale)
    app.add_exception_handler(ClientDisconnect, _gone)
    for kind in TROUBLES:
        app.add_exception_handler(kind, store_failed)
    app.add_exception_handler(Exception, _broken)


def _gone(_request: Request, _error: Exception) -> Response:
    """Answer nobody: the page was closed while it was still sending, which is no failure of ours."""
    return Response(status_code=400)


def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    own = error.detail != HTTPStatus(error.status_code).phrase
    if _by_program(request):
        headers = {"allow": ", ".join(_methods(request))} if error.status_code == 405 else error.headers
        return document(error.status_code, detail=sentence(error.detail) if own else "", headers=headers)
    said = error.detail if own else _LINES.get(error.status_code, "")
    return _answer(request, error.status_code, (said,))


def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, BadInput)
    if _by_program(request):
        return document(status_of(error), problems=error.problems)
    return _answer(request, status_of(error), tuple(sentence(problem.message) for problem in error.problems))


def _methods(request: Request) -> list[str]:
    """Return what the address takes: the router names the methods of the first route alone."""
    return [method for method in _METHODS if _takes(request, method)]


def _takes(request: Request, method: str) -> bool:
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return document(error.status, problems=error.problems, headers=error.headers)


def _by_program(request: Request) -> bool:
    return request.url.path.startswith(PREFIX)


def status_of(error: BadInput) -> int:
    """Return 403 for somebody who may not, 400 for what cannot be used."""
    return 403 if any(problem.rule == "no-right" for problem in error.problems) else 400


def _stale(request: Request, error: Exception) -> Response:
    """Show what was typed, to be sent again with the word of this session: our own page may have stood open since another one."""
    assert isinstance(error, Stale)
    LOG.info("%s %s: the word of another session, or none", request.method, request.url.path)
    line = "Trang gửi yêu cầu này mở từ phiên khác. Hãy tải lại trang rồi thử lại."
    if "hx-request" in request.headers:
        return Response(status_code=403, headers={"hx-reswap": "none", "hx-trigger": STALE, **SECURITY_HEADERS})
    if not error.kept or _by_program(request):
        return _answer(request, 403, (line,))
    return desk_of(request).renderer.page(request, "kept.html", {"kept": error.kept, "again": False}, status=403)


def _tampered(request: Request, error: Exception) -> Response:
    LOG.error("%s %s: %s", request.method, request.url.path, error)
    lines = ("Bản lưu của một bài không còn là bản đã ký.", "Hãy báo người quản trị xem ./loa audit verify.")
    return _answer(request, 409, lines)


def _wrong_kind(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if _by_program(request):
        return document(422, problems=mistakes(error.errors()))
    names = ", ".join(dict.fromkeys(str(each["loc"][-1]) for each in error.errors()))
    return _answer(request, 400, (f"Giá trị của “{names[:80]}” không dùng được; hãy mở lại trang từ thanh điều hướng.",))


def store_failed(request: Request, error: Exception) -> Response:
    """Answer for a store that is away, apart from other failures: the web server would print a traceback for each page."""
    if why := trouble(error):
        return _store_is_away(request, why)
    raise error


def _broken(request: Request, error: Exception) -> Response:
    LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    lines = ("Đã ghi lại lỗi. Các bài đã lên lịch không bị ảnh hưởng.", "Hãy thử lại; nếu vẫn lỗi, báo cho người quản trị.")
    return _answer(request, 500, lines)


def _store_is_away(request: Request, why: str) -> Response:
    """Say what is the matter without asking the store anything more: the usual page would."""
    LOG.info("%s %s: the store cannot be used: %s", request.method, request.url.path, why)
    said = f"Sổ của Loa {why}. Không bài nào mất, không bài nào đăng hai lần; khi sổ dùng lại được, Loa tự làm tiếp."
    if _by_program(request):
        return document(503, detail=said, headers={"retry-after": "5"})
    page = f"<!doctype html><html lang=vi><meta charset=utf-8><title>{_AWAY}</title><h1>{_AWAY}</h1><p>{escape(said)}</p></html>"
    return HTMLResponse(page, status_code=503, headers=SECURITY_HEADERS)


def _answer(request: Request, status: int, lines: tuple[str, ...]) -> Response:
    heading = _HEADINGS.get(status, "Có lỗi trong hệ thống" if status >= 500 else "Không làm được việc này")
    said = tuple(line for line in lines if line)
    if _by_program(request):
        return document(status, detail=" ".join(said))
    return desk_of(request).renderer.page(request, "error.html", {"heading": heading, "lines": said}, status=status)
