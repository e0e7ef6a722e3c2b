"""What each feed has told its subscribers: versions grow, and what vanished stays as cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from editorial.clock import Clock
from editorial.digest import digest
from store.database import Database
from store.ics.event import FeedEvent, Standing, ToldEvent
from store.schema import FEED_EVENTS


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A feed's events by start, then UID, and when any of them last changed here."""

    events: tuple[ToldEvent, ...]
    last_told: datetime


class FeedTable:
    """Events by feed and UID. The same events told twice change nothing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def tell(self, feed: str, events: Iterable[FeedEvent], first: date, last: date) -> Telling:
        """Return the events of the days `first` to `last` with their versions, and the tombstones of those told before."""
        wanted = {event.uid: event for event in events if first <= event.day <= last}
        with self._database.read() as connection:
            rows = _rows(connection, feed)
        if any(True for _ in _changes(wanted, rows, first, last)):
            rows = self._write(feed, wanted, first, last)
        told = [_told(wanted.get(uid), row) for uid, row in rows.items() if uid in wanted or _lies(row, first, last)]
        return Telling(events=tuple(sorted(told, key=_order)), last_told=self._last_told(feed))

    def _write(self, feed: str, wanted: Mapping[str, FeedEvent], first: date, last: date) -> dict[str, Row[Any]]:
        try:
            with self._database.write() as connection:
                self._bring_up(connection, feed, wanted, first, last)
        except IntegrityError:
            pass  # another process has just told the same events for the first time
        with self._database.read() as connection:
            return _rows(connection, feed)

    def _bring_up(self, connection: Connection, feed: str, wanted: Mapping[str, FeedEvent], first: date, last: date) -> None:
        now = self._clock.now().astimezone(UTC).replace(microsecond=0)
        rows = _rows(connection, feed)
        for uid, event in _changes(wanted, rows, first, last):
            row = rows.get(uid)
            values = _values(event) if event else {"gone": 1}
            if row is None:
                since = event.known_since.astimezone(UTC).replace(microsecond=0) if event else now
                connection.execute(
                    insert(FEED_EVENTS).values(feed=feed, uid=uid, sequence=0, changed_at=since, told_at=now, **values)
                )
            else:
                changed = {"sequence": row.sequence + 1, "changed_at": max(now, row.changed_at), "told_at": now, **values}
                connection.execute(update(FEED_EVENTS).filter_by(feed=feed, uid=uid).values(**changed))

    def _last_told(self, feed: str) -> datetime:
        with self._database.read() as connection:
            query = select(func.max(FEED_EVENTS.c.told_at)).filter_by(feed=feed)
            last: datetime | None = connection.execute(query).scalar_one()
        return last or self._clock.now()


def _rows(connection: Connection, feed: str) -> dict[str, Row[Any]]:
    return {row.uid: row for row in connection.execute(select(FEED_EVENTS).filter_by(feed=feed))}


def _changes(
    wanted: Mapping[str, FeedEvent], rows: Mapping[str, Row[Any]], first: date, last: date
) -> Iterable[tuple[str, FeedEvent | None]]:
    """Yield what is new, what is different and, with None, what vanished from the days that the feed speaks of."""
    for uid, event in wanted.items():
        if uid not in rows or rows[uid].gone or rows[uid].digest != digest(event):
            yield uid, event
    for uid, row in rows.items():
        if uid not in wanted and not row.gone and _lies(row, first, last):
            yield uid, None


def _values(event: FeedEvent) -> dict[str, object]:
    return {
        "digest": digest(event),
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "farewell": event.farewell or f"Đã hủy: {event.summary}",
        "gone": 0,
    }


def _told(event: FeedEvent | None, row: Row[Any]) -> ToldEvent:
    shown = event or _tombstone(row)
    return ToldEvent(event=shown, sequence=row.sequence, changed_at=row.changed_at)


def _tombstone(row: Row[Any]) -> FeedEvent:
    return FeedEvent(
        uid=row.uid, start=_moment(row.start), end=_moment(row.end), summary=row.farewell, known_since=row.changed_at,
        standing=Standing.CANCELLED,
    )  # fmt: skip


def _lies(row: Row[Any], first: date, last: date) -> bool:
    return first <= date.fromisoformat(row.start[:10]) <= last


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _order(told: ToldEvent) -> tuple[str, str]:
    return told.event.start.isoformat(), told.event.uid
