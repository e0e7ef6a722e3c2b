"""What Loa remembers, opened without what people wrote."""

from __future__ import annotations

from pathlib import Path

from desk.records import database_url
from editorial.clock import Clock
from store.audit_head import heads_beside
from store.media import MediaStore
from store.store import Store


def open_store(memory: Path, clock: Clock) -> tuple[Store, MediaStore]:
    """Open what Loa remembers, without reading what people wrote."""
    memory.mkdir(parents=True, exist_ok=True)
    media = MediaStore(memory / "media")
    url = database_url(memory)
    return Store.open(url, clock=clock, media_folder=media.folder, heads=heads_beside(memory)), media
