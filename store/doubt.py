"""Until when a restored memory reaches: what came after is looked for on the channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from store.schema import PASSAGES, SETTINGS

NAME = "remembers-until"


def note_doubt(connection: Connection, now: datetime) -> None:
    """Keep the moment of the newest thing that is remembered, before anything is written anew."""
    last = connection.execute(select(PASSAGES.c.at).order_by(PASSAGES.c.id.desc()).limit(1)).scalar_one_or_none()
    connection.execute(delete(SETTINGS).filter_by(name=NAME))
    connection.execute(insert(SETTINGS).values(name=NAME, value=(last or now).isoformat()))


def read_doubt(connection: Connection) -> datetime | None:
    """Return the moment; None where nothing was ever restored."""
    found: str | None = connection.execute(select(SETTINGS.c.value).filter_by(name=NAME)).scalar_one_or_none()
    return datetime.fromisoformat(found) if found else None
