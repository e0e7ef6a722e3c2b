"""Whose program asks, and what it may have: a token with its scopes, or the session of somebody who looks with a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Security
from fastapi.security import HTTPBearer

from desk.api.problem_document import Refused, refusal
from desk.api_tokens import NEEDS, READING, Holder, Scope, Tokens
from desk.web.desk import Desk
from desk.web.visitor import visitor_of
from editorial.problem import BadInput
from editorial.role import Person, require

BEARER = HTTPBearer(auto_error=False, scheme_name="token", description="Mã truy cập tạo ở trang Tài khoản: `loa_…`")
CHALLENGE = {"www-authenticate": 'Bearer realm="loa"'}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Somebody who asks: `token` numbers the token, None for a browser's session, which only reads."""

    person: Person
    scopes: frozenset[Scope]
    token: int | None


def find_caller(request: Request, desk: Desk) -> Caller:
    """Return who comes with a token in the Authorization header; raise Refused for one that opens nothing."""
    word = request.headers.get("authorization", "").partition(" ")[2].strip()
    holder: Holder | None = None
    if word:
        office = desk.bench.content.office
        holder = Tokens(store=desk.bench.store, people=office.people, clock=desk.bench.clock).holder(word)
    if holder is None:
        message = "mã truy cập không đúng, đã hết hạn hoặc đã thu hồi; hãy tạo mã khác ở trang Tài khoản"
        raise refusal(401, "bad-token", message, headers={"www-authenticate": 'Bearer realm="loa", error="invalid_token"'})
    return Caller(person=holder.person, scopes=holder.scopes, token=holder.token.id)


def nobody() -> Refused:
    """Return what is said to a program that comes without a token."""
    message = "cần mã truy cập: gửi tiêu đề Authorization: Bearer loa_…, hoặc đăng nhập tại /sign-in để xem"
    return refusal(401, "no-token", message, headers=CHALLENGE)


def _caller_of(request: Request) -> Caller:
    found: Caller | None = request.scope.get("caller")
    if found is not None:
        return found
    visitor = visitor_of(request)
    if visitor is None or not visitor.is_in:
        raise nobody()
    return Caller(person=visitor.person, scopes=frozenset(READING), token=None)


def needs(scope: Scope) -> Callable[..., Caller]:
    """Return what gives a route its caller, who has the scope and, at this moment, the right that it stands for."""

    def caller(request: Request, _word: Annotated[object, Security(BEARER)]) -> Caller:
        found = _caller_of(request)
        if scope not in found.scopes and found.token is None:
            raise refusal(403, "token-needed", "phiên của trình duyệt chỉ xem được; muốn ghi, hãy dùng mã truy cập")
        if scope not in found.scopes:
            message = f"mã truy cập này không có phạm vi {scope.value}; hãy tạo mã có phạm vi đó"
            raise refusal(403, "no-scope", message)
        try:
            require(found.person, NEEDS[scope])
        except BadInput as error:
            raise Refused(403, *error.problems) from error
        return found

    return caller
