"""The HTTP object that Google's client asks for, over our own wire.

Its usual one, httplib2, sends a request again when the connection breaks before an answer, also one that is not repeatable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import IO, Any

import httplib2  # type: ignore[import-untyped]

from editorial.outcome import Unauthorized, Unavailable
from publishers.contract import Account
from publishers.renewal import renew
from publishers.secrecy import scrub
from publishers.wire import Answer, Call, Wire

NOT_NOW = frozenset({"internal_failure", "server_error", "temporarily_unavailable"})  # the token server, as in google-auth


class GoogleHttp:
    """Make the client's calls with the account's token; `on_session` hears of an upload session before its first byte."""

    def __init__(
        self, account: Account, wire: Wire, *, commit: bool = False, on_session: Callable[[str], None] | None = None
    ) -> None:
        self._account = account
        self._wire = wire
        self._commit = commit
        self._on_session = on_session

    def request(
        self, uri: str, method: str = "GET", body: object = None, headers: Mapping[str, str] | None = None, **_unused: Any
    ) -> tuple[httplib2.Response, bytes]:
        """Return (response, body) as httplib2 would."""
        content = _bytes(body)
        kept = {name: value for name, value in (headers or {}).items() if name.lower() != "content-length"}
        upload = len(content) > 65_536
        answer = self.send(Call(method=method, url=uri, headers=kept, content=content, commit=self._commit, upload=upload))
        session = answer.headers.get("location")
        if session and self._on_session is not None:
            self._on_session(session)
        return httplib2.Response({**answer.headers, "status": str(answer.status)}), answer.body

    def send(self, call: Call) -> Answer:
        """Make the call; with a dead token refresh it and call again, but never the commit call."""
        token = self._account.secrets.get("access_token")
        answer = self._wire.send(_signed(call, token))
        if answer.status != 401:
            return answer
        refresh(self._account, self._wire, token)
        if call.commit:
            raise Unavailable("mã kết nối YouTube vừa được làm mới; chưa có gì được đăng, Loa sẽ gửi lại", code="token-refreshed")
        return self._wire.send(_signed(call, self._account.secrets.get("access_token")))


def refresh(account: Account, wire: Wire, dead: str) -> None:
    """Replace the access token `dead`, unless somebody else has; raise Unauthorized when the channel must be reconnected."""

    def ask() -> Mapping[str, str]:
        form = {name: account.secrets.get(name) for name in ("refresh_token", "client_id", "client_secret")}
        url = account.settings["token_uri"]
        return _granted(wire.send(Call(method="POST", url=url, form={**form, "grant_type": "refresh_token"})))

    renew(account, dead, ask)


def _granted(answer: Answer) -> dict[str, str]:
    """Return the new tokens. Google keeps the refresh token; where it does send a new one, the old one is dead."""
    said, code = answer.tree, answer.tree.text("error")
    if said.text("access_token"):
        return {name: said.text(name) for name in ("access_token", "refresh_token") if said.text(name)}
    if not code or code in NOT_NOW or answer.status >= 500:
        raise Unavailable("máy chủ cấp mã của Google chưa trả lời được; Loa sẽ thử lại", code=code or str(answer.status))
    described = scrub(said.text("error_description"))
    raise Unauthorized(f"YouTube không cấp mã mới; hãy kết nối lại kênh. {described}".strip(), code=code)


def _signed(call: Call, token: str) -> Call:
    return replace(call, headers={**call.headers, "authorization": f"Bearer {token}"})


def _bytes(body: object) -> bytes:
    match body:
        case None:
            return b""
        case bytes():
            return body
        case str():
            return body.encode()
        case _:
            stream: IO[bytes] = body  # type: ignore[assignment]  # the client hands over a slice of the file, which has read()
            return stream.read()
