"""Zalo's envelope: HTTP 200 always; `error` is 0 for success and negative for everything else."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

INVALID = -201
TOO_MUCH = -210
PROCESSING = -214
BAD_TOKEN = -216
EXPIRED_TOKEN = -220
ALLOWANCE_USED = -223
BAD_PROOF = -242
QUOTA_USED = -211
RATE = -32
NO_METHOD = -106


class ZaloError(Exception):
    """A call that Zalo turns away."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code

    def response(self) -> Response:
        """Put the error into Zalo's form."""
        return JSONResponse({"error": self.code, "message": str(self)})


def success(data: object) -> Response:
    """Put a result into Zalo's form."""
    return JSONResponse({"error": 0, "message": "Success", "data": data})


def invalid(why: str) -> ZaloError:
    """Refuse a parameter."""
    return ZaloError(INVALID, f"Parameter is invalid: {why}")


def too_much(why: str) -> ZaloError:
    """Refuse a parameter for its size."""
    return ZaloError(TOO_MUCH, f"Parameter exceeds limit: {why}")
