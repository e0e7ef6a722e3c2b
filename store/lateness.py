"""How late a delivery may be before a person is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from editorial.delivery import EMERGENCY_GRACE, Delivery, grace
from store.delivery_list import is_emergency, puts_right
from store.entries import tone_of
from store.schema import DELIVERIES


def allowance(connection: Connection, delivery: Delivery) -> timedelta | None:
    """Return how late it may go out by itself; None for what puts an error right, since that is wanted however late."""
    if _is(connection, delivery, puts_right()):
        return None
    return EMERGENCY_GRACE if _is(connection, delivery, is_emergency()) else grace(tone_of(connection, delivery.entry))


def _is(connection: Connection, delivery: Delivery, condition: Any) -> bool:
    return connection.execute(select(DELIVERIES.c.id).where(DELIVERIES.c.id == delivery.id, condition)).first() is not None
