"""What somebody is typing: kept while the file does not say it yet, so that neither a closed tab nor a lost line costs a word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, insert, select

from editorial.clock import Clock
from store.database import Database
from store.schema import DRAFTS

Fields = Mapping[str, str]  # the name of a field of the form -> what stands in it


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What one page of one person holds of an entry: `base` are the fields as the files had them then, `digest` their name."""

    entry: str  # as its file is named
    person: str
    tab: str
    fields: Fields
    base: Fields
    digest: str
    saved_at: datetime


class DraftTable:
    """Drafts by entry, person and page."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep(self, entry: str, person: str, tab: str, *, fields: Fields, base: Fields, digest: str) -> datetime:
        """Keep what a page holds in the place of what it held before; return when that was."""
        row = {"entry": entry, "person": person, "tab": tab}
        body = json.dumps({"fields": dict(fields), "base": dict(base), "digest": digest}, ensure_ascii=False)
        now = self._clock.now()
        with self._database.write() as connection:
            connection.execute(delete(DRAFTS).filter_by(**row))
            connection.execute(insert(DRAFTS).values(**row, body=body, saved_at=now))
        return now

    def of(self, entry: str) -> tuple[Draft, ...]:
        """Return everybody's drafts of an entry, the newest first."""
        asked = select(DRAFTS).where(DRAFTS.c.entry == entry).order_by(DRAFTS.c.saved_at.desc(), DRAFTS.c.tab)
        with self._database.read() as connection:
            return tuple(_draft(row) for row in connection.execute(asked))

    def drop(self, entry: str, person: str, tab: str) -> None:
        """Forget a draft: it stands in the file now, or its author gave it up."""
        with self._database.write() as connection:
            connection.execute(delete(DRAFTS).filter_by(entry=entry, person=person, tab=tab))


def _draft(row: Row[tuple[object, ...]]) -> Draft:
    body = json.loads(row.body)
    return Draft(
        entry=row.entry, person=row.person, tab=row.tab, fields=body["fields"], base=body["base"], digest=body["digest"],
        saved_at=row.saved_at,
    )  # fmt: skip
