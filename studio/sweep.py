"""Keeping the cache inside its limit: what was not used for longest goes first, and what killed renders left goes too."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

NOTE = "rendition.json"
UNFINISHED = "unfinished"
SHELVES = ("renditions", "frames", "segments", "reels", "findings")  # folders whose grandchildren appear whole or not at all
_IN_USE = 3600.0  # seconds after its last use in which something may still be copied from its place
_JUST_BEGUN = 60.0  # seconds in which a new folder may not be locked yet
_FORGOTTEN = 86_400.0  # seconds after which no render is still at work


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A folder on a shelf: its bytes, and when it was last used."""

    folder: Path
    size: int
    used: float


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a sweep removed, and the bytes that stay."""

    removed: int
    leftovers: int
    freed: int
    left: int


def sweep(cache: Path, limit: int, needed: Collection[str] = (), now: float | None = None) -> Swept:
    """Bring the cache under `limit` bytes; safe while others render, and safe to repeat.

    Renditions whose file has a SHA-256 in `needed` stay, and so does what was used within the hour, even above the limit.
    """
    moment = time.time() if now is None else now
    leftovers, freed = _clear_unfinished(cache / UNFINISHED, moment)
    kept = sorted(_kept(cache), key=lambda each: each.used)
    left, removed = sum(each.size for each in kept), 0
    for each in kept:
        if left <= limit or each.used > moment - _IN_USE:
            break
        if not _is_needed(each.folder, needed) and remove(each.folder, cache):
            left, freed, removed = left - each.size, freed + each.size, removed + 1
    return Swept(removed=removed, leftovers=leftovers, freed=freed, left=left)


def mark_used(folder: Path) -> None:
    """Note that something on a shelf was asked for now."""
    with suppress(OSError):  # a cache that may only be read serves as well
        os.utime(folder)


def hold(folder: Path) -> int:
    """Lock a folder for this process and return the descriptor to close; a process that dies lets go of it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    with suppress(OSError):  # some network file systems have no locks: there, only age tells
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def remove(folder: Path, cache: Path) -> bool:
    """Take a folder off its shelf in one step, then delete it; tell whether it was there."""
    doomed = cache / UNFINISHED / uuid.uuid4().hex
    doomed.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.rename(doomed)
    except OSError:  # another sweep was first
        return False
    _delete(doomed)
    return True


def _delete(path: Path) -> None:
    """Delete a folder, or a file: a shelf may hold either."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _kept(cache: Path) -> Iterator[Kept]:
    for shelf in SHELVES:
        for folder in (cache / shelf).glob("*/*"):
            with suppress(OSError):  # swept by another while we look
                yield Kept(folder=folder, size=_size(folder), used=folder.stat().st_mtime)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else folder.stat().st_size


def _is_needed(folder: Path, needed: Collection[str]) -> bool:
    if not needed:
        return False
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return note["sha256"] in needed
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _clear_unfinished(folder: Path, moment: float) -> tuple[int, int]:
    """Remove what no process works on any more; return how many folders and bytes that was."""
    count = freed = 0
    for left in folder.glob("*"):
        with suppress(OSError):
            size = _size(left)
            if _is_abandoned(left, moment):
                _delete(left)
                count, freed = count + 1, freed + size
    return count, freed


def _is_abandoned(folder: Path, moment: float) -> bool:
    age = moment - max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    if age < _JUST_BEGUN:
        return False
    return age > _FORGOTTEN or folder.is_file() or _is_let_go(folder)  # a file is never worked on there


def _is_let_go(folder: Path) -> bool:
    """Tell whether the process that made a folder has ended."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
