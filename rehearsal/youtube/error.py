"""YouTube's errors: an HTTP status, and a reason in `error.errors[0]` that tells more."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from rehearsal.call import JsonObject

_STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ALREADY_EXISTS"}


class ApiError(Exception):
    """A call that YouTube turns away."""

    def __init__(self, status: int, reason: str, message: str, *, domain: str = "youtube.video", location: str = "") -> None:
        super().__init__(message)
        detail: JsonObject = {"domain": domain, "reason": reason, "message": message}
        if location:
            detail |= {"location": location, "locationType": "parameter"}
        error: JsonObject = {"code": status, "message": message, "errors": [detail]}
        self._body: JsonObject = {"error": {**error, "status": _STATUS.get(status, "UNKNOWN")}}
        self._status = status

    def response(self) -> Response:
        """Put the error into YouTube's form."""
        return JSONResponse(self._body, status_code=self._status)


def bad(reason: str, message: str, *, location: str = "") -> ApiError:
    """Refuse a request."""
    return ApiError(400, reason, message, location=location)


def no_video() -> ApiError:
    """Say that a video does not exist or is not the channel's own."""
    return ApiError(404, "videoNotFound", "The video that you are trying to find cannot be found.", location="videoId")
