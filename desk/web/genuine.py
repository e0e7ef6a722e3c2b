"""Refuse a change that does not carry the word of the session: beside SameOrigin, a second lock on the same door."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from desk.web.kept import CSRF, NOTHING, Kept, kept_of
from desk.web.same_origin import SAFE
from desk.web.visitor import visitor_of

HEADER = "x-csrf"
SIGNING_IN = frozenset({"/sign-in", "/sign-in/demo"})  # there a session is only begun, whatever other tab has one meanwhile
STALE = "loa:stale"  # what our pages hear when they have to fetch the word of the session anew


class Stale(Exception):
    """A form of another session, such as a page that stood open while somebody signed in anew."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        super().__init__("the word of another session, or none")


async def genuine(request: Request) -> None:
    """Raise Stale where a change does not come from a page of this very session; somebody without one is the door's business."""
    visitor = visitor_of(request)
    if visitor is None or request.method in SAFE or request.url.path in SIGNING_IN:
        return
    said = request.headers.get(HEADER)
    form = None if said is not None else await request.form()
    word = said if said is not None else form.get(CSRF, "") if form is not None else ""
    if not hmac.compare_digest(str(word).encode(), visitor.csrf.encode()):
        raise Stale(kept_of(request, form) if form is not None else NOTHING)
