"""What a program is told when something cannot be done: application/problem+json, RFC 9457."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from desk.language import in_words, told
from desk.web.headers import SECURITY_HEADERS
from desk.web.prose import sentence
from editorial.problem import BadInput, Problem

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"


class Fault(BaseModel):
    """One thing that is wrong: `rule` never changes its spelling, `key` is where it is."""

    rule: str
    key: str | None = None
    detail: str


class ProblemDocument(BaseModel):
    """What went wrong and what to do next."""

    status: int
    title: str
    detail: str
    errors: list[Fault] = Field(default_factory=list)


class Refused(BadInput):
    """A request that is answered with this status."""

    def __init__(self, status: int, *problems: Problem, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.headers = dict(headers or {})
        super().__init__(*problems)


def title_of(status: int) -> str:
    """Return what a status means, in the person's language."""
    match status:
        case 400:
            return in_words("Yêu cầu có chỗ chưa đúng")
        case 401:
            return in_words("Chưa xác thực")
        case 403:
            return in_words("Không có quyền làm việc này")
        case 404:
            return in_words("Không tìm thấy")
        case 405:
            return in_words("Địa chỉ này không nhận thao tác đó")
        case 409:
            return in_words("Không còn đúng với tình trạng hiện nay")
        case 412:
            return in_words("Bản này đã đổi từ lúc bạn đọc")
        case 413:
            return in_words("Yêu cầu quá lớn")
        case 415:
            return in_words("Kiểu dữ liệu không dùng được")
        case 422:
            return in_words("Dữ liệu có chỗ chưa đúng")
        case 428:
            return in_words("Thiếu điều kiện If-Match")
        case 429:
            return in_words("Gọi quá nhiều trong một phút")
        case 503:
            return in_words("Sổ của Loa chưa dùng được")
        case _:
            return in_words("Không làm được việc này") if status < 500 else in_words("Có lỗi trong hệ thống")


def document(
    status: int, *, detail: str = "", problems: tuple[Problem, ...] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:  # fmt: skip
    """Return the answer; without a detail it is what the problems say."""
    spoken = [told(problem) for problem in problems]
    faults = [Fault(rule=each.rule, key=each.key, detail=sentence(each.message)) for each in spoken]
    words = detail or " ".join(fault.detail for fault in faults) or f"{title_of(status)}."
    body = ProblemDocument(status=status, title=title_of(status), detail=words, errors=faults)
    named = {**SECURITY_HEADERS, "cache-control": "no-store", **(headers or {})}
    return JSONResponse(body.model_dump(exclude_none=True), status, media_type=MEDIA_TYPE, headers=named)


def refusal(status: int, rule: str, message: str, *, key: str | None = None, headers: Mapping[str, str] | None = None) -> Refused:
    """Return one problem with the status that says what kind it is."""
    return Refused(status, Problem(rule=rule, key=key, message=message), headers=headers)
