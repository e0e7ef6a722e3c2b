"""Every text that an entry's files had when they were saved from the desk, the one before the first save included."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, insert, select

from editorial.clock import Clock
from store.database import Database
from store.entry_text import EntryText
from store.schema import ENTRY_TEXTS


@dataclass(frozen=True, kw_only=True)
class KeptText:
    """One text; `who` saved it, or is empty where it was found in the files, written by somebody's own editor."""

    id: int
    text: EntryText
    digest: str
    who: str
    at: datetime


class EntryTextTable:
    """Kept texts by entry."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def keep(self, before: EntryText, after: EntryText, who: str) -> None:
        """Keep what was saved, and what it took the place of unless that is the newest one kept."""
        newest = (
            select(ENTRY_TEXTS.c.digest).where(ENTRY_TEXTS.c.entry == before.name).order_by(ENTRY_TEXTS.c.id.desc()).limit(1)
        )
        with self._database.write() as connection:
            known = connection.execute(newest).scalar_one_or_none()
            rows = [(after, who)] if known == before.digest else [(before, ""), (after, who)]
            for text, person in rows:
                row = {"entry": text.name, "digest": text.digest, "body": text.as_json(), "who": person, "at": self._clock.now()}
                connection.execute(insert(ENTRY_TEXTS).values(**row))

    def of(self, entry: str, most: int = 20) -> tuple[KeptText, ...]:
        """Return the newest texts of an entry, the newest first."""
        asked = select(ENTRY_TEXTS).where(ENTRY_TEXTS.c.entry == entry).order_by(ENTRY_TEXTS.c.id.desc()).limit(most)
        with self._database.read() as connection:
            return tuple(_kept(row) for row in connection.execute(asked))

    def get(self, id: int) -> KeptText:
        """Return one text; raise KeyError where there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(ENTRY_TEXTS).where(ENTRY_TEXTS.c.id == id)).one_or_none()
        if row is None:
            raise KeyError(id)
        return _kept(row)


def _kept(row: Row[tuple[object, ...]]) -> KeptText:
    text = EntryText(name=row.entry, texts=json.loads(row.body))
    return KeptText(id=row.id, text=text, digest=row.digest, who=row.who, at=row.at)
