"""The inbox: what needs whoever is signed in, now."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.web.desk import TheDesk
from desk.web.halt_reader import office_halts
from desk.web.inbox_reader import read_inbox
from desk.web.turns import TurnRoute

router = APIRouter(include_in_schema=False, route_class=TurnRoute)


@router.get("/inbox")
def show(request: Request, desk: TheDesk) -> HTMLResponse:
    """Show everything that waits for this person."""
    view = {"page": read_inbox(desk.outlook, desk.person), "halts": office_halts(desk.outlook)}
    return desk.renderer.page(request, "inbox.html", view, active="inbox")
