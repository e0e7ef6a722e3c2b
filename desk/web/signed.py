"""Who does something, and why: the person of this session, and the reason that every decision has for the audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form

from desk.web.desk import Desk
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right, require

Why = Annotated[str, Form(max_length=300)]


def said(text: str, key: str, what: str) -> str:
    """Return the text without the space around it; raise BadInput when nothing is left."""
    if not text.strip():
        raise BadInput(Problem(rule="missing-text", key=key, message=f"hãy ghi {what} để nhật ký có người chịu trách nhiệm"))
    return text.strip()


def acting(desk: Desk, right: Right) -> Person:
    """Return the person of this session; raise BadInput for one who may not."""
    require(desk.person, right)
    return desk.person
