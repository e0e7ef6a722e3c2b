"""The calendar feeds, for calendar programmes that ask again and again."""

from __future__ import annotations

from email.utils import format_datetime

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
    if _has_it(request.headers.get("if-none-match", ""), feed.etag):
        return Response(status_code=304, headers=headers)
    return Response(feed.body, media_type="text/calendar; charset=utf-8", headers=headers)


def _has_it(asked: str, etag: str) -> bool:
    """Tell whether the reader has these bytes; a proxy that compressed them names them W/ (weakly)."""
    known = {one.strip().removeprefix("W/") for one in asked.split(",")}
    return etag in known or "*" in known
