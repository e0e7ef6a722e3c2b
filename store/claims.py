"""Who has a piece of work in hand: it is taken in the transaction that finds it, and never by two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from editorial.clock import Clock
from editorial.delivery import Delivery, HoldReason, State
from editorial.outcome import Pending
from store.audit import SCHEDULER
from store.database import Database
from store.delivery_list import WORK, DeliveryList
from store.errors import OutOfTurn
from store.followers import over_since, wake_followers, why_waiting
from store.gates import FREE, Ways, let_one_through, read_shut_gates
from store.line import next_in_line
from store.moment import NEVER
from store.passage import Step, as_delivery, take_step
from store.record import PENDING
from store.schema import DELIVERIES
from store.statement import Statement
from store.turn import out_of_turn, why_held

_SAME = Statement(
    select(DELIVERIES.c.id).where(DELIVERIES.c.id == bindparam("known_id"), DELIVERIES.c.fence == bindparam("known_fence"))
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A delivery that this worker alone has in hand, until its lease is over."""

    delivery: Delivery
    failures: int  # in a row, before this claim
    ticket: Pending | None


class ClaimTable(DeliveryList):
    """Deliveries as workers take them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)
        self._found: set[tuple[tuple[State, ...], bool]] = set()

    def in_hand(self, delivery: Delivery) -> bool:
        """Tell whether nobody has taken the delivery over since it was claimed."""
        return bool(self._database.ask(_SAME, {"known_id": delivery.id, "known_fence": delivery.fence}))

    def claim(
        self, owner: str, lease: timedelta, *, urgent: bool = False, states: Iterable[State] = WORK, ways: Ways = FREE
    ) -> Claim | None:  # fmt: skip
        """Take the next due piece of work, or None when there is none; two workers never get the same one."""
        return next(iter(self.claim_some(owner, lease, 1, urgent=urgent, states=states, ways=ways)), None)

    def claim_some(
        self, owner: str, lease: timedelta, most: int, *, urgent: bool = False, states: Iterable[State] = WORK,
        ways: Ways = FREE,
    ) -> tuple[Claim, ...]:  # fmt: skip
        """Take the next `most` due pieces of work in one transaction, the most pressing first; fewer where there are not so many.

        What would be sent through a gate that is shut stays in line, and so does what follows a post that is not public yet; past
        its grace a person is asked.
        """
        now, kind = self._clock.now(), (tuple(states), urgent)
        # Where the last claim found something, there is likely more; else nobody else is kept waiting for nothing.
        if kind not in self._found and not self.due(urgent=urgent, states=kind[0], ways=ways):
            return ()
        waited_for, claims = list[str](), list[Claim]()
        with self._database.write_beside() as connection:
            gates = read_shut_gates(connection, ways, now)
            which = (*kind, gates.shut())
            while len(claims) < most and (row := self._whose_turn(connection, which, now, waited_for)) is not None:
                if gates.asks_one(row.channel) and not _may_ask(connection, ways, row, now, now + lease):
                    break  # the gate has been shut behind another one: the next claim sees it shut
                claims.append(self._take(connection, row, owner, now + lease))
        self._found.add(kind) if claims else self._found.discard(kind)
        self._wake_behind(waited_for)
        return tuple(claims)

    def _whose_turn(
        self, connection: Connection, which: tuple[tuple[State, ...], bool, tuple[str, ...]], now: datetime, waited_for: list[str]
    ) -> Any | None:  # fmt: skip
        """Return the next row whose turn it is, or None; note what those that stay in line wait for."""
        row = next_in_line(connection, *which, now)
        while row is not None and (turn := self._stays_in_line(connection, row, now)):
            waited_for.append(turn.after)
            row = next_in_line(connection, *which, now)
        return row

    def _wake_behind(self, waited_for: Iterable[str]) -> None:
        """Wake whoever was put in line while the post before it became public: in that moment neither saw the other."""
        for after in waited_for:
            with self._database.read() as connection:
                since = over_since(connection, after)
            if since is not None:
                with self._database.write_beside() as connection:
                    wake_followers(connection, after, since)

    def _stays_in_line(self, connection: Connection, row: Any, now: datetime) -> OutOfTurn | None:
        """Return what keeps the row in line, where its turn has not come; then nobody looks at it for a while."""
        turn = out_of_turn(connection, as_delivery(row), now) if row.state == State.QUEUED.value else None
        if turn is None:
            return None
        if turn.over:
            held = self._step(State.HELD, why_held(turn.after), hold_reason=HoldReason.LATE, next_at=NEVER)
            take_step(connection, as_delivery(row), held)
        else:
            values = {"next_at": turn.until, "detail": why_waiting(turn.after), "touched_at": now}
            connection.execute(update(DELIVERIES).where(DELIVERIES.c.id == row.id).values(**values))
        return turn

    def _take(self, connection: Connection, row: Any, owner: str, until: datetime) -> Claim:
        delivery, now = as_delivery(row), self._clock.now()
        held: dict[str, Any] = {"fence": delivery.fence + 1, "owner": owner, "lease_until": until}
        if delivery.state is State.QUEUED:
            step = Step(state=State.CLAIMED, who=owner, at=now, claims=delivery.claims + 1, **held)
            delivery = take_step(connection, delivery, step)
        elif delivery.state is State.UNKNOWN:
            step = Step(state=State.RECONCILING, who=owner, at=now, detail=delivery.detail, **held)
            delivery = take_step(connection, delivery, step)
        else:
            known = {"known_id": delivery.id, "known_fence": delivery.fence}
            delivery = as_delivery(_TAKE.one(connection, {**held, **known}))
        ticket = PENDING.validate_json(row.ticket) if row.ticket else None
        return Claim(delivery=delivery, failures=row.failures, ticket=ticket)

    def _step(self, state: State, detail: str, *, who: str = SCHEDULER, **more: Any) -> Step:
        return Step(state=state, detail=detail, who=who, at=self._clock.now(), **more)


def _may_ask(connection: Connection, ways: Ways, row: Any, now: datetime, until: datetime) -> bool:
    """Tell whether the row may be taken up although its provider was in trouble: only what is to be sent asks, one at a time."""
    return row.state != State.QUEUED.value or let_one_through(connection, ways, as_delivery(row), now, until)


_TAKE = Statement(update(DELIVERIES).returning(DELIVERIES).where(
    DELIVERIES.c.id == bindparam("known_id"), DELIVERIES.c.fence == bindparam("known_fence")
))  # fmt: skip
