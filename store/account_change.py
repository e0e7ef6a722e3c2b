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
        queued = take_step(connection, delivery, Step(state=State.QUEUED, who=who, at=now))
        fenced = update(DELIVERIES).where(DELIVERIES.c.id == queued.id, DELIVERIES.c.fence == queued.fence)
        connection.execute(fenced.values(fence=queued.fence + 1))
    why = f"lần gửi trước tới tài khoản cũ “{name}” chưa rõ kết quả; hãy mở tài khoản ấy xem bài đã có chưa rồi chọn {CHOOSE}"
    held = Step(state=State.HELD, who=who, at=now, next_at=NEVER, hold_reason=HoldReason.AMBIGUOUS, detail=why)
    for delivery in _of(connection, channel, (State.UNKNOWN, State.RECONCILING, State.FOLLOWING)):
        if delivery.state is State.UNKNOWN:
            looking = Step(state=State.RECONCILING, who=who, at=now, owner=who, lease_until=now, fence=delivery.fence + 1)
            delivery = take_step(connection, delivery, looking)
        take_step(connection, delivery, held)
    open_account(connection, channel)
    for halt in standing(connection, now):
        if halt.scope == channel_scope(channel) and halt.reason is HoldReason.QUOTA:
            lift(connection, halt.scope, who=who, now=now, why=halt.why)


def _of(connection: Connection, channel: str, states: tuple[State, ...]) -> tuple[Delivery, ...]:
    names = [state.value for state in states]
    query = select(DELIVERIES).where(DELIVERIES.c.channel == channel, DELIVERIES.c.state.in_(names)).order_by(DELIVERIES.c.id)
    return tuple(as_delivery(row) for row in connection.execute(query).all())
