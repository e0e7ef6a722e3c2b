"""Who is next in line: what is urgent first, then by kind of work, then by the moment that it was due.

A crowd of thousands may be due at one moment, and each of it is claimed alone. So the next one is the first row of an index
(state, due moment) that may be taken, and not the first of a crowd that was sorted for it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, literal, literal_column, or_, select

from editorial.delivery import State
from store.delivery_list import NOW, is_urgent, not_behind
from store.schema import AWAITED, DELIVERIES
from store.statement import Statement

_ONE: Any = literal_column("1")


def next_in_line(
    connection: Connection, states: tuple[State, ...], urgent: bool, shut: tuple[str, ...], now: datetime
) -> Any | None:  # fmt: skip
    """Return the row of the next piece of work in these states, locked, or None; `urgent` asks for nothing routine.

    On PostgreSQL what others have locked is passed over.
    """
    server = connection.dialect.name == "postgresql"
    return _next(states, urgent, shut, server).one_or_none(connection, {"now": now})


@lru_cache(maxsize=128)
def _next(states: tuple[State, ...], urgent: bool, shut: tuple[str, ...], server: bool) -> Statement:
    """Return the question, made once: to build it takes longer than to ask.

    The inner questions pass over what others have locked, and the outer one reads the row as it is under the lock. Both databases
    ask an inner question only where those before it have found nothing.
    """
    inner = [_first_urgent(states, shut, server), *(() if urgent else (_first(state, shut) for state in states))]
    found = [each.with_for_update(skip_locked=True).scalar_subquery() for each in inner]
    next_id = func.coalesce(*found) if found[1:] else found[0]
    return Statement(select(DELIVERIES).where(DELIVERIES.c.id == next_id).with_for_update())


def _first(state: State, shut: Collection[str]) -> Select[Any]:
    """Return the question for the first one in a state, in the order of the index."""
    may = and_(DELIVERIES.c.state == _written(state), AWAITED, _is_free(shut if state is State.QUEUED else ()))
    return select(DELIVERIES.c.id).where(may).order_by(DELIVERIES.c.due_at, DELIVERIES.c.id).limit(_ONE)


def _first_urgent(states: tuple[State, ...], shut: Collection[str], server: bool) -> Select[Any]:
    """Return the question for the first urgent one: few are, so it begins with them and not with the crowd."""
    rank = case({state.value: literal_column(str(rank)) for rank, state in enumerate(states)}, value=DELIVERIES.c.state)
    # In words that no index answers: by its state the whole crowd would be found.
    in_state = DELIVERIES.c.state.concat(literal_column("''")).in_([_written(state) for state in states])
    may = and_(is_urgent(server=server), in_state, _is_free(shut))
    return select(DELIVERIES.c.id).where(may).order_by(rank, DELIVERIES.c.due_at, DELIVERIES.c.id).limit(_ONE)


def _is_free(shut: Collection[str]) -> Any:
    """Return the condition of what nobody has in hand and whose moment has come, and which waits at no gate that is shut."""
    free = or_(DELIVERIES.c.lease_until.is_(None), DELIVERIES.c.lease_until < NOW)
    # In words that no index answers: by its next moment all that is due would be found, and then sorted.
    come = case((DELIVERIES.c.next_at <= NOW, _ONE), else_=literal_column("0")) == _ONE
    return and_(come, free, not_behind(shut)) if shut else and_(come, free)


def _written(state: State) -> Any:
    """Return the state as a part of the question's own words: PostgreSQL plans for it, and nobody hands it over each time."""
    return literal(state.value, literal_execute=True)
