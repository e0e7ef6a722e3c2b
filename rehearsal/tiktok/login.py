"""Tokens of TikTok's OAuth: a day of access, a year of refreshing; each refresh gives a new pair and ends the old one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call, JsonObject
from rehearsal.consent import BadCodeError, Consents, sent_back
from rehearsal.journal import Counter, Table
from rehearsal.tiktok.error import ApiError, oauth_error

CLIENT_KEY = "rehearsaltiktok0126"
CLIENT_SECRET = "rehearsal-tiktok-client-secret"
OPEN_ID = "rehearsal-open-id-0126"
ACCESS_SECONDS, REFRESH_SECONDS = 86_400, 31_536_000
SCOPES = ("user.info.basic", "video.publish", "video.upload", "video.list")


class Login:
    """Gives out tokens and holds calls to them; `scopes` are those that the creator grants."""

    def __init__(self, keys: Table[str], counter: Counter, now: Callable[[], datetime], scopes: tuple[str, ...] = SCOPES) -> None:
        self._keys = keys
        self._counter = counter
        self._now = now
        self._scopes = scopes
        self.consents = Consents(keys, counter, now, prefix="rehearsal-tiktok")

    @property
    def pair(self) -> tuple[str, str]:
        """Give the newest access and refresh token."""
        if self._keys.get("access") is None:
            self._renew()
        return self._keys.get("access") or "", self._keys.get("refresh") or ""

    def expire(self) -> None:
        """Let the access token be dead; its refresh token still works."""
        self._keys.put("expired", self.pair[0])

    def check(self, call: Call, *scopes: str) -> str:
        """Admit a call by its Bearer token, which needs one of the scopes; give the token."""
        kind, _, given = call.headers.get("authorization", "").partition(" ")
        given = given.strip() if kind.lower() == "bearer" else ""
        dead = given != self.pair[0] or self._keys.get("expired") == given or self._age() >= timedelta(seconds=ACCESS_SECONDS)
        if not given or dead:
            raise ApiError("access_token_invalid", "The access token is invalid or not found in the request.")
        if not set(scopes) & set(self._scopes):
            raise ApiError("scope_not_authorized", f"The user did not authorize the scope required: {' or '.join(scopes)}.")
        return given

    def authorize(self, call: Call, log_id: str) -> Response:
        """GET /v2/auth/authorize/: the creator agrees at once."""
        target = call.query.get("redirect_uri", "")
        wanted = call.query.get("scope", "").split(",")
        if call.query.get("client_key") != CLIENT_KEY or call.query.get("response_type") != "code":
            return oauth_error("invalid_request", "client_key or response_type is not correct", log_id)
        if not self.consents.may_return_to(target) or not set(wanted) <= set(SCOPES):
            return oauth_error("invalid_request", "redirect_uri or scope is not correct", log_id)
        state = call.query.get("state", "")
        if self.consents.declines():
            described = "The user did not authorize the request"
            return sent_back(target, error="access_denied", error_description=described, state=state)
        code = self.consents.give(target, call.query.get("code_challenge", ""))
        return sent_back(target, code=code, scopes=",".join(wanted), state=state)

    def token(self, call: Call, log_id: str) -> Response:
        """POST /v2/oauth/token/: a code or a refresh token for a new pair; each works once."""
        if (call.form.get("client_key"), call.form.get("client_secret")) != (CLIENT_KEY, CLIENT_SECRET):
            return oauth_error("invalid_client", "Client key or secret is incorrect.", log_id)
        match call.form.get("grant_type"):
            case "authorization_code" if self._is_good_code(call):
                pass
            case "refresh_token" if self._is_good_refresh(call):
                pass
            case "authorization_code":
                return oauth_error("invalid_grant", "Authorization code is expired or wrong.", log_id)
            case "refresh_token":
                return oauth_error("invalid_grant", "Refresh token is invalid or expired.", log_id)
            case _:
                return oauth_error("unsupported_grant_type", "The grant type is not supported.", log_id)
        return JSONResponse(self._described())

    def revoke(self, call: Call, log_id: str) -> Response:
        """POST /v2/oauth/revoke/: end the pair."""
        if (call.form.get("client_key"), call.form.get("client_secret")) != (CLIENT_KEY, CLIENT_SECRET):
            return oauth_error("invalid_client", "Client key or secret is incorrect.", log_id)
        if call.form.get("token") != self.pair[0]:
            return oauth_error("invalid_grant", "Access token is invalid.", log_id)
        self._renew()
        return JSONResponse({})

    def _is_good_code(self, call: Call) -> bool:
        shown = hashlib.sha256(call.form.get("code_verifier", "").encode()).hexdigest()  # hex, not base64url
        try:
            self.consents.take(call.form.get("code", ""), call.form.get("redirect_uri", ""), lambda challenge: shown == challenge)
        except BadCodeError:
            return False
        return True

    def _is_good_refresh(self, call: Call) -> bool:
        return call.form.get("refresh_token") == self.pair[1] and self._age() < timedelta(seconds=REFRESH_SECONDS)

    def _described(self) -> JsonObject:
        access, refresh = self._renew()
        return {
            "access_token": access, "expires_in": ACCESS_SECONDS, "open_id": OPEN_ID, "refresh_token": refresh,
            "refresh_expires_in": REFRESH_SECONDS, "scope": ",".join(self._scopes), "token_type": "Bearer",
        }  # fmt: skip

    def _renew(self) -> tuple[str, str]:
        number = self._counter.next("pair")
        self._keys.put("issued", self._now().isoformat())
        return (
            self._keys.put("access", f"act.rehearsal-tiktok-{number}"),
            self._keys.put("refresh", f"rft.rehearsal-tiktok-{number}"),
        )

    def _age(self) -> timedelta:
        return self._now() - datetime.fromisoformat(self._keys.get("issued") or self._now().isoformat())
