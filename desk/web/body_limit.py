"""No request is longer than its page can use: what is too long is refused before more of it is kept."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 4_000_000  # of a form: the longest text of an office's files is a megabyte, and may be sent with what it was before
MOST_UPLOADED = 24_000_000  # of a template's files: what reading.parcel.Limits lets through, and what a form needs around it
UPLOADS = "/templates/"
_TOO_LONG = "Phần gửi lên lớn quá. Hãy quay lại trang trước, bớt tệp hoặc dùng tệp nhỏ hơn rồi gửi lại."


class BodyLimit:
    """Refuse a body that says that it is longer than it may be, or turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_UPLOADED if scope["path"].startswith(UPLOADS) else MOST_BYTES
        came = _announced(scope) if _announced(scope) > most else 0

        async def receive_counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise HTTPException(413, _TOO_LONG)  # within the application: it is answered as every other failure
            return message

        await self._app(scope, receive_counted, send)


def _announced(scope: Scope) -> int:
    """Return how long the request says it is; 0 where it says nothing that is a number."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0][:18]) if lengths and lengths[0].isdigit() else 0
