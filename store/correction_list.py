"""What two people decided about live posts, and how far each copy has come: every question, and no change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, select

from editorial.clock import Clock
from editorial.correction import OPEN, ItemState, Kind, Means, Reason, split_key
from editorial.delivery import PAUSED, Delivery, HoldReason, State
from store.database import Database
from store.halts import Halt, covering, standing
from store.moment import NEVER
from store.passage import read_delivery
from store.record import TEXTS
from store.schema import CORRECTION_ITEMS, CORRECTIONS, DELIVERIES

STUCK = (ItemState.FAILED.value, ItemState.DIFFERENT.value)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A signed decision; `kind` says which."""

    id: int
    kind: Kind
    subject: str
    value: str
    why: str
    digest: str
    author: str
    approver: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CorrectionItem:
    """One copy of a signed decision. `post_digest` is what will be read back; none where the copy is taken down for good."""

    id: int
    correction: int
    delivery: int
    channel: str
    entry: str
    live_key: str
    means: Means
    state: ItemState
    post_key: str | None
    post_digest: str | None
    note: str
    changes: tuple[str, ...]
    calls: int
    fence: int
    next_at: datetime
    detail: str
    called_at: datetime | None


class CorrectionList:
    """Corrections by number, and their items."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, id: int) -> Correction:
        """Return a decision; raise KeyError when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.id == id)).one_or_none()
        if row is None:
            raise KeyError(id)
        return as_correction(row)

    def all(self) -> tuple[Correction, ...]:
        """Return every decision, oldest first."""
        with self._database.read() as connection:
            return tuple(as_correction(row) for row in connection.execute(select(CORRECTIONS).order_by(CORRECTIONS.c.id)))

    def of_subject(self, kind: Kind, subject: str) -> tuple[Correction, ...]:
        """Return every decision about a fact or an entry, oldest first."""
        query = select(CORRECTIONS).where(CORRECTIONS.c.kind == kind.value, CORRECTIONS.c.subject == subject)
        with self._database.read() as connection:
            return tuple(as_correction(row) for row in connection.execute(query.order_by(CORRECTIONS.c.id)))

    def latest(self, kind: Kind, subject: str, value: str) -> Correction | None:
        """Return the newest decision of this content."""
        alike = [each for each in self.of_subject(kind, subject) if each.value == value]
        return alike[-1] if alike else None

    def under_way(self, kind: Kind, subject: str, value: str) -> Correction | None:
        """Return the newest decision of this content where it is still being carried out."""
        found = self.latest(kind, subject, value)
        return found if found and any(item.state in OPEN for item in self.items(found.id)) else None

    def items(self, correction: int) -> tuple[CorrectionItem, ...]:
        """Return the items of a decision, in the order in which they were signed."""
        return self._items(CORRECTION_ITEMS.c.correction == correction)

    def notes(self, delivery: Delivery) -> tuple[str, ...]:
        """Return the public notes under a live copy, oldest first: each copy that is posted anew takes along those before it."""
        first, _ = split_key(delivery.post_key)
        family = CORRECTION_ITEMS.c.post_key.startswith(first, autoescape=True)
        done = self._items(and_(CORRECTION_ITEMS.c.state == ItemState.DONE.value, family))
        own = (item for item in done if item.post_key and split_key(item.post_key)[0] == first)
        return tuple(item.note for item in own if item.note and not item.detail)

    def busy(self, delivery: int) -> bool:
        """Tell whether an earlier decision on this copy is still being carried out."""
        return bool(self._items(and_(CORRECTION_ITEMS.c.delivery == delivery, is_open())))

    def withdrawn(self, delivery: int) -> bool:
        """Tell whether two people have decided to take this copy back: it is not put right any more."""
        return bool(self.reasons(delivery))

    def reasons(self, delivery: int, *, stuck: bool = True) -> frozenset[Reason]:
        """Return for which reasons it was decided to take this copy back; without those whose call has not worked."""
        taken = and_(CORRECTIONS.c.kind == Kind.WITHDRAWAL.value, CORRECTIONS.c.id == CORRECTION_ITEMS.c.correction)
        if not stuck:
            taken = and_(taken, CORRECTION_ITEMS.c.state.not_in(STUCK))
        both = CORRECTION_ITEMS.join(CORRECTIONS, taken)
        query = select(CORRECTIONS.c.value).select_from(both).where(CORRECTION_ITEMS.c.delivery == delivery)
        with self._database.read() as connection:
            return frozenset(Reason(value) for value in connection.execute(query).scalars())

    def by_hand(self, delivery: int, subject: str, value: str) -> ItemState | None:
        """Return how far a person has come where the newest decision on this copy and subject left this very value to one."""
        both = and_(CORRECTIONS.c.subject == subject, CORRECTIONS.c.id == CORRECTION_ITEMS.c.correction)
        columns = (CORRECTIONS.c.value, CORRECTION_ITEMS.c.means, CORRECTION_ITEMS.c.state)
        query = select(*columns).select_from(CORRECTION_ITEMS.join(CORRECTIONS, both))
        newest = query.where(CORRECTION_ITEMS.c.delivery == delivery).order_by(CORRECTION_ITEMS.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(newest).one_or_none()
        return ItemState(row.state) if row is not None and (row.value, row.means) == (value, Means.MANUAL.value) else None

    def hand_made(self, delivery: int) -> bool:
        """Tell whether a person has put this copy right on the platform itself, so that nobody here knows its words."""
        done = self._items(and_(CORRECTION_ITEMS.c.delivery == delivery, CORRECTION_ITEMS.c.state == ItemState.DONE.value))
        return bool(done and done[-1].detail)  # only people give words to what is done

    def put_right(self, *, since: datetime, until: datetime) -> frozenset[str]:
        """Return the keys of the copies due in a span, its end not included, that a correction has put right."""
        corrections = and_(CORRECTIONS.c.kind == Kind.CORRECTION.value, CORRECTIONS.c.id == CORRECTION_ITEMS.c.correction)
        both = CORRECTION_ITEMS.join(CORRECTIONS, corrections).join(DELIVERIES, DELIVERIES.c.id == CORRECTION_ITEMS.c.delivery)
        done = and_(CORRECTION_ITEMS.c.state == ItemState.DONE.value, DELIVERIES.c.due_at >= since, DELIVERIES.c.due_at < until)
        with self._database.read() as connection:
            return frozenset(connection.execute(select(DELIVERIES.c.post_key).select_from(both).where(done)).scalars())

    def next_moment(self) -> datetime | None:
        """Return when an item has to be looked at next."""
        columns = CORRECTION_ITEMS.c
        moment = case((columns.lease_until.is_(None), columns.next_at), else_=columns.lease_until)
        query = select(func.min(moment)).where(is_open())
        with self._database.read() as connection:
            first: datetime | None = connection.execute(query).scalar_one()
        return first if first is not None and first < NEVER else None

    def moving(self) -> bool:
        """Tell whether an open item goes on by itself; False where all that is left waits for the end of a pause."""
        now = self._clock.now()
        with self._database.read() as connection:
            rows = connection.execute(item_query().where(is_open())).all()
            halts = halting(connection, now)
            return any(not _stopped(connection, halts, as_item(row)) for row in rows)

    def _items(self, where: Any) -> tuple[CorrectionItem, ...]:
        with self._database.read() as connection:
            return tuple(as_item(row) for row in connection.execute(item_query().where(where).order_by(CORRECTION_ITEMS.c.id)))


def halting(connection: Connection, now: datetime) -> tuple[Halt, ...]:
    """Return the pauses that stop what puts an error right: all but mourning."""
    return tuple(halt for halt in standing(connection, now) if halt.reason is not HoldReason.BLACKOUT)


def _stopped(connection: Connection, halts: tuple[Halt, ...], item: CorrectionItem) -> bool:
    """Tell whether the next step of an open item waits for the end of a pause."""
    if item.state is ItemState.CALLED:
        return False  # reading back is no publishing
    if item.state is not ItemState.REMOVED:
        return covering(connection, halts, read_delivery(connection, item.delivery)) is not None
    again = select(DELIVERIES.c.id).where(DELIVERIES.c.post_key == item.post_key, DELIVERIES.c.state == State.HELD.value,
                                          DELIVERIES.c.hold_reason.in_([reason.value for reason in PAUSED]))  # fmt: skip
    return connection.execute(again).first() is not None


def is_open() -> Any:
    return CORRECTION_ITEMS.c.state.in_([state.value for state in OPEN])


def item_query() -> Any:
    live = (DELIVERIES.c.channel, DELIVERIES.c.entry, DELIVERIES.c.post_key.label("live_key"))
    return select(CORRECTION_ITEMS, *live).join(DELIVERIES, DELIVERIES.c.id == CORRECTION_ITEMS.c.delivery)


def as_correction(row: Row[Any]) -> Correction:
    return Correction(id=row.id, kind=Kind(row.kind), subject=row.subject, value=row.value, why=row.why, digest=row.digest,
                      author=row.author, approver=row.approver, at=row.at)  # fmt: skip


def as_item(row: Row[Any]) -> CorrectionItem:
    return CorrectionItem(
        id=row.id, correction=row.correction, delivery=row.delivery, channel=row.channel, entry=row.entry, live_key=row.live_key,
        means=Means(row.means), state=ItemState(row.state), post_key=row.post_key, post_digest=row.post_digest, note=row.note,
        changes=TEXTS.validate_json(row.changes), calls=row.calls, fence=row.fence, next_at=row.next_at, detail=row.detail,
        called_at=row.called_at,
    )  # fmt: skip
