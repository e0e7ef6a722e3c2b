"""Move an entry by dialog: shown first what follows, then done, with a way back."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.rescheduling import Rescheduling, Undo, carry_out, think_back
from desk.web.calendar_place import CalendarPlace
from desk.web.desk import Desk, TheDesk, reread
from desk.web.flash import Flash, keep_flash
from desk.web.moment_words import moment_words
from desk.web.move_reader import MoveForm, MoveReader
from desk.web.signed import acting
from desk.web.turns import TurnRoute
from desk.web.views.moving import MovePage
from desk.web.views.standing import Filters
from editorial.problem import BadInput, Problem
from editorial.role import Right

router = APIRouter(include_in_schema=False, route_class=TurnRoute)

Text = Annotated[str, Form(max_length=400)]
Channels = Annotated[list[str], Form(max_length=80)]


@router.get("/calendar/move")
def look(
    request: Request, desk: TheDesk, entry: Annotated[str, Query(max_length=120)],
    channel: Annotated[list[str] | None, Query(max_length=80)] = None,
    day: str = "", to_day: str = "", to_time: str = "", rule: str = "", back: str = "",
) -> Response:  # fmt: skip
    """Show the form, and what follows from what it is filled in with; nothing is done."""
    form = MoveForm(
        entry=entry, channels=tuple(channel or ()), day=day, to_day=to_day, to_time=to_time, anchored=rule != "fixed",
        back=_back(back or request.headers.get("hx-current-url", request.headers.get("referer", ""))),
    )  # fmt: skip
    reader = MoveReader(desk.outlook, form)
    if not to_day:
        return _show(request, desk, reader.page())
    try:
        return _show(request, desk, _filled(reader).page(_filled(reader).thought()))
    except BadInput as error:
        return _show(request, desk, reader.page(problems=error.problems))


@router.post("/calendar/move")
def move(
    request: Request, desk: TheDesk, entry: Text, to_day: Text = "", to_time: Text = "", rule: Text = "", day: Text = "",
    back: Text = "", seal: Text = "", channel: Channels = [],  # noqa: B006  # FastAPI copies it
) -> Response:  # fmt: skip
    """Do what was shown; where something else follows by now, or something was filled in anew, show that first."""
    form = MoveForm(
        entry=entry, channels=tuple(channel), day=day, to_day=to_day, to_time=to_time, anchored=rule != "fixed",
        back=_back(back), seal=seal,
    )  # fmt: skip
    reader, thought = MoveReader(desk.outlook, form), None
    try:
        thought = reader.thought()
        if seal != thought.seal:
            return _show(request, desk, reader.page(thought, changed=bool(seal)), status=409)
        undo = carry_out(desk.bench, thought, acting(desk, Right.WRITE))
    except BadInput as error:
        return _show(request, desk, reader.page(thought, error.problems), status=422)
    reread(request, thought.entry.series or thought.entry.id)
    first = min(thought.shifts, key=lambda each: each.after.at).after
    more = "Phê duyệt cũ đã hết hiệu lực: hãy trình và duyệt lại." if _voids(thought) else ""
    flash = Flash(
        words=f"Đã dời “{reader.outlook.headlines([entry])[entry]}” sang {moment_words(first.at)}.", more=more,
        see=CalendarPlace(view="month", day=first.day, today=desk.outlook.today, filters=Filters()).link(),
        undo={"entry": undo.entry, "rules": json.dumps(undo.rules), "digest": undo.digest},
    )  # fmt: skip
    return _gone(request, form.back, flash)


@router.post("/calendar/undo")
def undo(request: Request, desk: TheDesk, entry: Text, rules: Text, digest: Text, back: Text = "") -> Response:
    """Take a move back, while nobody has changed the file since."""
    try:
        told = {str(name): str(rule) for name, rule in json.loads(rules).items()}
    except (ValueError, AttributeError) as error:
        message = "không hoàn tác được; hãy dời lại bằng tay"
        raise BadInput(Problem(rule="bad-undo", key="rules", message=message)) from error
    thought = think_back(desk.bench, Undo(entry=entry, rules=told, digest=digest))
    carry_out(desk.bench, thought, acting(desk, Right.WRITE))
    reread(request, thought.entry.series or thought.entry.id)
    first = min(thought.shifts, key=lambda each: each.after.at).after
    words = f"Đã hoàn tác: “{desk.outlook.headlines([entry])[entry]}” trở lại {moment_words(first.at)}."
    flash = Flash(words=words, more="Phê duyệt đã hết hiệu lực khi dời không tự trở lại.")
    return _gone(request, _back(back or request.headers.get("referer", "")), flash)


def _filled(reader: MoveReader) -> MoveReader:
    """Return the form with the hour that it starts with, where only a day was pointed at."""
    form = reader.form
    if form.to_time:
        return reader
    return MoveReader(reader.outlook, MoveForm(**{**vars(form), "to_time": reader.page().to_time}))


def _voids(thought: Rescheduling) -> bool:
    return any(each.kind.value == "void" for each in thought.consequences)


def _show(request: Request, desk: Desk, page: MovePage, status: int = 200) -> HTMLResponse:
    alone = "hx-request" not in request.headers
    live = not alone and request.method == "GET"
    view = {"page": page, "alone": alone, "live": live}
    return desk.renderer.page(request, "move.html", view, active="calendar", status=status)


def _gone(request: Request, back: str, flash: Flash) -> Response:
    """Lead back to the calendar, which then says what was done."""
    answer: Response = RedirectResponse(back, status_code=303)
    if "hx-request" in request.headers:
        answer = Response(status_code=204, headers={"hx-redirect": back})
    keep_flash(answer, flash, secure=request.url.scheme == "https")
    return answer


def _back(address: str) -> str:
    """Return the page of the calendar that somebody came from, and no other address.

    Without its place on the page: a browser that is led to a place on the page where it is loads nothing.
    """
    _, _, query = address.partition("#")[0].partition("/calendar?")
    return f"/calendar?{query}" if query and all(32 < ord(letter) < 127 for letter in query) else "/calendar"
