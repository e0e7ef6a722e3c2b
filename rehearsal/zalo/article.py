"""What an Official Account keeps: articles, the tickets of their processing, clips and broadcasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rehearsal.call import JsonObject
from rehearsal.media import Media


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article as it was sent, with the pictures that were fetched for it."""

    id: str
    content: JsonObject
    type: str
    title: str
    status: str
    media: tuple[Media, ...] = ()
    created: datetime
    updated: datetime


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """The token given for a create or update; the article takes effect when it is ready."""

    token: str
    article: Article
    ready_at: datetime
    done: bool = False
    asked: bool = False


@dataclass(frozen=True, kw_only=True)
class Clip:
    """An uploaded clip, usable in articles once it is converted."""

    token: str
    id: str
    media: Media
    ready_at: datetime


@dataclass(frozen=True, kw_only=True)
class Broadcast:
    """A message to all followers: moderated, then delivered, never taken back."""

    id: str
    articles: tuple[str, ...]
    sent_at: datetime
    delivered: bool = False
