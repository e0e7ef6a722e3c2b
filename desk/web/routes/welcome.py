"""The link that somebody of the office was sent: it asks for a password, and begins their account."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import Response

from desk.entrance import dead_link
from desk.passwords import LEAST
from desk.web.back import HOME
from desk.web.coming_in import come_in
from desk.web.desk import Desk, TheDesk
from desk.web.kept import NOTHING
from desk.web.moment_words import moment_words
from desk.web.sign_in_pages import errors_of
from desk.web.views.roles import roles_words
from desk.web.visitor import where_of
from editorial.problem import BadInput
from editorial.role import Person
from store.invitations import Invitation

router = APIRouter(prefix="/welcome", include_in_schema=False)

Typed = Annotated[str, Form(max_length=4000)]


@router.get("/{link}")
def ask(request: Request, desk: TheDesk, link: str) -> Response:
    """Ask for a password. Looking uses nothing up: mail programmes look at every link."""
    return _page(request, desk, link, None, HTTPStatus.OK)


@router.post("/{link}")
def accept(request: Request, desk: TheDesk, link: str, password: Typed = "", again: Typed = "") -> Response:
    """Keep the password and use the link up."""
    try:
        came = desk.entrance.accept(link, password, again, where_of(request))
    except BadInput as error:
        return _page(request, desk, link, error, HTTPStatus.BAD_REQUEST)
    return come_in(request, desk, came, next=HOME, kept=NOTHING)


def _page(request: Request, desk: Desk, link: str, error: BadInput | None, status: int) -> Response:
    person, invitation = _invited(desk, link)
    view = {
        "person": person,
        "roles": roles_words(person),
        "until": moment_words(invitation.expires_at),
        "least": LEAST,
        "errors": errors_of(error),
    }
    return desk.renderer.page(request, "welcome.html", view, status=status)


def _invited(desk: Desk, link: str) -> tuple[Person, Invitation]:
    invitation = desk.bench.store.invitations.find(link)
    person = desk.bench.content.office.people.get(invitation.person) if invitation else None
    if invitation is None or person is None:
        message = dead_link().message
        raise HTTPException(HTTPStatus.NOT_FOUND, message[:1].upper() + message[1:] + ".")
    return person, invitation
