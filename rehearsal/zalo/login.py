"""Tokens of Zalo's OAuth: an hour of access, refresh tokens that work once."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from starlette.responses import JSONResponse, Response

from rehearsal.call import Call
from rehearsal.consent import BadCodeError, Consents, OtherVerifierError, sent_back
from rehearsal.journal import Counter, Table
from rehearsal.zalo.error import BAD_PROOF, BAD_TOKEN, EXPIRED_TOKEN, ZaloError

APP_ID = "1260000000000000126"
SECRET_KEY = "rehearsal-zalo-app-secret"
OA_ID = "4000000000000000126"
OA_SECRET_KEY = "rehearsal-zalo-oa-secret"  # of webhooks; not the application's
ACCESS_SECONDS = 3600  # as of 2026; older guides say 90000
REFRESH_LIFE = timedelta(days=90)
CODE_LIFE = timedelta(minutes=1)  # "very short lived"


class Login:
    """Gives out tokens and holds calls to them."""

    def __init__(
        self, keys: Table[str], counter: Counter, now: Callable[[], datetime], access_seconds: int = ACCESS_SECONDS
    ) -> None:
        self._keys = keys
        self._counter = counter
        self._now = now
        self._access_seconds = access_seconds
        self.consents = Consents(keys, counter, now, prefix="rehearsal-zalo", life=CODE_LIFE)

    @property
    def pair(self) -> tuple[str, str]:
        """Give the newest access and refresh token."""
        if self._keys.get("access") is None:
            self._renew()
        return self._keys.get("access") or "", self._keys.get("refresh") or ""

    def expire(self) -> None:
        """Let the access token be expired; its refresh token still works."""
        self._keys.put("expired", self.pair[0])

    def check(self, call: Call) -> None:
        """Admit a call by its header (or query) token and the optional proof."""
        given = call.headers.get("access_token") or call.query.get("access_token", "")
        access = self.pair[0]
        if not given or given != access:
            old = given.startswith("rehearsal-zalo-access-")
            raise ZaloError(EXPIRED_TOKEN if old else BAD_TOKEN, "Access token has expired" if old else "Access token is invalid")
        if self._keys.get("expired") == access or self._age() >= timedelta(seconds=self._access_seconds):
            raise ZaloError(EXPIRED_TOKEN, "Access token has expired")
        proof = call.headers.get("appsecret_proof")
        expected = hmac.new(SECRET_KEY.encode(), given.encode(), hashlib.sha256).hexdigest()
        if proof and not hmac.compare_digest(proof, expected):
            raise ZaloError(BAD_PROOF, "appsecret_proof is invalid")

    def permission(self, call: Call) -> Response:
        """GET /v4/oa/permission: the administrator agrees at once."""
        target = call.query.get("redirect_uri", "")
        if call.query.get("app_id") != APP_ID or not self.consents.may_return_to(target):
            return _oauth_error(-14003, "Invalid redirect uri")
        code = self.consents.give(target, call.query.get("code_challenge", ""))
        return sent_back(target, code=code, oa_id=OA_ID, state=call.query.get("state", ""))

    def exchange(self, call: Call) -> Response:
        """POST /v4/oa/access_token: a code or a refresh token for a new pair; each works once."""
        if call.headers.get("secret_key") != SECRET_KEY:
            return _oauth_error(-14004, "Invalid secret key")
        if call.form.get("app_id") != APP_ID:
            return _oauth_error(-14002, "Invalid application")
        kind = call.form.get("grant_type")
        if kind == "authorization_code":
            try:
                self.consents.take(call.form.get("code", ""), is_met=partial(_is_met, call.form.get("code_verifier", "")))
            except OtherVerifierError:
                return _oauth_error(-14010, "Invalid code verifier")
            except BadCodeError:
                return _oauth_error(-14012, "Invalid authorization code")
        elif kind != "refresh_token" or call.form.get("refresh_token") != self.pair[1] or self._age() > REFRESH_LIFE:
            return _oauth_error(-14014, "Invalid refresh token")
        access, refresh = self._renew()
        return JSONResponse({"access_token": access, "refresh_token": refresh, "expires_in": str(self._access_seconds)})

    def _renew(self) -> tuple[str, str]:
        number = self._counter.next("pair")
        self._keys.put("issued", self._now().isoformat())
        return (
            self._keys.put("access", f"rehearsal-zalo-access-{number}"),
            self._keys.put("refresh", f"rehearsal-zalo-refresh-{number}"),
        )

    def _age(self) -> timedelta:
        return self._now() - datetime.fromisoformat(self._keys.get("issued") or self._now().isoformat())


def _is_met(verifier: str, challenge: str) -> bool:
    """Hold the verifier against the challenge of the sign-in; one without a challenge needs none, as many apps do."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge


def _oauth_error(code: int, reason: str) -> Response:
    body = {"error": code, "error_name": reason, "error_reason": reason, "error_description": reason, "message": reason}
    return JSONResponse(body)
