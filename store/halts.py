"""Pauses: on everything, a channel, an entry, a unit, a tone or one post, at once or for a window of time.

They are read in the transaction of every intent, so that no call begins once a pause is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, false, func, insert, not_, or_, select, true, update

from editorial.clock import Clock, aware
from editorial.delivery import Delivery, HoldReason, State
from editorial.tone import Tone
from store.audit import Deed, note
from store.database import Database, new_id
from store.passage import as_delivery
from store.schema import DELIVERIES, ENTRIES, HALT_PASSES, HALTS
from store.statement import Statement

ALL = "all"
MOURNING = "mourning"  # whatever is not solemn, and what nobody has said the tone of
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


def unit_scope(unit: str) -> str:
    """Return the scope of a unit's entries."""
    return f"unit:{unit}"


def tone_scope(tone: Tone) -> str:
    """Return the scope of the entries of one tone."""
    return f"tone:{tone.value}"


@dataclass(frozen=True, kw_only=True)
class Halt:
    """A pause that was not lifted; `why` is what the person who set it wrote. Without an end it lasts until it is lifted."""

    scope: str
    reason: HoldReason
    why: str
    who: str
    at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Tell whether it holds at a moment; its end is not part of it."""
        return (self.starts_at is None or self.starts_at <= now) and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, kw_only=True)
class Covered:
    """How many planned posts a pause would hold, and the first of them by moment."""

    count: int
    first: tuple[Delivery, ...]


class HaltTable:
    """Standing and lifted pauses."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def set(
        self, scope: str, *, why: str, who: str, reason: HoldReason = HoldReason.HALT,
        starts_at: datetime | None = None, ends_at: datetime | None = None,
    ) -> tuple[Delivery, ...]:  # fmt: skip
        """Pause a scope; no delivery in it starts its commit call once this returns, or in the window. Safe to repeat.

        Returns what the pause covers and was too late for: a call under way cannot be called back.
        """
        if reason not in CAN_HALT:
            raise ValueError(f"{reason.value} is no reason to pause a scope")
        now = self._clock.now()
        halt = Halt(scope=scope, reason=reason, why=why, who=who, at=now, starts_at=starts_at, ends_at=ends_at)
        with self._database.write_first() as connection:
            if not any(_same(halt, each) for each in _unlifted(connection)):
                _write(connection, halt)
            return _under_way(connection, halt, now)

    def would_cover(
        self, scope: str, starts_at: datetime | None, ends_at: datetime | None, *, reason: HoldReason = HoldReason.HALT
    ) -> tuple[Delivery, ...]:  # fmt: skip
        """Return the planned posts that a pause of this window would hold, by moment; without an end, all to come."""
        found = tuple(self._would_cover(scope, starts_at, ends_at, reason))
        with self._database.read() as connection:
            ordered = select(DELIVERIES).where(*found).order_by(DELIVERIES.c.due_at, DELIVERIES.c.id)
            return tuple(as_delivery(row) for row in connection.execute(ordered))

    def would_cover_first(
        self, most: int, scope: str, starts_at: datetime | None, ends_at: datetime | None, *,
        reason: HoldReason = HoldReason.HALT,
    ) -> Covered:  # fmt: skip
        """Return how many planned posts a pause of this window would hold, and the first of them: there may be thousands."""
        found = tuple(self._would_cover(scope, starts_at, ends_at, reason))
        with self._database.read() as connection:
            count: int = connection.execute(select(func.count()).select_from(DELIVERIES).where(*found)).scalar_one()
            # By no index: PostgreSQL would walk through years of posts, by moment, until it came to those that are planned.
            by_moment = (func.coalesce(DELIVERIES.c.due_at, DELIVERIES.c.next_at), DELIVERIES.c.id)
            first = select(DELIVERIES).where(*found).order_by(*by_moment).limit(most)
            return Covered(count=count, first=tuple(as_delivery(row) for row in connection.execute(first)))

    def _would_cover(
        self, scope: str, starts_at: datetime | None, ends_at: datetime | None, reason: HoldReason
    ) -> Iterator[Any]:  # fmt: skip
        yield DELIVERIES.c.state.in_([State.SCHEDULED.value, State.QUEUED.value])
        if starts_at is not None and starts_at > self._clock.now():
            yield DELIVERIES.c.due_at >= starts_at
        if ends_at is not None:
            yield DELIVERIES.c.due_at < ends_at
        yield in_scope(scope)
        if reason is HoldReason.BLACKOUT:
            yield DELIVERIES.c.post_key.not_in(select(HALT_PASSES.c.post_key))

    def let_pass(self, post_key: str, *, who: str, why: str) -> None:
        """Let one post through every blackout: a person has looked at it and stands for it."""
        now = self._clock.now()
        with self._database.write() as connection:
            connection.execute(delete(HALT_PASSES).filter_by(post_key=post_key))
            connection.execute(insert(HALT_PASSES).values(post_key=post_key, who=who, why=why, at=now))
            deed = Deed(who=who, action="let-pass", subject=post_key, detail=why, at=now)
            note(connection, deed, (HALT_PASSES, post_key))

    def lift(self, scope: str, *, who: str) -> None:
        """End every pause on the scope; what lost its moment meanwhile comes back as the office's ReleaseRule says."""
        with self._database.write() as connection:
            lift(connection, scope, who=who, now=self._clock.now())

    def standing(self) -> tuple[Halt, ...]:
        """Return the pauses that are in force now, oldest first."""
        with self._database.read() as connection:
            return standing(connection, self._clock.now())

    def planned(self) -> tuple[Halt, ...]:
        """Return the pauses that were not lifted and whose time is now or to come, oldest first."""
        now = self._clock.now()
        with self._database.read() as connection:
            return tuple(halt for halt in _unlifted(connection) if halt.ends_at is None or now < halt.ends_at)

    def at(self, moment: datetime) -> tuple[Halt, ...]:
        """Return the pauses that nobody has lifted and whose time takes in the moment, oldest first."""
        with self._database.read() as connection:
            return standing(connection, moment)

    def was_set(self, scope: str, starts_at: datetime, ends_at: datetime) -> bool:
        """Tell whether this window was ever paused, lifted or not."""
        with self._database.read() as connection:
            same = {"scope": scope, "starts_at": starts_at, "ends_at": ends_at}
            return connection.execute(select(HALTS.c.id).filter_by(**same)).first() is not None


def lift(connection: Connection, scope: str, *, who: str, now: datetime, why: str | None = None) -> None:
    """End the pauses on a scope inside a transaction that is under way; with `why`, those alone that were set for that reason."""
    where = [HALTS.c.scope == scope, HALTS.c.lifted_at.is_(None), *([] if why is None else [HALTS.c.why == why])]
    ids = connection.execute(select(HALTS.c.id).where(*where).order_by(HALTS.c.id)).scalars().all()
    if ids:
        connection.execute(update(HALTS).where(*where).values(lifted_at=now, lifted_by=who))
        rows = ((HALTS, id) for id in ids)
        note(connection, Deed(who=who, action="lift", subject=scope, detail="", at=now), *rows)


def standing(connection: Connection, now: datetime) -> tuple[Halt, ...]:
    """Return the pauses that are in force in this transaction."""
    return tuple(halt for halt in _unlifted(connection) if halt.in_force(now))


def covering(connection: Connection, halts: tuple[Halt, ...], delivery: Delivery) -> Halt | None:
    """Return the first of the pauses that covers the delivery."""
    if not halts:
        return None
    scopes = {ALL, channel_scope(delivery.channel), entry_scope(delivery.entry), post_scope(delivery.post_key)}
    scopes |= _scopes_of_entry(connection, delivery.entry)
    covered = [halt for halt in halts if halt.scope in scopes]
    if any(halt.reason is HoldReason.BLACKOUT for halt in covered) and _may_pass(connection, delivery):
        covered = [halt for halt in covered if halt.reason is not HoldReason.BLACKOUT]
    return next(iter(covered), None)


def in_scope(scope: str) -> Any:
    """Return the condition of the deliveries that a pause of this scope covers, as `covering` tells it of one."""
    return _in_scopes((scope,))


def in_none(halts: tuple[Halt, ...]) -> Any:
    """Return the condition of the deliveries that none of the pauses covers, as `covering` tells it of one."""
    silent = [halt.scope for halt in halts if halt.reason is HoldReason.BLACKOUT]
    other = [halt.scope for halt in halts if halt.reason is not HoldReason.BLACKOUT]
    may_pass = DELIVERIES.c.post_key.in_(select(HALT_PASSES.c.post_key))
    return and_(not_(_in_scopes(other)), or_(may_pass, not_(_in_scopes(silent))))


def _in_scopes(scopes: Iterable[str]) -> Any:
    """Return the condition of what any of the scopes takes in: one part for each kind, since SQLite takes no thousand parts."""
    names = dict[str, list[str]]()
    for scope in scopes:
        kind, _, name = scope.partition(":")
        names.setdefault(kind, []).append(name)
    return or_(false(), *(_of_kind(kind, named) for kind, named in names.items()))


def _of_kind(kind: str, names: list[str]) -> Any:
    match kind:
        case "all":
            return true()
        case "channel":
            return DELIVERIES.c.channel.in_(names)
        case "entry":
            return DELIVERIES.c.entry.in_(names)
        case "post":
            return DELIVERIES.c.post_key.in_(names)
        case "unit":
            return _of_entries(ENTRIES.c.unit.in_(names))
        case "tone":
            return _of_entries(ENTRIES.c.tone.in_(names))
        case "mourning":
            return not_(_of_entries(ENTRIES.c.tone == Tone.SOLEMN.value))
    return false()


def _of_entries(condition: Any) -> Any:
    return exists().where(ENTRIES.c.id == DELIVERIES.c.entry, condition)


def _scopes_of_entry(connection: Connection, entry: str) -> set[str]:
    """Return the scopes of the entry's unit and tone; an entry that was never saved is not known to be solemn."""
    card = connection.execute(select(ENTRIES.c.tone, ENTRIES.c.unit).where(ENTRIES.c.id == entry)).one_or_none()
    if card is None:
        return {MOURNING}
    tone = Tone(card.tone)
    return {unit_scope(card.unit), tone_scope(tone), *(() if tone is Tone.SOLEMN else (MOURNING,))}


def _same(one: Halt, other: Halt) -> bool:
    """Tell whether two pauses stop the same for the same time, whoever set them and why."""
    return replace(one, why="", who="", at=other.at) == replace(other, why="", who="")


def _write(connection: Connection, halt: Halt) -> None:
    starts_at = halt.at if halt.ends_at is not None and halt.starts_at is None else halt.starts_at
    values = {"scope": halt.scope, "reason": halt.reason.value, "why": halt.why, "who": halt.who, "at": halt.at}
    window = {"starts_at": starts_at and aware(starts_at), "ends_at": halt.ends_at and aware(halt.ends_at)}
    made = connection.execute(insert(HALTS).values(**values, **window))
    detail = _told(halt.why, halt.starts_at, halt.ends_at)
    note(connection, Deed(who=halt.who, action="halt", subject=halt.scope, detail=detail, at=halt.at),
         (HALTS, new_id(made)))  # fmt: skip


def _under_way(connection: Connection, halt: Halt, now: datetime) -> tuple[Delivery, ...]:
    """Return what the pause covers and the platform has, or may have, by now."""
    if not halt.in_force(now):
        return ()
    calling = DELIVERIES.c.state.in_([State.SENDING.value, State.FOLLOWING.value])
    found = [as_delivery(row) for row in connection.execute(select(DELIVERIES).where(calling).order_by(DELIVERIES.c.id))]
    return tuple(each for each in found if covering(connection, (halt,), each))


def _may_pass(connection: Connection, delivery: Delivery) -> bool:
    return connection.execute(select(HALT_PASSES).filter_by(post_key=delivery.post_key)).first() is not None


def _unlifted(connection: Connection) -> tuple[Halt, ...]:
    return tuple(_halt(row) for row in _UNLIFTED.all(connection))


_UNLIFTED = Statement(select(HALTS).where(HALTS.c.lifted_at.is_(None)).order_by(HALTS.c.id))


def _told(why: str, starts_at: datetime | None, ends_at: datetime | None) -> str:
    ends = [moment.isoformat() if moment else "" for moment in (starts_at, ends_at)]
    return f"{why} ({' - '.join(ends)})" if any(ends) else why


def _halt(row: Any) -> Halt:
    return Halt(scope=row.scope, reason=HoldReason(row.reason), why=row.why, who=row.who, at=row.at,
                starts_at=row.starts_at, ends_at=row.ends_at)  # fmt: skip
