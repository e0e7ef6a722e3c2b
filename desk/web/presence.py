"""Who has an entry open at this moment: held in memory for as long as a page says so, and written down nowhere."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

SETTLED = 1000  # pages; a draft that is slower than so many saves does not come
AWAY = timedelta(seconds=45)  # a page says three times in this that it is open


@dataclass(frozen=True, kw_only=True)
class _Seen:
    person: str
    at: datetime


class Presence:
    """The open pages of each entry. Safe to use from several threads; each process knows of its own pages only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, dict[str, _Seen]] = {}
        self._settled: deque[str] = deque(maxlen=SETTLED)

    def see(self, entry: str, person: str, tab: str, now: datetime) -> tuple[str, ...]:
        """Take note of an open page; return the ids of the other people who have the entry open."""
        with self._lock:
            pages = {key: seen for key, seen in self._open.get(entry, {}).items() if now - seen.at < AWAY}
            pages[tab] = _Seen(person=person, at=now)
            self._open[entry] = pages
            return tuple(sorted({seen.person for seen in pages.values() if seen.person != person}))

    def settle(self, tab: str) -> None:
        """Take note that what a page held is in the file: a draft of it that was slower on the way says nothing new."""
        with self._lock:
            self._settled.append(tab)

    def is_settled(self, tab: str) -> bool:
        """Tell whether what a page held is in the file."""
        with self._lock:
            return tab in self._settled

    def leave(self, entry: str, tab: str) -> None:
        """Forget a page that was closed."""
        with self._lock:
            self._open.get(entry, {}).pop(tab, None)
