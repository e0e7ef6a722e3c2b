"""What stands in each other's way in a plan: slots, tones, too much at once, the wrong day or hour. Warnings, all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from editorial.calendar import Catalogue
from editorial.day_name import short_day
from editorial.entry import Entry, Form
from editorial.occasion import Kind, Occasion, Tier
from editorial.office import Limits
from editorial.plan import Plan, PlannedSlot
from editorial.problem import Problem, Severity
from editorial.tone import Tone
from editorial.workspace import Content

Key = TypeVar("Key", bound=Hashable)


def collisions(plan: Plan, content: Content, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return what a planner should look at again, each at the line of the entry that would have to give way."""
    look = _Look(content=content, catalogue=catalogue, limits=content.office.limits)
    channels = _by(plan.slots, lambda slot: slot.channel)
    days = _by(plan.slots, lambda slot: slot.day)
    entries = _by(plan.slots, lambda slot: (slot.entry, slot.day))
    found = [
        *(problem for slots in channels.values() for problem in look.crowded_slots(slots)),
        *(problem for slots in channels.values() for problem in look.crowded_days(slots)),
        *(problem for day, slots in days.items() for problem in look.mixed_tones(day, slots)),
        *(problem for slots in entries.values() for problem in look.wrong_days(slots)),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda problem: (problem.file or "", problem.line or 0, problem.rule)))


@dataclass(frozen=True, kw_only=True)
class _Look:
    """One look over a plan."""

    content: Content
    catalogue: Catalogue
    limits: Limits

    def crowded_slots(self, slots: Iterable[PlannedSlot]) -> Iterator[Problem]:
        """Yield two posts of one channel in one minute, or too soon after one another."""
        for first, second in pairwise(slots):
            gap = second.at - first.at
            if gap == timedelta(0):
                message = f"cùng giờ {_moment(second)} với “{first.entry}” trên cùng kênh; hãy dời một trong hai bài"
                yield self._warn("same-slot", second, message, channel=second.channel)
            elif gap < timedelta(minutes=self.limits.minutes_apart):
                minutes = int(gap.total_seconds() // 60)
                advice = f"nên cách ít nhất {self.limits.minutes_apart} phút"
                message = f"chỉ cách “{first.entry}” {minutes} phút ({_moment(second)}); {advice}"
                yield self._warn("close-slots", second, message, channel=second.channel)

    def crowded_days(self, slots: Iterable[PlannedSlot]) -> Iterator[Problem]:
        """Yield the first post that is one too many for its channel and day."""
        most = self.limits.posts_per_channel_per_day
        for day, together in _by(slots, lambda slot: slot.day).items():
            if len(together) > most:
                count = f"bài thứ {most + 1} trong {len(together)} bài ngày {short_day(day)}"
                message = f"{count} (mức đặt ra: {most}); hãy dời bớt sang ngày khác"
                yield self._warn("too-many-posts", together[most], message, channel=together[most].channel)

    def mixed_tones(self, day: date, slots: list[PlannedSlot]) -> Iterator[Problem]:
        """Yield what goes out in mourning, and each festive entry on a solemn day or beside a solemn entry."""
        yield from self._mourning(day, slots)
        solemn = [occasion for occasion in self.catalogue.on(day) if occasion.tone is Tone.SOLEMN]
        grave = [slot for slot in slots if self._entry(slot).tone is Tone.SOLEMN]
        festive = {slot.entry: slot for slot in reversed(slots) if self._entry(slot).tone is Tone.FESTIVE}
        for slot in festive.values():
            yield from self._festive(slot, solemn, grave)

    def _mourning(self, day: date, slots: list[PlannedSlot]) -> Iterator[Problem]:
        """Yield festive posts, which will be held, and neutral ones, which somebody has to decide on; solemn ones pass."""
        period = self.catalogue.mourning_on(day)
        if period is None:
            return
        when = f"ngày {short_day(day)} có tang ({period.reason})"
        for slot in {slot.entry: slot for slot in reversed(slots)}.values():
            tone = self._entry(slot).tone
            if tone is Tone.FESTIVE:
                yield self._warn("festive-in-mourning", slot, f"bài vui, {when}; bài sẽ bị giữ lại, hãy dời sang ngày khác")
            elif tone is Tone.NEUTRAL:
                yield self._warn("neutral-in-mourning", slot, f"{when}; hãy xác nhận bài này vẫn nên đăng, hoặc dời ngày")

    def _festive(self, slot: PlannedSlot, solemn: list[Occasion], grave: list[PlannedSlot]) -> Iterator[Problem]:
        if solemn:
            names = ", ".join(occasion.name.vi for occasion in solemn)
            message = f"bài vui vào {short_day(slot.day)}, cũng là {names}; hãy cân nhắc lời, hình và giờ đăng"
            yield self._warn("mixed-tone", slot, message)
        if grave:
            message = f"bài vui cùng ngày {short_day(slot.day)} với bài trang nghiêm “{grave[0].entry}”; hãy dời một bài"
            yield self._warn("mixed-tone", slot, message)

    def wrong_days(self, slots: list[PlannedSlot]) -> Iterator[Problem]:
        """Yield a ceremony in a year without one, and a post of a day off outside the hours; once an entry and day."""
        first = slots[0]
        occasion = first.observed
        if self._entry(first).form is Form.CEREMONY and occasion is not None and not _has_ceremony(occasion):
            yield self._warn("ceremony-not-due", first, _no_ceremony(occasion), key="form")
        early = [slot for slot in slots if not self.limits.earliest <= slot.at.time() <= self.limits.latest]
        if early and not self.catalogue.days_off.is_working_day(first.day):
            hours = f"{self.limits.earliest:%H:%M}-{self.limits.latest:%H:%M}"
            message = f"đăng lúc {_moment(early[0])}, là ngày nghỉ; ngày nghỉ nên đăng trong khoảng {hours}"
            yield self._warn("odd-hour", early[0], message)

    def _entry(self, slot: PlannedSlot) -> Entry:
        return self.content.entries[slot.entry]

    def _warn(self, rule: str, slot: PlannedSlot, message: str, *, key: str | None = None, channel: str | None = None) -> Problem:
        said = f"moments.{slot.channel}" if slot.channel in self._entry(slot).moments else "when"
        file, line, shown = self.content.place(slot.entry, key or said)
        return Problem(rule=rule, message=message, file=file, line=line, key=shown, channel=channel, severity=Severity.WARNING)


def _has_ceremony(occasion: Occasion) -> bool:
    """Tell whether a ceremony is due: Decree 111/2018 has one in round years only; the eight great days of Decree 145/2013
    have rules of their own for years that end in 5, so nothing is said of those."""
    if occasion.tier is Tier.FIVE:
        return occasion.kind is Kind.MAJOR_NATIONAL
    return occasion.tier is not Tier.OTHER


def _no_ceremony(occasion: Occasion) -> str:
    tier = occasion.tier.label if occasion.tier else ""
    count = f"lần thứ {occasion.count}, " if occasion.count else ""
    advice = "hãy đổi form thành communication, emulation hoặc seminar"
    law = "chỉ năm tròn mới tổ chức lễ kỷ niệm (Nghị định 111/2018)"
    return f"{occasion.name.vi} năm {occasion.date.year} là {count}{tier}: {law}; {advice}"


def _moment(slot: PlannedSlot) -> str:
    return f"{slot.at:%H:%M} {short_day(slot.day)}"


def _by(slots: Iterable[PlannedSlot], key: Callable[[PlannedSlot], Key]) -> dict[Key, list[PlannedSlot]]:
    gathered: dict[Key, list[PlannedSlot]] = defaultdict(list)
    for slot in slots:
        gathered[key(slot)].append(slot)
    return gathered
