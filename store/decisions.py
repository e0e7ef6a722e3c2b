"""What people decide about deliveries; each is written into the audit log beside the change."""

from __future__ import annotations

from datetime import datetime

from editorial.clock import Clock
from editorial.delivery import Delivery, HoldReason, State
from editorial.outcome import Receipt
from editorial.release import USUAL, ReleaseRule
from store.audit import Deed
from store.database import Database
from store.errors import NotAllowed
from store.moment import NEVER
from store.passage import Step, read_delivery, take_step
from store.traffic import free_moment

PUBLIC_OR_UNCLEAR = frozenset({HoldReason.AMBIGUOUS, HoldReason.DRIFT})  # held, and nobody may simply send it again


class Decisions:
    """Ways out of a hold or a failure. A pause on one delivery is a halt with `post_scope`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def publish_now(
        self, id: int, *, who: str, why: str = "", rule: ReleaseRule = USUAL, since: datetime | None = None
    ) -> Delivery:  # fmt: skip
        """Send what is held or failed, however late it is, as soon as its channel has been quiet for a gap and will be.

        Raises NotAllowed for what may be public already.
        """
        return self._decide(id, "publish", State.QUEUED, who, why, not_for=PUBLIC_OR_UNCLEAR, rule=rule, since=since)

    def send_again(self, id: int, *, who: str, why: str, rule: ReleaseRule = USUAL) -> Delivery:
        """Send an ambiguous delivery again: a person has looked and says that it is not there."""
        return self._decide(id, "send-again", State.QUEUED, who, why, only_for=HoldReason.AMBIGUOUS, rule=rule)

    def found(self, id: int, receipt: Receipt, *, who: str, why: str) -> Delivery:
        """Take a person's word that it stands on its channel, perhaps posted by hand; it is read back like any other.

        Raises NotAllowed where it is under way, or known to be public, and RemoteIdTaken where that post is another delivery's.
        """
        now = self._clock.now()
        with self._database.write() as connection:
            delivery = read_delivery(connection, id)
            if delivery.state not in (State.HELD, State.FAILED) or delivery.hold_reason is HoldReason.DRIFT:
                raise NotAllowed(f"{delivery.post_key}: bài không chờ quyết định này; hãy tải lại trang")
            deed = Deed(who=who, action="found", subject=delivery.post_key, detail=f"{why} ({receipt.url})", at=now)
            step = Step(state=State.SENT, who=who, detail=why, at=now, next_at=now, receipt=receipt, failures=0)
            return take_step(connection, delivery, step, deed)

    def accept_difference(self, id: int, *, who: str, why: str) -> Delivery:
        """Let a live post stand although it differs from what was approved."""
        return self._decide(id, "accept-difference", State.VERIFIED, who, why, only_for=HoldReason.DRIFT)

    def cancel(self, id: int, *, who: str, why: str) -> Delivery:
        """Take a delivery out before it goes."""
        return self._decide(id, "cancel", State.CANCELLED, who, why, not_for=frozenset({HoldReason.DRIFT}))

    def _decide(
        self, id: int, action: str, state: State, who: str, why: str, *,
        only_for: HoldReason | None = None, not_for: frozenset[HoldReason] = frozenset(), rule: ReleaseRule = USUAL,
        since: datetime | None = None,
    ) -> Delivery:  # fmt: skip
        now = self._clock.now()
        with self._database.write() as connection:
            delivery = read_delivery(connection, id)
            _allow(delivery, only_for, not_for)
            deed = Deed(who=who, action=action, subject=delivery.post_key, detail=why, at=now)
            gap = rule.gap_on(delivery.channel)
            at = free_moment(connection, delivery, now, gap, since=since) if state is State.QUEUED else NEVER
            return take_step(connection, delivery, _step(state, who, why, now, at), deed)


def _allow(delivery: Delivery, only_for: HoldReason | None, not_for: frozenset[HoldReason]) -> None:
    if only_for is not None and delivery.hold_reason is not only_for:
        raise NotAllowed(f"{delivery.post_key}: bài không ở trạng thái chờ quyết định này; hãy tải lại trang")
    if delivery.hold_reason in not_for:
        raise NotAllowed(f"{delivery.post_key}: có thể đã đăng; hãy xem trên kênh rồi chọn “đã có” hoặc “gửi lại”")


def _step(state: State, who: str, why: str, now: datetime, next_at: datetime) -> Step:
    fresh = 0 if state is State.QUEUED else None
    return Step(state=state, who=who, detail=why, at=now, next_at=next_at, claims=fresh, failures=fresh)
