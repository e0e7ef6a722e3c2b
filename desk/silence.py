"""Pauses as people speak of them, and what becomes of the posts in them: the same for pages and commands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from editorial.clock import OFFICE_ZONE
from editorial.delivery import GRACE, Delivery, HoldReason
from editorial.problem import BadInput, Problem
from editorial.release import Comeback, ReleaseRule

if TYPE_CHECKING:
    from store.halts import Halt

_KINDS = {"all": "mọi lượt đăng", "mourning": "bài không trang nghiêm (quốc tang)", "channel": "kênh", "entry": "mục",
          "unit": "đơn vị", "tone": "sắc thái", "post": "bài"}  # fmt: skip


def scope_words(scope: str) -> str:
    """Return a scope as a person says it."""
    kind, _, name = scope.partition(":")
    return f"{_KINDS.get(kind, kind)} {name}".strip()


def window_words(halt: Halt) -> str:
    """Return when a pause with a window begins and ends; "" for one without."""
    begins, ends = (f"{at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}" if at else "" for at in (halt.starts_at, halt.ends_at))
    return (f", từ {begins}" if begins else "") + (f" đến {ends}" if ends else "")


def ask_window(starts: datetime | None, ends: datetime | None, now: datetime, key: str = "--to") -> None:
    """Refuse a window that is over before it begins, or already."""
    if ends is not None and ends <= max(starts or now, now):
        message = "giờ kết thúc phải sau giờ bắt đầu và chưa qua; như vậy thì không tạm dừng được gì"
        raise BadInput(Problem(rule="wrong-span", key=key, message=message))


def comes_back_alone(delivery: Delivery, rule: ReleaseRule, now: datetime) -> bool:
    """Tell whether a post that a pause held goes out by itself once none covers it; else a person decides about it."""
    by_pause = delivery.hold_reason in (HoldReason.HALT, HoldReason.BLACKOUT)
    comeback = rule.after_pause if by_pause else rule.after_downtime
    return now <= delivery.due_at + GRACE and comeback is Comeback.SPACE
