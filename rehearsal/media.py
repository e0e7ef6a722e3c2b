"""Uploaded pictures, clips and files: recognised by their bytes, kept by their digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from rehearsal import picture, video


class Kind(Enum):
    """What a medium is, judged by its bytes and never by its name."""

    PICTURE = "picture"  # JPEG, PNG, GIF or WebP with readable dimensions
    VIDEO = "video"  # ISO media (mp4, mov) with an ftyp box
    DOCUMENT = "document"  # anything else


@dataclass(frozen=True, kw_only=True)
class Media:
    """A medium as the platform understood it; `width` and `height` in pixels, `seconds` of playing time, 0 where unknown."""

    sha256: str
    kind: Kind
    content_type: str
    extension: str
    size: int
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    name: str = ""

    def is_picture(self, *formats: str) -> bool:
        """Say whether it is a picture of one of the formats, named by their subtypes: jpeg, png, gif, webp."""
        return self.kind is Kind.PICTURE and self.content_type.removeprefix("image/") in formats

    @property
    def path(self) -> str:
        """Give the address, below the server's root, at which the bytes are served."""
        return f"/__sandbox/media/{self.sha256}.{self.extension}"


def recognise(data: bytes, *, name: str = "") -> Media:
    """Judge bytes by their own headers; what is neither picture nor clip is a document."""
    digest = hashlib.sha256(data).hexdigest()
    if found := picture.measure(data):
        return Media(
            sha256=digest, kind=Kind.PICTURE, content_type=found.content_type, extension=found.extension,
            size=len(data), width=found.width, height=found.height, name=name,
        )  # fmt: skip
    if clip := video.measure(data):
        return Media(
            sha256=digest, kind=Kind.VIDEO, content_type="video/mp4", extension="mp4",
            size=len(data), width=clip.width, height=clip.height, seconds=clip.seconds, name=name,
        )  # fmt: skip
    pdf = data.startswith(b"%PDF-")
    content_type = "application/pdf" if pdf else "application/octet-stream"
    return Media(
        sha256=digest, kind=Kind.DOCUMENT, content_type=content_type, extension="pdf" if pdf else "bin", size=len(data), name=name
    )


class MediaStore:
    """A folder of media named by digest, shared by all the stand-ins."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, data: bytes, *, name: str = "") -> Media:
        """Recognise and keep bytes; safe to repeat."""
        media = recognise(data, name=name)
        place = self.file(media)
        if not place.exists():
            part = place.with_suffix(".part")
            part.write_bytes(data)
            part.replace(place)
        return media

    def file(self, media: Media) -> Path:
        """Say where the bytes of a medium are."""
        return self.named(f"{media.sha256}.{media.extension}")

    def named(self, filename: str) -> Path:
        """Say where a served file is; only the last part of the name counts."""
        return self._folder / Path(filename).name
