"""The office's API as a program of ours asks it: with a token, over the one door for HTTP."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from editorial.outcome import PublishError
from editorial.problem import BadInput, Problem
from publishers.wire import Answer, Call, Wire

DEADLINE = timedelta(seconds=30)


class ApiClient:
    """Ask and write; what the desk refuses is raised as BadInput in its own words."""

    def __init__(self, address: str, token: str) -> None:
        _refuse_open(address)
        self._address = address.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}"}
        self._wire = Wire(DEADLINE)

    def get(self, *path: str, **asked: object) -> dict[str, Any]:
        """Return what is at a path; what is None or empty is not asked."""
        params = {name: str(value) for name, value in asked.items() if value not in (None, "")}
        return self._read(Call(method="GET", url=self._url(path), params=params, headers=self._headers))

    def ask(self, *path: str) -> dict[str, Any]:
        """Return what comes of a POST that changes nothing and says nothing."""
        return self._read(Call(method="POST", url=self._url(path), headers=self._headers))

    def write(self, method: str, *path: str, body: Mapping[str, object], etag: str = "") -> dict[str, Any]:
        """Write something, once: a request whose answer is lost is sent again under the same key."""
        headers = {**self._headers, "idempotency-key": str(uuid.uuid4()), "content-type": "application/json"}
        headers |= {"if-match": etag} if etag else {}
        call = Call(method=method, url=self._url(path), headers=headers, content=json.dumps(body).encode())
        try:
            return self._read(call)
        except PublishError:
            return self._read(call)

    def close(self) -> None:
        """Let go of connections."""
        self._wire.close()

    def _url(self, path: tuple[str, ...]) -> str:
        return f"{self._address}/api/{'/'.join(quote(part, safe='/') for part in path)}"

    def _read(self, call: Call) -> dict[str, Any]:
        answer = self._wire.send(call)
        body = _body(answer)
        if not answer.ok:
            raise BadInput(*_problems(answer.status, body))
        return body | ({"etag": answer.headers["etag"]} if "etag" in answer.headers else {})


def _body(answer: Answer) -> dict[str, Any]:
    try:
        read = json.loads(answer.body)
    except ValueError:
        read = None
    return read if isinstance(read, dict) else {}


def _problems(status: int, body: Mapping[str, Any]) -> list[Problem]:
    errors = [each for each in body.get("errors", ()) if isinstance(each, dict)]
    found = [Problem(rule=str(each.get("rule")), key=each.get("key"), message=str(each.get("detail"))) for each in errors]
    said = str(body.get("detail") or f"bàn làm việc trả lời {status}; hãy kiểm tra địa chỉ sau --address")
    return found or [Problem(rule="refused", message=said)]


def _refuse_open(address: str) -> None:
    """Raise BadInput where the token would travel so that others can read it."""
    try:
        place = urlsplit(address)
        host = place.hostname or ""
    except ValueError:
        host = ""
        place = urlsplit("")
    if not host or place.scheme not in ("http", "https") or (place.scheme == "http" and not _is_here(host)):
        message = "địa chỉ của bàn làm việc phải là https://, hoặc http:// trên chính máy này"
        raise BadInput(Problem(rule="wrong-link", key="--address", message=message))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
