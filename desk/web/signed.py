"""Who does something, and why: asked for with every decision, for the audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form

from desk.web.desk import Desk
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right, person_of, require

Who = Annotated[str, Form(max_length=80)]
Why = Annotated[str, Form(max_length=300)]


def said(text: str, key: str, what: str) -> str:
    """Return the text without the space around it; raise BadInput when nothing is left."""
    if not text.strip():
        raise BadInput(Problem(rule="missing-text", key=key, message=f"hãy ghi {what} để nhật ký có người chịu trách nhiệm"))
    return text.strip()


def acting(desk: Desk, who: str, right: Right) -> Person:
    """Return the person of the office who acts; raise BadInput for a stranger, or for one who may not."""
    person = person_of(desk.bench.content.office.people, said(who, "who", "người thực hiện"), "who")
    require(person, right)
    return person


def able(desk: Desk, right: Right) -> tuple[Person, ...]:
    """Return whom a form offers: the office's people who may."""
    return tuple(person for person in desk.bench.content.office.people.values() if person.may(right))
