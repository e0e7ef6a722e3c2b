"""The proof: what was planned, what the store says, and what the public could see, held against one another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from urllib.parse import urlsplit

from editorial.delivery import PUBLIC, Delivery, State
from editorial.likeness import plain_words
from editorial.post import Post
from scheduler.comment_proof import CommentProof, Remark, prove_comments
from store.store import Store

_BLOCK = re.compile(r"(?i)<br\s*/?>|</(p|div|h[1-6]|li|figure|figcaption|tr|blockquote)>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
NO_COMMENTS = CommentProof()
NOT_PLANNED = frozenset({State.CANCELLED, State.SUPERSEDED})  # people took these out


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One thing that the public could see, from somebody who does not know the store: a platform's own ledger.

    `media` counts the pictures and clips that are shown with the words; None where the ledger does not tell.
    """

    channel: str
    remote_id: str
    url: str
    text: str
    media: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelProof:
    """The proof of one channel."""

    planned: int
    published: int  # by the store
    verified: int
    ledger: int  # publications that the public could see
    duplicates: int
    lost: int

    @property
    def ok(self) -> bool:
        """Tell whether everything planned went out exactly once, and was read back equal."""
        return self.planned == self.published == self.verified == self.ledger and not self.duplicates and not self.lost


@dataclass(frozen=True, kw_only=True)
class Proof(ChannelProof):
    """The proof over every channel. `strangers` are publications that no planned post explains.

    `altered_keys` are posts that the public sees with other words, or another number of pictures and clips, than were approved.
    """

    per_channel: Mapping[str, ChannelProof]
    duplicate_keys: tuple[str, ...]
    lost_keys: tuple[str, ...]
    altered_keys: tuple[str, ...]
    strangers: tuple[Publication, ...]
    comments: CommentProof = NO_COMMENTS

    @property
    def ok(self) -> bool:
        """Tell whether everything planned went out exactly once, was read back equal, and has its first comment."""
        return super().ok and self.comments.ok


def prove(
    store: Store, publications: Iterable[Publication], *, since: datetime | None = None, until: datetime | None = None,
    shown: Callable[[Post], Post] = lambda post: post, remarks: Iterable[Remark] = (),
) -> Proof:  # fmt: skip
    """Hold plan, store and ledger against one another for deliveries due in a period, `until` not included.

    Give each publication once, as it was first shown: edits and removals are no publications. `shown` gives a post's words as
    its channel shows them. `remarks` are what was said below posts in the office's name.
    """
    planned = [delivery for delivery in store.deliveries.list(since=since, until=until) if delivery.state not in NOT_PLANNED]
    seen = tuple(publications)
    posts = [shown(store.posts.version(delivery.post_key, delivery.post_digest)) for delivery in planned]
    owners = _owners(planned, posts, seen)
    rows = Counter(key for key in owners if key is not None)
    channels = sorted({delivery.channel for delivery in planned} | {publication.channel for publication in seen})
    return Proof(
        **_figures(planned, rows, len(seen)),
        per_channel={
            channel: ChannelProof(**_figures(
                [delivery for delivery in planned if delivery.channel == channel], rows,
                sum(publication.channel == channel for publication in seen),
            ))
            for channel in channels
        },
        duplicate_keys=tuple(sorted(key for key, count in rows.items() if count > 1)),
        lost_keys=tuple(delivery.post_key for delivery in planned if not rows[delivery.post_key]),
        altered_keys=tuple(_altered(posts, seen, owners)),
        strangers=tuple(publication for publication, key in zip(seen, owners, strict=True) if key is None),
        comments=prove_comments(store, remarks, since=since, until=until),
    )  # fmt: skip


def _figures(planned: list[Delivery], rows: Counter[str], ledger: int) -> dict[str, int]:
    keys = [delivery.post_key for delivery in planned]
    return {
        "planned": len(planned),
        "published": sum(delivery.state in PUBLIC for delivery in planned),
        "verified": sum(delivery.state is State.VERIFIED for delivery in planned),
        "ledger": ledger,
        "duplicates": sum(max(0, rows[key] - 1) for key in keys),
        "lost": sum(not rows[key] for key in keys),
    }


def _owners(planned: list[Delivery], posts: list[Post], seen: tuple[Publication, ...]) -> list[str | None]:
    """Return whose each publication is: by the platform's id or address, else by its words."""
    by_id = {(delivery.channel, mark): delivery.post_key for delivery in planned for mark in _marks(delivery)}
    return [_by_mark(by_id, each) or _by_words(posts, each) for each in seen]


def _altered(posts: list[Post], seen: tuple[Publication, ...], owners: list[str | None]) -> Iterator[str]:
    by_key = {post.key: post for post in posts}
    for publication, key in zip(seen, owners, strict=True):
        if key is not None and not _says(by_key[key], publication):
            yield key


def _says(post: Post, publication: Publication) -> bool:
    """Tell whether the public sees a post as it was approved, as far as a ledger can tell."""
    shown = _bare_words(publication.text)
    same_words = any(said and said in shown for said in _ways_to_say(post)) or not post.variant.text.strip()
    return same_words and publication.media in (None, len(post.media))


def _marks(delivery: Delivery) -> tuple[str, ...]:
    """Return what tells the live post: its id, its address, and the path of the address, which a stand-in serves elsewhere."""
    receipt = delivery.receipt
    return (receipt.remote_id, *_address_marks(receipt.url)) if receipt else ()


def _address_marks(url: str | None) -> tuple[str, ...]:
    path = urlsplit(url or "").path.strip("/")
    return (url, path) if url and path else ()


def _by_mark(by_id: Mapping[tuple[str, str], str], publication: Publication) -> str | None:
    marks = (publication.remote_id, *_address_marks(publication.url))
    return next((key for mark in marks if (key := by_id.get((publication.channel, mark)))), None)


def _by_words(posts: list[Post], publication: Publication) -> str | None:
    """Return whose words are in a publication; where one post's words hold another's, the one that says more."""
    seen = _bare_words(publication.text)
    said = ((max((len(words) for words in _ways_to_say(post) if words in seen), default=0), post.key)
            for post in posts if post.channel == publication.channel)  # fmt: skip
    most, key = max(said, key=lambda each: each[0], default=(0, ""))
    return key if most else None


def _ways_to_say(post: Post) -> tuple[str, ...]:
    """Return the words as they are written, as a reader sees them where that is with markup, and as the page has them."""
    written = post.variant.text
    return tuple(_bare_words(words) for words in (written, _without_markup(written), _without_markup(post.variant.html)))


def _without_markup(text: str) -> str:
    return unescape(_TAG.sub("", _BLOCK.sub("\n", text)))


def _bare_words(text: str) -> str:
    """Return nothing but the words: bullets, brackets and line breaks are each platform's own."""
    return " ".join(re.findall(r"\w+", plain_words(text)))
