"""Begin an entry from a day or an occasion of the calendar."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.new_entry import begin_entry, write_entry
from desk.web.desk import Desk, TheDesk, reread
from desk.web.draft_reader import DraftReader
from desk.web.signed import acting
from desk.web.turns import TurnRoute
from desk.web.views.drafting import DraftForm, DraftPage
from editorial.problem import BadInput
from editorial.role import Right

router = APIRouter(include_in_schema=False, route_class=TurnRoute)

Word = Annotated[str, Form(max_length=120)]
Line = Annotated[str, Form(max_length=1000)]
Body = Annotated[str, Form(max_length=100_000)]
Channels = Annotated[list[str], Form(max_length=80)]


@router.get("/calendar/new")
def look(request: Request, desk: TheDesk, day: str = "", occasion: str = "", year: str = "") -> Response:
    """Show the empty form, with a moment on the day, or counted from the occasion."""
    reader = DraftReader(desk.outlook, DraftForm(day=day, occasion=occasion, year=year))
    return _show(request, desk, reader.first())


@router.post("/calendar/new")
def create(
    request: Request, desk: TheDesk, id: Word = "", headline: Line = "", summary: Line = "", body: Body = "", group: Word = "",
    axis: Word = "", unit: Word = "", tone: Word = "", form: Word = "", campaign: Word = "", occasion: Word = "",
    year: Word = "", days: Word = "", day: Word = "", time: Word = "", only: Word = "",
    channel: Channels = [],  # noqa: B006  # FastAPI copies it
) -> Response:  # fmt: skip
    """Write the entry's file and open its page; with `only=look`, say what would follow and write nothing."""
    filled = DraftForm(
        id=id, headline=headline, summary=summary, body=body, group=group, axis=axis, unit=unit, tone=tone, form=form,
        campaign=campaign, occasion=occasion, year=year, days=days, day=day, time=time, channels=tuple(channel),
    )  # fmt: skip
    reader = DraftReader(desk.outlook, filled)
    if only == "look":
        return _show(request, desk, reader.looked())
    try:
        begun = begin_entry(desk.bench, reader.draft())
        write_entry(desk.bench, begun, acting(desk, Right.WRITE))
    except BadInput as error:
        return _show(request, desk, reader.page(error.problems), status=422)
    reread(request, begun.draft.id)
    there = f"/entries/{begun.draft.id}"
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"hx-redirect": there})
    return RedirectResponse(there, status_code=303)


def _show(request: Request, desk: Desk, page: DraftPage, status: int = 200) -> HTMLResponse:
    view = {"page": page, "alone": "hx-request" not in request.headers}
    return desk.renderer.page(request, "new_entry.html", view, active="calendar", status=status)
