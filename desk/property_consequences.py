"""What follows from a change of an entry's properties: what goes with a channel, what a new one needs, what is signed anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from desk.consequences import Consequence, Kind, Look
from desk.drafting import alone, examined, file_name
from desk.entry_fields import fields_for, written_fields
from desk.property_words import FactWords, Properties, written_properties
from desk.triage import UNSENT, is_out
from desk.web.draft_look import label_of
from desk.web.views.mark import mark
from desk.workbench import Workbench
from editorial.clock import OFFICE_ZONE
from editorial.day_name import day_name, short_day
from editorial.delivery import Delivery
from editorial.entry import Entry
from editorial.fact_words import words
from editorial.plan import Plan, PlannedSlot
from editorial.problem import Problem, Severity
from editorial.quotes import quoted_by
from editorial.repeat import PERIOD_ANCHOR
from editorial.workspace import Content
from store.entry_reading import WrittenEntry

LONGEST = 80  # letters of a text that goes, as it is told
_OWN = ("channels", "languages", "unit", "axis", "group", "tone", "form", "campaign", "after", "repeat", "uses", "facts")
_NAMES = frozenset({"unknown", "duplicate"})  # rules of names that name nothing: wrong in themselves, beside their field
_LANGUAGE = {"vi": "tiếng Việt", "en": "tiếng Anh"}
_MADE = {"infographic": "Ảnh", "clip": "Clip"}


@dataclass(frozen=True, kw_only=True)
class PropertyLook:
    """One look at one change: the file before and after, with the slots of all its turns."""

    bench: Workbench
    pointed: str  # the entry that somebody has before them: a turn, where the file is a series'
    before: WrittenEntry
    after: WrittenEntry
    was: Plan
    now: Plan
    content: Content  # everything, with the file changed

    @cached_property
    def old(self) -> Properties:
        return written_properties(self.before.entry)

    @cached_property
    def new(self) -> Properties:
        return written_properties(self.after.entry)

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        return tuple(self.bench.store.deliveries.list(entries=sorted({slot.entry for slot in self.was.slots})))

    @property
    def is_series(self) -> bool:
        return self.before.entry.repeat is not None

    @property
    def left(self) -> tuple[str, ...]:
        """Return the channels that are taken away."""
        return tuple(channel for channel in self.old.channels if channel not in self.new.channels)

    @cached_property
    def vanished(self) -> tuple[str, ...]:
        """Return the turns that are no more, or the entry that becomes a series."""
        now = {slot.entry for slot in self.now.slots}
        return tuple(dict.fromkeys(slot.entry for slot in self.was.slots if slot.entry not in now))

    def consequences(self) -> tuple[Consequence, ...]:
        """Return everything that follows, the most pressing first."""
        found = (*self.channels(), *self.languages(), *self.turns(), *self.facts(), *self._of_plan(), *self._of_check())
        order = list(Kind)
        return tuple(sorted(dict.fromkeys(found), key=lambda each: order.index(each.kind)))

    # what goes with a channel

    def channels(self) -> Iterator[Consequence]:
        for channel in self.left:
            yield from self._ledger(channel)
            yield from self._words(channel)
            rule = self.before.entry.moments.get(channel)
            if rule:
                yield _gone(f"Giờ riêng của {self._name(channel)} ({rule}) cũng bỏ.")
        for order in self.before.entry.media:
            if order.channels and order.id not in {each.id for each in self.after.entry.media}:
                kind = _MADE[order.template.split("/", 1)[0]]
                names = self._names(channel for channel in order.channels)
                yield _gone(f"{kind} “{order.id}” chỉ dành cho {names} nên ra khỏi tệp cùng kênh; bản trước khi lưu vẫn còn.")
        yield from self._drafts()

    def _ledger(self, channel: str) -> Iterator[Consequence]:
        name = self._name(channel)
        mine = [each for each in self.deliveries if each.channel == channel]
        out = [each for each in mine if is_out(each)]
        if out and self.is_series:
            words = f"{len(out)} kỳ đã đăng trên {name} vẫn ở đó; muốn gỡ thì gỡ từng bài ở trang của lượt đăng."
            yield Consequence(kind=Kind.LEFT, words=words, key="channels")
        elif out:
            words = (
                f"Bài đã đăng hoặc đang gửi trên {name}: bỏ kênh không gỡ được bài. Hãy gỡ bài ở trang của lượt đăng trước, "
                "hoặc để nguyên kênh này."
            )
            yield Consequence(kind=Kind.OUT, words=words, key="channels")
        for each in mine:
            if each.state in UNSENT and each not in out:
                at = each.due_at.astimezone(OFFICE_ZONE)
                yield _gone(f"Lượt đăng trên {name} lúc {at:%H:%M} {short_day(at.date())} không đăng nữa.")

    def _words(self, channel: str) -> Iterator[Consequence]:
        for language, message in self.before.entry.messages.items():
            variant = message.variants.get(channel)
            if variant is not None:
                yield self._text_gone(channel, language, " ".join(filter(None, (variant.title, variant.text, variant.comment))))

    def _text_gone(self, channel: str, language: str, text: str) -> Consequence:
        shown = text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"
        foreign = "" if language == "vi" else f" ({_LANGUAGE.get(language, language)})"
        told = f"Lời riêng cho {self._name(channel)}{foreign} ra khỏi tệp: “{shown}”."
        return _gone(f"{told} Bản trước khi lưu vẫn còn trong “Các bản đã lưu”.")

    def _drafts(self) -> Iterator[Consequence]:
        """Yield what somebody has typed for a channel that goes, and has not saved."""
        said, people = written_fields(self.before.entry), self.bench.content.office.people
        ending = {each.name: each.of for each in fields_for(self.before.entry) if each.of in self.left}
        for draft in self.bench.store.drafts.of(file_name(self.before.entry)):
            typed = [of for name, of in ending.items() if draft.fields.get(name, said[name]) not in ("", said[name])]
            for channel in dict.fromkeys(typed):
                who = people[draft.person].name if draft.person in people else draft.person
                words = f"{who} đã gõ lời riêng cho {self._name(channel)} mà chưa lưu: hãy lưu ở trang soạn trước, nếu còn cần."
                yield Consequence(kind=Kind.DRAFT, words=words, key="channels")

    def languages(self) -> Iterator[Consequence]:
        for channel in self.new.channels:
            was, now = self.old.languages.get(channel, "vi"), self.new.languages.get(channel, "vi")
            if channel not in self.old.channels or was == now:
                continue
            variant = self.before.entry.messages[was].variants.get(channel) if was in self.before.entry.messages else None
            if variant is not None:
                yield self._text_gone(channel, was, " ".join(filter(None, (variant.title, variant.text, variant.comment))))

    # the turns of a series

    def turns(self) -> Iterator[Consequence]:
        if self.is_series and self.after.entry.repeat is not None:
            count = len({slot.entry for slot in self.now.slots})
            yield Consequence(kind=Kind.SERIES, words=f"Mục này lặp lại: thay đổi là của cả {count} kỳ.", key="repeat")
        for turn in self.vanished:
            yield from self._vanishing(turn)
        old, new = self.before.entry, self.after.entry
        if new.repeat is not None and old.repeat is None and old.when != new.when:
            words = f"Giờ đăng tính theo từng kỳ ({PERIOD_ANCHOR}): {old.when} thành {new.when}."
            yield Consequence(kind=Kind.RULE, words=words, key="repeat")
        if new.repeat is None and old.repeat is not None:
            words = f"Mục chỉ còn đăng một lần, vào kỳ sắp tới: {new.when}."
            yield Consequence(kind=Kind.RULE, words=words, key="repeat")

    def _vanishing(self, turn: str) -> Iterator[Consequence]:
        mine = [each for each in self.deliveries if each.entry == turn]
        first = next(slot for slot in self.was.slots if slot.entry == turn)
        if any(map(is_out, mine)):
            advice = "hãy để nhịp lặp lại vẫn có ngày ấy, hoặc tạo bài mới"
            words = f"Bài ngày {short_day(first.day)} đã đăng nên phải còn trong tệp; {advice}."
            yield Consequence(kind=Kind.OUT, words=words, key="repeat")
        elif self.is_series:
            planned = " Lượt đã lên lịch không đăng nữa." if any(each.state in UNSENT for each in mine) else ""
            yield _gone(f"Không còn kỳ {day_name(first.day)}.{planned}", "repeat")

    # facts

    def facts(self) -> Iterator[Consequence]:
        old, new = {each.id: each for each in self.old.facts}, {each.id: each for each in self.new.facts}
        known = {fact.id: fact for fact in self.after.entry.facts}
        for id in old:
            if id not in new:
                yield from self._fact_gone(id)
        for id, fact in new.items():
            if fact != old.get(id):
                read = words(known[id], "vi")
                yield Consequence(kind=Kind.READS, words=f"Dữ kiện “{id}” sẽ được viết là “{read}”.", key=f"facts.{id}")
            if id in old and self._says_otherwise(old[id], fact) and any(map(is_out, self.deliveries)):
                words_ = f"Bài đã đăng vẫn nói “{id}” như cũ: hãy đính chính ở trang của dữ kiện."
                yield Consequence(kind=Kind.LEFT, words=words_, key=f"facts.{id}")

    def _says_otherwise(self, old: FactWords, new: FactWords) -> bool:
        return (old.kind, old.value, old.unit, old.unit_en) != (new.kind, new.value, new.unit, new.unit_en)

    def _fact_gone(self, id: str) -> Iterator[Consequence]:
        if id not in quoted_by(self.after.entry):
            return
        places = self.quoted_at(id)
        where = f": {', '.join(places)}" if places else ""
        if id in self.bench.content.facts:
            told = f"Dữ kiện riêng “{id}” bỏ đi, từ nay lấy theo sổ chung{where}."
            yield Consequence(kind=Kind.READS, words=told, key=f"facts.{id}")
            return
        told = f"Dữ kiện “{id}” còn được trích{where}. Hãy sửa những chỗ đó trước, rồi mới bỏ dữ kiện."
        yield Consequence(kind=Kind.QUOTED, words=told, key=f"facts.{id}")

    def quoted_at(self, id: str) -> tuple[str, ...]:
        """Return where a fact is quoted, in words, and whether the message must carry it."""
        entry, quote, office = self.after.entry, f"fact.{id}", self.bench.content.office
        found = [name for name, text in written_fields(entry).items() if _quotes(text, quote)]
        labels = [label_of(name, lambda channel: mark(office, channel)) for name in found]
        drawn = [order.id for order in entry.media if any(_quotes(str(data), quote) for data in order.data.values())]
        required = ("danh sách dữ kiện phải có",) if id in entry.uses else ()
        return (*labels, *(f"chữ trong hình “{medium}”" for medium in drawn), *required)

    # what the plan and the check say

    def _of_plan(self) -> Iterator[Consequence]:
        first = self._pointed_entry()
        had = {(slot.entry, slot.channel) for slot in self.was.slots}
        added = {(slot.entry, slot.channel) for slot in self.now.slots} - had
        to_come = {(slot.entry, slot.channel) for slot in self.now.slots if slot.at > self.bench.clock.now()}
        yield from self._look(first, self.was, self.was, had).signatures()
        fresh = self._look(first, self.was, self.now, added & to_come)
        yield from fresh.halts()
        for each in self._look(first, self.was, self.now, to_come).in_the_way():
            yield replace(each, key="after" if each.kind is Kind.ORDER else "channels")
        gone_by = [slot for slot in self.now.slots if (slot.entry, slot.channel) in added - to_come]
        if gone_by and self.after.entry.repeat is None:
            yield self._late(gone_by[0])

    def _late(self, slot: PlannedSlot) -> Consequence:
        at = f"{slot.at:%H:%M} {day_name(slot.day)}"
        words = f"Giờ đăng trên {self._name(slot.channel)}, {at}, đã qua: dời lịch rồi hãy thêm kênh."
        return Consequence(kind=Kind.PAST, words=words, key="channels")

    def _look(self, entry: Entry, before: Plan, after: Plan, slots: Collection[tuple[str, str]]) -> Look:
        return Look(self.bench, entry, before, after, frozenset(slots), self.content)

    def _pointed_entry(self) -> Entry:
        mine = [each for each in self.content.entries.values() if self.before.entry.id in (each.id, each.series)]
        return next((each for each in mine if each.id == self.pointed), mine[0])

    def _of_check(self) -> Iterator[Consequence]:
        for problem in self.check[1]:
            on = f"{self._name(problem.channel)}: " if problem.channel else ""
            said = f"{on}{problem.message}."
            yield Consequence(kind=Kind.NEEDS, words=f"{said[:1].upper()}{said[1:]}", key="channels")

    @cached_property
    def check(self) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
        """Return what the check says now and did not say before: of the properties themselves, and of all else."""
        before = {_known(each) for each in self._examined(self.before)}
        fresh = [each for each in self._examined(self.after) if each.severity is Severity.ERROR and _known(each) not in before]
        names = [each for each in fresh if _is_name(each)]
        rest = {_known(each): each for each in fresh if not _is_name(each) and not each.rule.startswith("order-")}
        return tuple(names), tuple(rest.values())

    def _examined(self, written: WrittenEntry) -> tuple[Problem, ...]:
        workspace = alone(self.bench.workspace, written)
        mine = [each for each in workspace.content.entries.values() if written.entry.id in (each.id, each.series)]
        entry = next((each for each in mine if each.id == self.pointed), mine[0])
        return examined(workspace, entry.id)[0]

    def _name(self, channel: str) -> str:
        known = self.bench.content.office.channels.get(channel)
        return known.name if known else channel

    def _names(self, channels: Iterator[str]) -> str:
        return ", ".join(map(self._name, channels))


def _known(problem: Problem) -> tuple[object, ...]:
    return problem.rule, problem.channel, problem.message


def _is_name(problem: Problem) -> bool:
    """Tell whether a property names what there is not, or twice the same."""
    key = (problem.key or "").split("[")[0].split(".")[0]
    return key in _OWN and (problem.rule.split("-")[0] in _NAMES or problem.rule == "missing-translation")


def _gone(words: str, key: str = "channels") -> Consequence:
    return Consequence(kind=Kind.GONE, words=words, key=key)


def _quotes(text: str, quote: str) -> bool:
    start = text.find(quote)
    return start >= 0 and not text[start + len(quote) : start + len(quote) + 1].replace("_", "a").isalnum()
