"""The city's own accounts: OpenID Connect, authorization code with PKCE. One door to the server that vouches for people."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from desk.provider_settings import ProviderSettings
from editorial.clock import Clock
from editorial.problem import BadInput, Problem

SECONDS = 10.0  # for each call
LEEWAY = 60  # seconds that the server's clock may be off
SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]  # with a key of the server's; never a shared secret
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One way to the server and back: everything that ties the answer to this browser comes from one word in its cookie."""

    word: str = field(repr=False)

    @classmethod
    def new(cls) -> Errand:
        """Begin an errand."""
        return cls(word=secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        return self._of("state")

    @property
    def nonce(self) -> str:
        return self._of("nonce")

    @property
    def verifier(self) -> str:
        return self._of("verifier")

    def _of(self, what: str) -> str:
        return hmac.new(self.word.encode(), what.encode(), hashlib.sha256).hexdigest()


class Provider:
    """The server of the city's accounts; `back` is our own address to which it sends people back."""

    def __init__(self, settings: ProviderSettings, clock: Clock, back: str) -> None:
        self._settings = settings
        self._clock = clock
        self._back = back

    def address(self, errand: Errand) -> str:
        """Return where the browser is sent; raise BadInput where the server does not answer."""
        with self._client() as client:
            place = _said(client, self._settings.issuer)["authorization_endpoint"]
            made: str = client.create_authorization_url(
                place, state=errand.state, nonce=errand.nonce, code_verifier=errand.verifier
            )[0]
        return made

    def person(self, errand: Errand, *, code: str, state: str) -> str:
        """Return what the server calls whoever comes back, once it has vouched for them to us; raise BadInput otherwise."""
        if not hmac.compare_digest(state.encode(), errand.state.encode()):
            raise BadInput(_problem("phiên đăng nhập này không bắt đầu từ trình duyệt này, hoặc đã quá lâu; hãy thử lại"))
        try:
            with self._client() as client:
                known = _said(client, self._settings.issuer)
                given = client.fetch_token(known["token_endpoint"], code=code, code_verifier=errand.verifier)
                keys = KeySet.import_key_set(cast(KeySetSerialization, _json(client, known["jwks_uri"])))
        except (httpx.HTTPError, AuthlibBaseError, JoseError, ValueError) as error:
            raise BadInput(_problem("máy chủ tài khoản không xác nhận lần đăng nhập này; hãy thử lại")) from error
        return self._named(self._claims(given, keys, errand, self._clock.now()))

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            self._settings.client, self._settings.secret, scope="openid profile email", redirect_uri=self._back,
            code_challenge_method="S256", timeout=SECONDS, follow_redirects=False,
        )  # fmt: skip

    def _claims(self, given: dict[str, Any], keys: KeySet, errand: Errand, now: datetime) -> dict[str, Any]:
        """Return what the signed token says of the person; raise BadInput where it is not for us, of now and of this errand."""
        try:
            token = jwt.decode(str(given.get("id_token", "")), keys, algorithms=SIGNED_WITH)
            options = {
                "iss": {"essential": True, "value": self._settings.issuer},
                "aud": {"essential": True, "value": self._settings.client},
                "nonce": {"essential": True, "value": errand.nonce},
            }
            params = {"client_id": self._settings.client, "nonce": errand.nonce, "access_token": given.get("access_token")}
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError) as error:
            raise BadInput(_problem("giấy xác nhận của máy chủ tài khoản không hợp lệ; hãy thử lại, rồi báo quản trị")) from error
        return dict(claims)

    def _named(self, claims: dict[str, Any]) -> str:
        named = claims.get(self._settings.claim)
        if self._settings.claim == "email" and claims.get("email_verified") is not True:
            raise BadInput(_problem("máy chủ tài khoản chưa xác minh địa chỉ thư của bạn; hãy xác minh ở đó trước"))
        if not isinstance(named, str) or not named.strip():
            message = f"máy chủ tài khoản không cho biết “{self._settings.claim}”; hãy báo quản trị xem lại thiết lập"
            raise BadInput(_problem(message))
        return named.strip().casefold()


def _said(client: OAuth2Client, issuer: str) -> dict[str, str]:
    """Return where the server's doors are, in its own words; raise BadInput where it does not say so, or is another."""
    try:
        said = _json(client, f"{issuer}/.well-known/openid-configuration")
    except (httpx.HTTPError, ValueError) as error:
        raise BadInput(_problem("máy chủ tài khoản không trả lời; hãy thử lại sau, hoặc đăng nhập bằng mật khẩu")) from error
    doors = {name: said.get(name) for name in NEEDED}
    named = str(doors["issuer"]).rstrip("/") == issuer
    if not named or not all(isinstance(door, str) and _is_like(door, issuer) for door in doors.values()):
        raise BadInput(_problem("máy chủ tài khoản không tự giới thiệu đúng như thiết lập; hãy báo quản trị"))
    return {name: str(door) for name, door in doors.items()}


def _is_like(door: str, issuer: str) -> bool:
    """Tell whether a door is no less safe than the server's own address."""
    return door.startswith("https://") or (issuer.startswith("http://") and door.startswith("http://"))


def _json(client: OAuth2Client, address: str) -> dict[str, Any]:
    answer = client.get(address, withhold_token=True)
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError(f"no object at {address}")
    return found


def _problem(message: str) -> Problem:
    return Problem(rule="provider", key="provider", message=message)
