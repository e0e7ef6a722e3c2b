"""What was held is let go without a burst: one post at a time on each channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from editorial.delivery import Delivery, State


def moment_to_go(channel: str, deliveries: Iterable[Delivery], now: datetime, gap: timedelta) -> datetime:
    """Return the first moment from `now` on that keeps the gap to what the channel has just sent or is about to send."""
    busy = sorted(moment for each in deliveries if each.channel == channel and (moment := _goes(each)) is not None)
    chosen = now
    for moment in busy:
        if abs(moment - chosen) < gap:
            chosen = moment + gap
    return chosen


def _goes(delivery: Delivery) -> datetime | None:
    """Return when a delivery goes out, or went out; None for what does not."""
    match delivery.state:
        case State.QUEUED:
            return delivery.next_at
        case State.SCHEDULED:
            return delivery.due_at
        case State.CLAIMED | State.PREPARED | State.SENDING | State.FOLLOWING | State.UNKNOWN | State.RECONCILING:
            return delivery.due_at
    return delivery.published_at
