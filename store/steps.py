"""Steps after posts as they are carried out: claimed, written down before the call, closed with what came back, decided about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from editorial.after_step import BY_RULE, AfterStep, StepHold, StepState
from editorial.clock import Clock
from editorial.delivery import GRACE
from editorial.first_comment import FirstComment
from store.approvals import was_approved
from store.attempts import LEASE_AFTER_DEADLINE
from store.audit import Deed
from store.corrections import puts_in_place
from store.database import Database
from store.errors import Halted, Lost, NotAllowed, NotPublic, Shut, Unapproved
from store.gates import FREE, Answer, Ways, note_answer, pass_through, read_shut_gates, shut, whose_gate
from store.halts import covering, standing
from store.moment import NEVER
from store.passage import read_delivery
from store.schema import DELIVERIES, STEP_ATTEMPTS, STEPS
from store.step_list import StepList, due_steps, reach_in
from store.step_passage import as_step, pass_step, read_step, step_query

LATE_AFTER_PAUSE = "đã tạm dừng lâu; hãy chọn nói lại, ghi là đã nói bằng tay, hoặc bỏ"
TWICE = "nền tảng cho biết có hơn một bình luận giống nhau dưới bài; hãy mở bài và xóa bớt một"


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is about to be said: the signed comment, its words with the addresses, and the version of the post that signs it."""

    comment: FirstComment
    text: str
    post_digest: str


class StepTable(StepList):
    """Steps. Every change is a conditional UPDATE on id, state and fence."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(database, clock)

    def claim(self, owner: str, lease: timedelta, *, ways: Ways = FREE) -> AfterStep | None:
        """Take the next step whose moment has come, or None; two workers never get the same one."""
        now = self._clock.now()
        if not self.due(ways=ways):
            return None
        with self._database.write_beside() as connection:
            where = due_steps(now, read_shut_gates(connection, ways, now).shut())
            query = select(STEPS.c.id, STEPS.c.fence).join(DELIVERIES, DELIVERIES.c.id == STEPS.c.delivery).where(where)
            first = query.order_by(STEPS.c.next_at, STEPS.c.id).limit(1).with_for_update(skip_locked=True, of=STEPS)
            row = connection.execute(first).one_or_none()
            if row is None:
                return None
            mine = update(STEPS).where(STEPS.c.id == row.id, STEPS.c.fence == row.fence)
            connection.execute(mine.values(fence=row.fence + 1, owner=owner, lease_until=now + lease))
            return read_step(connection, row.id)

    def open(self, step: AfterStep, words: Words, *, deadline: datetime, ways: Ways = FREE) -> AfterStep:
        """Write the intent of one call in one durable transaction.

        Raises Lost when the lease or the fence is gone, Halted under a pause, NotPublic while its post or one that it leads to is
        not, or has another address by now, Unapproved when its words are not approved, and Shut when a gate is shut.
        """
        now = self._clock.now()
        until = max(step.lease_until or now, deadline + LEASE_AFTER_DEADLINE)
        with self._database.write_beside() as connection:
            _guard(connection, step, words, now)
            delivery = read_delivery(connection, step.delivery)
            if opens_at := pass_through(connection, ways, delivery, now, until):
                raise Shut(step.post_key, opens_at)
            values: dict[str, Any] = {"attempts": step.attempts + 1, "text": words.text, "absent_at": None, "unclear": 0}
            opened = pass_step(connection, step, StepState.INTENT, now, lease_until=until, **values)
            number = connection.execute(_NUMBER, {"whose": step.id}).scalar_one()
            connection.execute(insert(STEP_ATTEMPTS).values(step=step.id, number=number, fence=opened.fence, started_at=now,
                                                            deadline=deadline, text=words.text))  # fmt: skip
            return opened

    def put_down(
        self, step: AfterStep, state: StepState, *, detail: str = "", next_at: datetime = NEVER, hold: StepHold | None = None,
        outcome: str | None = None, answer: Answer = Answer.NOT_ASKED, ways: Ways = FREE, shut_until: datetime | None = None,
        of_app: bool = False, **values: Any,
    ) -> AfterStep:  # fmt: skip
        """Leave the step in a state as the worker who has it; raise Lost when it no longer has it.

        `outcome` closes the open call in the same transaction; `answer` is what the call says about its provider, `shut_until`
        when its platform takes the account's next call, or with `of_app` the app's. `values` are columns of the row:
        failures, absent_at, unclear, attempts.
        """
        now = self._clock.now()
        with self._database.write_beside() as connection:
            changed = pass_step(connection, step, state, now, detail=detail, next_at=next_at, hold=hold, **values)
            if outcome is not None:
                _close(connection, step.id, outcome, detail, now)
            if shut_until is not None:
                shut(connection, whose_gate(ways, step.channel, of_app=of_app), shut_until, now)
            note_answer(connection, ways, read_delivery(connection, step.delivery), answer, now)
            return changed

    def wait_for_posts(self, step: AfterStep, comment: FirstComment, why: str) -> AfterStep:
        """Let the step rest until a post of its entry has passed on; whatever has happened meanwhile is seen at once."""
        now = self._clock.now()
        with self._database.write() as connection:  # alone: no post passes on between the look and the rest
            reach = reach_in(connection, step.delivery, comment.links)
            return pass_step(connection, step, StepState.WAITING, now, next_at=NEVER if reach.waits else now, detail=why)

    def said(self, step: AfterStep, remote_id: str, *, outcome: str | None = None, ways: Ways = FREE) -> AfterStep:
        """Record that the comment stands below its post; proof is taken from anyone, even from a worker whose lease is over."""
        now, answer = self._clock.now(), Answer.GIVEN if outcome else Answer.NOT_ASKED
        try:
            return self.put_down(step, StepState.SAID, outcome=outcome, answer=answer, ways=ways, **_proof(remote_id, now))
        except Lost:
            return self._accept_proof(step, remote_id, now)

    def _accept_proof(self, step: AfterStep, remote_id: str, now: datetime) -> AfterStep:
        with self._database.write() as connection:
            current = read_step(connection, step.id)
            if current.remote_id == remote_id:
                return current
            _close(connection, step.id, "said", "", now)
            said = current
            if current.state is not StepState.INTENT:
                said = pass_step(connection, current, StepState.SAID, now, detail="", **_proof(remote_id, now))
            if current.remote_id is None and current.attempts == step.attempts:
                return said
            return pass_step(connection, said, StepState.HELD, now, hold=StepHold.AMBIGUOUS, detail=TWICE, remote_id=remote_id)

    def let_go(self, owner: str) -> None:
        """Give up what this owner was about to say, or looking for, when it died: anyone may go on at once."""
        idle = (STEPS.c.owner == owner, STEPS.c.state != StepState.INTENT.value)
        with self._database.write_beside() as connection:
            connection.execute(update(STEPS).where(*idle).values(owner=None, lease_until=None))

    def let_through(self, now: datetime) -> int:
        """Let go what a rule held and holds no more by then; what a pause made late is asked about. Return how many moved."""
        by_rule = STEPS.c.hold_reason.in_([reason.value for reason in BY_RULE])
        held = and_(STEPS.c.state == StepState.HELD.value, by_rule)  # no other has a reason; but this an index finds
        if not self._list(held):
            return 0
        with self._database.write() as connection:
            halts, moved = standing(connection, now), 0
            for step in map(as_step, connection.execute(step_query().where(held).order_by(STEPS.c.id)).all()):
                if covering(connection, halts, read_delivery(connection, step.delivery)):
                    continue
                moved += 1
                paused = step.hold in (StepHold.HALT, StepHold.BLACKOUT)
                if paused and step.touched_at and step.touched_at + GRACE < now:
                    pass_step(connection, step, StepState.HELD, now, hold=StepHold.LATE, detail=LATE_AFTER_PAUSE)
                else:
                    pass_step(connection, step, StepState.WAITING, now, next_at=now, detail=step.detail)
            return moved

    # --- what people decide

    def again(self, id: int, *, who: str, why: str) -> AfterStep:
        """Say it, however late: a person has looked and says that it is not there. Not where a rule holds it."""
        return self._decide(id, "comment-again", StepState.WAITING, who, why)

    def said_by_hand(self, id: int, *, who: str, why: str) -> AfterStep:
        """Take a person's word that the comment stands below the post, said or put right on the channel itself."""
        return self._decide(id, "comment-by-hand", StepState.SAID, who, why)

    def drop(self, id: int, *, who: str, why: str) -> AfterStep:
        """Let it be: nothing is said."""
        return self._decide(id, "comment-drop", StepState.DROPPED, who, why)

    def _decide(self, id: int, action: str, state: StepState, who: str, why: str) -> AfterStep:
        now = self._clock.now()
        with self._database.write() as connection:
            step = read_step(connection, id)
            if state not in open_decisions(step):
                raise NotAllowed(f"{step.post_key}: {step.state.value} -> {state.value}")
            deed = Deed(who=who, action=action, subject=step.post_key, detail=why, at=now)
            more = {"fence": step.fence + 1, "detail": why, **_decided(state, step, now)}
            return pass_step(connection, step, state, now, deed=deed, **more)


def open_decisions(step: AfterStep) -> frozenset[StepState]:
    """Return what a person may decide of a step as it stands: let it be said, take it for said, or drop it."""
    if step.state in (StepState.INTENT, StepState.UNKNOWN, StepState.DROPPED):
        return frozenset()
    if step.state is StepState.SAID:
        return frozenset({StepState.SAID})
    if step.state is StepState.PLANNED:
        return frozenset({StepState.DROPPED})
    may_again = step.state is StepState.HELD and step.hold not in BY_RULE and step.hold is not StepHold.UNAPPROVED
    return frozenset({StepState.SAID, StepState.DROPPED} | ({StepState.WAITING} if may_again else set()))


def _decided(state: StepState, step: AfterStep, now: datetime) -> dict[str, Any]:
    match state:
        case StepState.WAITING:
            return {"next_at": now, "let_go_at": now, "failures": 0}
        case StepState.SAID:
            return {"by_hand": 1, "said_at": step.said_at or now}
        case _:
            return {}


def _guard(connection: Connection, step: AfterStep, words: Words, now: datetime) -> None:
    current = read_step(connection, step.id)
    if current.fence != step.fence or current.lease_until is None or current.lease_until <= now:
        raise Lost(f"{step.post_key}: the lease is over")
    delivery = read_delivery(connection, step.delivery)
    if halt := covering(connection, standing(connection, now), delivery):
        raise Halted(halt.reason, halt.why)
    reach = reach_in(connection, delivery.id, words.comment.links)
    if not reach.ready or words.comment.said(reach.addresses) != words.text or delivery.post_digest != words.post_digest:
        raise NotPublic(f"{step.post_key}: {reach.waits or reach.given_up or 'it reads otherwise by now'}")
    named = (delivery.post_key, delivery.post_digest)
    if not was_approved(connection, *named) and not puts_in_place(connection, *named):
        raise Unapproved(f"{step.post_key}: these words are not approved")


def _proof(remote_id: str, now: datetime) -> dict[str, Any]:
    return {"remote_id": remote_id, "said_at": now, "failures": 0}


def _close(connection: Connection, step: int, outcome: str, detail: str, at: datetime) -> None:
    connection.execute(_CLOSE, {"whose": step, "outcome": outcome, "detail": detail, "finished_at": at})


_NUMBER = select(func.coalesce(func.max(STEP_ATTEMPTS.c.number), 0) + 1).where(STEP_ATTEMPTS.c.step == bindparam("whose"))
_CLOSE = update(STEP_ATTEMPTS).where(STEP_ATTEMPTS.c.step == bindparam("whose"), STEP_ATTEMPTS.c.outcome.is_(None))
