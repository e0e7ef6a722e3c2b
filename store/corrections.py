"""Corrections and withdrawals: signed by two people, and carried out copy by copy."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, update

from editorial.approval import ask_second_person
from editorial.clock import Clock
from editorial.correction import OPEN, Decision, Item, ItemState, Kind, Means, Reason
from editorial.delivery import PUBLIC, Delivery, HoldReason, State
from editorial.digest import digest_of
from editorial.post import Post
from editorial.problem import BadInput, Problem
from editorial.workflow import Stage
from store.audit import SCHEDULER, Deed, note
from store.correction_list import (
    STUCK,
    Correction,
    CorrectionItem,
    CorrectionList,
    as_correction,
    as_item,
    halting,
    is_open,
    item_query,
)
from store.database import Database, new_id
from store.errors import Halted, Lost, Tampered
from store.halts import covering
from store.moment import NEVER
from store.passage import Step, read_delivery, take_step
from store.posts import PostTable
from store.record import TEXTS, json_of
from store.schema import AUDIT, CORRECTION_ITEMS, CORRECTIONS, DELIVERIES
from store.step_passage import plan_step
from store.workflow import Taking, progress_in, put_step
from store.workflow import take_step as take_workflow_step


class CorrectionTable(CorrectionList):
    """Decisions as they are signed and carried out. Every change of an item is a conditional UPDATE on its fence."""

    def __init__(self, database: Database, clock: Clock, posts: PostTable) -> None:
        super().__init__(database, clock)
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
                self._try_again(connection, as_correction(found), approver, now)
                return as_correction(found)
            _ask_current(connection, decision)
            connection.execute(insert(CORRECTIONS).values(**values))
            made = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.digest == decision.digest)).one()
            rows = [(CORRECTION_ITEMS, self._add(connection, made.id, item, now)) for item in decision.items]
            detail = logged(decision.value, decision.digest, author)
            deed = Deed(who=approver, action=decision.kind.value, subject=decision.subject, detail=detail, at=now)
            taken = put_step(connection, decision.subject, step, now)[1] if step is not None else ()
            note(connection, deed, (CORRECTIONS, made.id), *rows, *taken)
        return as_correction(made)

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
            changes=json_of(TEXTS, item.changes), next_at=NEVER if state is ItemState.MANUAL else now, detail=item.why,
        )))  # fmt: skip

    def ask_signed(self, item: CorrectionItem) -> None:
        """Raise Tampered where an item's row says anything but what two people signed and the log knows of."""
        with self._database.read() as connection:
            if not was_signed(connection, item):
                raise Tampered(f"{item.live_key}: not as it was signed")

    def claim(self, owner: str, lease: timedelta) -> CorrectionItem | None:
        """Take the next item whose moment has come; two workers never get the same one."""
        now = self._clock.now()
        free = or_(CORRECTION_ITEMS.c.lease_until.is_(None), CORRECTION_ITEMS.c.lease_until <= now)
        due = and_(is_open(), CORRECTION_ITEMS.c.next_at <= now, free)
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

    def in_hand(self, item: CorrectionItem) -> bool:
        """Tell whether nobody has taken the item over since it was claimed."""
        return bool(self._items(and_(CORRECTION_ITEMS.c.id == item.id, CORRECTION_ITEMS.c.fence == item.fence)))

    def look_afresh(self, delivery: int) -> bool:
        """Let whoever reads a copy back begin anew, since a late call may have changed it; tell whether anybody does."""
        reading = and_(CORRECTION_ITEMS.c.delivery == delivery, CORRECTION_ITEMS.c.state == ItemState.CALLED.value)
        afresh = {"fence": CORRECTION_ITEMS.c.fence + 1, "next_at": self._clock.now(), "owner": None, "lease_until": None}
        with self._database.write() as connection:
            connection.execute(update(CORRECTION_ITEMS).where(reading).values(**afresh))
            open_items = select(CORRECTION_ITEMS.c.id).where(CORRECTION_ITEMS.c.delivery == delivery, is_open())
            return connection.execute(open_items.limit(1)).first() is not None

    def renew(self, item: CorrectionItem, lease: timedelta) -> None:
        """Prolong the lease on an item in hand that is more than half over; one that is quite over stays over."""
        now, until = self._clock.now(), CORRECTION_ITEMS.c.lease_until
        same = and_(CORRECTION_ITEMS.c.id == item.id, CORRECTION_ITEMS.c.fence == item.fence)
        ending = and_(same, until > now, until < now + lease / 2)
        if self._items(ending):
            with self._database.write_beside() as connection:
                connection.execute(update(CORRECTION_ITEMS).where(ending).values(lease_until=now + lease))

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
            if halt := covering(connection, halting(connection, now), read_delivery(connection, item.delivery)):
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
            plan_step(connection, read_delivery(connection, made.id), post.first_comment, now)
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


def _ask_current(connection: Connection, decision: Decision) -> None:
    """Hold each item against its live copy: two decisions drafted side by side must not both be carried out."""
    for item in decision.items:
        open_items = select(CORRECTION_ITEMS.c.id).where(CORRECTION_ITEMS.c.delivery == item.delivery, is_open())
        if connection.execute(open_items.limit(1)).first() is not None:
            message = f"bài {item.post_key} đang được sửa theo một quyết định trước; xem ./loa corrections, chờ xong rồi làm lại"
            raise BadInput(Problem(rule="correction-under-way", message=message, channel=item.channel))
        live = read_delivery(connection, item.delivery)
        shown = live.state in PUBLIC or live.hold_reason is HoldReason.DRIFT
        if not shown or (item.live_digest and live.post_digest != item.live_digest):
            message = f"bài {item.post_key} vừa đổi so với lúc lập kế hoạch; hãy chạy lại lệnh để xem kế hoạch mới"
            raise BadInput(Problem(rule="stale-plan", message=message, channel=item.channel))


def was_signed(connection: Connection, item: CorrectionItem) -> bool:
    """Tell whether an item's row says what two people signed, and the log knows of it."""
    row = connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.id == item.correction)).one()
    part = [item.live_key, item.means.value, item.post_digest or ""]
    deed = select(AUDIT.c.id).where(AUDIT.c.subject == row.subject, AUDIT.c.who == row.approver,
                                    AUDIT.c.detail == logged(row.value, row.digest, row.author))  # fmt: skip
    genuine = digest_of(row.signed) == row.digest and part in json.loads(row.signed)["parts"]
    return genuine and connection.execute(deed.limit(1)).first() is not None


def puts_in_place(connection: Connection, post_key: str, post_digest: str) -> bool:
    """Tell whether two people signed that these bytes take the place of a live copy."""
    named = (CORRECTION_ITEMS.c.post_key == post_key, CORRECTION_ITEMS.c.post_digest == post_digest)
    return any(was_signed(connection, as_item(row)) for row in connection.execute(item_query().where(*named)))


def logged(value: str, digest: str, author: str) -> str:
    """Return how the log tells of a decision."""
    return f"{value} ({digest}; {author})"




def _over(state: ItemState) -> dict[str, Any]:
    return {"state": state.value, "next_at": NEVER, "detail": "", "owner": None, "lease_until": None}



def _change(connection: Connection, item: CorrectionItem, values: dict[str, Any]) -> CorrectionItem:
    same = (CORRECTION_ITEMS.c.id == item.id, CORRECTION_ITEMS.c.fence == item.fence)
    if connection.execute(update(CORRECTION_ITEMS).where(*same).values(**values)).rowcount != 1:
        raise Lost(f"{item.live_key}: another worker has taken over")
    return _read(connection, item.id)


def _read(connection: Connection, id: int) -> CorrectionItem:
    row = connection.execute(item_query().where(CORRECTION_ITEMS.c.id == id)).one_or_none()
    if row is None:
        raise KeyError(id)
    return as_item(row)


