"""The cache swept without taking what is still to be posted."""

from __future__ import annotations

from collections.abc import Iterator

from desk.place import Place
from desk.triage import unsent
from editorial.clock import SystemClock
from store.store import Store
from studio.allowance import cache_bytes
from studio.sweep import Swept, sweep


def sweep_cache(place: Place, limit: int | None = None) -> Swept:
    """Bring the cache under a limit in bytes, the machine's own where none is given; what unsent posts show stays."""
    return sweep(place.memory, cache_bytes() if limit is None else limit, frozenset(_unsent_media(place)))


def _unsent_media(place: Place) -> Iterator[str]:
    """Yield the SHA-256 of every picture and clip of a post that may still go out, in each of the memories."""
    for database in sorted(place.memory.glob("*/loa.sqlite")):
        with Store.open(f"sqlite:///{database}", clock=SystemClock(), media_folder=database.parent / "media") as store:
            for delivery in unsent(store):
                yield from (medium.sha256 for medium in store.posts.get(delivery.post_key).media)
