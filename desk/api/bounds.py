"""What a request to the API may be: no larger than an entry can be, and of letters that can be kept."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.api.problem_document import PREFIX, Refused, document, refusal
from desk.web.same_origin import SAFE

MOST_BYTES = 1_000_000  # an entry's files are a megabyte at most
JSON = "application/json"


class Bounds:
    """Turn away what is too large, of another kind than JSON, or holds what no text does, before anybody reads it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
            refused = refusal(400, "unreadable", "địa chỉ có ký tự không đọc được; hãy gõ lại")
        elif _size(headers) > MOST_BYTES:
            refused = too_large()
        elif scope["method"] not in SAFE and _has_body(headers) and not _is_json(headers):
            refused = refusal(415, "wrong-kind", "phần thân phải là JSON: gửi tiêu đề Content-Type: application/json")
        else:
            await self._app(scope, _bounded(receive), send)
            return
        await document(refused.status, problems=refused.problems)(scope, receive, send)


def too_large() -> Refused:
    """Return what is said to a request that no entry can be as large as."""
    return refusal(413, "too-large", f"phần thân lớn hơn {MOST_BYTES} byte; hãy rút gọn")


def _size(headers: Headers) -> int:
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return 0
    return int(length) if len(length) < 20 else MOST_BYTES + 1


def _has_body(headers: Headers) -> bool:
    return _size(headers) > 0 or "transfer-encoding" in headers


def _is_json(headers: Headers) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == JSON


def _bounded(receive: Receive) -> Receive:
    """Count what comes: a body without a length may be of any."""
    count = 0

    async def counted() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > MOST_BYTES:
            raise HTTPException(413, too_large().problems[0].message)
        return message

    return counted
