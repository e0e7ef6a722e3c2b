"""Addresses that are told what changes: seen, added, tried, turned off and on, and taken away by who manages the office."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response

from desk.web.desk import Desk, TheDesk
from desk.web.signed import acting
from desk.web.webhooks_reader import HookForm, read_webhooks, webhooks_of
from desk.webhooks import refuse_no_kinds
from editorial.problem import BadInput
from editorial.role import Person, Right
from store.webhooks import Webhook

PLACE = "/account/webhooks"
router = APIRouter(prefix=PLACE, include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def show(request: Request, desk: TheDesk) -> Response:
    """Show every webhook, for those who manage the office: an address may be a secret itself."""
    acting(desk, Right.MANAGE)
    return _page(request, desk)


@router.post("")
def add(
    request: Request, desk: TheDesk, url: Annotated[str, Form(max_length=2000)] = "",
    kind: Annotated[list[str], Form(max_length=10)] = [],  # noqa: B006  # FastAPI copies it
) -> Response:  # fmt: skip
    """Add an address, and show the key of its signatures once."""
    by = acting(desk, Right.MANAGE)
    form = HookForm(url=url.strip(), kinds=tuple(kind))
    try:
        refuse_no_kinds(kind)
        made = webhooks_of(desk).add(form.url, form.kinds, by)
    except BadInput as error:
        return _page(request, desk, form, error=error, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, desk, made=made)


@router.post("/{id}/test")
def test(request: Request, desk: TheDesk, id: Number) -> Response:
    """Send a first message, and show what came of it beside the address."""
    _do(desk, id, webhooks_of(desk).test)
    return _page(request, desk, tried=id)


@router.post("/{id}/off")
def turn_off(desk: TheDesk, id: Number) -> Response:
    """Tell an address nothing until it is turned on again."""
    _do(desk, id, webhooks_of(desk).turn_off)
    return _back(id)


@router.post("/{id}/resume")
def resume(desk: TheDesk, id: Number, skip: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Tell an address again, from where it was told last; with `skip=yes` from now on."""
    _do(desk, id, partial(webhooks_of(desk).resume, skip=skip == "yes"))
    return _back(id)


@router.post("/{id}/remove")
def remove(desk: TheDesk, id: Number) -> Response:
    """Take an address away."""
    _do(desk, id, webhooks_of(desk).remove)
    return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)


def _do(desk: Desk, id: int, deed: Callable[[int, Person], object]) -> None:
    by = acting(desk, Right.MANAGE)
    try:
        deed(id, by)
    except BadInput as error:
        if any(problem.rule == "unknown-webhook" for problem in error.problems):
            raise HTTPException(HTTPStatus.NOT_FOUND, "Không có webhook này.") from error
        raise


def _back(id: int) -> Response:
    return RedirectResponse(f"{PLACE}#webhook-{id}", HTTPStatus.SEE_OTHER)


def _page(
    request: Request, desk: Desk, form: HookForm | None = None, *, made: Webhook | None = None, tried: int | None = None,
    error: BadInput | None = None, status: int = HTTPStatus.OK,
) -> Response:  # fmt: skip
    secret = desk.bench.store.webhooks.secret(made) if made else ""
    view = {"page": read_webhooks(desk, form or HookForm(), error, tried), "made": made, "secret": secret}
    answer = desk.renderer.page(request, "webhooks.html", view, active="account", status=status)
    answer.headers["cache-control"] = "no-store"
    return answer
