"""Where an office's records lie: in a file of its memory, or on the PostgreSQL that several machines share."""

from __future__ import annotations

import os
from pathlib import Path

from store.vault import FILE, VARIABLE, KeyPlace

OFFICE = "office"  # every other memory is a rehearsal's
DATABASE, MEDIA = "LOA_DATABASE", "LOA_MEDIA"  # by environment, for every command alike: an address may hold a password


def database_url(memory: Path) -> str:
    """Return the address of a memory's database, whether there is one or not."""
    return _shared(memory, DATABASE) or f"sqlite:///{records_file(memory)}"


def records_file(memory: Path) -> Path:
    """Return where the file of a memory lies, or would lie."""
    return memory / "loa.sqlite"


def is_kept(memory: Path) -> bool:
    """Tell whether anything is recorded."""
    return bool(_shared(memory, DATABASE)) or records_file(memory).is_file()


def media_address(memory: Path) -> str:
    """Return where pictures and clips lie for all machines; empty where they lie in the memory alone."""
    return _shared(memory, MEDIA)


def key_place(memory: Path) -> KeyPlace:
    """Return where the key lies that opens what is secret in a memory: what the environment gives is for the office alone."""
    return KeyPlace(file=memory / FILE, given=_shared(memory, VARIABLE))


def _shared(memory: Path, variable: str) -> str:
    return os.environ.get(variable, "") if memory.name == OFFICE else ""
