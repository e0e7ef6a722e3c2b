"""An entry: the one message, and what each channel gets of it."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from desk.web.desk import TheDesk
from desk.web.entry_reader import read_entry
from desk.web.halt_reader import entry_halts
from desk.web.turns import TurnRoute

router = APIRouter(include_in_schema=False, route_class=TurnRoute)


@router.get("/entries/{id}")
def entry(request: Request, desk: TheDesk, id: str, channel: str = "") -> HTMLResponse:
    """Show an entry, with the panel of one channel: the first where none is asked for."""
    found = desk.bench.content.entries.get(id)
    if found is None:
        raise HTTPException(404, "Không có bài này. Có thể tệp của bài đã đổi tên hoặc đã bị xóa khỏi content/.")
    if channel and channel not in found.channels:
        raise HTTPException(404, "Bài này không đăng trên kênh đó.")
    page = read_entry(desk.outlook, found, channel or found.channels[0])
    view = {"page": page, "halts": entry_halts(desk.outlook, found)}
    return desk.renderer.page(request, "entry.html", view, active="calendar")
