"""What stands in the way of a moment: pauses, mourning, and that it has passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desk.silence import scope_words, window_words
from editorial.calendar import MourningPeriod
from editorial.clock import OFFICE_ZONE
from editorial.day_name import day_name, short_day

if TYPE_CHECKING:
    from store.halts import Halt, HaltTable

BY_TONE = "bài vui bị giữ lại, bài trung tính phải hỏi lại, bài trang nghiêm vẫn đi"


@dataclass(frozen=True, kw_only=True)
class InTheWay:
    """What covers a moment, in words, and whether it has passed."""

    holds: tuple[str, ...]
    past_due: str | None

    @property
    def steps(self) -> tuple[str, ...]:
        """Return it in the order in which it is looked at."""
        return (*self.holds, *([self.past_due] if self.past_due else ()))


def in_the_way(at: datetime, now: datetime, mourning: MourningPeriod | None, halts: HaltTable | None) -> InTheWay:
    """Say what covers a moment; `mourning` is the calendar's, `halts` what people have paused where that is remembered."""
    standing = halts.at(at) if halts else ()
    holds = (*_of_calendar(mourning, halts, standing), *(_pause(halt) for halt in standing))
    return InTheWay(holds=holds, past_due=_past_due(at, now) if at <= now else None)


def _of_calendar(period: MourningPeriod | None, halts: HaltTable | None, standing: tuple[Halt, ...]) -> Iterator[str]:
    """Yield the calendar's mourning, unless it is declared and told as a pause."""
    from desk.mourning import was_lifted

    if period is None or any(_is_mourning(halt) for halt in standing):
        return
    when = f"Quốc tang {short_day(period.start)} - {short_day(period.end)} ({period.reason})"
    lifted = halts is not None and was_lifted(halts, period)
    yield f"{when}: đã được bỏ trước hạn, bài vẫn đi." if lifted else f"{when}: {BY_TONE}."


def _pause(halt: Halt) -> str:
    told = f"{halt.why}; {halt.who}"
    if _is_mourning(halt):
        return f"Quốc tang{window_words(halt)} ({told}): {BY_TONE}."
    until = "" if halt.ends_at else ", chưa hẹn lúc bỏ"
    return f"Tạm dừng {scope_words(halt.scope)}{window_words(halt)}{until} ({told}): bài bị giữ lại."


def _is_mourning(halt: Halt) -> bool:
    from store.halts import MOURNING

    return halt.scope == MOURNING


def _past_due(at: datetime, now: datetime) -> str:
    here = now.astimezone(OFFICE_ZONE)
    return f"Đã qua: bây giờ là {here:%H:%M}, {day_name(here.date())}; bài mới với giờ này không được duyệt, hãy chọn giờ khác."
