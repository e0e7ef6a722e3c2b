"""What Loa remembers, opened without what people wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desk.records import database_url, media_address
from editorial.clock import Clock
from store.audit_head import heads_beside
from store.media import MediaStore
from store.store import Store

if TYPE_CHECKING:
    from store.shared_media import SharedRenditions


def open_store(memory: Path, clock: Clock) -> tuple[Store, MediaStore]:
    """Open what Loa remembers, without reading what people wrote."""
    memory.mkdir(parents=True, exist_ok=True)
    media = open_media(memory)
    return Store.open(database_url(memory), clock=clock, media=media, heads=heads_beside(memory)), media


def open_media(memory: Path) -> MediaStore:
    """Open the approved pictures and clips of a memory."""
    if not (address := media_address(memory)):
        return MediaStore(memory / "media")
    from store.depot import Depot
    from store.shared_media import SharedMediaStore

    return SharedMediaStore(memory / "media", Depot(address))


def shared_renditions(memory: Path) -> SharedRenditions | None:
    """Return where finished renditions lie for all machines; None where each has its own."""
    if not (address := media_address(memory)):
        return None
    from store.depot import Depot
    from store.shared_media import SharedRenditions
    from studio.sweep import NOTE

    return SharedRenditions(Depot(address), NOTE)
