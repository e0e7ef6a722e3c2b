"""Deliveries as the desk and the scheduler read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Column, Connection, Select, String, and_, any_, bindparam, case, func, or_, select

from editorial.clock import Clock
from editorial.delivery import IN_HAND, Delivery, State
from store.database import Database, parts_of
from store.gates import FREE, Gate, Ways, read_gates, read_shut_gates
from store.moment import NEVER, Moment
from store.passage import as_delivery, read_delivery
from store.schema import APPROVALS, APPROVED_POSTS, CORRECTION_ITEMS, DELIVERIES, EMERGENCY_USES, PASSAGES
from store.statement import Statement

# In which order due work is taken: going out before looking for what is lost, before reading back (engine.md, priorities).
WORK = (State.QUEUED, State.UNKNOWN, State.FOLLOWING, State.SENT)


_STATE = {state.value: state for state in State}
_SIGNED = and_(APPROVED_POSTS.c.post_digest == DELIVERIES.c.post_digest, APPROVALS.c.revoked_at.is_(None))
_STATES = (
    select(DELIVERIES.c.post_key, DELIVERIES.c.state, case((_SIGNED, 1), else_=0))
    .select_from(
        DELIVERIES.outerjoin(APPROVED_POSTS, APPROVED_POSTS.c.post_key == DELIVERIES.c.post_key).outerjoin(
            APPROVALS, APPROVALS.c.id == APPROVED_POSTS.c.approval
        )
    )
    .where(DELIVERIES.c.due_at >= bindparam("since"), DELIVERIES.c.due_at < bindparam("until"))
    .order_by(DELIVERIES.c.due_at, DELIVERIES.c.id, APPROVALS.c.id)
)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """One change of state that happened."""

    start: State
    end: State
    who: str
    detail: str
    at: datetime


class DeliveryList:
    """What can be asked about deliveries; nothing here changes one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, id: int) -> Delivery:
        """Return a delivery; raise KeyError when there is none."""
        with self._database.read() as connection:
            return read_delivery(connection, id)

    def by_key(self, post_key: str) -> Delivery | None:
        """Return the delivery of a post."""
        found = self._database.ask(_BY_KEY, {"of": post_key})
        return as_delivery(found[0]) if found else None

    def list(
        self, *, states: Iterable[State] = (), channel: str | None = None, entry: str | None = None,
        entries: Collection[str] | None = None, since: datetime | None = None, until: datetime | None = None,
    ) -> tuple[Delivery, ...]:  # fmt: skip
        """Return deliveries by due moment; `until` is not included. What is not given is not asked for."""
        query = select(DELIVERIES).order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)
        if wanted := [state.value for state in states]:
            query = query.where(DELIVERIES.c.state.in_(wanted))
        query = query.where(DELIVERIES.c.channel == channel) if channel else query
        query = query.where(DELIVERIES.c.entry == entry) if entry else query
        query = query.where(DELIVERIES.c.entry.in_(list(entries))) if entries is not None else query
        query = query.where(DELIVERIES.c.due_at >= since) if since else query
        return self._list(query.where(DELIVERIES.c.due_at < until) if until else query)

    def page(
        self, limit: int, *, after: int = 0, state: State | None = None, channel: str | None = None, entry: str | None = None,
        since: datetime | None = None, until: datetime | None = None,
    ) -> tuple[Delivery, ...]:  # fmt: skip
        """Return the next deliveries in the order in which they were planned, from behind the one that is numbered `after`.

        What is planned meanwhile comes last, so that whoever reads page by page sees each once. `until` is not included.
        """
        query = select(DELIVERIES).where(DELIVERIES.c.id > after).order_by(DELIVERIES.c.id).limit(limit)
        query = query.where(DELIVERIES.c.state == state.value) if state else query
        query = query.where(DELIVERIES.c.channel == channel) if channel else query
        query = query.where(DELIVERIES.c.entry == entry) if entry else query
        query = query.where(DELIVERIES.c.due_at >= since) if since else query
        return self._list(query.where(DELIVERIES.c.due_at < until) if until else query)

    def entries_in(self, states: Iterable[State]) -> frozenset[str]:
        """Return the entries that have a delivery in one of these states."""
        query = select(DELIVERIES.c.entry).where(DELIVERIES.c.state.in_([state.value for state in states])).distinct()
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def keys_of(self, entries: Collection[str]) -> frozenset[str]:
        """Return the keys of the posts of these entries that have a delivery, wherever it stands."""
        with self._database.read() as connection:
            return frozenset(
                key for some in parts_of(sorted(entries))
                for key in connection.execute(select(DELIVERIES.c.post_key).where(DELIVERIES.c.entry.in_(some))).scalars()
            )  # fmt: skip

    def states(self, *, since: datetime, until: datetime) -> tuple[tuple[str, State, bool], ...]:
        """Return each post's key, where it stands and whether its bytes are signed, of those due in a span, by moment.

        The end of the span is not included. Signed is by the rows' own word: whether the log bears them out is asked of each post
        before it goes, and a page of thousands does not wait for it.
        """
        found: dict[str, tuple[str, State, bool]] = {}
        with self._database.read() as connection:
            for key, state, signed in connection.execute(_STATES, {"since": since, "until": until}):
                found[key] = key, _STATE[state], bool(signed)  # of several approvals that name a post the newest counts
        return tuple(found.values())

    def expired(self, *, owner: str | None = None) -> tuple[Delivery, ...]:
        """Return what is in hand under a lease that is over; with `owner`, everything in that owner's hands."""
        over = DELIVERIES.c.owner == owner if owner else DELIVERIES.c.lease_until < self._clock.now()
        return self._list(select(DELIVERIES).where(DELIVERIES.c.state.in_([state.value for state in IN_HAND]), over))

    def due(
        self, *, urgent: bool = False, states: Iterable[State] = WORK, ways: Ways = FREE, since: timedelta = timedelta(0)
    ) -> int:
        """Return how many pieces of work could be claimed now, and for as long as `since`.

        With `urgent`, of those alone that wait for nothing routine.
        """
        now = self._clock.now()
        with self._database.read() as connection:
            shut = read_shut_gates(connection, ways, now).shut()
            return due_count(connection, now - since, tuple(states), urgent, shut)

    def next_moment(self, ways: Ways = FREE) -> datetime | None:
        """Return when the next delivery has to be looked at, or None when nothing waits for a moment."""
        waiting = DELIVERIES.c.state.in_([State.SCHEDULED.value, *(state.value for state in WORK)])
        free = DELIVERIES.c.lease_until.is_(None)
        first = select(func.min(DELIVERIES.c.next_at)).where(waiting, free)
        with self._database.read() as connection:
            gates = read_gates(connection, ways, self._clock.now())
            shut = gates.shut()
            moments: list[datetime | None] = [
                connection.execute(first.where(not_behind(shut)) if shut else first).scalar_one(),
                connection.execute(select(func.min(DELIVERIES.c.lease_until))).scalar_one(),
            ]
            for channel in shut:
                queued = first.where(DELIVERIES.c.state == State.QUEUED.value, DELIVERIES.c.channel == channel)
                next_at, opens_at = connection.execute(queued).scalar_one(), gates.opens_at(channel)
                moments.append(max(next_at, opens_at) if next_at is not None and opens_at is not None else None)
        return min((moment for moment in moments if moment is not None and moment < NEVER), default=None)

    def gates(self) -> tuple[Gate, ...]:
        """Return the gates that keep somebody waiting now, or whose provider was in trouble a moment ago."""
        now = self._clock.now()
        with self._database.read() as connection:
            found = read_gates(connection, FREE, now).by_name.values()
        return tuple(sorted((gate for gate in found if gate.opens_at > now or gate.trips), key=lambda gate: gate.name))

    def last_touched(self) -> datetime | None:
        """Return when any delivery last changed: a simulated clock must not start before it."""
        with self._database.read() as connection:
            last: datetime | None = connection.execute(select(func.max(DELIVERIES.c.touched_at))).scalar_one()
        return last

    def last_changed(self) -> Delivery | None:
        """Return the delivery that changed last."""
        found = self._list(select(DELIVERIES).order_by(DELIVERIES.c.touched_at.desc(), DELIVERIES.c.id.desc()).limit(1))
        return found[0] if found else None

    def counts(self, *, until: datetime | None = None) -> Counter[tuple[str, State]]:
        """Return how many deliveries stand where, by channel and state; with `until`, of those due by then."""
        query = select(DELIVERIES.c.channel, DELIVERIES.c.state, func.count()).group_by(DELIVERIES.c.channel, DELIVERIES.c.state)
        query = query.where(DELIVERIES.c.due_at <= until) if until else query
        with self._database.read() as connection:
            return Counter({(channel, State(state)): count for channel, state, count in connection.execute(query)})

    def passages(self, id: int) -> tuple[Passage, ...]:
        """Return every change of state of a delivery, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(PASSAGES).where(PASSAGES.c.delivery == id).order_by(PASSAGES.c.id)).all()
        return tuple(
            Passage(start=State(row.start), end=State(row.end), who=row.who, detail=row.detail, at=row.at) for row in rows
        )

    def newest_passage(self) -> int:
        """Return the number of the last change of state that happened to any delivery; 0 before the first."""
        return self._database.ask(_NEWEST_PASSAGE, {})[0][0] or 0

    def changed_since(self, passage: int) -> tuple[int, ...]:
        """Return which deliveries changed after that change of state, each once, by id."""
        with self._database.read() as connection:
            return tuple(connection.execute(_CHANGED_SINCE, {"since": passage}).scalars())

    def _count(self, where: Any) -> int:
        with self._database.read() as connection:
            return count(connection, where)

    def _list(self, query: Select[Any]) -> tuple[Delivery, ...]:
        with self._database.read() as connection:
            return tuple(as_delivery(row) for row in connection.execute(query))


def count(connection: Connection, where: Any) -> int:
    """Return how many deliveries meet the condition."""
    found: int = connection.execute(select(func.count()).select_from(DELIVERIES).where(where)).scalar_one()
    return found


def is_urgent(*, server: bool = False) -> Any:
    """Return the condition of what goes before everything routine: emergencies, and copies that put an error right.

    With `server` it is in words of PostgreSQL, which then begins with the few that are, however little it knows of the tables.
    """
    return or_(_is_among(DELIVERIES.c.entry, EMERGENCY_USES.c.entry, server),
               _is_among(DELIVERIES.c.post_key, CORRECTION_ITEMS.c.post_key, server))  # fmt: skip


def is_emergency() -> Any:
    """Return the condition of an entry that somebody published alone."""
    return _is_among(DELIVERIES.c.entry, EMERGENCY_USES.c.entry)


def puts_right() -> Any:
    """Return the condition of a copy that takes the place of a wrong one."""
    return _is_among(DELIVERIES.c.post_key, CORRECTION_ITEMS.c.post_key)


def _is_among(column: Column[Any], named: Column[Any], server: bool = False) -> Any:
    listed = select(named)
    return column == any_(func.array(listed.scalar_subquery(), type_=ARRAY(String))) if server else column.in_(listed)


def due_by(now: Any, states: Iterable[State] = WORK, *, urgent: bool = False, shut: Collection[str] = ()) -> Any:
    """Return the condition of work that nobody has in hand and whose moment has come; `shut` are channels that take no call."""
    free = or_(DELIVERIES.c.lease_until.is_(None), DELIVERIES.c.lease_until < now)
    due = and_(DELIVERIES.c.state.in_([state.value for state in states]), DELIVERIES.c.next_at <= now, free)
    due = and_(due, is_urgent()) if urgent else due
    return and_(due, not_behind(shut)) if shut else due


def not_behind(shut: Collection[str]) -> Any:
    """Return the condition of what does not wait at a gate of these channels: what is only read passes."""
    return or_(DELIVERIES.c.state != State.QUEUED.value, DELIVERIES.c.channel.not_in(tuple(shut)))


NOW = bindparam("now", type_=Moment())
_BY_KEY = Statement(select(DELIVERIES).where(DELIVERIES.c.post_key == bindparam("of")))
_NEWEST_PASSAGE = Statement(select(func.max(PASSAGES.c.id)))
_CHANGED_SINCE = (
    select(PASSAGES.c.delivery).where(PASSAGES.c.id > bindparam("since")).distinct().order_by(PASSAGES.c.delivery)
)


def due_count(connection: Connection, now: datetime, states: tuple[State, ...], urgent: bool, shut: tuple[str, ...]) -> int:
    """Return how many pieces of work are due and may be asked for."""
    found: int = connection.execute(_due(states, urgent, shut), {"now": now}).scalar_one()
    return found


@lru_cache(maxsize=128)
def _due(states: tuple[State, ...], urgent: bool, shut: tuple[str, ...]) -> Select[Any]:
    """Return the question, made once: to build it takes longer than to ask."""
    return select(func.count()).select_from(DELIVERIES).where(due_by(NOW, states, urgent=urgent, shut=shut))
