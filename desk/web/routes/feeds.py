"""The calendar feeds, for calendar programmes that ask again and again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from desk.feeds import Feeds, opens_staff_feed
from desk.web.desk import TheDesk
from store.ics.writer import Feed

router = APIRouter(prefix="/feeds", include_in_schema=False)


@router.api_route("/public.ics", methods=["GET", "HEAD"])
def public(request: Request, desk: TheDesk) -> Response:
    """Serve what anyone may read."""
    return _answer(request, Feeds(desk.bench).public(), "lich-cong-khai.ics", "public, max-age=900")


@router.api_route("/staff.ics", methods=["GET", "HEAD"])
def staff(request: Request, desk: TheDesk, token: str = "") -> Response:
    """Serve the staff's feed to whoever has its word."""
    if not opens_staff_feed(desk.bench.store, token):
        raise HTTPException(403, "Liên kết lịch nội bộ không đúng hoặc đã đổi. Hãy lấy liên kết mới bằng lệnh ./loa ics link.")
    return _answer(request, Feeds(desk.bench).staff(), "lich-noi-bo.ics", "private, no-cache")


def _answer(request: Request, feed: Feed, name: str, keep: str) -> Response:
    headers = {
        "etag": feed.etag,
        "last-modified": format_datetime(feed.last_modified, usegmt=True),
        "cache-control": keep,
        "content-disposition": f'inline; filename="{name}"',
    }
    if _has_it(request, feed):
        return Response(status_code=304, headers=headers)
    return Response(feed.body, media_type="text/calendar; charset=utf-8", headers=headers)


def _has_it(request: Request, feed: Feed) -> bool:
    """Tell whether the reader has these bytes; their moment counts where their name is not asked about (RFC 9110)."""
    named = request.headers.get("if-none-match")
    if named is not None:
        return _names(named, feed.etag)
    since = _moment(request.headers.get("if-modified-since", ""))
    return since is not None and feed.last_modified.replace(microsecond=0) <= since


def _names(asked: str, etag: str) -> bool:
    """Tell whether one of the names is these bytes'; a proxy that compressed them names them W/ (weakly)."""
    known = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return etag in known or "*" in known


def _moment(text: str) -> datetime | None:
    """Read an HTTP date; None where it is none, as the RFC wants it ignored then."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
