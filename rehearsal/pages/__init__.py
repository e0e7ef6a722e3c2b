"""What the public would see of a channel: a feed, and one page per post."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import nh3
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from rehearsal.platform import Platform
from rehearsal.publication import Event, Publication

_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_HASHTAG = re.compile(r"(?<![\w/#&;])#\w+")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def _local(at: datetime) -> str:
    return at.astimezone(HANOI).strftime("%H:%M %d/%m/%Y")


def _words(row: Publication) -> Markup:
    """Show a post's words: cleaned markup where it has any, else the text with its line breaks; pictures stand below."""
    if row.html:
        return Markup(nh3.clean(row.html, tags=nh3.ALLOWED_TAGS - {"img"}))
    return Markup("<br>").join(_lively(line) for line in row.text.split("\n"))


def _lively(line: str) -> Markup:
    """Show addresses as links and hashtags in the platform's colour, as every platform does with plain words."""
    linked = _ADDRESS.sub(r'<a href="\g<0>" rel="nofollow">\g<0></a>', str(escape(line)))
    return Markup(_HASHTAG.sub(r'<span class="tag">\g<0></span>', linked))


_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
_PAGES.filters.update(local=_local, words=_words)


def feed(platform: Platform) -> Response:
    """Show everything that is visible on a channel, newest first."""
    return HTMLResponse(_PAGES.get_template("feed.html").render(platform=platform, rows=platform.ledger.feed()))


def post(platform: Platform, id: str) -> Response:
    """Show one post: 200 while it is visible, 410 once it was removed, 404 where there never was one."""
    row = platform.ledger.last(id)
    status = 404 if row is None else 410 if row.event is Event.REMOVED else 200
    page = _PAGES.get_template("post.html").render(platform=platform, row=row if status == 200 else None, status=status)
    return HTMLResponse(page, status_code=status)
