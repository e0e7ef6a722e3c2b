"""One look at what is due and at what a pause held: through, held, asked about, or given another moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from editorial.clock import OFFICE_ZONE
from editorial.delivery import GRACE, Delivery, HoldReason, State
from editorial.release import LONGEST_DELAY, PUNCTUAL, Comeback, ReleaseRule
from store.approvals import Genuine, may_go_now
from store.audit import SCHEDULER
from store.gates import Gates
from store.halts import Halt, covering
from store.lateness import allowance, has_waited_too_long
from store.moment import NEVER
from store.passage import Step, take_step
from store.traffic import free_moment, is_urgent_delivery

WAITED = "nền tảng bảo chờ hoặc lỗi nhiều lần, đã quá giờ hẹn"
CHOOSE = "hãy chọn đăng ngay, dời lịch hoặc bỏ"


@dataclass(frozen=True, kw_only=True)
class Promotion:
    """What is decided in one transaction, alone with the ledger; each part tells whether the delivery moved."""

    connection: Connection
    now: datetime
    rule: ReleaseRule
    halts: tuple[Halt, ...]
    gates: Gates
    busy_since: datetime | None  # where the line moves: since when looks like this one have followed each other without a break
    genuine: Genuine = field(default_factory=dict)

    def let_through(self, delivery: Delivery) -> bool:
        """Queue what is due, or hold it; what waited in the queue while nothing ran has lost its moment too."""
        if halt := covering(self.connection, self.halts, delivery):
            return self._hold(delivery, halt.reason, halt.why)
        if delivery.state is State.SCHEDULED:
            return self._begin(delivery)
        if has_waited_too_long(self.connection, delivery, self.now):
            return self._hold(delivery, HoldReason.LATE, f"{WAITED}; {CHOOSE}")
        # In line behind a gate a post waits for its turn, which is no downtime.
        turn = max(delivery.next_at, self.gates.opens_at(delivery.channel) or delivery.next_at)
        if self.now <= turn + PUNCTUAL:
            return False
        if self._is_only_busy(turn) or is_urgent_delivery(self.connection, delivery):
            return self._is_too_late(delivery, turn) and self._hold_late(delivery)
        return self._come_back(delivery, turn, self.rule.after_downtime, "lỡ giờ vì máy không chạy")

    def let_go(self, delivery: Delivery) -> bool:
        """Decide about what a pause held, once none covers it; whose moment is still to come waits for it as before."""
        if covering(self.connection, self.halts, delivery):
            return False
        if delivery.due_at > self.now:
            return self._take(delivery, State.SCHEDULED, "hết tạm dừng", next_at=delivery.due_at)
        if self._is_unapproved(delivery):
            return self._hold_unapproved(delivery)
        by_platform = delivery.hold_reason in (HoldReason.AUTH, HoldReason.QUOTA)
        comeback = self.rule.after_downtime if by_platform else self.rule.after_pause
        return self._come_back(delivery, delivery.due_at, comeback, "đã hết tạm dừng, bài lỡ giờ hẹn")

    def _begin(self, delivery: Delivery) -> bool:
        if self._is_unapproved(delivery):
            return self._hold_unapproved(delivery)
        if self.now > delivery.due_at + PUNCTUAL:
            return self._come_back(delivery, delivery.due_at, self.rule.after_downtime, "lỡ giờ vì máy không chạy")
        return self._take(delivery, State.QUEUED, "", next_at=self.now)

    def _come_back(self, delivery: Delivery, lost: datetime, comeback: Comeback, why: str) -> bool:
        if self._is_too_late(delivery, lost):
            return self._hold_late(delivery)
        if comeback is Comeback.ASK:
            return self._hold(delivery, HoldReason.LATE, f"{why}; {CHOOSE}")
        free = free_moment(self.connection, delivery, self.now, self.rule.gap_on(delivery.channel))
        if free > lost + LONGEST_DELAY:
            return self._hold(delivery, HoldReason.LATE, f"{why}, kênh kín bài đến {_clock(free)}; {CHOOSE}")
        return self._queue_at(delivery, free, f"{why}; đăng lúc {_clock(free)}, cách bài khác của kênh")

    def _is_too_late(self, delivery: Delivery, lost: datetime) -> bool:
        """Tell whether it has lost its moment by more than its tone allows; a busy office is not down, whatever the tone."""
        allowed = allowance(self.connection, delivery)
        if allowed is not None and delivery.state is State.QUEUED:
            allowed = max(allowed, GRACE)
        return allowed is not None and self.now > lost + allowed

    def _queue_at(self, delivery: Delivery, free: datetime, detail: str) -> bool:
        """Queue it for its new moment by way of a hold: whatever was held keeps the gap from then on."""
        if delivery.state is not State.HELD:
            step = self._step(State.HELD, detail, hold_reason=HoldReason.LATE, next_at=NEVER)
            delivery = take_step(self.connection, delivery, step)
        return self._take(delivery, State.QUEUED, detail, next_at=free)

    def _is_only_busy(self, turn: datetime) -> bool:
        """Tell whether the line has moved ever since a turn came: its end waits for those before it, which is no downtime.

        Each look until this one has found it moving, or it would have given the post another moment then.
        """
        return self.busy_since is not None and self.busy_since <= turn

    def _is_unapproved(self, delivery: Delivery) -> bool:
        return not may_go_now(self.connection, delivery, self.now, self.genuine)

    def _hold_unapproved(self, delivery: Delivery) -> bool:
        why = "đến giờ mà chưa được duyệt; duyệt xong hãy chọn đăng ngay, dời lịch hoặc bỏ"
        return self._hold(delivery, HoldReason.UNAPPROVED, why)

    def _hold_late(self, delivery: Delivery) -> bool:
        return self._hold(delivery, HoldReason.LATE, f"đã quá giờ hẹn; {CHOOSE}")

    def _hold(self, delivery: Delivery, reason: HoldReason, why: str) -> bool:
        return self._take(delivery, State.HELD, why, hold_reason=reason, next_at=NEVER)

    def _take(self, delivery: Delivery, state: State, detail: str, **more: Any) -> bool:
        take_step(self.connection, delivery, self._step(state, detail, **more))
        return True

    def _step(self, state: State, detail: str, **more: Any) -> Step:
        return Step(state=state, detail=detail, who=SCHEDULER, at=self.now, **more)


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_ZONE):%H:%M ngày %d/%m}"
