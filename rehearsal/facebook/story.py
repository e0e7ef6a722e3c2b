"""What a Page keeps: stories (posts), photos, videos and the sessions that upload them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rehearsal.media import Media


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A picture of the Page; without a story nobody sees it."""

    id: str
    media: Media
    caption: str = ""
    alt: str = ""
    temporary: bool = False
    published: bool = False
    created: datetime
    story: str = ""


@dataclass(frozen=True, kw_only=True)
class Video:
    """A clip of the Page, from the first byte to the public."""

    id: str
    title: str = ""
    description: str = ""
    media: Media | None = None
    size: int = 0
    received: int = 0
    created: datetime
    ready_at: datetime | None = None
    published: bool = True
    finished: bool = False
    reel: bool = False
    scheduled: datetime | None = None
    story: str = ""
    thumbnails: tuple[Media, ...] = ()
    captions: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """A post of the Page."""

    id: str
    message: str = ""
    link: str = ""
    photos: tuple[str, ...] = ()
    video: str = ""
    created: datetime
    updated: datetime
    published: bool = True
    hidden: bool = False
    scheduled: datetime | None = None
    scheduled_with: str = ""

    @property
    def visible(self) -> bool:
        """Say whether the public sees it."""
        return self.published and not self.hidden


@dataclass(frozen=True, kw_only=True)
class Session:
    """A chunked upload in progress."""

    id: str
    video: str
    size: int
    received: int = 0
    handle: str = ""
