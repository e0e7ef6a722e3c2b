"""Calls to TikTok: JSON with the account's token, `data` beside an `error` whose code is `ok` for success; and bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from editorial.outcome import PublishError
from publishers.contract import Account
from publishers.secrecy import scrub
from publishers.tiktok.errors import CODES, TOKEN_OVER, UPLOADS
from publishers.tiktok.token import refresh
from publishers.tree import Tree
from publishers.verdict import UNLISTED, error_of
from publishers.wire import Answer, Call, Wire, uncertain

OK = "ok"


class OpenApi:
    """Speak to TikTok for one account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wire = Wire(account.deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def ask(self, path: str, body: Mapping[str, object] | None = None, **params: str) -> Tree:
        """Return the `data` of a call. None of these makes anything public: only the bytes of a clip do."""
        url = f"{self._account.base_url.rstrip('/')}/v2/{path}/"
        answer = self._fresh(Call(method="POST", url=url, params=params, json=body or {}))
        code = answer.tree.text("error", "code")
        if answer.ok and code == OK:
            return answer.tree.at("data")
        raise _refusal(answer, code, commit=False)

    def put(self, url: str, piece: bytes, span: str, media_type: str, *, commit: bool) -> Answer:
        """Send bytes to the address of an upload, which carries a right of its own; the last piece is the commit call."""
        headers = {"content-type": media_type, "content-range": span}
        return self._wire.send(Call(method="PUT", url=url, headers=headers, content=piece, commit=commit, upload=not commit))

    def _fresh(self, call: Call) -> Answer:
        """Make the call with a living token: a dead one is renewed and the call made again."""
        token = self._account.secrets.get("access_token")
        answer = self._wire.send(_signed(call, token))
        if answer.tree.text("error", "code") != TOKEN_OVER:
            return answer
        refresh(self._account, self._wire, token)
        return self._wire.send(_signed(call, self._account.secrets.get("access_token")))


def upload_refusal(answer: Answer, *, commit: bool) -> PublishError:
    """Return what it means that the upload server has not taken a piece."""
    code = answer.tree.text("error", "code")
    if code not in CODES and (ruling := UPLOADS.get(answer.status)):
        return error_of(ruling, scrub(answer.tree.text("error", "message")), code=str(answer.status), commit=commit)
    return _refusal(answer, code, commit=commit)


def _refusal(answer: Answer, code: str, *, commit: bool) -> PublishError:
    if answer.status >= 500 or code in ("", OK):
        return uncertain(code or str(answer.status), commit=commit)
    said = scrub(answer.tree.text("error", "message"))
    return error_of(CODES.get(code, UNLISTED), said, code=code, commit=commit, wait=answer.retry_after)


def _signed(call: Call, token: str) -> Call:
    return replace(call, headers={**call.headers, "authorization": f"Bearer {token}"})
