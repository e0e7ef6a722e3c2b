"""How many deliveries stand where, known without counting them all for each page.

They are counted once; afterwards only what has changed since is added, by the rows that every change of state leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from editorial.clock import Clock
from editorial.delivery import State
from store.database import Database
from store.schema import AUDIT_HEAD, DELIVERIES, PASSAGES
from store.statement import Statement

Counts = Counter[tuple[str, State]]  # by channel and state

# PostgreSQL's workers write side by side, and a change may be seen after a later one: then it is missed until the next count.
COUNTED_FOR = timedelta(minutes=1)
MOST_CHANGES = 20_000  # when there are more, to count anew is faster


@dataclass(frozen=True, kw_only=True)
class _Newest:
    """The newest change of state, and the newest delivery."""

    passage: int
    delivery: int


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What was counted, as of which rows, and when all of it was counted."""

    counts: Mapping[tuple[str, State], int]
    upto: _Newest
    at: datetime


class DeliveryTally:
    """The counts of one process. Safe to ask from several threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = Lock()
        self._known: _Known | None = None

    def counts(self) -> Counts:
        """Return how many deliveries stand where, by channel and state: all of them."""
        now = self._clock.now()
        with self._lock:
            known = self._known
            fresh = known is not None and known.at <= now < known.at + COUNTED_FOR
            if known is None or not fresh or known.upto != _as_newest(self._database.ask(_NEWEST_ASKED, {})[0]):
                known = self._known = self._counted(known if fresh else None, now)
        return Counter({place: count for place, count in known.counts.items() if count})

    def _counted(self, known: _Known | None, now: datetime) -> _Known:
        """Return the counts as they are now, on one view: carried on from what is known where that is not far."""
        with self._database.read() as connection:
            newest = _as_newest(connection.execute(_NEWEST).one())
            if known is None or not _is_near(known.upto, newest):
                return _Known(counts=_whole(connection), upto=newest, at=now)
            return _Known(counts=_moved_on(connection, known), upto=newest, at=known.at)

    def mark(self) -> tuple[int, ...]:
        """Return a mark that is another one as soon as a delivery, an approval or an entry's way to its schedule has changed.

        On PostgreSQL two changes that are written at one moment may share it.
        """
        return tuple(number or 0 for number in self._database.ask(_MARK, {})[0])

    def last_change(self) -> datetime | None:
        """Return when a delivery was last planned or changed its state; None where there is none."""
        found = [row[0] for query in (_LAST_PASSAGE, _LAST_PLANNED) for row in self._database.ask(query, {})]
        return max((moment for moment in found if moment is not None), default=None)


def _is_near(before: _Newest, now: _Newest) -> bool:
    """Tell whether the rows have gone on from there, and not so far that each change costs more than to count."""
    on = now.passage - before.passage, now.delivery - before.delivery
    return min(on) >= 0 and max(on) <= MOST_CHANGES


def _as_newest(row: Any) -> _Newest:
    return _Newest(passage=row[0] or 0, delivery=row[1] or 0)


def _whole(connection: Connection) -> Counts:
    return Counter({(channel, State(state)): count for channel, state, count in connection.execute(_WHOLE)})


def _moved_on(connection: Connection, known: _Known) -> Counts:
    counts = Counter(known.counts)
    for channel, state, count in connection.execute(_PLANNED_SINCE, {"delivery": known.upto.delivery}):
        counts[channel, State(state)] += count
    given = {"delivery": known.upto.delivery, "passage": known.upto.passage}
    for channel, start, end, count in connection.execute(_PASSED_SINCE, given):
        counts[channel, State(start)] -= count
        counts[channel, State(end)] += count
    return counts


_D, _P = DELIVERIES.c, PASSAGES.c
_NEWEST = select(
    select(func.max(_P.id)).scalar_subquery().label("passage"), select(func.max(_D.id)).scalar_subquery().label("delivery")
)
_NEWEST_ASKED = Statement(_NEWEST)
_MARK = Statement(_NEWEST.add_columns(select(func.max(AUDIT_HEAD.c.number)).scalar_subquery().label("deed")))
_WHOLE = select(_D.channel, _D.state, func.count()).group_by(_D.channel, _D.state)
_PLANNED_SINCE = _WHOLE.where(_D.id > bindparam("delivery"))
_PASSED_SINCE = (
    select(_D.channel, _P.start, _P.end, func.count())
    .select_from(PASSAGES.join(DELIVERIES, _P.delivery == _D.id))
    .where(_P.id > bindparam("passage"), _D.id <= bindparam("delivery"))  # a newer one was counted where it stands
    .group_by(_D.channel, _P.start, _P.end)
)
_LAST_PASSAGE = Statement(select(_P.at).order_by(_P.id.desc()).limit(1))
_LAST_PLANNED = Statement(select(_D.touched_at).order_by(_D.id.desc()).limit(1))
