"""Corrections and withdrawals: what two people signed, and how far each copy has come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, case, func, insert, or_, select, update

from editorial.approval import ask_second_person
from editorial.clock import Clock
from editorial.correction import OPEN, Decision, Item, ItemState, Kind, Means, Reason, split_key
from editorial.delivery import PAUSED, PUBLIC, Delivery, HoldReason, State
from editorial.digest import digest_of
from editorial.post import Post
from editorial.problem import BadInput, Problem
from editorial.workflow import Stage
from store.audit import SCHEDULER, Deed, note
from store.database import Database, new_id
from store.errors import Halted, Lost, Tampered
from store.halts import Halt, covering, standing
from store.moment import NEVER
from store.passage import Step, read_delivery, take_step
from store.posts import PostTable
from store.record import TEXTS, written
from store.schema import AUDIT, CORRECTION_ITEMS, CORRECTIONS, DELIVERIES
from store.workflow import Taking, progress_in, put_step
from store.workflow import take_step as take_workflow_step

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


class CorrectionTable:
    """Corrections by number, and their items. Every change of an item is a conditional UPDATE on its fence."""

    def __init__(self, database: Database, clock: Clock, posts: PostTable) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts

    def sign(self, decision: Decision, *, author: str, approver: str, step: Taking | None = None) -> Correction:
        """Keep a decision with its items and the posts that it signs, ready to be carried out.

        Raises BadInput when one person plays both parts, or a copy has changed since. The same decision signed twice is one;
        what could not be done the first time is then tried again. `step` is taken with the entry in the same transaction.
        """
        ask_second_person(author, approver)
        now = self._clock.now()
        values = {"kind": decision.kind.value, "subject": decision.subject, "value": decision.value, "why": decision.why,
                  "digest": decision.digest, "signed": decision.signed, "author": author, "approver": approver,
                  "at": now}  # fmt: skip
        with self._database.write() as connection:
            found = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.digest == decision.digest)).one_or_none()
            if found is not None:
                if step is not None and progress_in(connection, decision.subject).stage is not Stage.WITHDRAWN:
                    take_workflow_step(connection, decision.subject, step, now)
                self._try_again(connection, _correction(found), approver, now)
                return _correction(found)
            _ask_current(connection, decision)
            connection.execute(insert(CORRECTIONS).values(**values))
            made = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.digest == decision.digest)).one()
            rows = [(CORRECTION_ITEMS, self._add(connection, made.id, item, now)) for item in decision.items]
            detail = logged(decision.value, decision.digest, author)
            deed = Deed(who=approver, action=decision.kind.value, subject=decision.subject, detail=detail, at=now)
            taken = put_step(connection, decision.subject, step, now)[1] if step is not None else ()
            note(connection, deed, (CORRECTIONS, made.id), *rows, *taken)
        return _correction(made)

    def _try_again(self, connection: Connection, signed: Correction, who: str, now: datetime) -> None:
        """Let what failed or read otherwise wait for its call again: people have signed the very same decision once more."""
        where = and_(CORRECTION_ITEMS.c.correction == signed.id, CORRECTION_ITEMS.c.state.in_(STUCK))
        ids = connection.execute(select(CORRECTION_ITEMS.c.id).where(where).order_by(CORRECTION_ITEMS.c.id)).scalars().all()
        if ids:
            afresh = {"state": ItemState.WAITING.value, "next_at": now, "calls": 0, "called_at": None, "detail": ""}
            connection.execute(update(CORRECTION_ITEMS).where(where).values(**afresh))
            deed = Deed(who=who, action=f"{signed.kind.value}-again", subject=signed.subject,
                        detail=f"quyết định {signed.id}", at=now)  # fmt: skip
            note(connection, deed, *((CORRECTION_ITEMS, id) for id in ids))

    def ask_current(self, decision: Decision) -> None:
        """Raise BadInput where a copy is not as it was when the decision was drafted, or another decision on it is open."""
        with self._database.read() as connection:
            _ask_current(connection, decision)

    def _add(self, connection: Connection, correction: int, item: Item, now: datetime) -> int:
        if item.post:
            self._posts.put(connection, item.post)
        state = ItemState.MANUAL if item.means is Means.MANUAL else ItemState.WAITING
        return new_id(connection.execute(insert(CORRECTION_ITEMS).values(
            correction=correction, delivery=item.delivery, means=item.means.value, state=state.value, note=item.note,
            post_key=item.post.key if item.post else None, post_digest=item.post.digest if item.post else None,
            changes=written(TEXTS, item.changes), next_at=NEVER if state is ItemState.MANUAL else now, detail=item.why,
        )))  # fmt: skip

    def ask_signed(self, item: CorrectionItem) -> None:
        """Raise Tampered where an item's row says anything but what two people signed and the log knows of."""
        with self._database.read() as connection:
            row = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.id == item.correction)).one()
            part = [item.live_key, item.means.value, item.post_digest or ""]
            deed = select(AUDIT.c.id).where(AUDIT.c.subject == row.subject, AUDIT.c.who == row.approver,
                                                AUDIT.c.detail == logged(row.value, row.digest, row.author))
            genuine = digest_of(row.signed) == row.digest and part in json.loads(row.signed)["parts"]
            if not genuine or connection.execute(deed.limit(1)).first() is None:
                raise Tampered(f"{item.live_key}: not as it was signed")

    # --- reading

    def get(self, id: int) -> Correction:
        """Return a decision; raise KeyError when there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.id == id)).one_or_none()
        if row is None:
            raise KeyError(id)
        return _correction(row)

    def all(self) -> tuple[Correction, ...]:
        """Return every decision, oldest first."""
        with self._database.read() as connection:
            return tuple(_correction(row) for row in connection.execute(select(CORRECTIONS).order_by(CORRECTIONS.c.id)))

    def latest(self, kind: Kind, subject: str, value: str) -> Correction | None:
        """Return the newest decision of this content."""
        alike = [each for each in self.all() if (each.kind, each.subject, each.value) == (kind, subject, value)]
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
        return bool(self._items(and_(CORRECTION_ITEMS.c.delivery == delivery, _is_open())))

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

    def next_moment(self) -> datetime | None:
        """Return when an item has to be looked at next."""
        columns = CORRECTION_ITEMS.c
        moment = case((columns.lease_until.is_(None), columns.next_at), else_=columns.lease_until)
        query = select(func.min(moment)).where(_is_open())
        with self._database.read() as connection:
            first: datetime | None = connection.execute(query).scalar_one()
        return first if first is not None and first < NEVER else None

    def moving(self) -> bool:
        """Tell whether an open item goes on by itself; False where all that is left waits for the end of a pause."""
        now = self._clock.now()
        with self._database.read() as connection:
            rows = connection.execute(_query().where(_is_open())).all()
            halts = _halting(connection, now)
            return any(not _stopped(connection, halts, _item(row)) for row in rows)

    # --- carrying out

    def claim(self, owner: str, lease: timedelta) -> CorrectionItem | None:
        """Take the next item whose moment has come; two workers never get the same one."""
        now = self._clock.now()
        free = or_(CORRECTION_ITEMS.c.lease_until.is_(None), CORRECTION_ITEMS.c.lease_until <= now)
        due = and_(_is_open(), CORRECTION_ITEMS.c.next_at <= now, free)
        if not self._items(due):
            return None
        with self._database.write() as connection:
            query = select(CORRECTION_ITEMS.c.id, CORRECTION_ITEMS.c.fence).where(due)
            order = (CORRECTION_ITEMS.c.next_at, CORRECTION_ITEMS.c.id)
            row = connection.execute(query.order_by(*order).limit(1)).one_or_none()
            if row is None:
                return None
            held = update(CORRECTION_ITEMS).where(CORRECTION_ITEMS.c.id == row.id, CORRECTION_ITEMS.c.fence == row.fence)
            connection.execute(held.values(fence=row.fence + 1, owner=owner, lease_until=now + lease))
            return _read(connection, row.id)

    def let_go(self, owner: str) -> None:
        """Give up what this owner had in hand when it died: each call may be repeated, so anyone goes on at once."""
        with self._database.write() as connection:
            mine = update(CORRECTION_ITEMS).where(CORRECTION_ITEMS.c.owner == owner)
            connection.execute(mine.values(owner=None, lease_until=None))

    def begin(self, item: CorrectionItem) -> CorrectionItem:
        """Write the intent of one call, durably, before it is made; raise Halted under a pause, Lost when it was taken over.

        Mourning does not stop what puts an error right; a pause, a dead token and a spent allowance do.
        """
        now = self._clock.now()
        with self._database.write() as connection:
            if halt := covering(connection, _halting(connection, now), read_delivery(connection, item.delivery)):
                raise Halted(halt.reason, halt.why)
            begun = _change(connection, item, {"state": ItemState.CALLING.value, "calls": item.calls + 1})
            note(connection, Deed(who=SCHEDULER, action=f"{item.means.value}-call", subject=item.live_key,
                                  detail=f"quyết định {item.correction}, lần gọi {begun.calls}", at=now))  # fmt: skip
            return begun

    def put_down(self, item: CorrectionItem, state: ItemState, *, next_at: datetime = NEVER, detail: str = "") -> CorrectionItem:
        """Leave the item in a state until a moment; raise Lost when it was taken over."""
        values: dict[str, Any] = {"state": state.value, "next_at": next_at, "detail": detail, "owner": None, "lease_until": None}
        if item.state is ItemState.CALLING and state is ItemState.CALLED:
            values["called_at"] = self._clock.now()
        with self._database.write() as connection:
            return _change(connection, item, values)

    def finish_edit(self, item: CorrectionItem) -> CorrectionItem:
        """Record that the live copy reads as it was signed: from now on it is held against the new version."""
        now = self._clock.now()
        with self._database.write() as connection:
            done = _change(connection, item, _over(ItemState.DONE))
            delivery = read_delivery(connection, item.delivery)
            if delivery.state is not State.VERIFIED:
                step = Step(state=State.VERIFIED, who=SCHEDULER, at=now, next_at=NEVER, detail="đã đính chính và đọc lại")
                delivery = take_step(connection, delivery, step)
            values = {"post_digest": item.post_digest, "verified_at": now, "touched_at": now, "fence": delivery.fence + 1}
            connection.execute(update(DELIVERIES).where(DELIVERIES.c.id == delivery.id).values(**values))
            self._done(connection, item, now)
            return done

    def finish_removal(self, item: CorrectionItem) -> CorrectionItem:
        """Record that the live copy is gone; where it is posted anew, its new copy is queued in the next step."""
        now = self._clock.now()
        with self._database.write() as connection:
            state = ItemState.REMOVED if item.means is Means.REPOST else ItemState.DONE
            values = _over(state) | ({"next_at": now} if state is ItemState.REMOVED else {})
            changed = _change(connection, item, values)
            delivery = read_delivery(connection, item.delivery)
            if delivery.state in PUBLIC or delivery.hold_reason is HoldReason.DRIFT:
                take_step(connection, delivery, Step(state=State.WITHDRAWN, who=SCHEDULER, at=now, next_at=NEVER,
                                                     detail=f"đã gỡ theo quyết định {item.correction}"))  # fmt: skip
            if state is ItemState.DONE:
                self._done(connection, item, now)
            return changed

    def queue_anew(self, item: CorrectionItem, post: Post) -> Delivery:
        """Put the new copy into the delivery ledger, due at once; safe to repeat."""
        now = self._clock.now()
        with self._database.write() as connection:
            row = connection.execute(select(DELIVERIES.c.id).where(DELIVERIES.c.post_key == post.key)).one_or_none()
            if row is not None:
                return read_delivery(connection, row.id)
            values = {"post_key": post.key, "post_digest": post.digest, "entry": post.entry, "channel": post.channel}
            moments = {"due_at": post.due_at, "next_at": now, "touched_at": now}
            connection.execute(insert(DELIVERIES).values(**values, **moments, state=State.SCHEDULED.value))
            made = connection.execute(select(DELIVERIES.c.id).where(DELIVERIES.c.post_key == post.key)).one()
            # The grace of a post does not count here: what replaces an error is wanted however late it has become.
            detail = f"đăng lại theo quyết định {item.correction}"
            queued = Step(state=State.QUEUED, who=SCHEDULER, at=now, next_at=now, detail=detail)
            return take_step(connection, read_delivery(connection, made.id), queued)

    def finish_repost(self, item: CorrectionItem) -> CorrectionItem:
        """Record that the new copy is public and read back."""
        with self._database.write() as connection:
            done = _change(connection, item, _over(ItemState.DONE))
            self._done(connection, item, self._clock.now())
            return done

    def done_by_hand(self, id: int, *, who: str, why: str) -> CorrectionItem:
        """Take a person's word that a copy was put right on the platform itself; raise KeyError when there is none."""
        now = self._clock.now()
        with self._database.write() as connection:
            item = _read(connection, id)
            if item.state in OPEN or item.state is ItemState.DONE:
                raise Lost(f"{item.live_key}: {item.state.value}")
            self._taken_down(connection, item, who, now)
            done = _change(connection, item, _over(ItemState.DONE) | {"detail": why})
            deed = Deed(who=who, action="done-by-hand", subject=item.live_key, detail=why, at=now)
            note(connection, deed, (CORRECTION_ITEMS, item.id))
            return done

    def _taken_down(self, connection: Connection, item: CorrectionItem, who: str, now: datetime) -> None:
        """Let a copy that was published in error, and taken down by a person, be live no more."""
        decided = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.id == item.correction)).one()
        delivery = read_delivery(connection, item.delivery)
        live = delivery.state in PUBLIC or delivery.hold_reason is HoldReason.DRIFT
        if live and (decided.kind, decided.value) == (Kind.WITHDRAWAL.value, Reason.ERROR.value):
            detail = f"đã gỡ bằng tay theo quyết định {item.correction}"
            take_step(connection, delivery, Step(state=State.WITHDRAWN, who=who, at=now, next_at=NEVER, detail=detail))

    def _done(self, connection: Connection, item: CorrectionItem, now: datetime) -> None:
        note(connection, Deed(who=SCHEDULER, action=f"{item.means.value}-done", subject=item.live_key,
                              detail=f"quyết định {item.correction}", at=now),
             (CORRECTION_ITEMS, item.id), (DELIVERIES, item.delivery))  # fmt: skip

    def _items(self, where: Any) -> tuple[CorrectionItem, ...]:
        with self._database.read() as connection:
            return tuple(_item(row) for row in connection.execute(_query().where(where).order_by(CORRECTION_ITEMS.c.id)))


def _ask_current(connection: Connection, decision: Decision) -> None:
    """Hold each item against its live copy: two decisions drafted side by side must not both be carried out."""
    for item in decision.items:
        open_items = select(CORRECTION_ITEMS.c.id).where(CORRECTION_ITEMS.c.delivery == item.delivery, _is_open())
        if connection.execute(open_items.limit(1)).first() is not None:
            message = f"bài {item.post_key} đang được sửa theo một quyết định trước; xem ./loa corrections, chờ xong rồi làm lại"
            raise BadInput(Problem(rule="correction-under-way", message=message, channel=item.channel))
        live = read_delivery(connection, item.delivery)
        shown = live.state in PUBLIC or live.hold_reason is HoldReason.DRIFT
        if not shown or (item.live_digest and live.post_digest != item.live_digest):
            message = f"bài {item.post_key} vừa đổi so với lúc lập kế hoạch; hãy chạy lại lệnh để xem kế hoạch mới"
            raise BadInput(Problem(rule="stale-plan", message=message, channel=item.channel))


def logged(value: str, digest: str, author: str) -> str:
    """Return how the log tells of a decision."""
    return f"{value} ({digest}; {author})"


def _halting(connection: Connection, now: datetime) -> tuple[Halt, ...]:
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


def _over(state: ItemState) -> dict[str, Any]:
    return {"state": state.value, "next_at": NEVER, "detail": "", "owner": None, "lease_until": None}


def _is_open() -> Any:
    return CORRECTION_ITEMS.c.state.in_([state.value for state in OPEN])


def _change(connection: Connection, item: CorrectionItem, values: dict[str, Any]) -> CorrectionItem:
    same = (CORRECTION_ITEMS.c.id == item.id, CORRECTION_ITEMS.c.fence == item.fence)
    if connection.execute(update(CORRECTION_ITEMS).where(*same).values(**values)).rowcount != 1:
        raise Lost(f"{item.live_key}: another worker has taken over")
    return _read(connection, item.id)


def _read(connection: Connection, id: int) -> CorrectionItem:
    row = connection.execute(_query().where(CORRECTION_ITEMS.c.id == id)).one_or_none()
    if row is None:
        raise KeyError(id)
    return _item(row)


def _query() -> Any:
    live = (DELIVERIES.c.channel, DELIVERIES.c.entry, DELIVERIES.c.post_key.label("live_key"))
    return select(CORRECTION_ITEMS, *live).join(DELIVERIES, DELIVERIES.c.id == CORRECTION_ITEMS.c.delivery)


def _correction(row: Row[Any]) -> Correction:
    return Correction(id=row.id, kind=Kind(row.kind), subject=row.subject, value=row.value, why=row.why, digest=row.digest,
                      author=row.author, approver=row.approver, at=row.at)  # fmt: skip


def _item(row: Row[Any]) -> CorrectionItem:
    return CorrectionItem(
        id=row.id, correction=row.correction, delivery=row.delivery, channel=row.channel, entry=row.entry, live_key=row.live_key,
        means=Means(row.means), state=ItemState(row.state), post_key=row.post_key, post_digest=row.post_digest, note=row.note,
        changes=TEXTS.validate_json(row.changes), calls=row.calls, fence=row.fence, next_at=row.next_at, detail=row.detail,
        called_at=row.called_at,
    )  # fmt: skip
