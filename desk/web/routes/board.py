"""The coverage board: what the plan speaks of in each week of a quarter, and what it leaves out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.web.desk import TheDesk
from desk.web.quarter_place import beside, read_quarter, written
from desk.web.turns import TurnRoute
from desk.web.views.board import BoardPage, sides, weeks_of

router = APIRouter(include_in_schema=False, route_class=TurnRoute)


@router.get("/coverage")
def show(request: Request, desk: TheDesk, quarter: str = "") -> HTMLResponse:
    """Show the board of a quarter."""
    shown = read_quarter(quarter, desk.outlook.today)
    slots, weeks = desk.bench.plan(shown.first, shown.last), tuple(weeks_of(shown))
    before, after = beside(shown)
    page = BoardPage(
        quarter=shown, before=before, after=after, weeks=weeks, sides=sides(desk.bench.content, slots, weeks),
        entries=len({slot.entry for slot in slots}),
    )  # fmt: skip
    return desk.renderer.page(request, "board.html", {"page": page, "written": written}, active="coverage")
