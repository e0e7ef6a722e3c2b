"""Which files a folder has, and when each was last written: what tells that nothing below it has changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

Stamp = tuple[str, int, int, int]  # path, time of change in nanoseconds, size in bytes, inode
Fingerprint = frozenset[Stamp]


def fingerprint(folders: Iterable[Path]) -> Fingerprint:
    """Return the stamp of every file below some folders; one that is not there has none."""
    followed = set[str]()
    return frozenset(stamp for folder in folders for stamp in _stamps(str(folder), followed))


def _stamps(folder: str, followed: set[str]) -> Iterator[Stamp]:
    """Yield the stamp of every file below a folder: a large office has thousands, and this is done every few seconds.

    A folder that is linked into it is looked at too, once: links may lead in a circle.
    """
    try:
        found = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with found:
        for each in found:
            if each.is_dir():
                target = os.path.realpath(each.path) if each.is_symlink() else ""
                if target not in followed:
                    followed |= {target} - {""}
                    yield from _stamps(each.path, followed)
            elif each.is_file():
                yield stamp_of(each)


def stamp_of(file: os.DirEntry[str] | Path) -> Stamp:
    """Return the stamp of one file."""
    path = os.fspath(file)
    try:
        found = file.stat()
    except FileNotFoundError:  # saved by an editor that writes beside and renames
        return path, 0, 0, 0
    return path, found.st_mtime_ns, found.st_size, found.st_ino
