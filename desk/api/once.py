"""A write that comes again is done once: by the Idempotency-Key that its sender gave it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from desk.api.caller import Caller
from desk.api.problem_document import refusal
from desk.web.desk import TheDesk
from store.api_answers import AnotherRequest, ApiAnswerTable, KeptAnswer, UnderWay

REPLAYED = "idempotency-replayed"
Key = Annotated[
    str, Header(max_length=255, alias="Idempotency-Key",
                description="Mỗi việc một từ: gửi lại cùng từ, cùng nội dung thì việc chỉ làm một lần.")
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What is answered to a write that was done."""

    status: int
    record: BaseModel
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Write:
    """One request to write something: `key` is the word that it came with, `fingerprint` the digest of what it asks for."""

    answers: ApiAnswerTable
    key: str
    fingerprint: str

    def once(self, caller: Caller, do: Callable[[], Reply]) -> Response:
        """Do it, or answer again what was answered when it was done; raise Refused where the word is somebody else's just now.

        What was refused has done nothing, so its word is free again.
        """
        if not self.key or caller.token is None:
            return _answer(_kept(do()))
        try:
            begun = self.answers.begin(caller.token, self.key, self.fingerprint)
        except UnderWay as error:
            message = "yêu cầu này đang được làm; hãy chờ một giây rồi gửi lại y như cũ"
            raise refusal(409, "under-way", message, headers={"retry-after": "1"}) from error
        except AnotherRequest as error:
            message = "Idempotency-Key này đã dùng cho một yêu cầu khác; mỗi việc một từ riêng"
            raise refusal(422, "key-reused", message, key="Idempotency-Key") from error
        if isinstance(begun, KeptAnswer):
            return _answer(begun, again=True)
        try:
            kept = _kept(do())
        except Exception:
            self.answers.give_up(begun)
            raise
        self.answers.keep(begun, kept)
        return _answer(kept)


def _kept(reply: Reply) -> KeptAnswer:
    return KeptAnswer(status=reply.status, body=reply.record.model_dump_json(), headers=reply.headers)


def _answer(kept: KeptAnswer, *, again: bool = False) -> Response:
    headers = {**kept.headers, "cache-control": "no-store"} | ({REPLAYED: "true"} if again else {})
    return Response(kept.body, kept.status, headers=headers, media_type="application/json")


async def the_write(request: Request, desk: TheDesk, key: Key = "") -> Write:
    """Return what tells this request from every other."""
    body = await request.body()
    seen = request.headers.get("if-match", "")
    parts = (request.method, request.url.path, request.url.query, seen)
    fingerprint = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass") + b"\n" + body).hexdigest()
    return Write(answers=desk.bench.store.api_answers, key=key, fingerprint=fingerprint)


TheWrite = Annotated[Write, Depends(the_write)]
