"""Who may call: one app, one Page, tokens that can die, and the optional proof."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from rehearsal.call import Call
from rehearsal.facebook.error import GraphError, dead_token

APP_ID = "990000000000126"
APP_SECRET = "rehearsal-facebook-app-secret"
PAGE_ID = "100000000000126"
USER_TOKEN = "rehearsal-facebook-user-token"
SHORT_TOKEN = "rehearsal-facebook-short-user-token"
SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_user_content",
    "read_insights",
)


def given(call: Call) -> str:
    """Find the access token of a call: query, body or Authorization header."""
    header = call.headers.get("authorization", "")
    kind, _, value = header.partition(" ")
    return call.text("access_token") or (value.strip() if kind.lower() in ("bearer", "oauth") else "")


EXPIRED = 463
_WHY = {
    458: "Error validating access token: The user has not authorized application",
    459: "Error validating access token: You cannot access the app till you log in to www.facebook.com",
    460: "Error validating access token: The session has been invalidated because the user has changed the password.",
    463: "Error validating access token: Session has expired.",
    464: "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.",
    467: "Invalid OAuth access token - Cannot parse access token",
    492: "Error validating access token: The user must be an administrator, editor, or moderator of the page",
}


def check(call: Call, *, valid: str, died: Callable[[str], int], proof_required: bool) -> str:
    """Admit a call and give the token it used; refuse as Graph does. `died` tells the subcode of an old Page token."""
    token = given(call)
    if not token:
        raise GraphError("An access token is required to request this resource.", code=104)
    if token not in (valid, USER_TOKEN, SHORT_TOKEN, f"{APP_ID}|{APP_SECRET}"):
        raise _refusal(token, died)
    _check_proof(call, token, required=proof_required)
    return token


def _refusal(token: str, died: Callable[[str], int]) -> GraphError:
    subcode = died(token) if token.startswith("rehearsal-facebook-page_token-") else 467
    return dead_token(subcode, _WHY.get(subcode, _WHY[EXPIRED]))


def _check_proof(call: Call, token: str, *, required: bool) -> None:
    proof = call.text("appsecret_proof")
    if not proof and required:
        raise GraphError("API calls from the server require an appsecret_proof argument", code=100, kind="GraphMethodException")
    expected = hmac.new(APP_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    if proof and not hmac.compare_digest(proof, expected):
        raise GraphError("Invalid appsecret_proof provided in the API argument", code=100, kind="GraphMethodException")
