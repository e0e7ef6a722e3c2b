"""What was worked out for a page and holds for the next one, until something that it was made of has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from weakref import ref

KEPT = 128
Value = TypeVar("Value")


@dataclass(frozen=True)
class _Kept:
    of: tuple[Any, ...]
    look: int
    value: object


@dataclass
class _Place:
    """What is known under one key; whoever makes it anew keeps the others waiting for it, so that it is made once."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: _Kept | None = None  # replaced whole: it is read without the lock


class Remembered:
    """Values by key, each with what it was made of. Safe to ask from several threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._places: OrderedDict[Hashable, _Place] = OrderedDict()

    def recall(self, key: Hashable, of: tuple[Any, ...], make: Callable[[], Value], look: int = 0) -> Value:
        """Return what was made of these under the key, or make it.

        `of` are marks that are compared, and objects that have to be the very same; the oldest of many keys is forgotten. With
        another `look` it is made anew as well, by one who asks: the others are given the last one meanwhile, of the same things.
        """
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > self._kept:
                self._places.popitem(last=False)
        kept = place.kept
        is_made_anew = not place.lock.acquire(blocking=kept is None or not _same(kept.of, of))
        if is_made_anew and kept is not None:
            return cast(Value, kept.value)
        try:
            kept = place.kept
            if kept is None or kept.look != look or not _same(kept.of, of):
                kept = _Kept(tuple(each if isinstance(each, _PLAIN) else ref(each) for each in of), look, make())
                place.kept = kept
            return cast(Value, kept.value)
        finally:
            place.lock.release()


def _same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    return len(before) == len(now) and all(map(_is_still, before, now))


def _is_still(before: Any, now: Any) -> bool:
    return bool(before == now) if isinstance(now, _PLAIN) else isinstance(before, ref) and before() is now


_PLAIN = (int, str, tuple)  # compared; of all else it is remembered which one it was, without keeping it alive
