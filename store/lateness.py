"""How late a delivery may be before a person is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from editorial.delivery import EMERGENCY_GRACE, GRACE, Delivery, State, grace
from store.delivery_list import is_emergency, puts_right
from store.entries import tone_of
from store.schema import DELIVERIES, PASSAGES


def allowance(connection: Connection, delivery: Delivery) -> timedelta | None:
    """Return how late it may go out by itself; None for what puts an error right, since that is wanted however late."""
    if _is(connection, delivery, puts_right()):
        return None
    return EMERGENCY_GRACE if _is(connection, delivery, is_emergency()) else grace(tone_of(connection, delivery.entry))


def has_waited_too_long(connection: Connection, delivery: Delivery, at: datetime) -> bool:
    """Tell whether going out `at` is too late for what a busy platform, or a failing one, has kept waiting again and again.

    Each wait gives it another moment. What counts is when it was first taken up after it was last let through.
    """
    allowed = allowance(connection, delivery)
    if allowed is None or at <= delivery.due_at + max(allowed, GRACE):
        return False
    begun = _first_taken_up(connection, delivery)
    return begun is not None and at > begun + max(allowed, GRACE)


def let_through_at(connection: Connection, delivery: Delivery) -> datetime | None:
    """Return when it was last let through, by its moment, a rule or a person; None where it never was."""
    last = connection.execute(_let_through(delivery)).scalar_one()
    found: datetime | None = connection.execute(select(PASSAGES.c.at).where(PASSAGES.c.id == last)).scalar_one_or_none()
    return found


def _let_through(delivery: Delivery) -> Select[tuple[int | None]]:
    mine, through = PASSAGES.c.delivery == delivery.id, [State.SCHEDULED.value, State.HELD.value, State.FAILED.value]
    return select(func.max(PASSAGES.c.id)).where(mine, PASSAGES.c.end == State.QUEUED.value, PASSAGES.c.start.in_(through))


def _first_taken_up(connection: Connection, delivery: Delivery) -> datetime | None:
    mine = PASSAGES.c.delivery == delivery.id
    last = connection.execute(_let_through(delivery)).scalar_one()
    taken_up = select(func.min(PASSAGES.c.at)).where(mine, PASSAGES.c.end == State.CLAIMED.value, PASSAGES.c.id > (last or 0))
    begun: datetime | None = connection.execute(taken_up).scalar_one()
    return begun


def _is(connection: Connection, delivery: Delivery, condition: Any) -> bool:
    return connection.execute(select(DELIVERIES.c.id).where(DELIVERIES.c.id == delivery.id, condition)).first() is not None
