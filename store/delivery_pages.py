"""Deliveries a page at a time, in the order in which the office reads them: never more rows are read than are shown.

What needs a person comes first, and the rest by moment. A page goes on from a place in that order, which stays what it is
while others come and go. Each question begins with an index on what it is narrowed to (store/schema.py), so that it takes as
long with a million deliveries as with a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, exists, func, or_, select, tuple_, union_all

from editorial.after_step import StepState
from editorial.delivery import Delivery, State
from store.database import Database
from store.looked_at import looked_at
from store.moment import Moment
from store.passage import as_delivery
from store.schema import DELIVERIES, ENTRIES, STEPS
from store.statement import Statement


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """A place in the order of moments: a delivery's."""

    due_at: datetime
    id: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which deliveries are asked for; None is all. `states` come in the order of the enum."""

    states: tuple[State, ...] | None = None
    channel: str | None = None
    group: str | None = None  # the content group of the entry as it was handed in


# What waits for a person, or is looked for on its channel.
PRESSING = frozenset({State.FAILED, State.HELD, State.UNKNOWN, State.RECONCILING})


class DeliveryPages:
    """Stretches of the deliveries; nothing here changes one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pressing(self, wanted: Wanted, limit: int, *, after: Place | None = None, skip: int = 0) -> tuple[Delivery, ...]:
        """Return what needs a person, by moment, from behind a place on: by its state, or for what is to be said below it."""
        return self._read(_pressing(_shape(wanted, pressing=True, after=after)), wanted, limit + skip, after)[skip:]

    def others(
        self, wanted: Wanted, limit: int, *, after: Place | None = None, before: Place | None = None, skip: int = 0
    ) -> tuple[Delivery, ...]:  # fmt: skip
        """Return the rest by moment: the first behind a place, or the last before one."""
        shape = _shape(wanted, pressing=False, after=after, before=before)
        if not shape.states and not shape.left_out:
            return ()  # all that is wanted needs a person
        found = self._read(_others(shape), wanted, limit, before or after, skip)
        return found[::-1] if before else found

    def count_pressing(self, wanted: Wanted) -> int:
        """Return how many need a person."""
        with self._database.read() as connection:
            shape = _shape(wanted, pressing=True)
            found: int = connection.execute(_count(shape), _values(wanted)).scalar_one()
        return found

    def count(self, wanted: Wanted) -> int:
        """Return how many there are: every one of them is looked at, and a page has no time for that."""
        query = select(func.count()).select_from(DELIVERIES).where(*_narrowed(wanted.channel, wanted.group))
        query = query if wanted.states is None else query.where(DELIVERIES.c.state.in_([each.value for each in wanted.states]))
        with self._database.read() as connection:
            found: int = connection.execute(query, _values(wanted)).scalar_one()
        return found

    def _read(self, query: Statement, wanted: Wanted, limit: int, place: Place | None, skip: int = 0) -> tuple[Delivery, ...]:
        values = {**_values(wanted), "most": limit + skip, "skip": skip, "limit": limit}
        if place is not None:
            values |= {"due": place.due_at, "behind": place.id}
        return tuple(as_delivery(row) for row in self._database.ask(query, values))


def place_of(delivery: Delivery) -> Place:
    """Return where a delivery stands."""
    return Place(due_at=delivery.due_at, id=delivery.id)


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """What a question looks like, whatever it is asked with: it is made once."""

    states: tuple[State, ...]  # each is asked for by itself; none where all are read as they come
    among: tuple[State, ...]  # the states that are wanted at all
    left_out: tuple[State, ...]
    channel: bool
    group: bool
    after: bool
    before: bool


def _shape(wanted: Wanted, *, pressing: bool, after: Place | None = None, before: Place | None = None) -> _Shape:
    among = tuple(State) if wanted.states is None else wanted.states
    kept = tuple(state for state in among if (state in PRESSING) is pressing)
    # What is narrowed to a few states, or to a channel, begins with those; everything is read as it comes.
    whole = not pressing and wanted.states is None and wanted.channel is None
    return _Shape(
        states=() if whole else kept, among=among,
        left_out=tuple(state for state in State if state in PRESSING) if whole else (),
        channel=wanted.channel is not None, group=wanted.group is not None,
        after=after is not None, before=before is not None,
    )  # fmt: skip


_D = DELIVERIES.c
_HELD_STEP = select(STEPS.c.delivery).where(STEPS.c.state == StepState.HELD.value)
_BEHIND = tuple_(bindparam("due", type_=Moment()), bindparam("behind", type_=Integer))


def _narrowed(channel: object, group: object, by: ColumnElement[Any] = _D.channel) -> Iterable[Any]:
    if channel:
        yield by == bindparam("channel")
    if group:
        yield exists().where(ENTRIES.c.id == _D.entry, ENTRIES.c.content_group == bindparam("group"))


def _values(wanted: Wanted) -> dict[str, Any]:
    named = {"channel": wanted.channel, "group": wanted.group}
    return {name: value for name, value in named.items() if value}


def _ordered(shape: _Shape, query: Select[Any]) -> Select[Any]:
    """Return the question from the place on that it goes on from, in its order."""
    here = tuple_(_D.due_at, _D.id)
    if shape.before:
        return query.where(here < _BEHIND).order_by(_D.due_at.desc(), _D.id.desc())
    return (query.where(here > _BEHIND) if shape.after else query).order_by(_D.due_at, _D.id)


def _branches(shape: _Shape, *where: Any) -> Any:
    """Return the ids of as many as are asked for in each state, each in the order of its index."""
    narrowed = tuple(_narrowed(shape.channel, shape.group))
    parts = []
    for state in shape.states:
        one = select(_D.id, _D.due_at).where(_D.state == state.value, *narrowed, *where)
        part = _ordered(shape, one).limit(bindparam("most")).subquery()
        parts.append(select(part.c.id, part.c.due_at))
    return parts


@lru_cache(maxsize=256)
def _others(shape: _Shape) -> Statement:
    calm = _D.id.not_in(_HELD_STEP)
    if not shape.states:
        out = _D.state.not_in([state.value for state in shape.left_out])
        whole = select(DELIVERIES).where(out, calm, *_narrowed(shape.channel, shape.group))
        return Statement(_ordered(shape, whole).limit(bindparam("limit")).offset(bindparam("skip")))
    found = union_all(*_branches(shape, calm)).subquery()
    query = select(DELIVERIES).join(found, found.c.id == _D.id)
    order = (_D.due_at.desc(), _D.id.desc()) if shape.before else (_D.due_at, _D.id)
    return Statement(query.order_by(*order).limit(bindparam("limit")).offset(bindparam("skip")))


@lru_cache(maxsize=256)
def _pressing(shape: _Shape) -> Statement:
    """Return the question: what is in such a state, and what stands well and has something below it that waits."""
    state = looked_at(_D.state)  # few have something that waits below them: they are found by it, and not by their state
    waits = [_D.id.in_(_HELD_STEP), state.in_([each.value for each in shape.among])]
    if shape.states:
        waits.append(state.not_in([each.value for each in shape.states]))
    wanted = _narrowed(shape.channel, shape.group, looked_at(_D.channel))
    step = _ordered(shape, select(_D.id, _D.due_at).where(*waits, *wanted)).limit(bindparam("most")).subquery()
    found = union_all(*_branches(shape), select(step.c.id, step.c.due_at)).subquery()
    query = select(DELIVERIES).join(found, found.c.id == _D.id)
    return Statement(query.order_by(_D.due_at, _D.id).limit(bindparam("most")))


@lru_cache(maxsize=256)
def _count(shape: _Shape) -> Select[Any]:
    wanted = (_D.state.in_([state.value for state in shape.among]), *_narrowed(shape.channel, shape.group))
    waits = or_(_D.state.in_([state.value for state in shape.states]), _D.id.in_(_HELD_STEP))
    return select(func.count()).select_from(DELIVERIES).where(waits, *wanted)
