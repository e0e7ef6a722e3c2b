"""One's own account: password, one-time codes, and where one is signed in."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.one_time_codes import new_recovery_codes, plain_recovery_code
from desk.passwords import LEAST, hashed, refuse_weak
from desk.web.coming_in import come_in
from desk.web.cookies import SESSION, leave_cookie
from desk.web.desk import Desk, TheDesk
from desk.web.kept import NOTHING
from desk.web.moment_words import short_moment
from desk.web.sign_in_pages import errors_of
from desk.web.views.roles import rights_words, roles_words
from desk.web.visitor import where_of
from editorial.problem import BadInput, Problem
from store.accounts import Account

router = APIRouter(prefix="/account", include_in_schema=False)

Typed = Annotated[str, Form(max_length=4000)]
PAGE = "/account"


@router.get("")
def show(request: Request, desk: TheDesk) -> Response:
    """Show one's account."""
    return _page(request, desk, None)


@router.post("/password")
def change_password(request: Request, desk: TheDesk, current: Typed = "", password: Typed = "", again: Typed = "") -> Response:
    """Change the password: every other session ends, and this one goes on under another token."""
    person = desk.person
    try:
        _ask(request, desk, current, "current")
        refuse_weak(password, again, names=(person.id, person.name))
    except BadInput as error:
        return _page(request, desk, error)
    desk.bench.store.accounts.change_password(person.id, hashed(password))
    answer = _back()
    if desk.visitor is not None:
        token = desk.bench.store.sessions.renew(desk.visitor.token, desk.visitor.session.roles)
        desk.bench.store.sessions.end_all(person.id, by=person.id, but=token)
        leave_cookie(request, answer, SESSION, token)
    return answer


@router.post("/codes")
def new_codes(request: Request, desk: TheDesk, code_password: Typed = "") -> Response:
    """Begin to set up one-time codes on another phone."""
    try:
        _ask(request, desk, code_password, "code_password")
    except BadInput as error:
        return _page(request, desk, error)
    assert desk.visitor is not None
    came = desk.entrance.set_up_codes(desk.person, desk.visitor.token, where_of(request))
    return come_in(request, desk, came, next=PAGE, kept=NOTHING)


@router.post("/recovery")
def new_recovery(request: Request, desk: TheDesk, recovery_password: Typed = "") -> Response:
    """Show new codes for a lost phone, once; those of before open nothing any more."""
    try:
        _ask(request, desk, recovery_password, "recovery_password")
    except BadInput as error:
        return _page(request, desk, error)
    codes = new_recovery_codes()
    desk.bench.store.accounts.renew_recovery(desk.person.id, map(plain_recovery_code, codes))
    return desk.renderer.page(request, "recovery_codes.html", {"codes": codes, "next": PAGE, "kept": NOTHING})


@router.post("/sign-out-everywhere")
def sign_out_elsewhere(desk: TheDesk) -> Response:
    """End every session of one's own but this."""
    assert desk.visitor is not None
    desk.bench.store.sessions.end_all(desk.person.id, by=desk.person.id, but=desk.visitor.token)
    return _back()


def _ask(request: Request, desk: Desk, password: str, key: str) -> None:
    """Raise BadInput, beside the field, where the password that was typed is not the person's, or has to wait."""
    try:
        right = desk.entrance.knows(desk.person, password, where_of(request))
    except BadInput as error:
        raise BadInput(replace(error.problems[0], key=key)) from error
    if not right:
        raise BadInput(Problem(rule="wrong-password", key=key, message="mật khẩu hiện tại không đúng; hãy nhập lại"))


def _page(request: Request, desk: Desk, error: BadInput | None) -> Response:
    person, store = desk.person, desk.bench.store
    account: Account | None = store.accounts.find(person.id)
    here = desk.visitor.session.key if desk.visitor else ""
    view = {
        "person": person,
        "unit": _unit(desk, person.unit),
        "roles": roles_words(person),
        "rights": rights_words(person),
        "has_password": bool(account and account.password),
        "has_codes": bool(account and account.totp),
        "recovery_left": store.accounts.recovery_left(person.id),
        "sessions": [(each, short_moment(each.began_at), short_moment(each.seen_at), each.key == here)
                     for each in store.sessions.of(person.id)],
        "least": LEAST,
        "errors": errors_of(error),
    }  # fmt: skip
    status = HTTPStatus.OK if error is None else HTTPStatus.BAD_REQUEST
    return desk.renderer.page(request, "account.html", view, active="account", status=status)


def _unit(desk: Desk, id: str | None) -> str:
    units = desk.bench.content.office.units
    return units[id].name if id is not None and id in units else ""


def _back() -> RedirectResponse:
    return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)
