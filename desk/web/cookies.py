"""The cookies that say who somebody is. Over https their names begin with __Host-, so that no other host can set them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

SESSION, KNOWN, ERRAND = "loa", "loa-known", "loa-errand"
HALF_A_YEAR = 180 * 24 * 3600
LONGEST = 1000  # letters of a value that could be ours


def is_secure(request: Request) -> bool:
    """Tell whether the reader's browser speaks https, to us or to the proxy before us."""
    desk = request.app.state.desk
    return request.url.scheme == "https" or bool(desk.front.is_https)


def read_cookie(request: Request, name: str) -> str:
    """Return a cookie of ours; empty where the browser has none."""
    value = request.cookies.get(_named(request, name), "")
    return value if value.isascii() and len(value) <= LONGEST else ""


def leave_cookie(request: Request, answer: Response, name: str, value: str, *, lasting: int | None = None) -> None:
    """Leave a cookie in the browser, until it is closed or for `lasting` seconds; no script can read it."""
    answer.set_cookie(
        _named(request, name), value, max_age=lasting, path="/", httponly=True, samesite="lax", secure=is_secure(request)
    )


def take_cookie(request: Request, answer: Response, name: str) -> None:
    """Take a cookie out of the browser."""
    secure = is_secure(request)
    answer.delete_cookie(_named(request, name), path="/", httponly=True, samesite="lax", secure=secure)


def _named(request: Request, name: str) -> str:
    return f"__Host-{name}" if is_secure(request) else name
