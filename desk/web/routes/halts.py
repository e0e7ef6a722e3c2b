"""Pause everything, and let it go on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from desk.web.desk import TheDesk
from editorial.problem import BadInput, Problem
from store.halts import ALL

router = APIRouter(include_in_schema=False)

Who = Annotated[str, Form(max_length=80)]
Why = Annotated[str, Form(max_length=300)]


@router.post("/halts")
def pause(desk: TheDesk, who: Who, why: Why) -> RedirectResponse:
    """Pause everything: no commit call starts once this has answered."""
    desk.bench.store.halts.set(ALL, why=_said(why, "why", "lý do tạm dừng"), who=_said(who, "who", "tên người thực hiện"))
    return _back()


@router.post("/halts/lift")
def lift(desk: TheDesk, who: Who) -> RedirectResponse:
    """End the pause; what became late meanwhile waits for a person."""
    desk.bench.store.halts.lift(ALL, who=_said(who, "who", "tên người thực hiện"))
    return _back()


def _said(text: str, key: str, what: str) -> str:
    if not text.strip():
        raise BadInput(Problem(rule="missing-text", key=key, message=f"hãy ghi {what} để nhật ký có người chịu trách nhiệm"))
    return text.strip()


def _back() -> RedirectResponse:
    return RedirectResponse("/deliveries", status_code=303)
