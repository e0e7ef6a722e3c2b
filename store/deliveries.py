"""The delivery ledger: what goes where and when, who has it in hand, and how it came out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, update

from editorial.clock import Clock
from editorial.delivery import GRACE, IN_HAND, PAUSED, Delivery, HoldReason, State
from editorial.outcome import Pending, Receipt
from editorial.post import Post
from editorial.release import PUNCTUAL, USUAL, ReleaseRule
from store.approvals import Signing, put_approval
from store.attempts import close_open, newest_attempt
from store.audit import SCHEDULER, Deed, note
from store.claims import ClaimTable
from store.database import Database
from store.decisions import PUBLIC_OR_UNCLEAR
from store.doubt import note_doubt, read_doubt
from store.gates import FREE, Answer, Gates, Ways, forget_gates, note_answer, read_gates, shut, whose_gate
from store.halts import Halt, in_none, standing
from store.lateness import allowance, has_waited_too_long
from store.moment import NEVER
from store.passage import as_delivery, read_delivery, take_step
from store.posts import PostTable
from store.promotion import Promotion
from store.readings import Reading, put_reading
from store.schema import DELIVERIES
from store.step_passage import doubt_steps, plan_step
from store.traffic import free_moment
from store.workflow import Taking
from store.workflow import take_step as take_workflow_step

GIVEN_UP = "lượt này đã bỏ mà bài vẫn lên kênh; hãy gỡ bài hoặc chấp nhận để bài ở đó"
TWICE = "nền tảng báo thêm một bài nữa của lượt này; hãy xem trên kênh rồi gỡ một bài"
MOST_AT_ONCE = 500  # deliveries that one transaction looks at
UNTOUCHED = frozenset({State.SCHEDULED, State.QUEUED, State.CLAIMED, State.PREPARED, State.HELD, State.FAILED})
RELEASED_BY_RULE = PAUSED


class DeliveryLedger(ClaimTable):
    """Deliveries. Every change of state is a conditional UPDATE on id, state, fence and digest."""

    def __init__(self, database: Database, clock: Clock, posts: PostTable) -> None:
        super().__init__(database, clock)
        self._posts = posts

    # --- planning

    def plan(self, post: Post) -> Delivery:
        """Schedule the post; safe to repeat.

        Another version of it replaces the planned one, unapproved, until the commit call is near; afterwards the delivery is
        returned as it is, with the digest of what went out.
        """
        (planned,) = self.plan_together((post,))
        return planned

    def plan_together(
        self, posts: Iterable[Post], *, signing: Signing | None = None, step: Taking | None = None, deed: Deed | None = None
    ) -> tuple[Delivery, ...]:  # fmt: skip
        """Schedule posts of one entry with what belongs to it, all of it or nothing: whatever ends the process in between.

        `signing` is the approval of the new versions, `step` the one that the entry takes, `deed` what somebody did with a post.
        Raises BadInput when the step may not be taken.
        """
        ready = tuple(posts)
        with self._database.write() as connection:
            now = self._clock.now()
            if signing is not None:
                put_approval(connection, self._posts, signing, now)
            planned = tuple(self._plan(connection, post) for post in ready)
            if step is not None:
                take_workflow_step(connection, ready[0].entry, step, now)
            if deed is not None:
                note(connection, deed)
        return planned

    def _plan(self, connection: Connection, post: Post) -> Delivery:
        self._posts.put(connection, post)
        row = connection.execute(select(DELIVERIES).where(DELIVERIES.c.post_key == post.key)).one_or_none()
        if row is None:
            return self._schedule(connection, post)
        delivery = as_delivery(row)
        return delivery if delivery.post_digest == post.digest else self._replan(connection, delivery, post)

    def _schedule(self, connection: Connection, post: Post) -> Delivery:
        values = {"post_key": post.key, "post_digest": post.digest, "entry": post.entry, "channel": post.channel}
        moments = {"due_at": post.due_at, "next_at": post.due_at, "touched_at": self._clock.now()}
        connection.execute(insert(DELIVERIES).values(**values, **moments, state=State.SCHEDULED.value))
        delivery = as_delivery(connection.execute(select(DELIVERIES).where(DELIVERIES.c.post_key == post.key)).one())
        if post.first_comment is not None:
            plan_step(connection, delivery, post.first_comment, self._clock.now())
        return delivery

    def _replan(self, connection: Connection, delivery: Delivery, post: Post) -> Delivery:
        if delivery.state not in UNTOUCHED or delivery.hold_reason in PUBLIC_OR_UNCLEAR:
            return delivery
        for state in _WAY_BACK[delivery.state]:
            reason = HoldReason.UNAPPROVED if state is State.HELD else None
            step = self._step(state, "bài đã đổi, chờ duyệt lại", next_at=post.due_at, hold_reason=reason)
            delivery = take_step(connection, delivery, step)
        values = {"post_digest": post.digest, "due_at": post.due_at, "next_at": post.due_at, "claims": 0, "failures": 0}
        fenced = update(DELIVERIES).where(DELIVERIES.c.id == delivery.id, DELIVERIES.c.fence == delivery.fence)
        connection.execute(fenced.values(**values, fence=delivery.fence + 1))
        plan_step(connection, delivery, post.first_comment, self._clock.now())
        return read_delivery(connection, delivery.id)

    # --- when the moment comes

    def promote(
        self, rule: ReleaseRule = USUAL, ways: Ways = FREE, *, now: datetime | None = None, running_since: datetime | None = None
    ) -> int:  # fmt: skip
        """Let through what is due and may go, hold what may not; return how many deliveries moved.

        What a pause held, and what was missed while nothing ran, is asked about or has a moment of its own, as the rule says.
        `now` is the moment that the clock was looked at; without one it is this very moment. `running_since` is the first of the
        looks that have followed each other without a break until this one; without one this is the first.
        """
        now = now or self._clock.now()
        with self._database.read() as connection:
            busy_since, halts = _busy_since(connection, now, running_since), standing(connection, now)
            wanted = _to_look_at(now, halts, read_gates(connection, ways, now), busy_since)
            if not _waiting(connection, or_(*wanted, _let_go_by_rule(halts))):
                return 0
        with self._database.write() as connection:
            halts, gates = standing(connection, now), read_gates(connection, ways, now)
            busy_since = _busy_since(connection, now, running_since)
            turn = Promotion(connection=connection, now=now, rule=rule, halts=halts, gates=gates, busy_since=busy_since)
            looks = [_read(connection, where) for where in _to_look_at(now, halts, gates, busy_since)]
            moved = [turn.let_through(delivery) for look in looks for delivery in look]
            freed = [turn.let_go(delivery) for delivery in _read(connection, _let_go_by_rule(halts))]
            return sum(freed) + sum(moved)

    def freed(self) -> tuple[Delivery, ...]:
        """Return what a pause held, or nobody looked at in time, and none covers any more; the scheduler's next look decides."""
        now = self._clock.now()
        missed = and_(DELIVERIES.c.state == State.SCHEDULED.value, DELIVERIES.c.due_at < now - PUNCTUAL)
        with self._database.read() as connection:
            halts = standing(connection, now)
            return _read(connection, or_(and_(missed, in_none(halts)), and_(_let_go_by_rule(halts), DELIVERIES.c.due_at <= now)))

    def free_moment(self, delivery: Delivery, since: datetime, rule: ReleaseRule) -> datetime:
        """Return the first moment from `since` on at which the channel has no other post near it."""
        with self._database.read() as connection:
            return free_moment(connection, delivery, self._clock.now(), rule.gap_on(delivery.channel), since=since)

    def late(
        self, delivery: Delivery, *, since: datetime, at: datetime | None = None, least: timedelta = timedelta(0)
    ) -> bool:
        """Tell whether more has passed, until now or `at`, than the delivery may be late by itself, which is `least` or more."""
        with self._database.read() as connection:
            allowed = allowance(connection, delivery)
        return allowed is not None and (at or self._clock.now()) > since + max(allowed, least)

    def waits_too_long(self, delivery: Delivery, at: datetime) -> bool:
        """Tell whether a person is asked rather than let the delivery wait until then for a platform that has it wait again."""
        with self._database.read() as connection:
            return has_waited_too_long(connection, delivery, at)

    def doubt(self, sent: Collection[str] = ()) -> int:
        """Take everything due that was not sent for possibly sent, since a restored backup has forgotten; return how many.

        What the backup holds may have been let go since, by a rule or by a person. `sent` are the keys of posts that somebody saw
        being sent: those are doubted whenever the backup means to send them, since they may have been moved.
        """
        now, states = self._clock.now(), [state.value for state in (*_NOT_SENDING, State.HELD)]
        clear = or_(DELIVERIES.c.hold_reason.is_(None),
                    DELIVERIES.c.hold_reason.not_in([reason.value for reason in PUBLIC_OR_UNCLEAR]))  # fmt: skip
        due = and_(DELIVERIES.c.state.in_(states), or_(DELIVERIES.c.due_at <= now, DELIVERIES.c.post_key.in_(sent)), clear)
        with self._database.write() as connection:
            note_doubt(connection, now)
            rows = [as_delivery(row) for row in connection.execute(select(DELIVERIES).where(due))]
            for delivery in rows:
                step = self._step(State.UNKNOWN, "dữ liệu được khôi phục; sẽ xem bài đã lên chưa", next_at=now)
                take_step(connection, delivery, step)
            doubt_steps(connection, now)
        return len(rows)

    def remembers_until(self) -> datetime | None:
        """Return the last moment that a restored memory knows of; None where it was never restored."""
        with self._database.read() as connection:
            return read_doubt(connection)

    # --- in hand

    def renew(self, owner: str, ids: Collection[int], lease: timedelta) -> None:
        """Prolong the leases that this owner has and that are more than half over; one that is quite over stays over."""
        now = self._clock.now()
        ending = and_(DELIVERIES.c.owner == owner, DELIVERIES.c.id.in_(ids),
                      DELIVERIES.c.lease_until > now, DELIVERIES.c.lease_until < now + lease / 2)  # fmt: skip
        if self._count(ending):
            with self._database.write_beside() as connection:
                connection.execute(update(DELIVERIES).where(ending).values(lease_until=now + lease))

    def let_go(self, owner: str) -> None:
        """Give up what this owner was only asking about or reading back when it died: anyone may go on at once."""
        asked = and_(DELIVERIES.c.owner == owner, DELIVERIES.c.state.not_in([state.value for state in IN_HAND]))
        with self._database.write_beside() as connection:
            connection.execute(update(DELIVERIES).where(asked).values(owner=None, lease_until=None))

    def pass_to(
        self, delivery: Delivery, state: State, *, detail: str = "", next_at: datetime | None = None,
        hold_reason: HoldReason | None = None, receipt: Receipt | None = None, ticket: Pending | None = None,
        outcome: str | None = None, failures: int | None = None, spent: bool = True,
        answer: Answer = Answer.NOT_ASKED, ways: Ways = FREE, shut_until: datetime | None = None, of_app: bool = False,
        seen: Reading | None = None,
    ) -> Delivery:  # fmt: skip
        """Change the state as the worker who has it; raise Lost when it no longer has it.

        `outcome` closes the open attempt in the same transaction; `spent=False` gives the attempt back. An attempt that was
        closed, or a failure that was counted, is an outcome: the claims start again from nothing. `answer` is what the call says
        about its provider, `shut_until` when its platform takes the account's next call, or with `of_app` the app's, `seen` the
        reading that decided.
        """
        known = outcome is not None or failures is not None
        step = self._step(
            state, detail, who=delivery.owner or SCHEDULER, next_at=next_at or _RESTING.get(state), hold_reason=hold_reason,
            receipt=receipt, ticket=ticket, failures=failures, claims=0 if known else None,
            attempts=None if spent else delivery.attempts - 1,
        )  # fmt: skip
        with self._database.write_beside() as connection:
            if seen is not None:
                put_reading(connection, seen, delivery.post_key)
            changed = take_step(connection, delivery, step)
            if outcome is not None:
                close_open(connection, delivery.id, outcome=outcome, detail=detail, at=step.at)
            if shut_until is not None:
                shut(connection, whose_gate(ways, delivery.channel, of_app=of_app), shut_until, step.at)
            note_answer(connection, ways, delivery, answer, step.at)
            return changed

    def keep_waiting(self, channel: str, until: datetime, ways: Ways = FREE, *, of_app: bool = False) -> None:
        """Let no call of an account, or of its app, begin before a moment: its platform asks for that in a yes."""
        with self._database.write_beside() as connection:
            shut(connection, whose_gate(ways, channel, of_app=of_app), until, self._clock.now())

    def forget_gates(self) -> None:
        """Let every channel's next call begin at once: who lived through other times leaves waits that end in those."""
        with self._database.write() as connection:
            forget_gates(connection)

    def look_again(self, delivery: Delivery, next_at: datetime, detail: str = "") -> None:
        """Put down what is followed or read back, in the same state, until the given moment."""
        same = and_(DELIVERIES.c.id == delivery.id, DELIVERIES.c.fence == delivery.fence,
                    DELIVERIES.c.state == delivery.state.value)  # fmt: skip
        values = {"next_at": next_at, "owner": None, "lease_until": None, "detail": detail, "touched_at": self._clock.now()}
        with self._database.write_beside() as connection:
            connection.execute(update(DELIVERIES).where(same).values(**values))

    def accept_proof(self, id: int, receipt: Receipt, *, who: str, detail: str = "") -> Delivery:
        """Record that the post is public. Proof is taken from anyone, even from a worker whose lease is over.

        Where it shows what nobody wanted, a second live copy or one of a post that was taken out, a person is asked at once.
        """
        with self._database.write() as connection:
            delivery = read_delivery(connection, id)
            if delivery.receipt is not None:
                return self._ask_about_second(connection, delivery, receipt, who)
            given_up = delivery.state in _GIVEN_UP
            if delivery.state in _NOT_SENDING:
                held = self._step(State.HELD, detail, who=who, hold_reason=HoldReason.AMBIGUOUS, next_at=NEVER)
                delivery = take_step(connection, delivery, held)
            step = self._step(State.SENT, detail, who=who, receipt=receipt, next_at=self._clock.now(), failures=0)
            sent = take_step(connection, delivery, step)
            close_open(connection, id, outcome="receipt", detail=detail, at=step.at)
            return self._ask(connection, sent, GIVEN_UP, who) if given_up else sent

    def _ask_about_second(self, connection: Connection, delivery: Delivery, receipt: Receipt, who: str) -> Delivery:
        """Hold a delivery of which two live copies are known; proof that comes twice says nothing new."""
        if delivery.receipt is None or receipt.remote_id == delivery.receipt.remote_id or delivery.state is State.WITHDRAWN:
            return delivery
        return self._ask(connection, delivery, f"{TWICE}: {receipt.url or receipt.remote_id}", who)

    def _ask(self, connection: Connection, delivery: Delivery, why: str, who: str) -> Delivery:
        step = self._step(State.HELD, why, who=who, hold_reason=HoldReason.DRIFT, next_at=NEVER)
        return take_step(connection, delivery, step)


_WAY_BACK: dict[State, tuple[State, ...]] = {
    State.SCHEDULED: (),
    State.QUEUED: (State.HELD, State.SCHEDULED),
    State.CLAIMED: (State.HELD, State.SCHEDULED),
    State.PREPARED: (State.HELD, State.SCHEDULED),
    State.HELD: (State.SCHEDULED,),
    State.FAILED: (State.QUEUED, State.HELD, State.SCHEDULED),
}
_RESTING = {State.HELD: NEVER, State.FAILED: NEVER, State.VERIFIED: NEVER}
_GIVEN_UP = frozenset({State.CANCELLED, State.SUPERSEDED})
_NOT_SENDING = frozenset({State.SCHEDULED, State.QUEUED, State.CLAIMED, State.PREPARED})


def _busy_since(connection: Connection, now: datetime, running_since: datetime | None) -> datetime | None:
    """Return since when looks have followed each other; None where nothing was sent of late, since then the line stands still."""
    newest = newest_attempt(connection) if running_since else None
    return running_since if newest is not None and newest >= now - PUNCTUAL else None


def _to_look_at(now: datetime, halts: tuple[Halt, ...], gates: Gates, busy_since: datetime | None) -> tuple[Any, Any]:
    """Return the conditions of what comes due, and of what waits in line and may not stay there.

    Most of a crowd in line needs no look: only what a pause may cover, what waits at a gate, or what has lost its moment; while
    the line moves, what has waited for longer than any post may.
    """
    due, in_line = DELIVERIES.c.state == State.SCHEDULED.value, DELIVERIES.c.state == State.QUEUED.value
    if halts or gates.shut():
        stays_not = DELIVERIES.c.next_at <= now
    elif busy_since is None:
        stays_not = DELIVERIES.c.next_at <= now - PUNCTUAL
    else:
        other = or_(DELIVERIES.c.next_at < busy_since, DELIVERIES.c.due_at <= now - GRACE)
        stays_not = and_(DELIVERIES.c.next_at <= now - PUNCTUAL, other)
    return and_(due, DELIVERIES.c.next_at <= now), and_(in_line, stays_not)


def _waiting(connection: Connection, where: Any) -> bool:
    return connection.execute(select(DELIVERIES.c.id).where(where).limit(1)).first() is not None


def _let_go_by_rule(halts: tuple[Halt, ...]) -> Any:
    """Return the condition of what a pause held and none covers: a crowd that still is covered would fill every look."""
    held = DELIVERIES.c.state == State.HELD.value  # the others have no reason; but this an index finds, and years are not read
    return and_(held, DELIVERIES.c.hold_reason.in_([reason.value for reason in RELEASED_BY_RULE]), in_none(halts))


def _read(connection: Connection, where: Any) -> tuple[Delivery, ...]:
    query = select(DELIVERIES).where(where).order_by(DELIVERIES.c.due_at, DELIVERIES.c.id).limit(MOST_AT_ONCE)
    return tuple(as_delivery(row) for row in connection.execute(query))
