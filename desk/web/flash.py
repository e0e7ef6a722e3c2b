"""What a page says once, after something was done on another: kept in the reader's cookie until it is shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "said"
MINUTES = 10


@dataclass(frozen=True, kw_only=True)
class Flash:
    """What was done, where it is seen, and what takes it back: an address with the fields that it is sent."""

    words: str
    more: str = ""
    see: str = ""
    undo: Mapping[str, str] = field(default_factory=dict)


def keep_flash(answer: Response, flash: Flash, *, secure: bool) -> None:
    """Let the next page say it."""
    packed = base64.urlsafe_b64encode(json.dumps(asdict(flash)).encode()).decode()
    answer.set_cookie(COOKIE, packed, max_age=60 * MINUTES, path="/calendar", httponly=True, samesite="strict", secure=secure)


def read_flash(request: Request) -> Flash | None:
    """Return what is to be said; nothing where there is nothing, or a cookie that is not ours to read."""
    packed = request.cookies.get(COOKIE)
    if not packed:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(packed.encode()))
        undo = {str(key): str(value) for key, value in said["undo"].items()}
        see = str(said["see"])
        return Flash(words=str(said["words"]), more=str(said["more"]), see=see if see.startswith("/calendar?") else "", undo=undo)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def spend(answer: Response) -> None:
    """Say it no more."""
    answer.delete_cookie(COOKIE, path="/calendar")
