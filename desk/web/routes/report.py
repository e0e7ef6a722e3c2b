"""A quarter's report: what was planned, what became of it, as a page that prints and as a table for spreadsheets."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from desk.web.desk import TheDesk
from desk.web.quarter_place import read_quarter, written
from desk.web.report_reader import read_report
from desk.web.turns import TurnRoute
from desk.web.views.report import COLUMNS, as_csv

router = APIRouter(include_in_schema=False, route_class=TurnRoute)
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take Vietnamese letters for something else


@router.get("/report")
def show(request: Request, desk: TheDesk, quarter: str = "") -> HTMLResponse:
    """Show the report of a quarter."""
    page = read_report(desk.outlook, read_quarter(quarter, desk.outlook.today))
    return desk.renderer.page(request, "report.html", {"page": page, "written": written, "columns": COLUMNS}, active="report")


@router.get("/report.csv")
def table(desk: TheDesk, quarter: str = "") -> Response:
    """Give the report of a quarter as a table."""
    page = read_report(desk.outlook, read_quarter(quarter, desk.outlook.today))
    named = {"content-disposition": f'attachment; filename="bao-cao-{written(page.quarter)}.csv"', "cache-control": "no-store"}
    return Response(BYTE_ORDER_MARK + as_csv(page), media_type="text/csv; charset=utf-8", headers=named)
