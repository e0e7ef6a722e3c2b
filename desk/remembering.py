"""What Loa remembers, opened without what people wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desk.records import DATABASE, database_url, key_place, media_address
from editorial.clock import Clock
from editorial.problem import BadInput, Problem
from store.audit_head import heads_beside
from store.media import MediaStore
from store.moving import has_moved
from store.store import Store

if TYPE_CHECKING:
    from store.shared_media import SharedRenditions


def open_store(memory: Path, clock: Clock, *, moved_too: bool = False) -> tuple[Store, MediaStore]:
    """Open what Loa remembers, without reading what people wrote; raise BadInput where it has moved to a server."""
    memory.mkdir(parents=True, exist_ok=True)
    media = open_media(memory)
    store = Store.open(database_url(memory), clock=clock, media=media, heads=heads_beside(memory), keys=key_place(memory))
    if not moved_too and has_moved(store):
        store.close()
        message = f"sổ này đã chuyển sang máy chủ PostgreSQL; hãy đặt {DATABASE} là địa chỉ của kho đó rồi chạy lại"
        raise BadInput(Problem(rule="moved", message=message))
    return store, media


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
