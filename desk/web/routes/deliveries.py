"""Deliveries: what goes out, what went out, and what waits for a person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Header, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from desk.web.choices import choices, read_filters
from desk.web.delivery_reader import read_deliveries, read_delivery, read_strip
from desk.web.delivery_stretch import read_cursor
from desk.web.desk import TheDesk
from desk.web.live import Live
from desk.web.turns import TurnRoute, out_of_turn
from desk.web.views.standing import Filters

router = APIRouter(include_in_schema=False, route_class=TurnRoute)
PARTS = {"row": "_delivery_row.html", "line": "_delivery_line.html"}
MOST_CHANGES = 2**62  # a number that any database takes
COMES_BACK = 2000  # milliseconds after which a page that was cut off asks again


@router.get("/deliveries")
def deliveries(
    request: Request, desk: TheDesk, status: str = "", channel: str = "", group: str = "", after: str = "", before: str = "",
    part: str = "",
) -> HTMLResponse:  # fmt: skip
    """List deliveries around this moment, or those `after` or `before` a place; `part=strip` is only how the ledger stands."""
    office, upto = desk.bench.content.office, desk.bench.store.deliveries.newest_passage()
    filters = read_filters(office, status, channel, group)
    begin, end = read_cursor(after, "after"), read_cursor(before, "before")
    strip = {"strip": read_strip(desk.outlook, filters), "strip_address": _address(filters, part="strip")}
    if part == "strip":
        return desk.renderer.page(request, "_strip.html", strip, active="deliveries")
    view = {
        **strip,
        "page": read_deliveries(desk.outlook, filters, after=begin, before=end),
        "choices": choices(office),
        "changes": _changes(upto),
        "link": lambda **place: _address(filters, **place),
        "line": partial(desk.renderer.piece, PARTS["line"]),
    }
    return desk.renderer.page(request, "deliveries.html", view, active="deliveries")


@router.get("/deliveries/changes", response_class=EventSourceResponse)
@out_of_turn
async def changes(
    request: Request,
    desk: TheDesk,
    upto: Annotated[int, Query(ge=0, le=MOST_CHANGES)],
    last_event_id: Annotated[str, Header(max_length=20)] = "",
) -> AsyncIterator[ServerSentEvent]:
    """Tell a page that stays open which deliveries change after what it shows; one that was cut off goes on where it was."""
    live: Live = request.app.state.live
    known = int(last_event_id) if last_event_id.isdecimal() else upto
    yield ServerSentEvent(id=str(known), retry=COMES_BACK)
    async for change in live.since(desk.bench.store.deliveries, min(known, MOST_CHANGES)):
        if change is not None:
            yield ServerSentEvent(event="changed", id=str(change.upto), data=change.deliveries)


@router.get("/deliveries/{id}")
def delivery(request: Request, desk: TheDesk, id: int, part: str = "") -> HTMLResponse:
    """Show one delivery with its attempts; `part=row` is a row for the table, `part=line` the table's own line of it."""
    upto = desk.bench.store.deliveries.newest_passage()
    try:
        detail = read_delivery(desk.outlook, id)
    except (KeyError, OverflowError) as error:
        raise HTTPException(404, "Không có lượt đăng này.") from error
    view = {"detail": detail, "row": detail.row, "changes": _changes(upto)}
    return desk.renderer.page(request, PARTS.get(part, "delivery.html"), view, active="deliveries")


def _changes(upto: int) -> str:
    """Return where a page hears of what changes after it was read: so nothing falls between the two."""
    return f"/deliveries/changes?upto={upto}"


def _address(filters: Filters, **more: str) -> str:
    named = {
        "status": filters.status.value if filters.status else "",
        "channel": filters.channel or "",
        "group": filters.group or "",
        **more,
    }
    query = urlencode({name: value for name, value in named.items() if value}, safe="!:~")
    return f"/deliveries?{query}" if query else "/deliveries"
