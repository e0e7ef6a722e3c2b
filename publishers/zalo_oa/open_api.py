"""Calls to Zalo's OpenAPI: HTTP 200 whatever happened, the truth in `error`, the token in a header."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace

from editorial.outcome import RateLimited, Unavailable
from publishers.contract import Account
from publishers.secrecy import scrub
from publishers.tree import Tree
from publishers.verdict import UNLISTED, error_of
from publishers.wire import Answer, Call, Part, Wire, uncertain
from publishers.zalo_oa.errors import CODES, GONE, TOKEN_OVER
from publishers.zalo_oa.token import refresh


class OpenApi:
    """Speak to Zalo for one Official Account."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wire = Wire(account.deadline)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def get(self, path: str, **params: str) -> Tree:
        """Return the `data` of a read."""
        return self._data(Call(method="GET", url=self._url(path), params=params))

    def get_or_none(self, path: str, **params: str) -> Tree | None:
        """Return the `data` of a read, or None when there is no such article."""
        answer = self._fresh(Call(method="GET", url=self._url(path), params=params))
        return None if answer.tree.text("error") in GONE else self._accepted(answer, commit=False)

    def post(self, path: str, body: Mapping[str, object], *, commit: bool = False) -> Tree:
        """Send JSON and return the `data`."""
        return self._data(Call(method="POST", url=self._url(path), json=body, commit=commit))

    def about(self) -> Tree:
        """Return what Zalo says of the Official Account itself."""
        return self._data(Call(method="GET", url=f"{self._account.base_url.rstrip('/')}/v2.0/oa/getoa"))

    def upload(self, path: str, file: Part) -> Tree:
        """Send a file and return the `data`."""
        return self._data(Call(method="POST", url=self._url(path), files={"file": file}, upload=True))

    def _data(self, call: Call) -> Tree:
        return self._accepted(self._fresh(call), commit=call.commit)

    def _fresh(self, call: Call) -> Answer:
        """Make the call with a living token: a dead one is refreshed and the call made again, but never the commit call."""
        token = self._account.secrets.get("access_token")
        answer = self._send(call, token)
        if answer.tree.text("error") not in TOKEN_OVER:
            return answer
        refresh(self._account, self._wire, token)
        if call.commit:
            raise Unavailable("mã kết nối Zalo vừa được làm mới; chưa có gì được đăng, Loa sẽ gửi lại", code="token-refreshed")
        return self._send(call, self._account.secrets.get("access_token"))

    def _send(self, call: Call, token: str) -> Answer:
        key = self._account.secrets.get("app_secret").encode()
        proof = hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
        return self._wire.send(replace(call, headers={**call.headers, "access_token": token, "appsecret_proof": proof}))

    def _accepted(self, answer: Answer, *, commit: bool) -> Tree:
        tree = answer.tree
        code = tree.text("error")
        if code and code != "0":
            raise error_of(
                CODES.get(code, UNLISTED), scrub(tree.text("message")), code=code, commit=commit, wait=answer.retry_after
            )
        if answer.status == 429:
            wait = answer.retry_after or CODES["-32"].wait
            raise RateLimited("gọi Zalo quá nhanh", wait=wait, code="429", of_app=True)
        if not answer.ok or code != "0":
            raise uncertain(str(answer.status), commit=commit)
        return tree.at("data")

    def _url(self, path: str) -> str:
        return f"{self._account.base_url.rstrip('/')}/v2.0/article/{path}"
