"""Where somebody is in the calendar: which view, at which day, narrowed to what; all of it in the address."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from urllib.parse import urlencode

from desk.web.calendar_reader import FIRST_DAY, LAST_DAY
from desk.web.choices import Choices
from desk.web.moment_words import day_and_month, short_day
from desk.web.month import Month, Quarter, month_of, parse_month
from desk.web.phrase_book import spoken
from desk.web.views.standing import Filters
from editorial.day_name import iso_day
from editorial.problem import BadInput, Problem

VIEWS = (("month", "Tháng"), ("week", "Tuần"), ("quarter", "Quý"), ("agenda", "Danh sách"))
KEYS = {"month": "m", "week": "u", "quarter": "q", "agenda": "l"}  # of the keyboard
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_STEPS = {"month": "tháng", "week": "tuần", "quarter": "quý", "agenda": "hai tuần"}
_NAMES = {"status": "Trạng thái", "channel": "Kênh", "group": "Nhóm", "unit": "Đơn vị", "axis": "Trục"}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter that is set, in words, and the address without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True, kw_only=True)
class CalendarPlace:
    """A view at a day."""

    view: str
    day: date
    today: date
    filters: Filters

    @property
    def month(self) -> Month:
        return month_of(self.day)

    @property
    def monday(self) -> date:
        return self.day - timedelta(days=self.day.weekday())

    @property
    def title(self) -> str:
        """Return the heading of the page."""
        match self.view:
            case "week":
                sunday = self.monday + timedelta(days=6)
                return f"Tuần {day_and_month(self.monday)} - {short_day(sunday)}"
            case "quarter":
                return self.month.quarter.title
            case "agenda":
                return f"Từ {short_day(self.day)}"
        return self.month.title

    @property
    def step(self) -> str:
        """Return what one step on or back is."""
        return _STEPS[self.view]

    @property
    def holds_today(self) -> bool:
        """Tell whether today is among the days shown first."""
        match self.view:
            case "week":
                return self.monday <= self.today <= self.monday + timedelta(days=6)
            case "quarter":
                return self.month.quarter == month_of(self.today).quarter
            case "agenda":
                return self.day == self.today
        return self.month == month_of(self.today)

    def stepped(self, count: int) -> date:
        """Return the day so many steps on, or back; the calendar's first or last one beyond its ends."""
        match self.view:
            case "week":
                wanted = self.monday + timedelta(days=7 * count)
            case "agenda":
                wanted = self.day + timedelta(days=14 * count)
            case "quarter":
                wanted = self.month.quarter.months[0].plus(3 * count).first
            case _:
                wanted = self.month.plus(count).first
        return min(max(wanted, FIRST_DAY), LAST_DAY)

    def link(self, *, view: str = "", day: date | None = None, clear: bool = False, without: str = "") -> str:
        """Return the address of another view, day or set of filters; what is not given stays."""
        shown, at = view or self.view, day or self.day
        if day is None and shown != self.view and shown in ("week", "agenda") and self.holds_today:
            at = self.today  # from a month one goes to today's week where it has one
        named = {"view": shown} if shown != "month" else {}
        where = {"month": str(month_of(at))} if shown in ("month", "quarter") else {"day": at.isoformat()}
        kept = {} if clear else {name: value for name, value in kept_filters(self.filters).items() if name != without}
        return "/calendar?" + urlencode({**named, **where, **kept})

    def quarter_link(self, quarter: Quarter) -> str:
        """Return the address of another quarter: of its first month, in the views of a month and a quarter."""
        return self.link(view=self.view if self.view in ("month", "quarter") else "month", day=quarter.first)

    def chips(self, offered: Choices) -> tuple[Chip, ...]:
        """Return the filters that are set."""
        options = {"status": offered.statuses, "channel": offered.channels, "group": offered.groups, "unit": offered.units,
                   "axis": offered.axes}  # fmt: skip
        return tuple(
            Chip(name=_NAMES[name], value=_chosen(name, dict(options[name]).get(value, value)), without=self.link(without=name))
            for name, value in kept_filters(self.filters).items()
        )


def _chosen(name: str, words: str) -> str:
    return spoken(words) if name == "status" else words


def kept_filters(filters: Filters) -> dict[str, str]:
    """Return the filters that are set, as an address has them."""
    named = {"status": filters.status.value if filters.status else None, "channel": filters.channel, "group": filters.group,
             "unit": filters.unit, "axis": filters.axis}  # fmt: skip
    return {name: value for name, value in named.items() if value}


def read_place(view: str, month: str, day: str, today: date, filters: Filters) -> CalendarPlace:
    """Return the place that an address means; raise BadInput for one that the calendar does not have."""
    if view and view not in dict(VIEWS):
        message = f"không có cách xem “{view[:20]}”; hãy chọn Tháng, Tuần, Quý hoặc Danh sách trên trang"
        raise BadInput(Problem(rule="unknown-choice", key="view", message=message))
    shown = CalendarPlace(view=view or "month", day=today, today=today, filters=filters)
    if day:
        return replace(shown, day=read_calendar_day(day))
    if month:
        found = parse_month(month)
        inside = found == month_of(today)
        return replace(shown, day=today if inside else found.first)
    return shown


def read_calendar_day(text: str, key: str = "day") -> date:
    """Read `2026-10-05`; raise BadInput for anything else, and for a day that the lunar calendar does not reach."""
    try:
        day = iso_day(text)
    except ValueError as error:
        message = f"không đọc được ngày “{text[:20]}”; hãy chọn ngày trong lịch, hoặc ghi dạng 2026-10-05"
        raise BadInput(Problem(rule="bad-day", key=key, message=message)) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        message = f"năm {day.year} nằm ngoài lịch; hãy chọn từ {FIRST_DAY.year} đến {LAST_DAY.year}"
        raise BadInput(Problem(rule="day-out-of-range", key=key, message=message))
    return day


def read_clock(text: str) -> time:
    """Read `08:00`; raise ValueError for all else."""
    if not _CLOCK.fullmatch(text):
        raise ValueError(text)
    return time.fromisoformat(text)
