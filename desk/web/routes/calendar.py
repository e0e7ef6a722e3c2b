"""The calendar: a month on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from desk.web.choices import choices, read_filters
from desk.web.desk import Desk, TheDesk
from desk.web.month import Month, month_of, parse_month
from desk.web.outlook import Outlook
from desk.web.views.calendar import Almanac, Cards, MonthPage, month_page
from desk.web.views.standing import Filters
from desk.web.views.status import Status

router = APIRouter(include_in_schema=False)

WEEKDAYS = (
    ("thứ Hai", "T2"), ("thứ Ba", "T3"), ("thứ Tư", "T4"), ("thứ Năm", "T5"), ("thứ Sáu", "T6"), ("thứ Bảy", "T7"),
    ("Chủ nhật", "CN"),
)  # fmt: skip
LEGEND = (Status.DRAFT, Status.READY, Status.MOVING, Status.PUBLISHED, Status.VERIFIED, Status.HELD, Status.FAILED)


@router.get("/")
def home() -> RedirectResponse:
    """Lead to the calendar."""
    return RedirectResponse("/calendar", status_code=307)


@router.get("/calendar")
def calendar(
    request: Request, desk: TheDesk, month: str = "", view: str = "month", status: str = "", channel: str = "", group: str = ""
) -> HTMLResponse:
    """Show a month, this month where none is asked for."""
    filters = read_filters(desk.bench.content.office, status, channel, group)
    shown = parse_month(month) if month else month_of(desk.outlook.today)
    page = read_month(desk.outlook, shown, filters)
    return desk.renderer.page(request, "calendar.html", _view(desk, page, view), active="calendar")


def read_month(outlook: Outlook, month: Month, filters: Filters) -> MonthPage:
    """Return a month's page as the office stands now."""
    weeks = month.weeks()
    around = outlook.between(weeks[0][0], weeks[-1][-1])
    headlines = outlook.headlines(each.slot.entry for each in around)
    return month_page(
        month,
        Almanac(catalogue=outlook.bench.catalogue, today=outlook.today),
        outlook.between(month.quarter.first, month.quarter.last),
        around,
        filters,
        Cards(office=outlook.bench.content.office, headlines=headlines, groups=outlook.groups),
    )


def _view(desk: Desk, page: MonthPage, view: str) -> Mapping[str, object]:
    return {
        "page": page,
        "view": "agenda" if view == "agenda" else "month",
        "choices": choices(desk.bench.content.office),
        "weekdays": WEEKDAYS,
        "legend": LEGEND,
        "link": _links(page.filters, view),
    }


def _links(filters: Filters, view: str) -> Callable[..., str]:
    """Return what makes addresses that keep the filters, and the view where another is not asked for."""

    def link(*, month: Month, view: str = view, clear: bool = False) -> str:
        kept = {} if clear else _kept(filters)
        shown = {"view": "agenda"} if view == "agenda" else {}
        return "/calendar?" + urlencode({"month": str(month), **shown, **kept})

    return link


def _kept(filters: Filters) -> dict[str, str]:
    named = {"status": filters.status.value if filters.status else None, "channel": filters.channel, "group": filters.group}
    return {name: value for name, value in named.items() if value}
