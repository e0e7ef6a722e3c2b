"""The calendar: what each day of a month is and what is planned on it, and the occasions of a year."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from desk.api.caller import Caller, needs
from desk.api_tokens import Scope
from desk.web.calendar_reader import FIRST_DAY, LAST_DAY
from desk.web.choices import read_filters
from desk.web.desk import TheDesk
from desk.web.month import month_of, parse_month
from desk.web.routes.calendar import read_month
from desk.web.views.day import DayCell
from editorial.occasion import Occasion

router = APIRouter(prefix="/api/calendar", tags=["calendar"])

Reader = Annotated[Caller, Depends(needs(Scope.CALENDAR_READ))]
Filter = Annotated[str, Query(max_length=80)]


class ChannelRecord(BaseModel):
    """A channel of an entry on a day."""

    channel: str
    status: str
    at: str


class PlannedRecord(BaseModel):
    """An entry on a day; `status` is the most pressing of its channels."""

    id: str
    headline: str
    at: datetime
    status: str
    channels: list[ChannelRecord]


class DayRecord(BaseModel):
    """A day of the month; `day_off` says why nobody works."""

    date: date
    lunar: str
    day_off: str | None
    occasions: list[str]
    entries: list[PlannedRecord]


class MonthRecord(BaseModel):
    """A month of the calendar."""

    month: str
    days: list[DayRecord]


class OccasionRecord(BaseModel):
    """A dated occasion; an entry's moment may count from it: `id/year-3d@08:00`."""

    id: str
    date: date
    name: str
    name_en: str
    tone: str


class OccasionList(BaseModel):
    """The occasions of a year, by day."""

    year: int
    items: list[OccasionRecord]


@router.get("")
def month(
    desk: TheDesk, caller: Reader,
    month: Annotated[str, Query(max_length=10, description="Dạng 2026-10; trống là tháng này.")] = "",
    status: Filter = "", channel: Filter = "", group: Filter = "", unit: Filter = "", axis: Filter = "",
) -> MonthRecord:  # fmt: skip
    """Return the days of a month with what they are and what is planned on them."""
    filters = read_filters(desk.bench.content.office, status, channel, group, unit, axis)
    shown = parse_month(month) if month else month_of(desk.outlook.today)
    page = read_month(desk.outlook, shown, filters)
    return MonthRecord(month=str(shown), days=[_day(cell) for week in page.weeks for cell in week if cell.in_month])


@router.get("/occasions")
def occasions(
    desk: TheDesk, caller: Reader, year: Annotated[int | None, Query(ge=FIRST_DAY.year, le=LAST_DAY.year)] = None
) -> OccasionList:
    """List the occasions of a year, of this one where none is named."""
    shown = year if year is not None else desk.outlook.today.year
    return OccasionList(year=shown, items=[_occasion(each) for each in desk.bench.catalogue.occasions(shown)])


def _occasion(occasion: Occasion) -> OccasionRecord:
    name = occasion.name
    return OccasionRecord(id=occasion.id, date=occasion.date, name=name.vi, name_en=name.en, tone=occasion.tone.value)


def _day(cell: DayCell) -> DayRecord:
    entries = [
        PlannedRecord(
            id=card.id, headline=card.headline, at=card.at, status=card.status.value,
            channels=[ChannelRecord(channel=each.mark.id, status=each.status.value, at=each.time) for each in card.channels],
        )
        for card in cell.entries
    ]  # fmt: skip
    return DayRecord(
        date=cell.day, lunar=cell.lunar_full, day_off=cell.day_off or None, occasions=[each.name for each in cell.occasions],
        entries=entries,
    )  # fmt: skip
