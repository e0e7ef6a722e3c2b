"""The pages on the way in, drawn from wherever somebody is turned to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse

from desk.one_time_codes import address_of
from desk.web.back import HOME
from desk.web.desk import Desk, desk_of
from desk.web.kept import NOTHING, Kept
from desk.web.qr import qr_drawing
from desk.web.views.roles import roles_words
from desk.web.visitor import Visitor
from editorial.problem import BadInput


def sign_in_page(
    request: Request, *, next: str = HOME, kept: Kept = NOTHING, error: BadInput | None = None, name: str = "", status: int = 200
) -> HTMLResponse:
    """Ask for name and password; in the demo, offer everybody of it."""
    desk = desk_of(request)
    people = desk.bench.content.office.people.values() if desk.front.demo else ()
    view = {
        "next": kept.page if kept else next,
        "kept": kept,
        "name": name,
        "demo_people": [(person, roles_words(person)) for person in people],
        "provider": desk.front.provider.name if desk.front.provider else "",
        "nobody_yet": not desk.front.demo and not desk.bench.store.accounts.all(),
        "errors": errors_of(error),
    }
    return desk.renderer.page(request, "sign_in.html", view, status=status)


def code_page(request: Request, *, next: str, kept: Kept, error: BadInput | None = None, status: int = 200) -> HTMLResponse:
    """Ask for a one-time code."""
    view = {"next": next, "kept": kept, "errors": errors_of(error)}
    return desk_of(request).renderer.page(request, "sign_in_code.html", view, status=status)


def codes_page(
    request: Request, visitor: Visitor, *, next: str, kept: Kept, error: BadInput | None = None, status: int = 200
) -> HTMLResponse:
    """Show the secret of one-time codes as a QR code and in letters, and ask for a first code."""
    desk: Desk = desk_of(request)
    secret = visitor.session.secret
    address = address_of(secret, visitor.person.id, desk.bench.content.office.short_name)
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    view = {"next": next, "kept": kept, "errors": errors_of(error), "picture": qr_drawing(address), "groups": groups}
    return desk.renderer.page(request, "sign_in_codes.html", view, status=status)


def errors_of(error: BadInput | None) -> Mapping[str, str]:
    """Return what is said beside each field; nothing beside the others."""
    said = {problem.key or "": _sentence(problem.message) for problem in error.problems} if error else {}
    return defaultdict(str, said)


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:] + "."
