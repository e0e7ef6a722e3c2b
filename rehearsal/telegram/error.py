"""The Bot API's replies: `ok` with a result, or a code with a description."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from rehearsal.call import JsonObject


class BotError(Exception):
    """A call that the Bot API turns away."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self._code = code
        self._body: JsonObject = {"ok": False, "error_code": code, "description": description}
        self._retry_after = retry_after

    def response(self) -> Response:
        """Put the error into the Bot API's form."""
        if self._retry_after is None:
            return JSONResponse(self._body, status_code=self._code)
        body = {**self._body, "parameters": {"retry_after": self._retry_after}}
        return JSONResponse(body, status_code=self._code, headers={"Retry-After": str(self._retry_after)})


def bad(description: str) -> BotError:
    """Refuse a request."""
    return BotError(400, f"Bad Request: {description}")


def too_many(seconds: int) -> BotError:
    """Ask to wait."""
    return BotError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
