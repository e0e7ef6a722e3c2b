"""Where a reader goes back to: a page of this host, never another's."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request

HOME = "/calendar"
SIGN_IN = "/sign-in"
LONGEST = 2000


def page_before(request: Request) -> str:
    """Return the page of this host that the request came from; the calendar for any other."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.headers.get("host"):
        return HOME
    return own_page(came_from.path + (f"?{came_from.query}" if came_from.query else ""))


def own_page(text: str) -> str:
    """Return a path of this host as it is; the calendar for anything that a browser could take for another host."""
    plain = text.startswith("/") and not text.startswith("//") and text.isprintable() and "\\" not in text
    return text if plain and len(text) <= LONGEST else HOME


def sign_in_before(page: str) -> str:
    """Return the address that asks to sign in and then shows a page."""
    return SIGN_IN if page == HOME else f"{SIGN_IN}?{urlencode({'next': page})}"
