"""Light, dark, or as the device has it: the reader's choice, kept in a cookie."""

from __future__ import annotations

from starlette.requests import Request

THEMES = ("light", "dark", "system")
COOKIE = "theme"
YEAR = 365 * 24 * 3600


def theme_of(request: Request) -> str:
    """Return the reader's choice; what nobody offered counts as none."""
    chosen = request.cookies.get(COOKIE, "system")
    return chosen if chosen in THEMES else "system"
