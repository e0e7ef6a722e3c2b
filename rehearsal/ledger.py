"""The append-only list of everything the public of one channel could ever see: the judge of every rehearsal."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime

from rehearsal.journal import Journal
from rehearsal.media import Media
from rehearsal.publication import Event, Publication

REQUEST: ContextVar[str] = ContextVar("request", default="clock")
"""The id of the request being answered; `clock` where time itself made something visible."""


class Ledger:
    """Rows in the order they happened; a post is visible while its last row is not a removal."""

    def __init__(self, platform: str, journal: Journal) -> None:
        self._platform = platform
        self._rows = journal.table("ledger", Publication)
        self._last: dict[str, Publication] = {row.id: row for row in self._rows}

    def show(
        self, id: str, *, path: str, at: datetime, text: str, title: str = "", html: str = "", media: tuple[Media, ...] = ()
    ) -> None:
        """Record that a post can now be seen as given; what looks as before adds no row."""
        before = self.visible(id)
        row = Publication(
            platform=self._platform, id=id, url=path, title=title, text=text, html=html, media=media, at=at,
            published_at=before.published_at if before else at,
            event=Event.EDITED if before else Event.PUBLISHED, request_id=REQUEST.get(),
        )  # fmt: skip
        if before is None or _looks(before) != _looks(row):
            self._append(row)

    def remove(self, id: str, *, at: datetime) -> None:
        """Record that a post can no longer be seen, if it could."""
        if before := self.visible(id):
            self._append(replace(before, at=at, event=Event.REMOVED, request_id=REQUEST.get()))

    def visible(self, id: str) -> Publication | None:
        """Find a post as the public sees it now."""
        row = self._last.get(id)
        return row if row and row.event is not Event.REMOVED else None

    def last(self, id: str) -> Publication | None:
        """Find the newest row of a post, removed or not."""
        return self._last.get(id)

    def feed(self) -> tuple[Publication, ...]:
        """List what the public sees now, newest first."""
        seen = [row for row in self._last.values() if row.event is not Event.REMOVED]
        return tuple(sorted(seen, key=lambda row: row.published_at)[::-1])

    def rows(self, address: str) -> tuple[Publication, ...]:
        """List every row, oldest first, with whole addresses."""
        return tuple(replace(row, url=address + row.url) for row in self._rows)

    def forget(self) -> None:
        """Drop what is derived from the rows, after they were cleared."""
        self._last.clear()

    def _append(self, row: Publication) -> None:
        self._rows.put(f"{len(self._rows) + 1:06d}", row)
        self._last[row.id] = row


def _looks(row: Publication) -> tuple[object, ...]:
    return (row.url, row.title, row.text, row.html, row.media_sha256)
