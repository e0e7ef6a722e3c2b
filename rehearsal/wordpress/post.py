"""What a WordPress portal keeps: posts, attachments and terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from rehearsal.media import Media

STATUSES = ("publish", "future", "draft", "pending", "private")


@dataclass(frozen=True, kw_only=True)
class Post:
    """An article of the portal."""

    id: int
    title: str = ""
    content: str = ""
    excerpt: str = ""
    slug: str = ""
    status: str = "draft"
    date: datetime
    modified: datetime
    featured_media: int = 0
    categories: tuple[int, ...] = (1,)
    tags: tuple[int, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    comment_status: str = "open"
    format: str = "standard"
    sticky: bool = False
    template: str = ""
    before_trash: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """An uploaded file of the portal."""

    id: int
    media: Media
    filename: str
    slug: str
    title: str = ""
    alt_text: str = ""
    caption: str = ""
    description: str = ""
    date: datetime

    @property
    def path(self) -> str:
        """Give the public path of the file."""
        return f"/wp-content/uploads/{self.date:%Y/%m}/{self.filename}"


@dataclass(frozen=True, kw_only=True)
class Term:
    """A category or a tag."""

    id: int
    taxonomy: str
    name: str
    slug: str


def slugify(text: str) -> str:
    """Write a slug as WordPress does: plain letters, digits and hyphens."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:200]


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """Give the slug, with the first free number behind it where it is taken: never an error, as in WordPress."""
    used = set(taken)
    if wanted not in used:
        return wanted
    number = 2
    while f"{wanted}-{number}" in used:
        number += 1
    return f"{wanted}-{number}"
