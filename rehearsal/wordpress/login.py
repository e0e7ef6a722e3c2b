"""Application passwords: HTTP Basic, 24 letters in groups of four, spaces ignored."""

from __future__ import annotations

import base64
import binascii

from rehearsal.call import Call
from rehearsal.wordpress.error import RestError

USER = "loa-dien-tap"
USER_ID = 2


def password(generation: int) -> str:
    """Give the application password of a generation; a fake that says so."""
    letters = f"rehearsalonlynotreal{generation:04d}"
    return " ".join(letters[at : at + 4] for at in range(0, 24, 4))


def check(call: Call, valid: str) -> bool:
    """Say whether a call is logged in; wrong credentials are refused, none are a visitor."""
    kind, _, value = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        user, _, given = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as problem:
        raise RestError("rest_not_logged_in", "You are not currently logged in.", 401) from problem
    if user != USER:
        raise RestError("invalid_username", "Unknown username. Check again or try your email address.", 401)
    if given.replace(" ", "") != valid.replace(" ", ""):
        raise RestError("incorrect_password", "The provided password is an invalid application password.", 401)
    return True
