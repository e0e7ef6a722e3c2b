"""The statuses that the office reads, made from a delivery's state."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from editorial.delivery import Delivery, State


class Status(Enum):
    """Where something stands, in the office's words; the most pressing first."""

    FAILED = "failed"  # refused for good
    HELD = "held"  # waits for a person
    UNSURE = "unsure"  # may be public, being looked for
    MOVING = "moving"  # on its way now
    DRAFT = "draft"  # planned, nobody approved it yet
    READY = "ready"  # approved, waits for its moment
    PUBLISHED = "published"  # public, not read back yet
    VERIFIED = "verified"  # read back, equal to what was approved
    WITHDRAWN = "withdrawn"  # was public, taken back
    STOPPED = "stopped"  # taken out before it went

    @property
    def label(self) -> str:
        """Say it in two or three words."""
        return _LABELS[self]


_LABELS = {
    Status.FAILED: "Bị từ chối",
    Status.HELD: "Đang giữ",
    Status.UNSURE: "Đang kiểm tra",
    Status.MOVING: "Đang gửi",
    Status.DRAFT: "Chưa duyệt",
    Status.READY: "Chờ giờ đăng",
    Status.PUBLISHED: "Đã đăng",
    Status.VERIFIED: "Đã đối chiếu",
    Status.WITHDRAWN: "Đã rút",
    Status.STOPPED: "Đã dừng",
}

_OF_STATE = {
    State.SCHEDULED: Status.READY,
    State.QUEUED: Status.MOVING,
    State.CLAIMED: Status.MOVING,
    State.PREPARED: Status.MOVING,
    State.SENDING: Status.MOVING,
    State.FOLLOWING: Status.MOVING,
    State.SENT: Status.PUBLISHED,
    State.VERIFIED: Status.VERIFIED,
    State.UNKNOWN: Status.UNSURE,
    State.RECONCILING: Status.UNSURE,
    State.HELD: Status.HELD,
    State.FAILED: Status.FAILED,
    State.CANCELLED: Status.STOPPED,
    State.SUPERSEDED: Status.STOPPED,
    State.WITHDRAWN: Status.WITHDRAWN,
}

PUBLIC = frozenset({Status.PUBLISHED, Status.VERIFIED})
_URGENCY = {status: place for place, status in enumerate(Status)}


def status_of(delivery: Delivery | None, *, approved: bool = True) -> Status:
    """Return the status of a slot; a delivery comes with the approval, so one without it is a draft."""
    if delivery is None or (delivery.state is State.SCHEDULED and not approved):
        return Status.DRAFT
    return _OF_STATE[delivery.state]


def status_of_state(state: State) -> Status:
    """Return the status that a state is shown as."""
    return _OF_STATE[state]


def states_of(status: Status) -> tuple[State, ...]:
    """Return the delivery states that are shown as this status."""
    return tuple(state for state, shown in _OF_STATE.items() if shown is status)


def most_pressing(statuses: Iterable[Status]) -> Status:
    """Return the one status that stands for several: the one that needs a person soonest."""
    return min(statuses, key=_URGENCY.__getitem__)
