"""What a channel keeps: videos, captions, and the sessions that upload them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rehearsal.call import JsonObject
from rehearsal.media import Media

CHANNEL_ID = "UCrehearsal0000000000126"
CHANNEL_TITLE = "Kênh YouTube diễn tập"
UPLOADS = "UU" + CHANNEL_ID[2:]


@dataclass(frozen=True, kw_only=True)
class Video:
    """A video of the channel; `parts` holds what its owner wrote, by part."""

    id: str
    parts: dict[str, JsonObject]
    media: Media
    uploaded: datetime
    ready_at: datetime
    thumbnail: Media | None = None
    rejected: str = ""

    @property
    def privacy(self) -> str:
        """Say who may see it: public, unlisted or private."""
        return str(self.parts["status"].get("privacyStatus"))

    @property
    def publish_at(self) -> datetime | None:
        """Say when a private video becomes public by itself."""
        value = self.parts["status"].get("publishAt")
        return datetime.fromisoformat(str(value)) if value else None


@dataclass(frozen=True, kw_only=True)
class Caption:
    """A caption track of a video."""

    id: str
    video: str
    language: str
    name: str
    draft: bool
    updated: datetime


@dataclass(frozen=True, kw_only=True)
class Session:
    """A resumable upload; `result` is the id of what it became, once complete."""

    id: str
    kind: str
    metadata: JsonObject
    query: dict[str, str]
    total: int
    content_type: str
    opened: datetime
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class ListItem:
    """A video in a playlist other than the uploads."""

    id: str
    playlist: str
    video: str
    added: datetime
