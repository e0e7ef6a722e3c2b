"""Pictures and clips that were signed and stay as they are, though their template draws otherwise now.

What was signed was looked at by two people; a template that somebody changes afterwards is no change of what the entry says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desk.workbench import Workbench
from editorial.post import Medium, Post
from scheduler.production import RenderOrder
from store.errors import Tampered
from store.media import altered
from store.store import Store

Signed = Mapping[str, Mapping[str, Medium]]  # by the post's key and the medium's id


def signed_media(bench: Workbench, entry: str, orders: Iterable[RenderOrder], keys: Mapping[str, str]) -> Signed:
    """Return the media of the newest standing approval that the orders would draw from the same words, files and brand.

    `keys` has the post's key of each channel. Where a file is not, byte for byte, what was signed, it has to be drawn again.
    """
    signed = signed_posts(bench.store, entry)
    posts = {post.key: {medium.id: medium for medium in post.media} for post in signed if _is_whole(bench, post)}
    found: dict[str, dict[str, Medium]] = {}
    for order in orders:
        medium = posts.get(keys[order.channel], {}).get(order.medium)
        if medium is not None and medium.drawn_from is not None and medium.drawn_from == order.drawn_from:
            found.setdefault(keys[order.channel], {})[order.medium] = medium
    return found


def signed_posts(store: Store, entry: str) -> tuple[Post, ...]:
    """Return what the newest standing approval of an entry signed; nothing where its rows are not what was signed."""
    approval = store.approvals.latest(entry)
    try:
        return store.approvals.posts(approval) if approval is not None else ()
    except (Tampered, KeyError):
        return ()


def _is_whole(bench: Workbench, post: Post) -> bool:
    bench.media.bring(post)
    return altered(post) is None
