"""Channels: what each posts to, whether it works, what it can do, and a trial at its stand-in."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.errands import Errand
from desk.rendering import HowFar
from desk.web.channels_reader import read_channel, read_channels
from desk.web.desk import Desk, TheDesk
from desk.web.signed import acting
from editorial.office import Channel
from editorial.role import Right
from scheduler.engines.contract import Engine

if TYPE_CHECKING:
    from desk.channel_trial import Step

router = APIRouter(prefix="/channels", include_in_schema=False)

GLANCE = 0.3  # seconds that a page waits for a trial before it shows that it is under way


@router.get("")
def show(request: Request, desk: TheDesk) -> HTMLResponse:
    """List the office's channels with how each fares."""
    return desk.renderer.page(request, "channels.html", {"page": read_channels(desk)}, active="channels")


@router.get("/{id}")
def channel(request: Request, desk: TheDesk, id: str, errand: str = "") -> HTMLResponse:
    """Show one channel."""
    known_channel(desk, id)
    return channel_page(request, desk, id, desk.errands.find(errand) if errand else None)


@router.post("/{id}/trial")
def trial(desk: TheDesk, id: str) -> Response:
    """Send a test to the rehearsal's stand-in, beside the page; no account of the office is touched."""
    known = known_channel(desk, id)
    acting(desk, Right.MANAGE)
    begun = desk.errands.begin(f"trial/{id}", partial(_try, known), page=f"/channels/{id}")
    begun.wait(GLANCE)
    return RedirectResponse(f"/channels/{id}?errand={begun.id}#trial", HTTPStatus.SEE_OTHER)


def channel_page(request: Request, desk: Desk, id: str, errand: Errand | None = None, *, status: int = 200) -> HTMLResponse:
    """Return the page of a channel that the office has."""
    view = {"page": read_channel(desk, id, errand), "errand": errand}
    return desk.renderer.page(request, "channel.html", view, active="channels", status=status)


def known_channel(desk: Desk, id: str) -> Channel:
    """Return a channel of the office; raise a 404 for another."""
    found = desk.bench.content.office.channels.get(id)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "Không có kênh này trong content/office.yaml.")
    return found


def _try(channel: Channel, engine: Engine, progress: HowFar) -> tuple[Step, ...]:
    from desk.channel_trial import try_channel  # which paints a picture: a desk at rest loads nothing that does

    return tuple(try_channel(channel))
