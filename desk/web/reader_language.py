"""The language in which somebody reads the desk: their choice, kept in a cookie; before it, what their browser asks for."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from desk.language import ENGLISH, VIETNAMESE, environment_language, speaking

LANGUAGES = (VIETNAMESE, ENGLISH)
COOKIE = "language"


class InReadersLanguage:
    """Answer every request in its reader's language."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with speaking(language_of(Request(scope))):
            await self._app(scope, receive, send)


def language_of(request: Request) -> str:
    """Return the reader's choice; without one the first of our languages that the browser asks for.

    Where it asks for none of them it is the environment's, which is Vietnamese where nothing is set.
    """
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else _asked_for(request.headers.get("accept-language", ""))


def _asked_for(header: str) -> str:
    """Read `Accept-Language`; a language that weighs nothing is not wanted, and of two that weigh the same the first is."""
    best, language = 0.0, environment_language()
    for part in header[:500].split(","):
        tag, _, rest = part.strip().partition(";")
        name, weight = tag.strip().lower().partition("-")[0], _weight(rest)
        if name in LANGUAGES and weight > best:
            best, language = weight, name
    return language


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
