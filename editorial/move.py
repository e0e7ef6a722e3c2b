"""What happens to slots when the calendar changes under them: an anchor that moved, a day off that was announced."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from editorial.clock import aware
from editorial.day_name import short_day
from editorial.plan import Plan, PlannedSlot
from editorial.problem import Problem
from editorial.workspace import Content

LOCK = timedelta(hours=24)  # this close to its moment a slot stays where it is


class Fate(Enum):
    """What becomes of a slot whose rule now gives another moment."""

    MOVED = "moved"  # goes to the new moment; back to review where the day changed
    CONFLICT = "conflict"  # approved for the old moment: stays, and a person decides
    LOCKED = "locked"  # within 24 hours: stays, and a person decides
    PUBLISHED = "published"  # is out, or its moment has passed: never moves


@dataclass(frozen=True, kw_only=True)
class Move:
    """A slot before and after a change of the calendar, and what becomes of it."""

    fate: Fate
    before: PlannedSlot
    after: PlannedSlot

    @property
    def stands_at(self) -> datetime:
        """Return the moment that counts from now on."""
        return self.after.at if self.fate is Fate.MOVED else self.before.at

    @property
    def back_to_review(self) -> bool:
        """Tell whether the words must be read again: they were written for another day."""
        return self.fate is Fate.MOVED and self.before.day != self.after.day

    def __str__(self) -> str:
        span = f"{_moment(self.before)} → {_moment(self.after)}" + (" (dự kiến)" if self.after.provisional else "")
        words = {
            Fate.MOVED: f"dời {span}" + (", cần xem lại nội dung" if self.back_to_review else ""),
            Fate.CONFLICT: f"lịch đổi {span} nhưng bài đã duyệt: giữ nguyên giờ cũ, hãy duyệt lại hoặc xác nhận giữ",
            Fate.LOCKED: f"lịch đổi {span} nhưng còn dưới 24 giờ: giữ nguyên giờ cũ, hãy quyết định ngay",
            Fate.PUBLISHED: f"lịch đổi {span} nhưng bài đã đăng hoặc đã qua giờ: không dời",
        }[self.fate]
        return f"{self.before.entry} trên {self.before.channel}: {words}"


def moves(
    before: Plan, after: Plan, approved: Collection[str], now: datetime, published: Collection[str] = ()
) -> tuple[Move, ...]:
    """Return every slot that both plans have at different moments, in the order of the old plan.

    `approved` and `published` are post keys. A slot is matched by entry and channel: its key carries the year, and a
    moment that moves over New Year still is the same slot.
    """
    aware(now)
    new = {(slot.entry, slot.channel): slot for slot in after.slots}
    return tuple(_moves(before.slots, new, frozenset(approved), frozenset(published), now))


def _moves(
    slots: Iterable[PlannedSlot],
    new: dict[tuple[str, str], PlannedSlot],
    approved: frozenset[str],
    published: frozenset[str],
    now: datetime,
) -> Iterator[Move]:
    for slot in slots:
        now_at = new.get((slot.entry, slot.channel))
        if now_at is not None and now_at.at != slot.at:
            yield Move(fate=_fate(slot, approved, published, now), before=slot, after=now_at)


def _fate(slot: PlannedSlot, approved: frozenset[str], published: frozenset[str], now: datetime) -> Fate:
    if slot.key in published or slot.at <= now:
        return Fate.PUBLISHED
    if slot.key in approved:
        return Fate.CONFLICT
    return Fate.LOCKED if slot.at - now <= LOCK else Fate.MOVED


def past_due(plan: Plan, content: Content, now: datetime, known: Collection[str] = ()) -> tuple[Problem, ...]:
    """Return an error for every slot whose moment has passed before it was ever planned; `known` are the keys that were."""
    return tuple(dict.fromkeys(_past(slot, content) for slot in plan.slots if slot.at <= aware(now) and slot.key not in known))


def _past(slot: PlannedSlot, content: Content) -> Problem:
    key = f"moments.{slot.channel}" if slot.channel in content.entries[slot.entry].moments else "when"
    file, line, _ = content.place(slot.entry, key)
    message = f"“{slot.rule}” tính ra {_moment(slot)}, đã qua; hãy chọn thời điểm khác"
    return Problem(rule="past-due", message=message, file=file, line=line, key=key)


def _moment(slot: PlannedSlot) -> str:
    return f"{slot.at:%H:%M} {short_day(slot.day)}"
