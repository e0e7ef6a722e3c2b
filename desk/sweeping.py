"""The cache swept without taking what is still to be posted."""

from __future__ import annotations

from collections.abc import Iterator

from desk.place import Place
from desk.records import OFFICE, is_kept
from desk.remembering import open_store
from desk.triage import unsent
from editorial.clock import SystemClock
from studio.allowance import cache_bytes
from studio.sweep import Swept, sweep


def sweep_cache(place: Place, limit: int | None = None) -> Swept:
    """Bring the cache under a limit in bytes, the machine's own where none is given; what unsent posts show stays."""
    return sweep(place.memory, cache_bytes() if limit is None else limit, frozenset(_unsent_media(place)))


def _unsent_media(place: Place) -> Iterator[str]:
    """Yield the SHA-256 of every picture and clip of a post that may still go out, in each of the memories."""
    kept = {database.parent for database in place.memory.glob("*/loa.sqlite")}
    for memory in sorted(kept | {place.memory / OFFICE}):
        if not is_kept(memory):
            continue
        with open_store(memory, SystemClock(), moved_too=True)[0] as store:
            for delivery in unsent(store):
                yield from (medium.sha256 for medium in store.posts.version(delivery.post_key, delivery.post_digest).media)
