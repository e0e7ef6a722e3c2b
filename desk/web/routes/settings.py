"""What is set where: a thin page that changes nothing."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.web.desk import TheDesk
from desk.web.settings_reader import read_settings
from desk.web.signed import acting
from editorial.role import Right

router = APIRouter(include_in_schema=False)


@router.get("/settings")
def show(request: Request, desk: TheDesk) -> HTMLResponse:
    """Show what is set, and where somebody changes it; for those who manage the office."""
    acting(desk, Right.MANAGE)
    return desk.renderer.page(request, "settings.html", {"groups": read_settings(desk)}, active="settings")
