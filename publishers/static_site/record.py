"""What is kept beside a page: enough to list it, feed it and tell it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from editorial.post import Medium, MediumKind
from publishers.media_address import EXTENSIONS


class File(BaseModel):
    """One picture or clip of a page; names are relative to the page."""

    model_config = ConfigDict(frozen=True)

    name: str
    media_type: str
    byte_size: int
    width: int
    height: int
    alt: str
    poster: str | None = None
    subtitles: str | None = None

    @property
    def is_clip(self) -> bool:
        """Tell a clip from a picture."""
        return self.media_type.startswith("video/")


class Record(BaseModel):
    """A page as the lists and feeds need it; of a page that was taken down only its address and moments are left."""

    model_config = ConfigDict(frozen=True)

    slug: str
    language: str
    title: str
    summary: str
    html: str
    files: tuple[File, ...]
    published_at: datetime
    updated_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def picture(self) -> File | None:
        """Return the picture that stands for the page."""
        return next((file for file in self.files if not file.is_clip), None)


@dataclass(frozen=True, kw_only=True)
class Site:
    """The site as a whole: its address without a slash at the end, its name, and the office that speaks there."""

    address: str
    name: str
    publisher: str

    def page(self, slug: str) -> str:
        """Return a page's address."""
        return f"{self.address}/bai/{slug}/"


def files_of(medium: Medium) -> tuple[File, tuple[tuple[str, Path], ...]]:
    """Return a medium as the page names it, and each file of it with where it lies: named by its bytes, as the page's own."""
    name = f"{medium.sha256[:16]}.{EXTENSIONS[medium.media_type]}"
    sources = [(name, medium.path)]
    poster = subtitles = None
    if medium.kind is MediumKind.VIDEO and medium.poster and medium.poster_sha256:
        poster = f"{medium.poster_sha256[:16]}.jpg"
        sources.append((poster, medium.poster))
    if medium.kind is MediumKind.VIDEO and medium.subtitles and medium.subtitles_sha256:
        subtitles = f"{medium.subtitles_sha256[:16]}.vtt"
        sources.append((subtitles, medium.subtitles))
    file = File(
        name=name, media_type=medium.media_type, byte_size=medium.byte_size, width=medium.width, height=medium.height,
        alt=medium.alt, poster=poster, subtitles=subtitles,
    )  # fmt: skip
    return file, tuple(sources)
