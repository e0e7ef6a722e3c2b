"""What the office planned and what it published, as events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from editorial.clock import OFFICE_ZONE
from store.ics.event import FeedEvent, Standing

LENGTH = timedelta(minutes=15)  # a moment without length is not drawn by every calendar programme
HOUR, DAY = 60, 24 * 60


@dataclass(frozen=True, kw_only=True)
class EntryWords:
    """An entry in words: what it is called, what it says, whose it is."""

    id: str
    headline: str
    summary: str
    group: str
    unit: str
    contact: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """An entry on a channel, live, in the words that were approved: a draft that came after them is nobody's business."""

    entry: str
    headline: str
    summary: str
    language: str
    group: str
    channel: str  # as people call it
    at: datetime
    url: str


@dataclass(frozen=True, kw_only=True)
class PlannedPost:
    """An entry on a channel at a moment, and how far it has come."""

    entry: EntryWords
    channel: str  # its id
    channel_name: str
    at: datetime
    rule: str
    occasion: str
    provisional: bool
    status: str  # in words
    approved: bool
    live: bool


def published_events(publications: Iterable[Publication], domain: str) -> Iterator[FeedEvent]:
    """Yield one event an entry and year, at its first publication, with the address on every channel."""
    grouped: dict[tuple[str, int], list[Publication]] = {}
    for publication in sorted(publications, key=lambda each: (each.at, each.channel)):
        year = publication.at.astimezone(OFFICE_ZONE).year
        grouped.setdefault((publication.entry, year), []).append(publication)
    for (entry, year), together in grouped.items():
        yield _published(together, f"published.{entry}.{year}@{domain}")


def _published(together: list[Publication], uid: str) -> FeedEvent:
    first = together[0]
    words = next((each for each in together if each.language == "vi"), first)
    places = [f"{each.channel}: {each.url}" for each in together if each.url]
    return FeedEvent(
        uid=uid,
        start=first.at,
        end=first.at + LENGTH,
        summary=words.headline,
        known_since=first.at,
        description="\n".join((words.summary, *places)),
        categories=("Đã đăng", first.group) if first.group else ("Đã đăng",),
        url=next((each.url for each in together if each.url), ""),
        farewell="Bài đã được gỡ",  # a headline that was taken back must not live on in the feed
    )


def planned_events(posts: Iterable[PlannedPost], domain: str) -> Iterator[FeedEvent]:
    """Yield one event an entry and moment, with its channels together; needs all posts of an entry, also those of other years.

    An entry's moments are told apart by their order alone: whatever becomes of its day or channels, its events keep their UIDs.
    """
    grouped: dict[str, dict[datetime, list[PlannedPost]]] = {}
    for post in sorted(posts, key=lambda each: each.at):
        grouped.setdefault(post.entry.id, {}).setdefault(post.at, []).append(post)
    for entry, moments in grouped.items():
        for nth, together in enumerate(moments.values(), start=1):
            again = f".{nth}" if nth > 1 else ""
            yield _planned(together, f"entry.{entry}{again}@{domain}")


def _planned(together: list[PlannedPost], uid: str) -> FeedEvent:
    first = together[0]
    sure = all(each.approved for each in together) and not first.provisional
    live = all(each.live for each in together)
    return FeedEvent(
        uid=uid,
        start=first.at,
        end=first.at + LENGTH,
        summary=first.entry.headline + (" (dự kiến)" if first.provisional else ""),
        known_since=datetime(first.at.astimezone(OFFICE_ZONE).year - 1, 1, 1, tzinfo=UTC),
        description="\n".join(_lines(together)),
        categories=(*dict.fromkeys(each.status for each in together), first.entry.group),
        standing=Standing.CONFIRMED if sure else Standing.TENTATIVE,
        rule=first.rule,
        reminders=() if live else (HOUR,) if sure else (DAY, HOUR),
    )


def _lines(together: list[PlannedPost]) -> Iterator[str]:
    entry = together[0].entry
    yield entry.summary
    if together[0].occasion:
        yield f"Dịp: {together[0].occasion}"
    yield from (f"{each.channel_name}: {each.status}" for each in together)
    yield f"Đơn vị: {entry.unit}"
    yield f"Đầu mối: {entry.contact}"
    yield f"Mã: {entry.id}"
