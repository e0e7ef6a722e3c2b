"""The city's own accounts: OpenID Connect, authorization code with PKCE. The server vouches for people, and does no more."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast
from urllib.parse import quote_plus, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from desk.provider_settings import ProviderSettings
from desk.round_trip import RoundTrip
from editorial.clock import Clock
from editorial.outcome import PublishError
from editorial.problem import BadInput, Problem
from publishers.wire import Call, Wire

DEADLINE = timedelta(seconds=10)  # for each call
LEEWAY = 60  # seconds that the server's clock may be off
# With a key of the server's, never with a shared secret.
SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "Ed25519"]
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class Provider:
    """The server of the city's accounts; `back` is our own address to which it sends people back."""

    def __init__(self, settings: ProviderSettings, clock: Clock, back: str) -> None:
        self._settings = settings
        self._clock = clock
        self._back = back

    def address(self, errand: RoundTrip) -> str:
        """Return where the browser is sent; raise BadInput where the server does not answer."""
        with _line() as wire:
            door = self._doors(wire)["authorization_endpoint"]
        asked = {
            "response_type": "code", "client_id": self._settings.client, "redirect_uri": self._back,
            "scope": "openid profile email", "state": errand.state, "nonce": errand.nonce,
            "code_challenge": errand.challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{door}{'&' if '?' in door else '?'}{urlencode(asked)}"

    def person(self, errand: RoundTrip, *, code: str, state: str) -> str:
        """Return what the server calls whoever comes back, once it has vouched for them to us; raise BadInput otherwise."""
        if not hmac.compare_digest(state.encode(), errand.state.encode()):
            raise BadInput(_problem("phiên đăng nhập này không bắt đầu từ trình duyệt này, hoặc đã quá lâu; hãy thử lại"))
        with _line() as wire:
            doors = self._doors(wire)
            word = self._fetched(wire, doors["token_endpoint"], errand, code)
            keys = _object(wire, Call(method="GET", url=doors["jwks_uri"]))
        return self._named(self._claims(word, keys, errand))

    def _doors(self, wire: Wire) -> Mapping[str, str]:
        """Return where the server's doors are, in its own words; raise BadInput where it is another than the settings name."""
        said = _object(wire, Call(method="GET", url=f"{self._settings.issuer}/.well-known/openid-configuration"))
        doors = {name: door for name in NEEDED if isinstance(door := said.get(name), str)}
        named = doors.get("issuer", "").rstrip("/") == self._settings.issuer
        if not named or len(doors) < len(NEEDED) or not all(_is_safe(door, self._settings.issuer) for door in doors.values()):
            raise BadInput(_problem("máy chủ tài khoản không tự giới thiệu đúng như thiết lập; hãy báo quản trị"))
        return doors

    def _fetched(self, wire: Wire, door: str, errand: RoundTrip, code: str) -> str:
        """Return the server's signed word, in exchange for the code that came with the browser."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._back, "code_verifier": errand.verifier}
        name, secret = quote_plus(self._settings.client), quote_plus(self._settings.secret)  # RFC 6749, section 2.3.1
        shown = base64.b64encode(f"{name}:{secret}".encode()).decode()
        answer = _object(wire, Call(method="POST", url=door, form=form, headers={"authorization": f"Basic {shown}"}))
        return str(answer.get("id_token", ""))

    def _claims(self, word: str, keys: Mapping[str, Any], errand: RoundTrip) -> Mapping[str, Any]:
        """Return what the word says of the person; raise BadInput where it is not signed, for us, of now and of this errand."""
        checks = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()), leeway=LEEWAY, exp={"essential": True}, iat={"essential": True},
            sub={"essential": True}, iss={"essential": True, "values": [self._settings.issuer, f"{self._settings.issuer}/"]},
            aud={"essential": True, "value": self._settings.client}, nonce={"essential": True, "value": errand.nonce},
        )  # fmt: skip
        try:
            known = KeySet.import_key_set(cast(KeySetSerialization, keys))
            claims = jwt.decode(word, known, algorithms=SIGNED_WITH).claims
            checks.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise BadInput(_problem("giấy xác nhận của máy chủ tài khoản không hợp lệ; hãy thử lại, rồi báo quản trị")) from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._settings.client:
            raise BadInput(_problem("giấy xác nhận của máy chủ tài khoản không hợp lệ; hãy thử lại, rồi báo quản trị"))
        return claims

    def _named(self, claims: Mapping[str, Any]) -> str:
        named = claims.get(self._settings.claim)
        if self._settings.claim == "email" and claims.get("email_verified") is not True:
            raise BadInput(_problem("máy chủ tài khoản chưa xác minh địa chỉ thư của bạn; hãy xác minh ở đó trước"))
        if not isinstance(named, str) or not named.strip():
            message = f"máy chủ tài khoản không cho biết “{self._settings.claim}”; hãy báo quản trị xem lại thiết lập"
            raise BadInput(_problem(message))
        return named.strip().casefold()


@contextmanager
def _line() -> Iterator[Wire]:
    wire = Wire(DEADLINE)
    try:
        yield wire
    finally:
        wire.close()


def _object(wire: Wire, call: Call) -> Mapping[str, Any]:
    """Return what the server answers; raise BadInput where it does not, or not with an object."""
    try:
        answer = wire.send(call)
    except PublishError as error:
        raise BadInput(_problem("máy chủ tài khoản không trả lời; hãy thử lại sau, hoặc đăng nhập bằng mật khẩu")) from error
    found = answer.tree.value
    if not answer.ok or not isinstance(found, dict):
        raise BadInput(_problem("máy chủ tài khoản không xác nhận lần đăng nhập này; hãy thử lại"))
    return found


def _is_safe(door: str, issuer: str) -> bool:
    """Tell whether a door is no less safe than the server's own address."""
    return door.startswith("https://") or (issuer.startswith("http://") and door.startswith("http://"))


def _problem(message: str) -> Problem:
    return Problem(rule="provider", key="provider", message=message)
