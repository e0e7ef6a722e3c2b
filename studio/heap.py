"""What the C library does with memory that was given back: kept for the next encoder while a clip is made, then returned.

An encoder takes some 250 MB for each stretch of a clip. glibc returns them to the system after each, and the system empties every
page of them again for the next one.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

# mallopt(3), malloc.h of glibc
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST_IN_A_HEAP = 32 * 2**20  # bytes, the most that glibc takes; what is larger comes from the system and goes back to it
_KEPT, _KEPT_OTHERWISE = 1 << 30, 2 * _LARGEST_IN_A_HEAP  # bytes that may lie free at the end of a heap
_TURN = threading.Lock()
_under_way: list[object] = []


@contextmanager
def kept_memory() -> Iterator[None]:
    """Keep what is freed, until the last of those who asked for it is done; where the C library is not glibc, change nothing."""
    library, mine = _glibc(), object()
    with _TURN:
        _under_way.append(mine)
        if library is not None:
            library.mallopt(_MMAP_THRESHOLD, _LARGEST_IN_A_HEAP)
            library.mallopt(_TRIM_THRESHOLD, _KEPT)
    try:
        yield
    finally:
        with _TURN:
            _under_way.remove(mine)
            if library is not None and not _under_way:
                library.mallopt(_TRIM_THRESHOLD, _KEPT_OTHERWISE)
                library.malloc_trim(0)


@lru_cache(maxsize=1)
def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
        return library if hasattr(library, "gnu_get_libc_version") and hasattr(library, "malloc_trim") else None
    except (OSError, TypeError):  # Windows
        return None
