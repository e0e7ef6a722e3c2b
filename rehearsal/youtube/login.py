"""Tokens of the channel's owner: the one handed out lives until it is made to expire, refreshed ones for an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call, JsonObject
from rehearsal.consent import BadCodeError, Consents, OtherAddressError, sent_back
from rehearsal.journal import Counter, Table
from rehearsal.youtube.error import ApiError

CLIENT_ID = "rehearsal-youtube-client.apps.example"
CLIENT_SECRET = "rehearsal-youtube-client-secret"
REFRESH_TOKEN = "rehearsal-youtube-refresh"
LIFE_SECONDS = 3599
SCOPES = "https://www.googleapis.com/auth/youtube https://www.googleapis.com/auth/youtube.force-ssl https://www.googleapis.com/auth/youtube.upload"


class Login:
    """Gives out access tokens and holds calls to them."""

    def __init__(self, keys: Table[str], counter: Counter, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._counter = counter
        self._now = now
        self.consents = Consents(keys, counter, now, prefix="rehearsal-youtube")

    @property
    def access(self) -> str:
        """Give an access token that is valid now."""
        return f"rehearsal-youtube-access-{self._keys.get('generation') or '1'}"

    def expire(self) -> None:
        """Let every access token be dead; refreshing helps."""
        self._keys.put("generation", str(self._counter.next("generation") + 1))
        self._keys.put("cut", str(self._counter.next("refreshed")))

    def check(self, call: Call) -> None:
        """Admit a call by its Bearer token."""
        kind, _, given = call.headers.get("authorization", "").partition(" ")
        given = given.strip() if kind.lower() == "bearer" else call.query.get("access_token", "")
        if given != self.access and not self._fresh(given):
            message = "Request had invalid authentication credentials. Expected OAuth 2 access token."
            raise ApiError(401, "authError", message, domain="global", location="Authorization")

    def authorize(self, call: Call) -> Response:
        """GET /o/oauth2/v2/auth: the owner agrees at once, unless they are to decline."""
        target, asked = call.query.get("redirect_uri", ""), call.query.get("scope", "").split()
        if call.query.get("client_id") != CLIENT_ID:
            return _refused(401, "invalid_client", "The OAuth client was not found.")
        if not self.consents.may_return_to(target):
            return _refused(400, "redirect_uri_mismatch", "The redirect URI in the request does not match the ones authorized.")
        if not asked or not set(asked) <= set(SCOPES.split()):
            return _refused(400, "invalid_scope", "Some requested scopes were invalid.")
        if call.query.get("response_type") != "code":
            return _refused(400, "unsupported_response_type", "Invalid response_type.")
        state = call.query.get("state", "")
        if self.consents.declines():
            return sent_back(target, error="access_denied", state=state)
        # A refresh token comes with the first consent alone, and with one that is asked for anew.
        lasting = call.query.get("access_type") == "offline" and call.query.get("prompt") == "consent"
        self._keys.put("lasting", "yes" if lasting else "")
        return sent_back(target, code=self.consents.give(target), state=state, scope=" ".join(asked))

    def token(self, call: Call) -> Response:
        """POST /token: an access token for a code, with a refresh token where that was asked for, or for a refresh token."""
        if call.form.get("grant_type") != "authorization_code":
            return self.refresh(call)
        if (call.form.get("client_id"), call.form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _refused(401, "invalid_client", "Unauthorized")
        try:
            self.consents.take(call.form.get("code", ""), call.form.get("redirect_uri", ""))
        except OtherAddressError:
            return _refused(400, "redirect_uri_mismatch", "Bad Request")
        except BadCodeError:
            return _refused(400, "invalid_grant", "Malformed auth code.")
        lasting = {"refresh_token": REFRESH_TOKEN} if self._keys.get("lasting") else {}
        return JSONResponse({**self._granted(), **lasting})

    def refresh(self, call: Call) -> Response:
        """POST /token with grant_type=refresh_token; no new refresh token comes with it."""
        if (call.form.get("client_id"), call.form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return JSONResponse({"error": "invalid_client", "error_description": "Unauthorized"}, status_code=401)
        if call.form.get("grant_type") != "refresh_token":
            return JSONResponse({"error": "unsupported_grant_type"}, status_code=400)
        if call.form.get("refresh_token") != REFRESH_TOKEN:
            return JSONResponse({"error": "invalid_grant", "error_description": "Bad Request"}, status_code=400)
        return JSONResponse(self._granted())

    def _granted(self) -> JsonObject:
        token = f"rehearsal-youtube-refreshed-{self._counter.next('refreshed')}"
        self._keys.put(token, (self._now() + timedelta(seconds=LIFE_SECONDS)).isoformat())
        return {"access_token": token, "expires_in": LIFE_SECONDS, "scope": SCOPES, "token_type": "Bearer"}

    def _fresh(self, token: str) -> bool:
        until = self._keys.get(token) if token.startswith("rehearsal-youtube-refreshed-") else None
        cut = int(self._keys.get("cut") or 0)
        return until is not None and int(token.rsplit("-", 1)[1]) > cut and datetime.fromisoformat(until) > self._now()


def _refused(status: int, error: str, described: str) -> Response:
    return JSONResponse({"error": error, "error_description": described}, status_code=status)
