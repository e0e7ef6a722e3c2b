"""The calendar: a month, a week, a quarter or a list of days on one page."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from desk.web.calendar_place import KEYS, VIEWS, CalendarPlace, read_calendar_day, read_clock, read_place
from desk.web.calendar_reader import FIRST_DAY, LAST_DAY, CalendarReader
from desk.web.choices import choices, read_filters
from desk.web.desk import Desk, TheDesk
from desk.web.flash import read_flash, spend
from desk.web.halt_reader import office_halts
from desk.web.moment_words import moment_words
from desk.web.month import Month
from desk.web.outlook import Outlook
from desk.web.turns import TurnRoute
from desk.web.views.calendar import Cursor, MonthPage
from desk.web.views.standing import Filters
from desk.web.views.status import Status
from editorial.problem import BadInput, Problem

router = APIRouter(include_in_schema=False, route_class=TurnRoute)

WEEKDAYS = (
    ("thứ Hai", "T2"), ("thứ Ba", "T3"), ("thứ Tư", "T4"), ("thứ Năm", "T5"), ("thứ Sáu", "T6"), ("thứ Bảy", "T7"),
    ("Chủ nhật", "CN"),
)  # fmt: skip
LEGEND = (Status.DRAFT, Status.READY, Status.MOVING, Status.PUBLISHED, Status.VERIFIED, Status.HELD, Status.FAILED)
EVERYTHING = 100_000  # entries of a cell


@router.get("/")
def home() -> RedirectResponse:
    """Lead to the calendar."""
    return RedirectResponse("/calendar", status_code=307)


@router.get("/calendar")
def calendar(
    request: Request, desk: TheDesk, view: str = "", month: str = "", day: str = "", status: str = "", channel: str = "",
    group: str = "", unit: str = "", axis: str = "", after: str = "",
) -> HTMLResponse:  # fmt: skip
    """Show a view of the calendar, this month where nothing is asked for; `after` goes on with the list where it ended."""
    filters = read_filters(desk.bench.content.office, status, channel, group, unit, axis)
    place = read_place(view, month, day, desk.outlook.today, filters)
    reader = CalendarReader(desk.outlook, filters)
    flash = read_flash(request)
    drawn = _drawn(request, desk, place, reader) if not after else _read(reader, place, after)
    shown = {
        **drawn,
        "place": place,
        "reader": reader,
        "choices": choices(desk.bench.content.office),
        "weekdays": WEEKDAYS,
        "legend": LEGEND,
        "views": VIEWS,
        "keys": KEYS,
        "flash": flash,
        "halts": office_halts(desk.outlook),
        "page_filters": filters,
        "chips": place.chips(choices(desk.bench.content.office)),
        "first_day": FIRST_DAY.isoformat(),
        "last_day": LAST_DAY.isoformat(),
        "filtering": request.headers.get("hx-trigger") == "calendar-filters",
        "printed": moment_words(desk.bench.clock.now()),
    }
    answer = desk.renderer.page(request, "_agenda_more.html" if after else "calendar.html", shown, active="calendar")
    if flash is not None:
        spend(answer)
    return answer


def _drawn(request: Request, desk: Desk, place: CalendarPlace, reader: CalendarReader) -> Mapping[str, object]:
    """Return what a view shows, its table drawn: the same for all who read one language, while nothing in it has changed."""

    def draw() -> Mapping[str, object]:
        found = _read(reader, place, "")
        view = {**found, "place": place, "reader": reader, "weekdays": WEEKDAYS}
        return {**found, "table": Markup(desk.renderer.fragment(request, f"_{place.view}.html", view))}

    return desk.drawn_once(("calendar", place.view, place.day, place.today, place.filters), draw)


def _read(reader: CalendarReader, place: CalendarPlace, after: str) -> Mapping[str, object]:
    match place.view:
        case "week":
            first, last = place.monday, place.stepped(1)
            return {"summary": reader.so_far(place.month.quarter), "page": reader.week(place.day),
                    "campaigns": reader.campaigns(first, last)}  # fmt: skip
        case "quarter":
            quarter = place.month.quarter
            return {"page": reader.quarter(quarter), "summary": reader.so_far(quarter),
                    "campaigns": reader.campaigns(quarter.first, quarter.last)}  # fmt: skip
        case "agenda":
            page = reader.agenda(place.day, read_cursor(after) if after else None)
            return {"page": page, "summary": None if after else reader.so_far(place.month.quarter), "campaigns": ()}
    month = place.month
    return {"page": reader.month(month), "summary": reader.so_far(month.quarter),
            "campaigns": reader.campaigns(month.first, month.last)}  # fmt: skip


def read_month(outlook: Outlook, month: Month, filters: Filters) -> MonthPage:
    """Return a month with every entry of every day, as the office stands now."""
    return CalendarReader(outlook, filters).month(month, EVERYTHING)


def read_cursor(text: str) -> Cursor:
    """Read where a stretch of the list ended; raise BadInput for what no list of ours has written."""
    moment, _, entry = text.partition("~")
    day, _, hour = moment.partition("T")
    try:
        return Cursor(day=read_calendar_day(day, "after"), at=read_clock(hour), entry=entry[:200])
    except ValueError as error:
        message = "không đọc được chỗ xem tiếp; hãy mở lại danh sách"
        raise BadInput(Problem(rule="bad-cursor", key="after", message=message)) from error
