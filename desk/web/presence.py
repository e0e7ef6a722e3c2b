"""Who has an entry open at this moment: held in memory for as long as a page says so, and written down nowhere."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

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

    def see(self, entry: str, person: str, tab: str, now: datetime) -> tuple[str, ...]:
        """Take note of an open page; return the ids of the other people who have the entry open."""
        with self._lock:
            pages = {key: seen for key, seen in self._open.get(entry, {}).items() if now - seen.at < AWAY}
            pages[tab] = _Seen(person=person, at=now)
            self._open[entry] = pages
            return tuple(sorted({seen.person for seen in pages.values() if seen.person != person}))

    def leave(self, entry: str, tab: str) -> None:
        """Forget a page that was closed."""
        with self._lock:
            self._open.get(entry, {}).pop(tab, None)
