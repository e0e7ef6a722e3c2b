"""Deliveries: what goes out where, how far each has come, and every call that was made."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel

from desk.api.caller import Caller, needs
from desk.api.cursor import After, Limit, read_cursor, write_cursor
from desk.api.entry_records import moment
from desk.api.problem_document import refusal
from desk.api_tokens import Scope
from desk.web.choices import read_filters
from desk.web.desk import TheDesk
from desk.web.turns import TurnRoute
from desk.web.views.deliveries import public_address
from editorial.clock import OFFICE_ZONE
from editorial.delivery import Attempt, Delivery, State
from store.delivery_list import Passage

router = APIRouter(prefix="/api/deliveries", tags=["deliveries"], route_class=TurnRoute)

Reader = Annotated[Caller, Depends(needs(Scope.DELIVERIES_READ))]
LARGEST = 2**31 - 1  # number of a row that any database takes
Filter = Annotated[str, Query(max_length=80)]


class DeliveryRecord(BaseModel):
    """One delivery; `detail` is the last thing worth telling a person, `state` and `hold_reason` what a program goes by."""

    id: int
    key: str
    entry: str
    channel: str
    state: State
    hold_reason: str | None
    due_at: datetime | None
    attempts: int
    url: str | None
    published_at: datetime | None
    verified_at: datetime | None
    detail: str


class DeliveryPage(BaseModel):
    """A stretch of the deliveries in the order in which they were planned."""

    items: list[DeliveryRecord]
    next: str | None


class AttemptRecord(BaseModel):
    """One commit call; without an outcome it is under way."""

    number: int
    started_at: datetime | None
    finished_at: datetime | None
    outcome: str | None
    detail: str


class PassageRecord(BaseModel):
    """One change of state."""

    start: State
    end: State
    who: str
    detail: str
    at: datetime | None


class DeliveryDetail(DeliveryRecord):
    """One delivery with its history, oldest first."""

    calls: list[AttemptRecord]
    passages: list[PassageRecord]


@router.get("")
def deliveries(
    desk: TheDesk, caller: Reader, cursor: After = "", limit: Limit = 100, state: State | None = None, channel: Filter = "",
    entry: Annotated[str, Query(max_length=120)] = "",
    since: Annotated[datetime | None, Query(description="Đến hạn từ lúc này; không ghi múi giờ là giờ Hà Nội.")] = None,
    until: Annotated[datetime | None, Query(description="Đến hạn trước lúc này.")] = None,
) -> DeliveryPage:  # fmt: skip
    """List deliveries; what is planned while a program reads page by page comes last."""
    read_filters(desk.bench.content.office, "", channel, "")
    asked = {"of": "deliveries", "state": state.value if state else "", "channel": channel, "entry": entry,
             "since": _utc(since, "since"), "until": _utc(until, "until")}  # fmt: skip
    after = read_cursor(cursor, asked, 0)
    if not 0 <= after <= LARGEST:
        raise refusal(400, "bad-cursor", "không đọc được cursor này; hãy gọi lại từ đầu, không có cursor", key="cursor")
    found = desk.bench.store.deliveries.page(
        limit + 1, after=after, state=state, channel=channel or None, entry=entry or None, since=_utc(since, "since"),
        until=_utc(until, "until"),
    )  # fmt: skip
    shown = found[:limit]
    more = write_cursor(asked, shown[-1].id) if len(found) > limit else None
    return DeliveryPage(items=[_record(each) for each in shown], next=more)


@router.get("/{id}")
def delivery(desk: TheDesk, caller: Reader, id: Annotated[int, Path(ge=1, le=LARGEST)]) -> DeliveryDetail:
    """Return a delivery with the calls that were made for it, and every change of its state."""
    store = desk.bench.store
    try:
        found = store.deliveries.get(id)
    except KeyError as error:
        raise refusal(404, "unknown-delivery", "không có lượt đăng này; hãy xem danh sách ở /api/deliveries") from error
    calls, passages = [_call(each) for each in store.attempts.of(id)], [_passage(each) for each in store.deliveries.passages(id)]
    return DeliveryDetail(**_record(found).model_dump(), calls=calls, passages=passages)


def _record(delivery: Delivery) -> DeliveryRecord:
    return DeliveryRecord(
        id=delivery.id, key=delivery.post_key, entry=delivery.entry, channel=delivery.channel, state=delivery.state,
        hold_reason=delivery.hold_reason.value if delivery.hold_reason else None, due_at=moment(delivery.due_at),
        attempts=delivery.attempts, url=public_address(delivery), published_at=moment(delivery.published_at),
        verified_at=moment(delivery.verified_at), detail=delivery.detail,
    )  # fmt: skip


def _call(attempt: Attempt) -> AttemptRecord:
    return AttemptRecord(
        number=attempt.number, started_at=moment(attempt.started_at), finished_at=moment(attempt.finished_at),
        outcome=attempt.outcome, detail=attempt.detail,
    )  # fmt: skip


def _passage(passage: Passage) -> PassageRecord:
    return PassageRecord(
        start=passage.start, end=passage.end, who=passage.who, detail=passage.detail, at=moment(passage.at)
    )  # fmt: skip


def _utc(at: datetime | None, key: str) -> datetime | None:
    """Return the moment in UTC; a wall time without an offset is the office's."""
    if at is None:
        return None
    try:
        return (at if at.tzinfo else at.replace(tzinfo=OFFICE_ZONE)).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise refusal(422, "wrong-date", "ngày này nằm ngoài lịch; hãy ghi một ngày gần hơn", key=key) from error
