"""TikTok's envelope: `data` beside `error`, whose code is `ok` for success."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from rehearsal.call import JsonObject

_STATUS = {
    "invalid_params": 400, "invalid_publish_id": 400, "publish_not_cancellable": 400,
    "access_token_invalid": 401, "scope_not_authorized": 401,
    "spam_risk_too_many_posts": 403, "spam_risk_too_many_pending_share": 403, "spam_risk_user_banned_from_posting": 403,
    "reached_active_user_cap": 403, "unaudited_client_can_only_post_to_private_accounts": 403, "url_ownership_unverified": 403,
    "privacy_level_option_mismatch": 403, "rate_limit_exceeded": 429, "internal_error": 500,
}  # fmt: skip


class ApiError(Exception):
    """A call that TikTok turns away."""

    def __init__(self, code: str, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self._status = status or _STATUS[code]

    def response(self, log_id: str) -> Response:
        """Put the error into TikTok's form."""
        return JSONResponse(_envelope({}, self.code, str(self), log_id), status_code=self._status)


def success(data: JsonObject, log_id: str) -> Response:
    """Put a result into TikTok's form."""
    return JSONResponse(_envelope(data, "ok", "", log_id))


def invalid(message: str) -> ApiError:
    """Refuse a parameter."""
    return ApiError("invalid_params", message)


def oauth_error(name: str, description: str, log_id: str) -> Response:
    """Refuse at the token server, whose errors come under HTTP 200 and without the envelope."""
    return JSONResponse({"error": name, "error_description": description, "log_id": log_id})


def _envelope(data: JsonObject, code: str, message: str, log_id: str) -> JsonObject:
    return {"data": data, "error": {"code": code, "message": message, "log_id": log_id}}
