"""Who does something, and why: asked for with every decision, for the audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form

from editorial.problem import BadInput, Problem

Who = Annotated[str, Form(max_length=80)]
Why = Annotated[str, Form(max_length=300)]


def said(text: str, key: str, what: str) -> str:
    """Return the text without the space around it; raise BadInput when nothing is left."""
    if not text.strip():
        raise BadInput(Problem(rule="missing-text", key=key, message=f"hãy ghi {what} để nhật ký có người chịu trách nhiệm"))
    return text.strip()
