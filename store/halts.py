"""Pauses: on everything, a channel, an entry or one post. They are read in the transaction of every intent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from editorial.clock import Clock
from editorial.delivery import Delivery, HoldReason
from store.audit import Deed, note
from store.database import Database
from store.schema import HALTS

ALL = "all"
CAN_HALT = frozenset({HoldReason.HALT, HoldReason.BLACKOUT, HoldReason.AUTH, HoldReason.QUOTA})


def channel_scope(channel: str) -> str:
    """Return the scope of one channel."""
    return f"channel:{channel}"


def entry_scope(entry: str) -> str:
    """Return the scope of one entry."""
    return f"entry:{entry}"


def post_scope(post_key: str) -> str:
    """Return the scope of one delivery."""
    return f"post:{post_key}"


@dataclass(frozen=True, kw_only=True)
class Halt:
    """A standing pause; `why` is what the person who set it wrote."""

    scope: str
    reason: HoldReason
    why: str
    who: str
    at: datetime


class HaltTable:
    """Standing and lifted pauses."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def set(self, scope: str, *, why: str, who: str, reason: HoldReason = HoldReason.HALT) -> None:
        """Pause a scope; no delivery in it starts its commit call once this returns. Safe to repeat."""
        if reason not in CAN_HALT:
            raise ValueError(f"{reason.value} is no reason to pause a scope")
        with self._database.write() as connection:
            if any(halt.scope == scope and halt.reason is reason for halt in standing(connection)):
                return
            values = {"scope": scope, "reason": reason.value, "why": why, "who": who, "at": self._clock.now()}
            connection.execute(insert(HALTS).values(**values))
            note(connection, Deed(who=who, action="halt", subject=scope, detail=why, at=self._clock.now()))

    def lift(self, scope: str, *, who: str) -> None:
        """End every pause on the scope; what became late meanwhile is held for a person, the rest goes on by itself."""
        now = self._clock.now()
        with self._database.write() as connection:
            where = (HALTS.c.scope == scope, HALTS.c.lifted_at.is_(None))
            if connection.execute(update(HALTS).where(*where).values(lifted_at=now, lifted_by=who)).rowcount:
                note(connection, Deed(who=who, action="lift", subject=scope, detail="", at=now))

    def standing(self) -> tuple[Halt, ...]:
        """Return the pauses that stand now, oldest first."""
        with self._database.read() as connection:
            return standing(connection)


def standing(connection: Connection) -> tuple[Halt, ...]:
    """Return the pauses that stand in this transaction."""
    rows = connection.execute(select(HALTS).where(HALTS.c.lifted_at.is_(None)).order_by(HALTS.c.id))
    return tuple(_halt(row) for row in rows)


def covering(halts: tuple[Halt, ...], delivery: Delivery) -> Halt | None:
    """Return the first of the pauses that covers the delivery."""
    scopes = {ALL, channel_scope(delivery.channel), entry_scope(delivery.entry), post_scope(delivery.post_key)}
    return next((halt for halt in halts if halt.scope in scopes), None)


def _halt(row: Row[tuple[object, ...]]) -> Halt:
    return Halt(scope=row.scope, reason=HoldReason(row.reason), why=row.why, who=row.who, at=row.at)
