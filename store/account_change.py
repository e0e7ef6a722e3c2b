"""What becomes of a channel's posts when another account comes in the place of the one it had."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from editorial.delivery import Delivery, HoldReason, State
from editorial.problem import BadInput, Problem
from store.gates import open_account
from store.halts import channel_scope, lift, standing
from store.moment import NEVER
from store.passage import Step, as_delivery, take_step
from store.schema import DELIVERIES, HANDLES

CHOOSE = "“đã có” hoặc “gửi lại”"


def ask_nothing_under_way(connection: Connection, channel: str) -> None:
    """Raise BadInput while a post of the channel is being sent: nobody could say afterwards to which account it went."""
    sending = select(DELIVERIES.c.id).where(DELIVERIES.c.channel == channel, DELIVERIES.c.state == State.SENDING.value)
    if connection.execute(sending.limit(1)).first() is not None:
        message = "kênh đang gửi một bài tới tài khoản cũ; hãy đợi một phút rồi kết nối lại từ đầu"
        raise BadInput(Problem(rule="connecting", message=message, channel=channel))


def leave_behind(connection: Connection, channel: str, name: str, *, who: str, now: datetime) -> None:
    """Forget what was made on the account before and is not public; ask a person about what may be public there.

    Its waits and its spent allowance are not those of the account that comes.
    """
    ids = select(DELIVERIES.c.id).where(DELIVERIES.c.channel == channel)
    connection.execute(delete(HANDLES).where(HANDLES.c.delivery.in_(ids)))
    for delivery in _of(connection, channel, (State.CLAIMED, State.PREPARED)):
        take_step(connection, delivery, Step(state=State.QUEUED, who=who, at=now))
    why = f"lần gửi trước tới tài khoản cũ “{name}” chưa rõ kết quả; hãy mở tài khoản ấy xem bài đã có chưa rồi chọn {CHOOSE}"
    held = Step(state=State.HELD, who=who, at=now, next_at=NEVER, hold_reason=HoldReason.AMBIGUOUS, detail=why)
    for delivery in _of(connection, channel, (State.UNKNOWN, State.RECONCILING, State.FOLLOWING)):
        if delivery.state is State.UNKNOWN:
            looking = Step(state=State.RECONCILING, who=who, at=now, owner=who, lease_until=now, fence=delivery.fence + 1)
            delivery = take_step(connection, delivery, looking)
        take_step(connection, delivery, held)
    _fence(connection, channel)
    open_account(connection, channel)
    for halt in standing(connection, now):
        if halt.scope == channel_scope(channel) and halt.reason is HoldReason.QUOTA:
            lift(connection, halt.scope, who=who, now=now, why=halt.why)


def _fence(connection: Connection, channel: str) -> None:
    """Let nobody who had a post in hand keep what was made on the account before: whoever sleeps in its work wakes after others.

    Who has lost it to others, when the lease was over, has it still under the fence with which it stays in line or is held.
    """
    names = [state.value for state in (State.SCHEDULED, State.QUEUED, State.HELD, State.FAILED)]
    claimed = update(DELIVERIES).where(DELIVERIES.c.channel == channel, DELIVERIES.c.state.in_(names), DELIVERIES.c.fence > 0)
    connection.execute(claimed.values(fence=DELIVERIES.c.fence + 1))


def _of(connection: Connection, channel: str, states: tuple[State, ...]) -> tuple[Delivery, ...]:
    names = [state.value for state in states]
    query = select(DELIVERIES).where(DELIVERIES.c.channel == channel, DELIVERIES.c.state.in_(names)).order_by(DELIVERIES.c.id)
    return tuple(as_delivery(row) for row in connection.execute(query).all())
