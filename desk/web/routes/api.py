"""The same pages as data."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter, Query
from pydantic import BaseModel

from desk.web.choices import read_filters
from desk.web.delivery_reader import count_deliveries, find_stretches
from desk.web.desk import TheDesk
from desk.web.moment_words import local
from desk.web.month import month_of, parse_month
from desk.web.routes.calendar import read_month
from desk.web.views.calendar import DayCell
from desk.web.views.deliveries import public_address
from editorial.delivery import Delivery

router = APIRouter(prefix="/api")


class DeliveryRecord(BaseModel):
    """One delivery."""

    id: int
    key: str
    entry: str
    channel: str
    state: str
    hold_reason: str | None
    due_at: datetime
    attempts: int
    url: str | None
    published_at: datetime | None
    verified_at: datetime | None
    detail: str


class DeliveryList(BaseModel):
    """A stretch of the deliveries; `total` counts all that pass the filters."""

    total: int
    deliveries: list[DeliveryRecord]


class ChannelRecord(BaseModel):
    """A channel of an entry on a day."""

    channel: str
    status: str
    at: str


class EntryRecord(BaseModel):
    """An entry on a day."""

    id: str
    headline: str
    at: datetime
    status: str
    channels: list[ChannelRecord]


class DayRecord(BaseModel):
    """A day of the month."""

    date: date
    lunar: str
    day_off: str | None
    occasions: list[str]
    entries: list[EntryRecord]


class MonthRecord(BaseModel):
    """A month of the calendar."""

    month: str
    days: list[DayRecord]


@router.get("/deliveries")
def deliveries(
    desk: TheDesk,
    status: str = "",
    channel: str = "",
    group: str = "",
    offset: int = Query(0, ge=0, le=10_000_000),
    limit: int = Query(100, ge=1, le=1000),
) -> DeliveryList:
    """List deliveries: those that need a person first, then by moment."""
    filters = read_filters(desk.bench.content.office, status, channel, group)
    stretches = find_stretches(desk.outlook, filters)
    total = count_deliveries(desk.outlook, filters)
    return DeliveryList(
        total=desk.bench.store.delivery_pages.count(stretches.wanted) if total is None else total,
        deliveries=[_delivery(each) for each in stretches.counted(offset, limit)],
    )


@router.get("/calendar")
def calendar(desk: TheDesk, month: str = "", status: str = "", channel: str = "", group: str = "") -> MonthRecord:
    """Return the days of a month with what they are and what is planned on them."""
    filters = read_filters(desk.bench.content.office, status, channel, group)
    shown = parse_month(month) if month else month_of(desk.outlook.today)
    page = read_month(desk.outlook, shown, filters)
    return MonthRecord(month=str(shown), days=[_day(cell) for week in page.weeks for cell in week if cell.in_month])


def _delivery(delivery: Delivery) -> DeliveryRecord:
    return DeliveryRecord(
        id=delivery.id,
        key=delivery.post_key,
        entry=delivery.entry,
        channel=delivery.channel,
        state=delivery.state.value,
        hold_reason=delivery.hold_reason.value if delivery.hold_reason else None,
        due_at=local(delivery.due_at),
        attempts=delivery.attempts,
        url=public_address(delivery),
        published_at=local(delivery.published_at) if delivery.published_at else None,
        verified_at=local(delivery.verified_at) if delivery.verified_at else None,
        detail=delivery.detail,
    )


def _day(cell: DayCell) -> DayRecord:
    entries = [
        EntryRecord(
            id=card.id,
            headline=card.headline,
            at=card.at,
            status=card.status.value,
            channels=[ChannelRecord(channel=each.mark.id, status=each.status.value, at=each.time) for each in card.channels],
        )
        for card in cell.entries
    ]
    return DayRecord(
        date=cell.day,
        lunar=cell.lunar_full,
        day_off=cell.day_off or None,
        occasions=[each.name for each in cell.occasions],
        entries=entries,
    )
