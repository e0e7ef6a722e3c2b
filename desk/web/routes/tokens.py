"""Tokens for programs: one's own, and for the administrator everybody's."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from desk.api_tokens import NewToken
from desk.web.desk import Desk, TheDesk
from desk.web.failures import status_of
from desk.web.signed import acting
from desk.web.tokens_reader import TokenForm, read_tokens, tokens_of
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right

router = APIRouter(prefix="/account/tokens", include_in_schema=False)

Word = Annotated[str, Form(max_length=200)]


@router.get("")
def show(request: Request, desk: TheDesk) -> Response:
    """Show the tokens that stand."""
    return _page(request, desk, TokenForm(person=desk.person.id))


@router.post("")
def make(
    request: Request, desk: TheDesk, name: Word = "", days: Word = "", person: Word = "",
    scope: Annotated[list[str], Form(max_length=40)] = [],  # noqa: B006  # FastAPI copies it
) -> Response:  # fmt: skip
    """Make a token, and show it once."""
    form = TokenForm(person=person or desk.person.id, name=name, days=days, scopes=tuple(scope))
    try:
        by = acting(desk, Right.READ)
        number = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
        made = tokens_of(desk).make(_whose(desk, form.person), by, name=name, scopes=scope, days=number)
    except BadInput as error:
        status = HTTPStatus.FORBIDDEN if status_of(error) == HTTPStatus.FORBIDDEN else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, desk, form, error=error, status=status)
    return _page(request, desk, TokenForm(person=desk.person.id), made=made)


@router.post("/{id}/revoke")
def revoke(desk: TheDesk, id: int) -> Response:
    """Take a token away."""
    try:
        tokens_of(desk).revoke(id, acting(desk, Right.READ))
    except (KeyError, OverflowError) as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, "Không có mã truy cập này.") from error
    return RedirectResponse("/account/tokens", HTTPStatus.SEE_OTHER)


def _whose(desk: Desk, id: str) -> Person:
    person = desk.bench.content.office.people.get(id)
    if person is None:
        message = "không có người này trong content/office.yaml; hãy chọn trong danh sách"
        raise BadInput(Problem(rule="unknown-choice", key="person", message=message))
    return person


def _page(
    request: Request, desk: Desk, form: TokenForm, *, made: NewToken | None = None, error: BadInput | None = None,
    status: int = HTTPStatus.OK,
) -> Response:  # fmt: skip
    view = {"page": read_tokens(desk, form, error), "made": made}
    answer = desk.renderer.page(request, "tokens.html", view, active="account", status=status)
    answer.headers["cache-control"] = "no-store"
    return answer
