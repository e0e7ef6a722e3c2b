"""Publishing without a second person, when there is no time: a right that expires, a written reason, a review that must come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from editorial.problem import BadInput, Problem

REVIEW_WITHIN = timedelta(hours=24)
LONGEST_RIGHT = timedelta(hours=24)
SHORTEST_REASON = 15  # characters: a reason, not a full stop


class Verdict(Enum):
    """What the review found; there is no way to close it without one."""

    UPHELD = "upheld"  # it was right to publish
    CORRECTED = "corrected"  # right to publish, and something in it is being corrected
    WITHDRAWN = "withdrawn"  # it should not have gone out, and is being withdrawn


@dataclass(frozen=True, kw_only=True)
class EmergencyRight:
    """The right of one person to publish alone, until a moment."""

    id: int
    person: str
    granted_by: str
    why: str
    granted_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class EmergencyUse:
    """One entry that was published alone, and its review."""

    id: int
    entry: str
    person: str
    why: str
    at: datetime
    review_by: datetime
    reviewer: str | None = None
    verdict: Verdict | None = None
    found: str = ""
    reviewed_at: datetime | None = None

    def overdue(self, now: datetime) -> bool:
        """Tell whether the review should have been done by now."""
        return self.verdict is None and now > self.review_by


def right_for(hours: float) -> timedelta:
    """Return how long a right lasts; raise BadInput for no time at all, or more than a day."""
    if not 0 < hours <= LONGEST_RIGHT / timedelta(hours=1):  # what is no number is not either
        raise BadInput(Problem(rule="wrong-span", key="--hours", message="quyền khẩn cấp phải dài hơn 0 và nhiều nhất 24 giờ"))
    return timedelta(hours=hours)


def ask_reason(why: str) -> str:
    """Return the written reason; raise BadInput when it says nothing."""
    if len(why.strip()) < SHORTEST_REASON:
        message = f"đăng khẩn cấp phải ghi rõ lý do (ít nhất {SHORTEST_REASON} ký tự)"
        raise BadInput(Problem(rule="missing-reason", key="--why", message=message))
    return why.strip()


def ask_reviewer(use: EmergencyUse, reviewer: str) -> None:
    """Raise BadInput when the review is done already, or would be done by the one who published."""
    if use.verdict is not None:
        raise BadInput(Problem(rule="reviewed", message=f"lượt đăng khẩn cấp số {use.id} đã được hậu kiểm"))
    if reviewer.strip().casefold() == use.person.strip().casefold():
        raise BadInput(Problem(rule="own-review", message="người đăng khẩn cấp không được tự hậu kiểm; hãy nhờ người khác"))
