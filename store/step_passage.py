"""The one place where a step after a post is changed: a conditional UPDATE that must find exactly one row.

What becomes of the post itself moves its step along in the same transaction: `plan_step` with the delivery, `stir` with each
passage of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from editorial.after_step import NOT_SAID, AfterStep, StepHold, StepKind, StepState, may_pass
from editorial.delivery import Delivery, State
from editorial.first_comment import FirstComment
from store.audit import SCHEDULER, Deed, note, tell
from store.errors import Lost, NotAllowed
from store.moment import NEVER
from store.schema import DELIVERIES, STEPS
from store.statement import Statement

CARRIED = frozenset({StepState.SAID, StepState.DROPPED})  # the log tells of these
WAKES = frozenset({State.SENT, State.VERIFIED, State.CANCELLED, State.SUPERSEDED, State.WITHDRAWN})
ENDS = frozenset({State.CANCELLED, State.SUPERSEDED, State.WITHDRAWN})
GONE = "bài không còn trên kênh nữa, nên không nói gì dưới bài"


def step_query() -> Any:
    """Return the question for steps with what their deliveries are called."""
    named = (DELIVERIES.c.post_key, DELIVERIES.c.channel)
    return select(STEPS, *named).join(DELIVERIES, DELIVERIES.c.id == STEPS.c.delivery)


def as_step(row: Any) -> AfterStep:
    """Return the row in the words of the domain."""
    return AfterStep(
        id=row.id, delivery=row.delivery, post_key=row.post_key, entry=row.entry, channel=row.channel, kind=StepKind(row.kind),
        state=StepState(row.state), next_at=row.next_at, hold=StepHold(row.hold_reason) if row.hold_reason else None,
        fence=row.fence, attempts=row.attempts, failures=row.failures, owner=row.owner, lease_until=row.lease_until,
        text=row.text, remote_id=row.remote_id, said_at=row.said_at, by_hand=bool(row.by_hand), let_go_at=row.let_go_at,
        absent_at=row.absent_at, unclear=row.unclear, doubted=bool(row.doubted), touched_at=row.touched_at, detail=row.detail,
    )  # fmt: skip


def read_step(connection: Connection, id: int) -> AfterStep:
    """Return a step as it is in this transaction; raise KeyError when there is none."""
    row = connection.execute(_ONE, {"known": id}).one_or_none()
    if row is None:
        raise KeyError(id)
    return as_step(row)


def pass_step(
    connection: Connection, step: AfterStep, state: StepState, at: datetime, *, deed: Deed | None = None, **values: Any
) -> AfterStep:  # fmt: skip
    """Change a step; raise NotAllowed for a passage that does not exist and Lost when somebody was faster.

    What somebody decided is written in the log with `deed`, what was said or dropped without being asked by itself.
    """
    if not may_pass(step.state, state):
        raise NotAllowed(f"{step.post_key}: {step.state.value} -> {state.value}")
    hold = values.pop("hold", None)
    written: dict[str, Any] = {"state": state.value, "hold_reason": hold.value if hold else None, "touched_at": at,
                               "next_at": NEVER, **values}  # fmt: skip
    if state is not StepState.INTENT:
        written |= {"owner": None, "lease_until": None}
    same = (STEPS.c.id == step.id, STEPS.c.state == step.state.value, STEPS.c.fence == step.fence)
    if connection.execute(update(STEPS).where(*same).values(**written)).rowcount != 1:
        raise Lost(f"{step.post_key}: the comment is no longer {step.state.value} under fence {step.fence}")
    changed = read_step(connection, step.id)
    if deed is not None:
        note(connection, deed, (STEPS, step.id))
    elif state is not step.state and CARRIED & {state, step.state}:
        tell(connection, _deed(changed, at), (STEPS, step.id))
    return changed


def plan_step(connection: Connection, delivery: Delivery, comment: FirstComment | None, at: datetime) -> None:
    """Keep the step of a delivery as its planned version asks for it: made, changed, or dropped while nothing was said."""
    row = connection.execute(_OF, {"known": delivery.id}).one_or_none()
    if row is None:
        if comment is not None:
            values = {"delivery": delivery.id, "kind": kind_of(comment).value, "entry": delivery.entry}
            moments = {"next_at": NEVER, "touched_at": at}
            connection.execute(insert(STEPS).values(**values, **moments, state=StepState.PLANNED.value))
        return
    step = as_step(row)
    if comment is None and step.state is StepState.PLANNED:
        pass_step(connection, step, StepState.DROPPED, at, detail="bản mới của bài không còn bình luận đầu")
    elif comment is not None and step.state in (StepState.PLANNED, StepState.DROPPED):
        kind = kind_of(comment).value
        if step.state is StepState.DROPPED:
            pass_step(connection, step, StepState.PLANNED, at, detail="", kind=kind)
        else:
            connection.execute(update(STEPS).where(STEPS.c.id == step.id).values(kind=kind))


def kind_of(comment: FirstComment) -> StepKind:
    """Return what a comment is for."""
    return StepKind.CROSS_LINK if comment.links else StepKind.FIRST_COMMENT


def stir(connection: Connection, delivery: Delivery, at: datetime) -> None:
    """Move along what waits for a delivery that has just passed to another state: its own step, and those of its entry."""
    if delivery.state not in WAKES:
        return
    steps = [as_step(row) for row in _OF_ENTRY.all(connection, {"known": delivery.entry})]  # mostly there are none
    for step in steps:
        if step.delivery == delivery.id and delivery.state in ENDS and step.state in NOT_SAID:
            pass_step(connection, step, StepState.DROPPED, at, detail=GONE)
        elif step.delivery == delivery.id and delivery.state is State.SENT and step.state is StepState.PLANNED:
            pass_step(connection, step, StepState.UNKNOWN if step.doubted else StepState.WAITING, at, next_at=at)
        elif step.state is StepState.WAITING and step.next_at == NEVER:
            # Whoever has it in hand keeps it: only the moment is another one.
            connection.execute(update(STEPS).where(STEPS.c.id == step.id, STEPS.c.fence == step.fence).values(next_at=at))


def doubt_steps(connection: Connection, at: datetime) -> None:
    """Take every step that may have been taken by now for possibly taken, since a restored backup has forgotten."""
    clear = and_(STEPS.c.state == StepState.HELD.value, STEPS.c.hold_reason != StepHold.AMBIGUOUS.value)
    perhaps = or_(STEPS.c.state.in_([StepState.PLANNED.value, StepState.WAITING.value]), clear)
    for row in connection.execute(step_query().where(perhaps, DELIVERIES.c.due_at <= at)).all():
        step = as_step(row)
        connection.execute(update(STEPS).where(STEPS.c.id == step.id).values(doubted=1))
        if step.state is not StepState.PLANNED:
            pass_step(connection, step, StepState.UNKNOWN, at, next_at=at, detail="dữ liệu được khôi phục; sẽ đọc lại dưới bài")


def _deed(step: AfterStep, at: datetime) -> Deed:
    detail = step.remote_id or "" if step.state is StepState.SAID else step.detail
    return Deed(who=step.owner or SCHEDULER, action=f"comment-{step.state.value}", subject=step.post_key, detail=detail, at=at)


# Made once: to build a statement takes longer than to run it.
_ONE = step_query().where(STEPS.c.id == bindparam("known"))
_OF = step_query().where(STEPS.c.delivery == bindparam("known"))
_OF_ENTRY = Statement(step_query().where(STEPS.c.entry == bindparam("known")).order_by(STEPS.c.id))  # with every passage
