"""Who sent a request: a person of the office with a session, or nobody known yet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from desk.entrance import Where, roles_of
from desk.web.cookies import KNOWN, SESSION, read_cookie
from editorial.role import Person
from store.sessions import Session, Stage
from store.store import Store

MOST_BROWSER = 120  # letters of what a browser calls itself


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody with a session. `token` is new where `renewed`: the browser has to be given it."""

    person: Person
    session: Session
    token: str = field(repr=False)
    renewed: bool = False

    @property
    def is_in(self) -> bool:
        """Tell whether the person is signed in, and not just halfway."""
        return self.session.stage is Stage.FULL

    @property
    def csrf(self) -> str:
        """Return the word that only our own pages for this session know."""
        return csrf_of(self.token)


def csrf_of(token: str) -> str:
    """Return the word of a session: made of its token, which is nowhere but in the browser's cookie."""
    return hashlib.sha256(b"csrf " + token.encode()).hexdigest()


def visitor_of(request: Request) -> Visitor | None:
    """Return who was found at the door; None for a stranger, and where there is no door."""
    found: Visitor | None = request.scope.get("visitor")
    return found


def find_visitor(request: Request, store: Store, people: Mapping[str, Person]) -> Visitor | None:
    """Ask the store who has the session of this request; somebody who has left the office, or lost a right, is noticed here."""
    token = read_cookie(request, SESSION)
    session = store.sessions.find(token) if token else None
    if session is None:
        return None
    person = people.get(session.person)
    if person is None:
        store.sessions.end(token, told=False)
        return None
    if session.roles == roles_of(person):
        return Visitor(person=person, session=session, token=token)
    return Visitor(person=person, session=session, token=store.sessions.renew(token, roles_of(person)), renewed=True)


def where_of(request: Request) -> Where:
    """Return from where a request comes."""
    address = request.client.host if request.client else "?"
    browser = "".join(letter for letter in request.headers.get("user-agent", "") if letter.isprintable())[:MOST_BROWSER]
    return Where(address=address, browser=browser, known=read_cookie(request, KNOWN))
