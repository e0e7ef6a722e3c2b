"""Who waits in line for another post of the channel: looked at again the moment that one is public, or was given up.

They are found by what they show a person, the reason for their wait. Whoever changed that could have one looked at some seconds
too soon or too late, and never sent before its turn: that is read from what was signed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from editorial.delivery import Delivery, State
from store.moment import Moment
from store.schema import DELIVERIES
from store.statement import Statement

GIVEN_UP = frozenset({State.CANCELLED, State.SUPERSEDED, State.WITHDRAWN})


def why_waiting(after: str) -> str:
    """Return what a person reads of a post in line."""
    return f"chờ bài {after} lên kênh này trước"


def lets_others_go(delivery: Delivery) -> bool:
    """Tell whether a post is public, differing from what was approved or not, or will not be."""
    return delivery.receipt is not None or delivery.state in GIVEN_UP


def over_since(connection: Connection, after: str) -> datetime | None:
    """Return a moment by which those who follow a post need not wait for it any more; None where they do."""
    earlier = _EARLIER.one_or_none(connection, {"key": after})
    if earlier is None or (earlier.remote_id is None and State(earlier.state) not in GIVEN_UP):
        return None
    moment: datetime = earlier.touched_at
    return moment


def wake_followers(connection: Connection, after: str, moment: datetime) -> None:
    """Let those who wait for a post be looked at from this moment on."""
    _WAKE.count(connection, {"moment": moment, "why": why_waiting(after)})


# Made once: to build a statement takes longer than to run it.
_EARLIER = Statement(select(DELIVERIES.c.state, DELIVERIES.c.remote_id, DELIVERIES.c.touched_at).where(
    DELIVERIES.c.post_key == bindparam("key")
))  # fmt: skip
_MOMENT = bindparam("moment", type_=Moment())
_WAKE = Statement(
    update(DELIVERIES)
    .where(DELIVERIES.c.state == State.QUEUED.value, DELIVERIES.c.next_at > _MOMENT, DELIVERIES.c.detail == bindparam("why"))
    .values(next_at=_MOMENT)
)
