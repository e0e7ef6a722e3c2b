"""The errors of the WordPress REST API: a code in words, told apart by it and by the HTTP status."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from rehearsal.call import JsonObject


class RestError(Exception):
    """A call that WordPress turns away."""

    def __init__(self, code: str, message: str, status: int, **data: object) -> None:
        super().__init__(message)
        self._body: JsonObject = {"code": code, "message": message, "data": {"status": status, **data}}
        self._status = status

    def response(self) -> Response:
        """Put the error into WordPress's form."""
        return JSONResponse(self._body, status_code=self._status)


def invalid(name: str, why: str) -> RestError:
    """Refuse a parameter."""
    return RestError("rest_invalid_param", f"Invalid parameter(s): {name}", 400, params={name: why}, details={})


def no_post() -> RestError:
    """Say that a post or medium does not exist."""
    return RestError("rest_post_invalid_id", "Invalid post ID.", 404)
