"""What the desk lists of every entry, and what each said when it was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select

from editorial.changes import said_by
from editorial.clock import Clock
from editorial.entry import Entry
from editorial.tone import Tone
from store.database import Database
from store.schema import ENTRIES, ENTRY_REVISIONS


@dataclass(frozen=True, kw_only=True)
class EntryCard:
    """One entry at a glance. Its words stay in its file until it is submitted, and then in its posts."""

    id: str
    revision: str
    title: str  # the Vietnamese headline, as written in the file
    group: str
    axis: str
    unit: str
    when: str
    tone: Tone
    file: str
    saved_at: datetime


class EntryTable:
    """Entry cards by id."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def save(self, entry: Entry) -> None:
        """Make the card say what the entry says now, and keep the revision."""
        values = {
            "id": entry.id, "revision": entry.revision, "title": entry.messages["vi"].headline, "content_group": entry.group,
            "axis": entry.axis, "unit": entry.unit, "rule": entry.when, "tone": entry.tone.value, "file": entry.file,
            "saved_at": self._clock.now(),
        }  # fmt: skip
        with self._database.write() as connection:
            connection.execute(delete(ENTRIES).where(ENTRIES.c.id == entry.id))
            connection.execute(insert(ENTRIES).values(**values))
            if _said(connection, entry.id, entry.revision) is None:
                row = {"entry": entry.id, "revision": entry.revision, "said": said_by(entry), "at": self._clock.now()}
                connection.execute(insert(ENTRY_REVISIONS).values(**row))

    def said(self, id: str, revision: str) -> str | None:
        """Return everything that an entry said in a revision that was handed in, as `said_by` has it; None for another."""
        with self._database.read() as connection:
            return _said(connection, id, revision)

    def get(self, id: str) -> EntryCard:
        """Return an entry's card; raise KeyError when it was never saved."""
        with self._database.read() as connection:
            row = connection.execute(select(ENTRIES).where(ENTRIES.c.id == id)).one_or_none()
        if row is None:
            raise KeyError(id)
        return _card(row)

    def all(self) -> tuple[EntryCard, ...]:
        """Return every card, by id."""
        with self._database.read() as connection:
            return tuple(_card(row) for row in connection.execute(select(ENTRIES).order_by(ENTRIES.c.id)))


def tone_of(connection: Connection, entry: str) -> Tone | None:
    """Return an entry's tone as it was last saved; None for one that never was."""
    tone = connection.execute(select(ENTRIES.c.tone).where(ENTRIES.c.id == entry)).scalar_one_or_none()
    return Tone(tone) if tone else None


def _said(connection: Connection, id: str, revision: str) -> str | None:
    kept = (ENTRY_REVISIONS.c.entry == id, ENTRY_REVISIONS.c.revision == revision)
    found: str | None = connection.execute(select(ENTRY_REVISIONS.c.said).where(*kept)).scalar_one_or_none()
    return found


def _card(row: Row[tuple[object, ...]]) -> EntryCard:
    return EntryCard(
        id=row.id, revision=row.revision, title=row.title, group=row.content_group, axis=row.axis, unit=row.unit,
        when=row.rule, tone=Tone(row.tone), file=row.file, saved_at=row.saved_at,
    )  # fmt: skip
