"""The write-ahead intent: no commit call is made without a row here that was written before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from editorial.clock import Clock
from editorial.delivery import Attempt, Delivery, State
from editorial.release import USUAL, ReleaseRule
from store.approvals import may_go_now
from store.database import Database
from store.errors import Halted, Lost, NotYet, Shut, TooClose, Unapproved
from store.gates import FREE, Ways, pass_through
from store.halts import covering, standing
from store.passage import Step, read_delivery, take_step
from store.schema import ATTEMPTS, DELIVERIES
from store.statement import Statement
from store.traffic import must_wait_until
from store.turn import out_of_turn

LEASE_AFTER_DEADLINE = timedelta(seconds=15)  # the call is over, one way or the other, before anyone else may look


class AttemptTable:
    """Attempts: opened before the call, closed once, never deleted."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def open(
        self, delivery: Delivery, *, deadline: datetime, rule: ReleaseRule = USUAL, ways: Ways = FREE
    ) -> tuple[Delivery, Attempt]:  # fmt: skip
        """Write the intent and pass to SENDING in one durable transaction, from CLAIMED by way of PREPARED.

        Raises Lost when the lease or the fence is gone, Halted under a pause, NotYet before its moment, Unapproved when its bytes
        are not approved, OutOfTurn while the post that it follows is not public, TooClose when it lost its moment and the channel
        has another post near this one, and Shut when a gate is shut.
        """
        now = self._clock.now()
        until = max(delivery.lease_until or now, deadline + LEASE_AFTER_DEADLINE)
        with self._database.write_beside() as connection:
            _guard(connection, delivery, now, rule)
            if opens_at := pass_through(connection, ways, delivery, now, until):
                raise Shut(delivery.post_key, opens_at)
            who = delivery.owner or ""
            if delivery.state is State.CLAIMED:  # no transaction of its own: nobody decides anything by it
                delivery = take_step(connection, delivery, Step(state=State.PREPARED, who=who, at=now))
            sending = take_step(connection, delivery, Step(
                state=State.SENDING, who=who, at=now, attempts=delivery.attempts + 1, lease_until=until,
            ))  # fmt: skip
            return sending, _insert(connection, sending, now, deadline)

    def of(self, delivery: int) -> tuple[Attempt, ...]:
        """Return the attempts of a delivery, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(ATTEMPTS).where(ATTEMPTS.c.delivery == delivery).order_by(ATTEMPTS.c.number)).all()
        return tuple(_attempt(row) for row in rows)

    def begun_after(self, number: int, most: int) -> tuple[tuple[int, str], ...]:
        """Return the number and the post's key of the newest attempts behind a number, oldest first."""
        query = select(ATTEMPTS.c.id, DELIVERIES.c.post_key).join(DELIVERIES, DELIVERIES.c.id == ATTEMPTS.c.delivery)
        newest = query.where(ATTEMPTS.c.id > number).order_by(ATTEMPTS.c.id.desc()).limit(most)
        with self._database.read() as connection:
            return tuple((row.id, row.post_key) for row in reversed(connection.execute(newest).all()))

    def count(self) -> int:
        """Return how many attempts were ever opened."""
        with self._database.read() as connection:
            return len(connection.execute(select(ATTEMPTS.c.id)).all())


def close_open(connection: Connection, delivery: int, *, outcome: str, detail: str, at: datetime) -> None:
    """Close the open attempt of a delivery, if it has one, with what came back."""
    _CLOSE.count(connection, {"whose": delivery, "outcome": outcome, "detail": detail, "finished_at": at})


def newest_attempt(connection: Connection) -> datetime | None:
    """Return when the newest intent was written, of whatever post; None where there is none."""
    found: datetime | None = connection.execute(_NEWEST).scalar_one_or_none()
    return found


def _guard(connection: Connection, delivery: Delivery, now: datetime, rule: ReleaseRule) -> None:
    current = read_delivery(connection, delivery.id)
    if current.fence != delivery.fence or current.lease_until is None or current.lease_until <= now:
        raise Lost(f"{delivery.post_key}: the lease is over")
    if halt := covering(connection, standing(connection, now), current):
        raise Halted(halt.reason, halt.why)
    if now < current.due_at:
        raise NotYet(f"{delivery.post_key}: not before {current.due_at.isoformat()}")
    if current.post_digest != delivery.post_digest or not may_go_now(connection, current, now):
        raise Unapproved(f"{delivery.post_key}: these bytes are not approved")
    if not_yet := out_of_turn(connection, current, now):
        raise not_yet
    if free := must_wait_until(connection, current, now, rule.gap_on(current.channel)):
        raise TooClose(current.post_key, free)


def _insert(connection: Connection, delivery: Delivery, now: datetime, deadline: datetime) -> Attempt:
    values: dict[str, Any] = {"delivery": delivery.id, "fence": delivery.fence, "started_at": now, "deadline": deadline,
              "request_digest": delivery.post_digest}  # fmt: skip
    made = _OPEN.one(connection, {**values, "detail": "", "whose": delivery.id})
    return Attempt(id=made.id, number=made.number, **values)


_NEWEST = select(ATTEMPTS.c.started_at).order_by(ATTEMPTS.c.id.desc()).limit(1)
_CLOSE = Statement(update(ATTEMPTS).where(ATTEMPTS.c.delivery == bindparam("whose"), ATTEMPTS.c.outcome.is_(None)))
_BEFORE = ATTEMPTS.alias()
_NUMBER = select(func.coalesce(func.max(_BEFORE.c.number), 0) + 1).where(_BEFORE.c.delivery == bindparam("whose"))
_OPEN = Statement(insert(ATTEMPTS).values(number=_NUMBER.scalar_subquery()).returning(ATTEMPTS.c.id, ATTEMPTS.c.number))


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        id=row.id, delivery=row.delivery, number=row.number, fence=row.fence, started_at=row.started_at, deadline=row.deadline,
        request_digest=row.request_digest, outcome=row.outcome, detail=row.detail, finished_at=row.finished_at,
    )  # fmt: skip
