"""What follows from moving an entry, or from a change of its properties, in the words that a person reads before they say yes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from desk.web.bench import Bench
from editorial.campaign_check import check_campaigns
from editorial.clock import OFFICE_ZONE
from editorial.collision import collisions
from editorial.date_expression import parse
from editorial.day_name import day_name, short_day
from editorial.days_off import DayStatus
from editorial.delivery import HoldReason
from editorial.entry import Entry
from editorial.lead_time import Deadline, deadlines_before
from editorial.move import LOCK
from editorial.order_check import check_order
from editorial.plan import Plan, PlannedSlot
from editorial.problem import BadInput, Problem, Severity
from editorial.rescheduling import is_simpler
from editorial.tone import Tone
from editorial.workflow import Stage
from editorial.workspace import Content
from store.entry_file import Moments
from store.halts import ALL, MOURNING, Halt, channel_scope, entry_scope, tone_scope, unit_scope


class Kind(Enum):
    """What sort of thing follows; the most pressing first."""

    PAST = "past"  # the new moment has passed
    OUT = "out"  # a post is out on a channel that would be taken away
    QUOTED = "quoted"  # a fact would go that is still quoted
    ORDER = "order"  # it would stand before what it waits for
    VOID = "void"  # a signature ends
    HANDED_IN = "handed-in"  # what was handed in has to be handed in again
    GONE = "gone"  # what was made for a channel goes with it
    DRAFT = "draft"  # somebody has typed for a channel what the file does not say yet
    NEEDS = "needs"  # the check will ask for something
    SOON = "soon"  # less than a day is left
    HALT = "halt"  # a pause or mourning is in force then
    COLLISION = "collision"  # another post, tone or limit stands in the way
    CAMPAIGN = "campaign"  # it would leave its campaign
    DEADLINE = "deadline"  # a stage would be late
    DAY_OFF = "day-off"
    PROVISIONAL = "provisional"  # rests on a day off that is not announced yet
    SERIES = "series"  # the other turns move too
    LEFT = "left"  # some channels stay
    RULE = "rule"  # the rule no longer does something that it did
    WORDS = "words"  # texts may name the old day
    READS = "reads"  # how something that was typed is read


_STOPS = frozenset({Kind.PAST, Kind.ORDER, Kind.OUT, Kind.QUOTED})
_QUIET = frozenset({Kind.DAY_OFF, Kind.SERIES, Kind.LEFT, Kind.RULE, Kind.WORDS, Kind.PROVISIONAL, Kind.READS})


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """One thing that follows; `key` is the field of the form in which it would be put right."""

    kind: Kind
    words: str
    key: str = "day"

    @property
    def stops(self) -> bool:
        """Tell whether it cannot be done with this."""
        return self.kind in _STOPS

    @property
    def weight(self) -> str:
        """Return how loudly it is told: stop, warn or note."""
        return "stop" if self.stops else "note" if self.kind in _QUIET else "warn"


def consequences(
    bench: Bench, *, entry: Entry, before: Plan, after: Plan, moved: Collection[tuple[str, str]], content: Content,
    rules: tuple[Moments, Moments], left: tuple[PlannedSlot, ...],
) -> tuple[Consequence, ...]:  # fmt: skip
    """Return everything that follows when the slots `moved`, by entry and channel, stand as `after` has them.

    `before` and `after` have all slots of the file that changes; `content` is everything with that file changed.
    """
    look = Look(bench, entry, before, after, frozenset(moved), content)
    found = (*look.time(), *look.signatures(), *look.halts(), *look.in_the_way(), *look.deadlines(), *look.days(),
             *look.rest(rules, left))  # fmt: skip
    order = list(Kind)
    return tuple(sorted(dict.fromkeys(found), key=lambda each: order.index(each.kind)))


@dataclass(frozen=True)
class Look:
    """One look at one change of an entry's file: its slots before and after, those that `moved`, and everything else."""

    bench: Bench
    entry: Entry
    before: Plan
    after: Plan
    moved: frozenset[tuple[str, str]]
    content: Content

    @property
    def slots(self) -> tuple[PlannedSlot, ...]:
        """Return the slots that move, as they would be."""
        return tuple(slot for slot in self.after.slots if (slot.entry, slot.channel) in self.moved)

    @property
    def now(self) -> datetime:
        return self.bench.clock.now()

    def time(self) -> Iterator[Consequence]:
        first = min(self._of_entry(), key=lambda slot: slot.at, default=None)
        if first is not None:
            if first.at <= self.now:
                yield Consequence(kind=Kind.PAST, words=f"{_moment(first)} đã qua; hãy chọn một giờ sắp tới.")
            elif first.at - self.now <= LOCK:
                yield Consequence(kind=Kind.SOON, words="Còn dưới 24 giờ là đến giờ mới; hãy chắc chắn kịp trình và duyệt.")

    def signatures(self) -> Iterator[Consequence]:
        store = self.bench.store
        for entry in dict.fromkeys(slot.entry for slot in self.slots):
            progress, approval = store.workflow.of(entry), store.approvals.latest(entry)
            of = "" if entry == self.entry.id else f" của kỳ {entry}"
            if approval is not None:
                who, when = self._name(approval.approver), approval.at.astimezone(OFFICE_ZONE)
                signed = f"Phê duyệt{of} ({who}, {when:%H:%M} {short_day(when.date())}) hết hiệu lực"
                yield Consequence(kind=Kind.VOID, words=f"{signed}: phải trình và duyệt lại, nếu không đến giờ bài bị giữ.")
            elif progress.stage in (Stage.IN_REVIEW, Stage.FACT_CHECKED):
                words = f"Bản đã trình{of} hết hiệu lực: phải trình lại để kiểm chứng và duyệt."
                yield Consequence(kind=Kind.HANDED_IN, words=words)

    def halts(self) -> Iterator[Consequence]:
        in_force = {at: self.bench.store.halts.at(at) for at in {slot.at for slot in self.slots}}
        for slot in self.slots:
            for halt in in_force[slot.at]:
                if self._meets(halt, slot):
                    why = "đang để tang" if halt.reason is HoldReason.BLACKOUT else "có lệnh tạm dừng"
                    yield Consequence(kind=Kind.HALT, words=f"Lúc {_moment(slot)} {why} ({halt.why}): bài sẽ bị giữ.")

    def in_the_way(self) -> Iterator[Consequence]:
        """Yield the warnings and errors of the plan that were not there before."""
        known = set(self._problems(self.before, self.bench.content))
        for problem in self._problems(self.after, self.content):
            if problem not in known:
                stops = problem.severity is Severity.ERROR
                kind = Kind.ORDER if stops else Kind.CAMPAIGN if problem.rule.endswith("campaign") else Kind.COLLISION
                yield Consequence(kind=kind, words=self._told(problem))

    def deadlines(self) -> Iterator[Consequence]:
        first = self.after.of(self.entry.id)[0]
        try:
            found = deadlines_before(first.at, self.entry.id, self.bench.catalogue, self.content.office.lead_times)
        except BadInput:
            return
        late = [each for each in found if each.due < self.now]
        if late and first.at > self.now:
            names = ", ".join(f"{each.stage.label} ({_due(each)})" for each in late)
            yield Consequence(kind=Kind.DEADLINE, words=f"Theo giờ mới, hạn đã qua của: {names}.")

    def days(self) -> Iterator[Consequence]:
        for day in dict.fromkeys(slot.day for slot in self.slots):
            yield from self._day(day)
        if any(slot.provisional for slot in self.slots):
            words = "Ngày mới là dự kiến: lịch nghỉ chưa công bố, khi có thông báo giờ có thể đổi."
            yield Consequence(kind=Kind.PROVISIONAL, words=words)

    def rest(self, rules: tuple[Moments, Moments], left: tuple[PlannedSlot, ...]) -> Iterator[Consequence]:
        turns = len(dict.fromkeys(slot.entry for slot in self.slots))
        if self.entry.series:
            words = f"Mục này lặp lại: quy tắc đổi cho cả chuỗi, {turns} kỳ cùng dời. Kỳ đã đăng không đổi."
            yield Consequence(kind=Kind.SERIES, words=words)
        if left:
            names = ", ".join(dict.fromkeys(self._channel(slot.channel) for slot in left))
            yield Consequence(kind=Kind.LEFT, words=f"Không dời {names}: đã đăng, đang gửi hoặc đã bỏ.", key="channel")
        old, new = rules
        if any(_is_simpler(before, new.moments.get(name, new.when)) for name, before in (("", old.when), *old.moments.items())):
            words = "Quy tắc mới ghi thẳng ngày, không còn tự tránh ngày nghỉ hay đếm ngày làm việc."
            yield Consequence(kind=Kind.RULE, words=words)
        was = {(slot.entry, slot.channel): slot.day for slot in self.before.slots}
        if any(was.get((slot.entry, slot.channel), slot.day) != slot.day for slot in self.slots):
            words = "Lời, hình và dữ kiện không tự đổi theo: hãy đọc lại những chỗ ghi ngày tháng."
            yield Consequence(kind=Kind.WORDS, words=words)

    def _of_entry(self) -> tuple[PlannedSlot, ...]:
        return tuple(slot for slot in self.slots if slot.entry == self.entry.id)

    def _problems(self, plan: Plan, content: Content) -> Iterator[Problem]:
        """Yield what stands against the file's slots on the days that the move touches, with the posts of others around them.

        A line of the file and the other channels of a warning mean nothing here: the move may have changed them.
        """
        mine = {slot.entry for slot in (*self.before.slots, *self.after.slots)}
        days = {slot.day for slot in self.slots}
        around = [slot for day in days for slot in self.bench.plan(day, day) if slot.entry not in mine]
        own = [slot for slot in plan.slots if slot.day in days]
        together = Plan(slots=tuple(sorted((*around, *own), key=lambda slot: (slot.at, slot.entry, slot.channel))), problems=())
        named = {*mine, *(slot.entry for slot in around)}
        narrow = replace(content, entries={id: each for id, each in content.entries.items() if id in named})
        campaigns = check_campaigns(Plan(slots=plan.slots, problems=()), narrow, self.bench.catalogue)
        found = (*collisions(together, narrow, self.bench.catalogue), *campaigns, *self._order(plan, content, mine))
        for problem in found:
            yield replace(problem, line=None, key=None)

    def _order(self, plan: Plan, content: Content, mine: set[str]) -> tuple[Problem, ...]:
        """Return what stands before what it waits for: the entry itself, and what waits for it."""
        bound = {id: each for id, each in content.entries.items() if each.after and (id in mine or each.after in mine)}
        if not bound:
            return ()
        named = {*bound, *(each.after for each in bound.values() if each.after)}
        whole = self.bench.plan(date.min, date.max)
        slots = (*(slot for slot in whole if slot.entry in named and slot.entry not in mine), *plan.slots)
        firsts = {id: content.entries[id] for id in named if id in content.entries}
        return check_order(Plan(slots=slots, problems=()), replace(content, entries={**firsts, **bound}))

    def _day(self, day: date) -> Iterator[Consequence]:
        off = self.bench.catalogue.days_off.day_off(day)
        if off is not None:
            unsure = " (dự kiến)" if off.status is DayStatus.PROJECTED else ""
            yield Consequence(kind=Kind.DAY_OFF, words=f"{_named(day)} là ngày nghỉ: {off.name}{unsure}.")
        elif not self.bench.catalogue.days_off.is_working_day(day):
            yield Consequence(kind=Kind.DAY_OFF, words=f"{_named(day)} là cuối tuần, cơ quan không làm việc.")

    def _meets(self, halt: Halt, slot: PlannedSlot) -> bool:
        entry = self.content.entries[slot.entry]
        scopes = {ALL, channel_scope(slot.channel), entry_scope(entry.id), unit_scope(entry.unit), tone_scope(entry.tone)}
        return halt.scope in scopes or (halt.scope == MOURNING and entry.tone is not Tone.SOLEMN)

    def _told(self, problem: Problem) -> str:
        on = f"{self._channel(problem.channel)}: " if problem.channel else ""
        said = f"{on}{problem.message}"
        whose = (problem.file or "").removeprefix("content/").removesuffix(".md")
        other = whose and whose not in (self.entry.id, self.entry.series)
        return f"Bài “{whose}”: {said}." if other else f"{said[:1].upper()}{said[1:]}."

    def _channel(self, id: str) -> str:
        known = self.content.office.channels.get(id)
        return known.name if known else id

    def _name(self, id: str) -> str:
        known = self.content.office.people.get(id)
        return known.name if known else id


def _is_simpler(before: str, after: str) -> bool:
    return before != after and is_simpler(parse(before), parse(after))


def _due(deadline: Deadline) -> str:
    return f"{deadline.due:%H:%M} {short_day(deadline.due.date())}"


def _moment(slot: PlannedSlot) -> str:
    return f"{slot.at:%H:%M} {day_name(slot.day)}"


def _named(day: date) -> str:
    name = day_name(day)
    return f"{name[0].upper()}{name[1:]}"
