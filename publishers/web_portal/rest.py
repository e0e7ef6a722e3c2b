"""Calls to WordPress's REST API: Basic with an application password, errors by their code string."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypedDict

from editorial.outcome import RateLimited, Refused, Unauthorized
from publishers.contract import Account
from publishers.fingerprint import fingerprint
from publishers.secrecy import scrub
from publishers.tree import Tree
from publishers.verdict import UNLISTED, error_of
from publishers.web_portal.errors import CODES, GONE, TOO_BIG
from publishers.wire import Answer, Call, Part, Wire, uncertain


class Place(TypedDict):
    """The part of a call that says what it is about."""

    url: str
    params: Mapping[str, str]


class Rest:
    """Speak to one WordPress."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wire = Wire(account.deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def get(self, path: str, **params: str) -> Tree:
        """Return an object or a list."""
        return accepted(self.ask("GET", path, params), commit=False)

    def get_or_none(self, path: str, **params: str) -> Tree | None:
        """Return an object, or None when it is not there."""
        answer = self.ask("GET", path, params)
        return None if answer.tree.text("code") in GONE else accepted(answer, commit=False)

    def post(self, path: str, body: Mapping[str, object], *, commit: bool = False) -> Tree:
        """Create or change an object and return it."""
        return accepted(self._send(Call(method="POST", **self._place(path), json=body, commit=commit)), commit=commit)

    def upload(self, path: str, form: Mapping[str, str], file: Part) -> Answer:
        """Send a file with fields; the answer is returned unjudged, because a failed one may name what it left behind."""
        return self._send(Call(method="POST", **self._place(path), form=form, files={"file": file}, upload=True))

    def ask(self, method: str, path: str, params: Mapping[str, str]) -> Answer:
        """Make a call without a body; the answer is returned unjudged."""
        return self._send(Call(method=method, **self._place(path, params)))

    def fingerprint(self, address: str) -> str:
        """Return the digest of what is at a public address, asked for as any reader would."""
        return fingerprint(self._account, self._wire, address)

    def _send(self, call: Call) -> Answer:
        secrets = self._account.secrets
        pair = f"{secrets.get('username')}:{secrets.get('application_password')}"
        headers = {**call.headers, "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        return self._wire.send(replace(call, headers=headers))

    def _place(self, path: str, params: Mapping[str, str] | None = None) -> Place:
        """Return where a resource is: below /wp-json/, or, on a site without permalinks, named in the query."""
        base, route = self._account.base_url.rstrip("/"), f"/wp/v2/{path}"
        if self._account.settings.get("plain_permalinks") == "true":
            return {"url": f"{base}/", "params": {"rest_route": route, **(params or {})}}
        return {"url": f"{base}/wp-json{route}", "params": params or {}}


def accepted(answer: Answer, *, commit: bool) -> Tree:
    """Return the answer's JSON; raise what its code, or its bare status, stands for."""
    if answer.ok and answer.tree:
        return answer.tree
    code = answer.tree.text("code")
    if answer.status == 429:
        raise RateLimited("Cổng bảo chờ", wait=answer.retry_after or timedelta(minutes=1), code=code or "429")
    if code and answer.status < 500:
        raise error_of(CODES.get(code, UNLISTED), scrub(answer.tree.text("message")), code=code, commit=commit)
    if answer.status == 401:
        raise Unauthorized("Cổng không nhận mật khẩu ứng dụng; hãy kết nối lại", code="401")
    if answer.status == TOO_BIG:
        raise Refused("tệp quá lớn với Cổng; hãy xuất lại nhỏ hơn", code="413")
    raise uncertain(code or str(answer.status), commit=commit)
