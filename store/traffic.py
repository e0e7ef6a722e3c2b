"""When a channel sends: which moments are taken, and which are free for what lost its own.

What never lost its moment goes out as people planned it, however close together that is. Whatever was held, failed or missed
keeps the channel's gap to every other post: to what has gone out, to what may still go, and to what is planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, or_, select

from editorial.delivery import GRACE, Delivery, State
from editorial.release import PUNCTUAL, moment_to_go
from store.delivery_list import is_urgent
from store.schema import ATTEMPTS, DELIVERIES, PASSAGES
from store.statement import Statement

BEFORE_THE_CALL = frozenset({State.QUEUED, State.CLAIMED, State.PREPARED})
MAY_COME_AGAIN = frozenset({State.SENDING, State.FOLLOWING, State.UNKNOWN, State.RECONCILING})
NOT_ACCEPTED = ("not_called", "Refused", "Unauthorized", "RateLimited", "Unavailable")


@dataclass(frozen=True, kw_only=True)
class Other:
    """Another post of the channel that has not certainly gone out."""

    id: int
    state: State
    due_at: datetime
    next_at: datetime
    lost: bool  # its moment


def has_lost_its_moment(connection: Connection, delivery: Delivery) -> bool:
    """Tell whether the delivery was held or failed since people last gave it a moment; what is urgent needs none."""
    lost = _HAS_LOST.one_or_none(connection, {"known": delivery.id}) is not None
    return lost and not is_urgent_delivery(connection, delivery)


def is_urgent_delivery(connection: Connection, delivery: Delivery) -> bool:
    """Tell whether the delivery goes before everything routine, and so keeps no gap."""
    return _IS_URGENT.one_or_none(connection, {"known": delivery.id}) is not None


def free_moment(
    connection: Connection, delivery: Delivery, now: datetime, gap: timedelta, *, since: datetime | None = None
) -> datetime:  # fmt: skip
    """Return when a post that lost its moment may go, from `since` on: after whatever was let go before it."""
    if is_urgent_delivery(connection, delivery):
        return since or now
    return moment_to_go(_taken(connection, delivery, _others(connection, delivery), now, gap), since or now, gap)


def must_wait_until(connection: Connection, delivery: Delivery, now: datetime, gap: timedelta) -> datetime | None:
    """Return when the call of a post that lost its moment may begin, or None when it may begin now.

    Of two released posts of a channel the later one waits for the earlier one, never both for each other: so two workers may
    look at the same time.
    """
    if not has_lost_its_moment(connection, delivery):
        return None
    others = tuple(other for other in _others(connection, delivery) if not _comes_after(other, delivery))
    free = moment_to_go(_taken(connection, delivery, others, now, gap), now, gap)
    return free if free > now else None


def _taken(
    connection: Connection, delivery: Delivery, others: tuple[Other, ...], now: datetime, gap: timedelta
) -> tuple[datetime, ...]:  # fmt: skip
    # What was sent is read after the others: a call that begins in between is then seen in one of the two.
    sent = _sent(connection, delivery, now - gap)
    return (*sent, *(moment for other in others if (moment := _goes(other, now)) is not None))


def _comes_after(other: Other, delivery: Delivery) -> bool:
    """Tell whether the other one is released too and later: its own turn to look comes after this one's intent."""
    return other.lost and other.state in BEFORE_THE_CALL and (other.next_at, other.id) > (delivery.next_at, delivery.id)


def _goes(other: Other, now: datetime) -> datetime | None:
    """Return when the other one may go out at the earliest; None where it cannot, or will look for its own moment first."""
    if other.state is State.SCHEDULED:
        return max(other.due_at, now) if other.due_at > now - PUNCTUAL else None
    if other.state in BEFORE_THE_CALL:
        return max(other.next_at, now)
    return max(other.next_at, now) if not other.lost and now <= other.due_at + GRACE else None


def _sent(connection: Connection, delivery: Delivery, since: datetime) -> Iterator[datetime]:
    """Yield the moments since then at which something of the channel went out, or may have."""
    others = and_(DELIVERIES.c.channel == delivery.channel, DELIVERIES.c.id != delivery.id)
    published = select(DELIVERIES.c.published_at).where(others, DELIVERIES.c.published_at > since)
    accepted = or_(ATTEMPTS.c.outcome.is_(None), ATTEMPTS.c.outcome.not_in(NOT_ACCEPTED))
    called = select(ATTEMPTS.c.started_at).join(DELIVERIES, DELIVERIES.c.id == ATTEMPTS.c.delivery)
    yield from connection.execute(published).scalars()
    yield from connection.execute(called.where(others, accepted, ATTEMPTS.c.started_at > since)).scalars()


def _others(connection: Connection, delivery: Delivery) -> tuple[Other, ...]:
    waiting = [state.value for state in (State.SCHEDULED, *BEFORE_THE_CALL, *MAY_COME_AGAIN)]
    columns = (DELIVERIES.c.id, DELIVERIES.c.state, DELIVERIES.c.due_at, DELIVERIES.c.next_at, _lost().label("lost"))
    query = select(*columns).where(DELIVERIES.c.channel == delivery.channel, DELIVERIES.c.id != delivery.id)
    return tuple(_other(row) for row in connection.execute(query.where(DELIVERIES.c.state.in_(waiting))))


def _other(row: Row[Any, Any, Any, Any, Any]) -> Other:
    return Other(id=row.id, state=State(row.state), due_at=row.due_at, next_at=row.next_at, lost=bool(row.lost))


def _lost() -> Any:
    """Return the condition of what was held, or failed, after it was last given a moment."""
    past = PASSAGES.alias()
    planned = select(func.coalesce(func.max(past.c.id), 0)).where(past.c.delivery == DELIVERIES.c.id, past.c.end == "scheduled")
    stopped = PASSAGES.c.end.in_([State.HELD.value, State.FAILED.value])
    return exists().where(PASSAGES.c.delivery == DELIVERIES.c.id, stopped, PASSAGES.c.id > planned.scalar_subquery())


# Made once: to build a statement takes longer than to run it.
_HAS_LOST = Statement(select(DELIVERIES.c.id).where(DELIVERIES.c.id == bindparam("known"), _lost()))
_IS_URGENT = Statement(select(DELIVERIES.c.id).where(DELIVERIES.c.id == bindparam("known"), is_urgent()))
