"""What a creator's account keeps: everything that was begun to be posted, and what was fetched for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from rehearsal.media import Media

PUBLIC, MUTUAL, FOLLOWERS, SELF = "PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"
LEVELS = (PUBLIC, MUTUAL, FOLLOWERS, SELF)


class Status(Enum):
    """Where a share stands, as status/fetch says it."""

    PROCESSING_UPLOAD = "PROCESSING_UPLOAD"
    PROCESSING_DOWNLOAD = "PROCESSING_DOWNLOAD"
    SEND_TO_USER_INBOX = "SEND_TO_USER_INBOX"  # a draft; the creator finishes it in the app
    PUBLISH_COMPLETE = "PUBLISH_COMPLETE"
    FAILED = "FAILED"


@dataclass(frozen=True, kw_only=True)
class Share:
    """One post on its way; `direct` goes out by itself, the others into the creator's inbox.

    `ready_at` is when the platform has looked at the whole of it, `public_at` when it is through moderation.
    """

    id: str
    token: str  # of the upload address; empty for what is pulled
    kind: str  # video or photo
    direct: bool
    title: str = ""
    description: str = ""
    privacy: str = SELF
    status: Status
    size: int = 0
    chunk: int = 0
    chunks: int = 0
    received: int = 0
    opened: datetime
    media: tuple[Media, ...] = ()
    ready_at: datetime | None = None
    public_at: datetime | None = None
    fail: str = ""
    post: str = ""

    @property
    def is_over(self) -> bool:
        """Say whether nothing more happens to it by itself."""
        return self.status in (Status.PUBLISH_COMPLETE, Status.FAILED)

    @property
    def is_processing(self) -> bool:
        """Say whether the platform is still looking at it."""
        return self.status in (Status.PROCESSING_UPLOAD, Status.PROCESSING_DOWNLOAD)

    @property
    def is_seen(self) -> bool:
        """Say whether anybody but the creator sees it, once it is through moderation."""
        return self.status is Status.PUBLISH_COMPLETE and self.privacy != SELF


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """A medium that was pulled from an address: what the owner of the address finds in the access log."""

    url: str
    at: datetime
    share: str
    ok: bool
    why: str = ""
