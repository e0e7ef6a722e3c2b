"""Refuse what another site made the reader's browser send."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOrigin:
    """Let a change through only when the browser says that it comes from our own page.

    Browsers send Sec-Fetch-Site; older ones send Origin. A request with neither is refused: no page of ours makes one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE and not _is_welcome(scope):
            refusal = PlainTextResponse("Yêu cầu này không đến từ trang của Loa nên đã bị chặn.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_welcome(scope: Scope) -> bool:
    """Tell whether a page of ours, or a program, asks: no page of another site can make a browser send the header of a token."""
    headers = Headers(scope=scope)
    return is_own(headers) or (scope["path"].startswith("/api/") and (carries_token(headers) or "cookie" not in headers))


def carries_token(headers: Headers) -> bool:
    """Tell whether a request comes with a program's token, right or wrong: then no cookie of it counts."""
    return headers.get("authorization", "").lower().startswith("bearer ")


def is_own(headers: Headers) -> bool:
    """Tell whether the request was made by a page of this very host."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host")
