"""Until when a restored memory reaches: what came after is looked for on the channels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from store.schema import DELIVERIES, PASSAGES, SETTINGS

NAME = "remembers-until"


def note_doubt(connection: Connection, now: datetime) -> None:
    """Keep the moment of the newest thing that is remembered, before anything is written anew."""
    newest = (
        select(PASSAGES.c.at).order_by(PASSAGES.c.id.desc()), select(DELIVERIES.c.touched_at).order_by(DELIVERIES.c.id.desc())
    )  # fmt: skip
    found = [connection.execute(query.limit(1)).scalar_one_or_none() for query in newest]
    last = max((moment for moment in found if moment is not None), default=None)
    connection.execute(delete(SETTINGS).filter_by(name=NAME))
    connection.execute(insert(SETTINGS).values(name=NAME, value=(last or now).isoformat()))


def read_doubt(connection: Connection) -> datetime | None:
    """Return the moment; None where nothing was ever restored."""
    found: str | None = connection.execute(select(SETTINGS.c.value).filter_by(name=NAME)).scalar_one_or_none()
    return datetime.fromisoformat(found) if found else None
