"""An entry is moved to another moment: what its file would say, what follows from that, and then doing it or taking it back.

The same for the calendar's page and for `./loa reschedule`. A moment is signed: a move takes the signature back, and whoever
moves is shown so before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from desk.consequences import Consequence, consequences
from desk.taking_back import end_signatures
from desk.triage import PERHAPS_PUBLIC, UNSENT
from desk.web.bench import Bench
from editorial.correction import split_key
from editorial.date_expression import DateRule, parse
from editorial.date_rule import Resolved, resolve
from editorial.digest import digest
from editorial.entry import Entry
from editorial.plan import Plan, PlannedSlot, plan
from editorial.problem import BadInput, Problem
from editorial.recurrence import occurrences
from editorial.rescheduling import moved_rule
from editorial.role import Person, Right, require
from editorial.workspace import Content
from store.entry_file import EntryFile, Moments, open_entry, write_moments
from store.entry_reading import WrittenEntry

OWN = ""  # in a set of rules: the entry's own, which every channel without one of its own goes by


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants: these channels of an entry, the first of them at `to`, the others as far behind it as before."""

    entry: str
    channels: tuple[str, ...]
    to: datetime
    keeps_anchor: bool = True


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One slot before and after."""

    before: PlannedSlot
    after: PlannedSlot


@dataclass(frozen=True, kw_only=True)
class Rescheduling:
    """A move that was thought through: `before` and `after` are what the file says, `shifts` what that does to the slots."""

    entry: Entry  # the one that somebody pointed at, as it would be
    file: EntryFile
    before: Moments
    after: Moments
    shifts: tuple[Shift, ...]
    left: tuple[PlannedSlot, ...]  # asked for, and out already, or on its way
    turns: int  # of a repeated entry: how many move with it; 1 for what is said once
    consequences: tuple[Consequence, ...]

    @property
    def stops(self) -> tuple[Consequence, ...]:
        """Return what has to be put right first."""
        return tuple(each for each in self.consequences if each.stops)

    @cached_property
    def seal(self) -> str:
        """Return the digest of everything that is shown: what somebody agreed to is this and nothing else."""
        said = [each.words for each in self.consequences]
        slots = [(shift.before.key, shift.before.at.isoformat(), shift.after.at.isoformat()) for shift in self.shifts]
        return digest((self.file.digest, self.after.when, sorted(self.after.moments.items()), slots, said))[:16]

    @property
    def rules(self) -> Mapping[str, tuple[str, str]]:
        """Return each rule that would change, old and new, by channel; "" is the entry's own, an empty rule none."""
        names = dict.fromkeys((OWN, *self.before.moments, *self.after.moments))
        pairs = {name: (rule_of(self.before, name), rule_of(self.after, name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, kw_only=True)
class Undo:
    """How to take a move back: the rules as they were, while the file is still the one that the move made."""

    entry: str
    rules: Mapping[str, str]
    digest: str


def movable(bench: Bench, entry: str) -> frozenset[str]:
    """Return the channels on which nothing of the entry has gone out, nor may have, nor was dropped."""
    channels = set(bench.content.entries[entry].channels)
    for delivery in bench.store.deliveries.list(entry=entry):
        if delivery.state not in UNSENT or delivery.hold_reason in PERHAPS_PUBLIC or split_key(delivery.post_key)[1] > 1:
            channels.discard(delivery.channel)
    return frozenset(channels)


def think_through(bench: Bench, wish: Wish) -> Rescheduling:
    """Return what the move would do, nothing of it done; raise BadInput where there is nothing that could move."""
    entry = bench.content.entries.get(wish.entry)
    if entry is None:
        raise BadInput(bench.content.unknown_entry(wish.entry))
    unknown = [channel for channel in wish.channels if channel not in entry.channels]
    if unknown:
        message = f"mục này không đăng trên kênh “{unknown[0]}”; các kênh của mục: {', '.join(entry.channels)}"
        raise BadInput(Problem(rule="unknown-channel", key="channel", message=message))
    file = open_entry(bench.root, entry.series or entry.id)
    written = file.written
    asked = _slots(bench, written, entry.id, wish.channels or entry.channels)
    free = movable(bench, entry.id)
    going = tuple(slot for slot in asked if slot.channel in free)
    if not going:
        message = "mọi bài đã chọn đã đăng, đang gửi hoặc đã bỏ nên không dời được; muốn sửa bài đã đăng, hãy đính chính"
        raise BadInput(Problem(rule="nothing-to-move", key="channel", message=f"{entry.id}: {message}"))
    shift = wish.to - min(slot.at for slot in going)
    rules = _rules(bench, written, going, shift, keeps_anchor=wish.keeps_anchor)
    left = tuple(slot for slot in asked if slot.channel not in free)
    return _thought(bench, entry.id, file, written, file.moments.with_rules(rules), left)


def think_back(bench: Bench, undo: Undo) -> Rescheduling:
    """Return what taking a move back would do; raise BadInput where somebody has changed the file since."""
    entry = bench.content.entries.get(undo.entry)
    if entry is None:
        raise BadInput(bench.content.unknown_entry(undo.entry))
    file = open_entry(bench.root, entry.series or entry.id)
    if file.digest != undo.digest:
        message = "tệp của bài đã đổi sau khi dời, không hoàn tác được nữa; muốn trở lại giờ cũ thì dời lần nữa"
        raise BadInput(Problem(rule="stale-write", file=file.name, message=message))
    for name, rule in undo.rules.items():
        if name not in (OWN, *entry.channels) or (name == OWN and not rule):
            raise BadInput(Problem(rule="unknown-channel", key="channel", message="không hoàn tác được; hãy dời lại bằng tay"))
        if rule:
            parse(rule)
    return _thought(bench, entry.id, file, file.written, file.moments.with_rules(undo.rules), ())


def carry_out(bench: Bench, thought: Rescheduling, person: Person) -> Undo:
    """Take back what was handed in or signed with the old moment, write the file, and return how to undo it.

    Raise BadInput, with nothing done, where something has to be put right first or somebody has changed the file meanwhile.
    """
    require(person, Right.WRITE)
    if thought.stops:
        raise BadInput(*(Problem(rule=each.kind.value, key=each.key, message=each.words) for each in thought.stops))
    told = "; ".join(f"{old or 'theo mục'} -> {new or 'theo mục'}" for old, new in thought.rules.values())
    made = write_moments(thought.file, thought.after, meanwhile=lambda: _take_back(bench, thought, person, told))
    bench.store.audit.write(person.id, "reschedule", thought.entry.series or thought.entry.id, told)
    return Undo(entry=thought.entry.id, rules={name: old for name, (old, _) in thought.rules.items()}, digest=made)


def rule_of(moments: Moments, name: str) -> str:
    """Return the rule that a channel has of its own, or with "" the entry's; empty where it has none."""
    return moments.when if name == OWN else moments.moments.get(name, "")


def _take_back(bench: Bench, thought: Rescheduling, person: Person, told: str) -> None:
    """End the signatures before the file says otherwise: in between nothing may go out at the old moment."""
    moving = dict.fromkeys(shift.before.entry for shift in thought.shifts)
    coming = [entry for entry in moving if movable(bench, entry)]  # what a turn that is out was signed with stands
    end_signatures(bench.store, coming, person, f"dời lịch: {told}")


def _slots(bench: Bench, written: WrittenEntry, entry: str, channels: Iterable[str]) -> tuple[PlannedSlot, ...]:
    """Return the entry's slots by its file as it is now."""
    made = _planned(bench, written)
    return tuple(slot for slot in made.slots if slot.entry == entry and slot.channel in set(channels))


def _planned(bench: Bench, written: WrittenEntry) -> Plan:
    entries = {each.id: each for each in occurrences(written.entry, bench.catalogue)}
    found = plan(_content(bench.content, written, entries, alone=True), bench.catalogue)
    if found.problems:
        raise BadInput(*found.problems)
    return found


def _content(content: Content, written: WrittenEntry, entries: Mapping[str, Entry], *, alone: bool = False) -> Content:
    """Return the content with these in the place of the entry, or of the turns of the series, that the file says."""
    file = written.entry.id
    others = {} if alone else {id: each for id, each in content.entries.items() if file not in (id, each.series)}
    return replace(content, entries={**others, **entries}, places={**content.places, **dict.fromkeys(entries, written.places)})


def _rules(
    bench: Bench, written: WrittenEntry, going: tuple[PlannedSlot, ...], shift: timedelta, *, keeps_anchor: bool
) -> dict[str, str]:  # fmt: skip
    """Return the new rule of each key: the entry's own where all that go by it move, a channel's own where only some do."""
    by_entry = {channel for channel in written.entry.channels if channel not in written.entry.moments}
    moving = {slot.channel for slot in going}
    together = by_entry <= moving
    keeps = keeps_anchor or written.entry.repeat is not None  # no day is every turn's
    rules: dict[str, str] = {}
    for slot in going:
        text = written.entry.rule_for(slot.channel)
        key = OWN if together and slot.channel in by_entry else slot.channel
        rules[key] = str(_moved(bench, text, slot, slot.at + shift, keeps_anchor=keeps))
    return rules


def _moved(bench: Bench, text: str, slot: PlannedSlot, to: datetime, *, keeps_anchor: bool) -> DateRule:
    of_turn: Resolved = resolve(slot.rule, bench.catalogue)  # the turn's own rule knows the day that the series counts from
    return moved_rule(parse(text), of_turn.anchor_date, to, keeps_anchor=keeps_anchor)


def _thought(
    bench: Bench, entry: str, file: EntryFile, written: WrittenEntry, after: Moments, left: tuple[PlannedSlot, ...]
) -> Rescheduling:  # fmt: skip
    changed = replace(written.entry, when=after.when, moments=after.moments)
    entries = {each.id: each for each in occurrences(changed, bench.catalogue)}
    was, now = _planned(bench, written), _planned(bench, replace(written, entry=changed))
    shifts = tuple(_shifts(was, now))
    if not shifts:
        message = "giờ mới trùng giờ đang có; hãy chọn ngày hoặc giờ khác"
        raise BadInput(Problem(rule="same-moment", key="day", message=message))
    found = consequences(
        bench, entry=entries[entry], before=was, after=now, moved={(each.after.entry, each.after.channel) for each in shifts},
        content=_content(bench.content, written, entries), rules=(file.moments, after), left=left,
    )  # fmt: skip
    return Rescheduling(
        entry=entries[entry], file=file, before=file.moments, after=after, shifts=shifts, left=left,
        turns=len(dict.fromkeys(shift.before.entry for shift in shifts)), consequences=found,
    )  # fmt: skip


def _shifts(was: Plan, now: Plan) -> Iterator[Shift]:
    new = {(slot.entry, slot.channel): slot for slot in now.slots}
    for slot in was.slots:
        after = new.get((slot.entry, slot.channel))
        if after is not None and after.at != slot.at:
            yield Shift(before=slot, after=after)

