"""What the public would see of a channel: a feed, and one page per post."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import nh3
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape
from starlette.responses import FileResponse, HTMLResponse, Response

from rehearsal.media import Media
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


_STYLE = Path(__file__).with_name("look.css")
_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
_PAGES.filters.update(local=_local, words=_words)


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where pages lead: to other pages and media of their own server, or wherever somebody else shows them.

    Without a `style` the style sheet stands in the page.
    """

    feed: str = "/__sandbox/feed"
    style: str = ""
    post: Callable[[Publication], str] = attrgetter("url")
    media: Callable[[Media], str] = attrgetter("path")


HERE = Addresses()


def feed(platform: Platform, at: Addresses = HERE) -> Response:
    """Show everything that is visible on a channel, newest first."""
    return HTMLResponse(_PAGES.get_template("feed.html").render(platform=platform, rows=platform.ledger.feed(), at=at))


def post(platform: Platform, id: str, at: Addresses = HERE) -> Response:
    """Show one post: 200 while it is visible, 410 once it was removed, 404 where there never was one."""
    row = platform.ledger.last(id)
    status = 404 if row is None else 410 if row.event is Event.REMOVED else 200
    page = _PAGES.get_template("post.html").render(platform=platform, row=row if status == 200 else None, status=status, at=at)
    return HTMLResponse(page, status_code=status)


def style() -> Response:
    """Give the style sheet of the pages."""
    return FileResponse(_STYLE, media_type="text/css")
