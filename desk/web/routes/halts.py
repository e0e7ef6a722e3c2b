"""Pause everything, and let it go on."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from desk.web.desk import TheDesk
from desk.web.signed import Why, acting, said
from editorial.role import Right
from store.halts import ALL

router = APIRouter(include_in_schema=False)


@router.post("/halts")
def pause(desk: TheDesk, why: Why) -> RedirectResponse:
    """Pause everything: no commit call starts once this has answered."""
    desk.bench.store.halts.set(ALL, why=said(why, "why", "lý do tạm dừng"), who=acting(desk, Right.PAUSE).id)
    return _back()


@router.post("/halts/lift")
def lift(desk: TheDesk) -> RedirectResponse:
    """End the pause; what became late meanwhile waits for a person."""
    desk.bench.store.halts.lift(ALL, who=acting(desk, Right.PAUSE).id)
    return _back()


def _back() -> RedirectResponse:
    return RedirectResponse("/deliveries", status_code=303)
