"""A quarter's report: the figures of the page and of its table for spreadsheets, from the same service."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from desk.api.caller import Caller, needs
from desk.api_tokens import Scope
from desk.web.desk import TheDesk
from desk.web.moment_words import local
from desk.web.quarter_place import read_quarter, written
from desk.web.report_reader import read_report
from desk.web.views.report import Figures, ReportPage

router = APIRouter(prefix="/api/reports", tags=["reports"])

Reader = Annotated[Caller, Depends(needs(Scope.REPORTS_READ))]
Which = Annotated[str, Path(min_length=1, max_length=20, description="Quý, dạng 2026-Q4.")]
Known = Annotated[str, Header(max_length=400, description="ETag của lần đọc trước; số liệu chưa đổi thì trả lời 304.")]
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Số liệu vẫn như ETag đã gửi trong If-None-Match."}}


class FiguresRecord(BaseModel):
    """Posts, counted. `on_time_percent` is of what was published; null where nothing was."""

    planned: int
    published: int
    on_time: int
    verified: int
    corrected: int
    withdrawn: int
    missed: int
    on_time_percent: float | None


class RowRecord(FiguresRecord):
    """The posts of one channel, unit or group; an empty `id` is of entries that the content has no more."""

    id: str
    name: str


class ReportRecord(BaseModel):
    """The report of a quarter as the ledger stands at `made_at`. `signed` counts the deliveries whose approval stands."""

    quarter: str
    first: date
    last: date
    over: bool
    made_at: datetime
    deliveries: int
    signed: int
    whole: FiguresRecord
    channels: list[RowRecord]
    units: list[RowRecord]
    groups: list[RowRecord]


@router.get("/{quarter}", response_model=ReportRecord, responses=UNCHANGED)
def report(desk: TheDesk, caller: Reader, quarter: Which, if_none_match: Known = "") -> Response:
    """Return the report of a quarter; its ETag names the figures, so that a program that asks again need not read them."""
    page = read_report(desk.outlook, read_quarter(quarter, desk.outlook.today))
    record = _report(page, desk.bench.clock.now()).model_dump(mode="json")
    tag = _etag(record)
    headers = {"etag": tag, "cache-control": "no-cache"}
    if tag in (word.strip() for word in if_none_match.split(",")):
        return Response(status_code=304, headers=headers)
    return JSONResponse(record, headers=headers)


def _etag(record: dict[str, object]) -> str:
    """Return what names the figures: the moment at which they were counted is none of them, so the tag is a weak one."""
    said = {name: value for name, value in record.items() if name != "made_at"}
    return f'W/"{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]}"'


def _report(page: ReportPage, now: datetime) -> ReportRecord:
    rows = {table.id: [_row(each) for each in table.rows] for table in page.tables}
    quarter = page.quarter
    return ReportRecord(
        quarter=written(quarter), first=quarter.first, last=quarter.last, over=page.over, made_at=local(now),
        deliveries=page.deliveries, signed=page.signed, whole=_figures(page.whole), channels=rows["channels"],
        units=rows["units"], groups=rows["groups"],
    )  # fmt: skip


def _row(row: Figures) -> RowRecord:
    return RowRecord(id=row.id, name=row.name, **_figures(row).model_dump())


def _figures(row: Figures) -> FiguresRecord:
    return FiguresRecord(
        planned=row.planned, published=row.published, on_time=row.on_time, verified=row.verified, corrected=row.corrected,
        withdrawn=row.withdrawn, missed=row.missed, on_time_percent=row.percent,
    )  # fmt: skip
