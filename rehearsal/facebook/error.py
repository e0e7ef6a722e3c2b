"""Graph's errors: always a JSON object under `error`, told apart by code and subcode."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from rehearsal.call import JsonObject


class GraphError(Exception):
    """A call that Graph turns away."""

    def __init__(
        self, message: str, *, code: int, subcode: int | None = None, kind: str = "OAuthException", status: int = 400,
        transient: bool = False, title: str = "", user_message: str = "", data: JsonObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status = status
        body: JsonObject = {"message": f"(#{code}) {message}" if kind == "OAuthException" and code != 190 else message}
        body |= {"type": kind, "code": code}
        if subcode is not None:
            body["error_subcode"] = subcode
        body["is_transient"] = transient
        if title:
            body |= {"error_user_title": title, "error_user_msg": user_message or message}
        if data is not None:
            body["error_data"] = data
        self.body = body

    def response(self, trace: str) -> Response:
        """Put the error into Graph's form."""
        return JSONResponse({"error": {**self.body, "fbtrace_id": trace}}, status_code=self.status)


def invalid(message: str, *, subcode: int | None = None) -> GraphError:
    """Refuse a parameter."""
    return GraphError(message, code=100, subcode=subcode)


def missing(id: str) -> GraphError:
    """Say that an object does not exist, or may not be seen, which Graph does not tell apart."""
    return GraphError(
        f"Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, "
        "or does not support this operation.",
        code=100, subcode=33, kind="GraphMethodException",
    )  # fmt: skip


def dead_token(subcode: int, message: str) -> GraphError:
    """Refuse a token that was good once or never."""
    return GraphError(message, code=190, subcode=subcode)
