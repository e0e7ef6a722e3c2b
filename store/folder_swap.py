"""A folder that is put in its place in one step: whoever looks sees the old one or the new one, and never a part of either."""

from __future__ import annotations

import ctypes
import os
import uuid
from pathlib import Path

_AT_CWD = -100  # "relative to the working folder", as renameat2 has it
_EXCHANGE = 2


def put_folder(folder: Path, place: Path) -> None:
    """Let a folder take a place; what stood there stands afterwards where the folder was.

    Both lie on one file system. Where the system cannot exchange two folders the old one goes first, and the place is empty
    for a moment.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        folder.rename(place)
    elif not _exchange(folder, place):
        aside = folder.with_name(f"{folder.name}.{uuid.uuid4().hex}")
        place.rename(aside)
        try:
            folder.rename(place)
        except OSError:
            aside.rename(place)
            raise
        aside.rename(folder)


def _exchange(one: Path, other: Path) -> bool:
    """Let two paths change places, on Linux; False where that cannot be done here."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    return bool(rename(_AT_CWD, os.fsencode(one), _AT_CWD, os.fsencode(other), _EXCHANGE) == 0)
