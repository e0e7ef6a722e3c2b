"""One moment at which the public could see something new, changed or gone on a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from rehearsal.media import Media


class Event(Enum):
    """What the public saw happen."""

    PUBLISHED = "published"  # became visible, for the first time or again
    EDITED = "edited"  # stayed visible, with other words or media
    REMOVED = "removed"  # can no longer be seen


@dataclass(frozen=True, kw_only=True)
class Publication:
    """A row of the ledger: what the public sees from this moment on.

    `id` is the platform's own id of the post. `published_at` is when the post became visible, `at` when this event happened.
    `html` is the same words with their markup, empty where the channel carries plain text only.
    """

    platform: str
    id: str
    url: str
    title: str
    text: str
    html: str = ""
    media: tuple[Media, ...] = ()
    published_at: datetime
    at: datetime
    request_id: str
    event: Event

    @property
    def media_count(self) -> int:
        """Count the pictures, clips and files that are shown with the words."""
        return len(self.media)

    @property
    def media_sha256(self) -> tuple[str, ...]:
        """Name each medium by its bytes, in the order shown."""
        return tuple(medium.sha256 for medium in self.media)
