"""What has changed since the last approval, field by field: what an approver looks at before signing again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from editorial.clock import OFFICE_ZONE
from editorial.digest import canonical
from editorial.entry import Entry
from editorial.post import Medium, Post


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of a post, or of the entry itself, that reads otherwise; empty where it was not there, or is not any more."""

    post: str  # its key; the entry's id where no post shows the field
    channel: str  # empty for the entry itself
    field: str  # "text", "media.anh.alt", "due_at", "tone"
    before: str
    after: str


def package_changes(before: Iterable[Post], after: Iterable[Post]) -> tuple[Change, ...]:
    """Return every difference of two packages, by post; nothing means the same digest."""
    old, new = ({post.key: post for post in posts} for posts in (before, after))
    keys = dict.fromkeys((*old, *new))
    return tuple(change for key in keys for change in _of(key, old.get(key), new.get(key)))


def said_by(entry: Entry) -> str:
    """Return everything that an entry says, in the form that its revision is the digest of."""
    return canonical(entry)


def entry_changes(before: str, after: Entry, *, shown: bool) -> tuple[Change, ...]:
    """Return every field in which an entry reads otherwise than it was `said_by` before.

    `shown` tells that its posts are compared as well: what they show is not told twice.
    """
    return said_changes(after.id, before, said_by(after), shown=shown)


def said_changes(entry: str, before: str, after: str, *, shown: bool) -> tuple[Change, ...]:
    """Return every field in which an entry was `said_by` otherwise before than after."""
    old, new = (dict(_leaves(json.loads(text), "")) for text in (before, after))
    names = (name for name in dict.fromkeys((*old, *new)) if not (shown and name.partition(".")[0] in _SHOWN))
    found = ((name, old.get(name, ""), new.get(name, "")) for name in names)
    return tuple(Change(post=entry, channel="", field=name, before=was, after=now) for name, was, now in found if was != now)


# What of an entry its posts show, in their own fields.
_SHOWN = frozenset({"messages", "media", "when", "moments", "channels", "languages", "after"})


def _leaves(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Yield each single value within a plain one, under its dotted name."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield name, "" if value is None else str(value)
        return
    for key, each in inner:
        yield from _leaves(each, f"{name}.{key}" if name else str(key))


def post_changes(before: Post, after: Post) -> tuple[Change, ...]:
    """Return every field in which two versions of a post differ."""
    return tuple(_of(after.key, before, after))


def _of(key: str, before: Post | None, after: Post | None) -> Iterator[Change]:
    known = after or before
    assert known is not None
    was, now = _fields(before), _fields(after)
    for name in dict.fromkeys((*was, *now)):
        if was.get(name, "") != now.get(name, ""):
            yield Change(post=key, channel=known.channel, field=name, before=was.get(name, ""), after=now.get(name, ""))


def _fields(post: Post | None) -> Mapping[str, str]:
    if post is None:
        return {}
    variant = post.variant
    return {
        "channel": post.channel,
        "due_at": post.due_at.astimezone(OFFICE_ZONE).isoformat(),
        "after": post.after or "",
        "comment": post.first_comment.text if post.first_comment else "",
        "language": variant.language,
        "title": variant.title,
        "summary": variant.summary,
        "text": variant.text,
        "html": variant.html,
        "link": variant.link or "",
        "hashtags": " ".join(f"#{tag}" for tag in variant.hashtags),
        "media": " ".join(medium.id for medium in post.media),
        **{f"media.{medium.id}.{name}": value for medium in post.media for name, value in _medium_fields(medium)},
    }


def _medium_fields(medium: Medium) -> Iterator[tuple[str, str]]:
    yield "bytes", medium.sha256
    yield "alt", medium.alt
    yield "size", f"{medium.width}x{medium.height}, {medium.media_type}, {medium.byte_size}"
    yield "subtitles", medium.subtitles_sha256 or ""
    yield "poster", medium.poster_sha256 or ""
    yield "seconds", "" if medium.seconds is None else str(medium.seconds)
