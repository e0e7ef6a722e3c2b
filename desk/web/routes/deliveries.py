"""Deliveries: what goes out, what went out, and what waits for a person."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse

from desk.web.choices import choices, read_filters
from desk.web.delivery_reader import read_deliveries, read_delivery
from desk.web.desk import TheDesk
from desk.web.views.standing import Filters

router = APIRouter(include_in_schema=False)


@router.get("/deliveries")
def deliveries(
    request: Request, desk: TheDesk, status: str = "", channel: str = "", group: str = "", page: int = Query(0, ge=0, le=100_000)
) -> HTMLResponse:
    """List deliveries; without a page number, the page that holds the present moment."""
    office = desk.bench.content.office
    filters = read_filters(office, status, channel, group)
    shown = read_deliveries(desk.outlook, filters, page)
    view = {
        "page": shown,
        "choices": choices(office),
        "strip_address": _address(filters, shown.page),
        "link": lambda *, page: _address(filters, page),
    }
    return desk.renderer.page(request, "deliveries.html", view, active="deliveries")


@router.get("/deliveries/{id}")
def delivery(request: Request, desk: TheDesk, id: int, part: str = "") -> HTMLResponse:
    """Show one delivery with its attempts; `part=row` is a row for the table."""
    try:
        detail = read_delivery(desk.outlook, id)
    except (KeyError, OverflowError) as error:
        raise HTTPException(404, "Không có lượt đăng này.") from error
    template = "_delivery_row.html" if part == "row" else "delivery.html"
    return desk.renderer.page(request, template, {"detail": detail}, active="deliveries")


def _address(filters: Filters, page: int) -> str:
    named = {
        "status": filters.status.value if filters.status else "",
        "channel": filters.channel or "",
        "group": filters.group or "",
        "page": str(page),
    }
    return "/deliveries?" + urlencode({name: value for name, value in named.items() if value})
