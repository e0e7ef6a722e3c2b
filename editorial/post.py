"""A post: a variant with its renditions, ready to go out; what approval signs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from pathlib import Path

from editorial.clock import aware
from editorial.digest import WHEN_SAID, digest
from editorial.first_comment import FirstComment
from editorial.message import Variant


class MediumKind(Enum):
    """What a medium is to a platform."""

    IMAGE = "image"  # a still picture
    VIDEO = "video"  # a clip


@dataclass(frozen=True, kw_only=True)
class Medium:
    """One picture or clip as bytes that exist. The paths are where they lie here and are not signed; the digests are."""

    id: str  # the media order's id
    kind: MediumKind
    media_type: str  # "image/jpeg", "video/mp4"
    sha256: str
    byte_size: int
    width: int  # pixels
    height: int
    alt: str
    path: Path = field(metadata={"signed": False})
    seconds: float | None = None  # clips only
    subtitles_sha256: str | None = None
    subtitles: Path | None = field(default=None, metadata={"signed": False})  # SubRip, UTF-8
    poster_sha256: str | None = None
    poster: Path | None = field(default=None, metadata={"signed": False})  # a JPEG frame of a clip
    # The digest of all that it was drawn from besides its template: while that is the same, only the template has changed.
    drawn_from: str | None = field(default=None, metadata={"signed": False})


@dataclass(frozen=True, kw_only=True)
class Post:
    """Everything that one delivery sends: words, media and alt text, on one channel at one moment."""

    key: str  # unique for ever: "<entry>.<channel>.<year>", used as slug and marker
    entry: str
    channel: str
    variant: Variant
    media: tuple[Medium, ...]
    due_at: datetime
    # The key of the post of this channel that goes out first. It decides when this one may go, so it is signed as the moment is.
    after: str | None = field(default=None, metadata={"signed": WHEN_SAID})
    # What is said below it once it is public: a step of its own, and no part of the call that makes it public.
    first_comment: FirstComment | None = field(default=None, metadata={"signed": WHEN_SAID})

    def __post_init__(self) -> None:
        aware(self.due_at)

    @cached_property
    def digest(self) -> str:
        """Return the digest of words, media bytes, alt text, channel, moment, order and comment: any change is another digest."""
        return digest(self)

    @property
    def images(self) -> tuple[Medium, ...]:
        """Return the pictures, in order."""
        return tuple(medium for medium in self.media if medium.kind is MediumKind.IMAGE)

    @property
    def videos(self) -> tuple[Medium, ...]:
        """Return the clips, in order."""
        return tuple(medium for medium in self.media if medium.kind is MediumKind.VIDEO)
