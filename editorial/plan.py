"""From entries to slots: every entry on every channel, at the moment its date rule gives."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache, cached_property, partial

from editorial.calendar import Catalogue
from editorial.clock import OFFICE_ZONE
from editorial.date_rule import Note, Resolved, resolve
from editorial.entry import Entry
from editorial.lunar import LunarDate, to_lunar
from editorial.occasion import Occasion
from editorial.problem import BadInput, Problem
from editorial.workspace import Content


@dataclass(frozen=True, kw_only=True)
class PlannedSlot:
    """An entry on a channel at a moment."""

    entry: str
    channel: str
    at: datetime  # Asia/Ho_Chi_Minh
    rule: str
    anchor: str
    occasion: str | None  # the anchor's Vietnamese name; none for a fixed day
    provisional: bool  # rests on a day off that is not announced yet
    notes: tuple[Note, ...] = field(repr=False, compare=False)
    observed: Occasion | None = None  # the occurrence that the rule counts from; none for a fixed day
    after: str | None = None  # the key of the post of this channel that goes out first, where the entry asks for it
    beside: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)  # channel -> key of the entry's post there

    @property
    def steps(self) -> tuple[str, ...]:
        """Return how the moment was found, in Vietnamese, for the editor."""
        return tuple(note() for note in self.notes)

    @property
    def key(self) -> str:
        """Return what the slot's post is known by for ever."""
        return f"{self.entry}.{self.channel}.{self.at.year}"

    def key_on(self, channel: str) -> str:
        """Return the key of the entry's post on another channel; one that was not planned has this one's year."""
        return self.beside.get(channel, f"{self.entry}.{channel}.{self.at.year}")

    @property
    def day(self) -> date:
        """Return the slot's day in the office's zone."""
        return self.at.astimezone(OFFICE_ZONE).date()

    @property
    def lunar(self) -> LunarDate:
        """Return the slot's day in the Vietnamese lunar calendar."""
        return to_lunar(self.day)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The slots of a period, by moment, then entry, then channel; and what could not be planned."""

    slots: tuple[PlannedSlot, ...]
    problems: tuple[Problem, ...]

    def between(self, start: date, end: date) -> tuple[PlannedSlot, ...]:
        """Return the slots from `start` to `end`, both days included."""
        return _between(self.slots, start, end)

    def firsts_between(self, start: date, end: date) -> tuple[PlannedSlot, ...]:
        """Return the first slot of each entry that begins from `start` to `end`, both days included."""
        return _between(self._firsts, start, end)

    @property
    def last_day(self) -> date | None:
        """Return the day of the last slot; None where nothing is planned."""
        return self.slots[-1].day if self.slots else None

    def of(self, entry: str) -> tuple[PlannedSlot, ...]:
        """Return the slots of one entry."""
        return self._by_entry.get(entry, ())

    @cached_property
    def _firsts(self) -> tuple[PlannedSlot, ...]:
        firsts: dict[str, PlannedSlot] = {}
        for slot in self.slots:
            firsts.setdefault(slot.entry, slot)
        return tuple(firsts.values())

    @cached_property
    def _by_entry(self) -> dict[str, tuple[PlannedSlot, ...]]:
        """Gather the slots once: every entry is asked for in turn."""
        gathered: dict[str, list[PlannedSlot]] = {}
        for slot in self.slots:
            gathered.setdefault(slot.entry, []).append(slot)
        return {id: tuple(slots) for id, slots in gathered.items()}


def plan(content: Content, catalogue: Catalogue) -> Plan:
    """Return every slot of every entry; an entry whose rule has no answer is a problem at its line, and the rest are planned."""
    slots: list[PlannedSlot] = []
    problems: list[Problem] = []
    moment = cache(partial(resolve, catalogue=catalogue))  # the channels of an entry mostly share one rule
    for entry in content.entries.values():
        own: list[PlannedSlot] = []
        for channel in entry.channels:
            try:
                own.append(_slot(entry, channel, moment(entry.rule_for(channel))))
            except BadInput as error:
                problems.extend(_placed(error.problems, content, entry, channel))
        slots.extend(_knowing_each_other(own) if entry.has_comments else own)
    return Plan(slots=tuple(sorted(_in_turn(slots, content), key=_order)), problems=tuple(dict.fromkeys(problems)))


def _knowing_each_other(slots: list[PlannedSlot]) -> Iterator[PlannedSlot]:
    """Give the slots of an entry one another's keys: those of one entry may lie on both sides of a New Year."""
    keys = {slot.channel: slot.key for slot in slots}
    return (replace(slot, beside=keys) for slot in slots)


def _in_turn(slots: Iterable[PlannedSlot], content: Content) -> Iterator[PlannedSlot]:
    """Give each slot the key of the post that it follows; one whose day is not found is known by the slot's own year."""
    slots = tuple(slots)
    keys = {(slot.entry, slot.channel): slot.key for slot in slots}
    for slot in slots:
        first = content.entries[slot.entry].after
        earlier = content.entries.get(first) if first else None
        if first is None or (earlier is not None and slot.channel not in earlier.channels):
            yield slot
        else:
            yield replace(slot, after=keys.get((first, slot.channel), f"{first}.{slot.channel}.{slot.at.year}"))


def _slot(entry: Entry, channel: str, resolved: Resolved) -> PlannedSlot:
    return PlannedSlot(
        entry=entry.id,
        channel=channel,
        at=resolved.at,
        rule=resolved.rule,
        anchor=resolved.anchor,
        occasion=resolved.occasion.name.vi if resolved.occasion else None,
        provisional=resolved.provisional,
        notes=resolved.notes,
        observed=resolved.occasion,
    )


def _between(slots: tuple[PlannedSlot, ...], start: date, end: date) -> tuple[PlannedSlot, ...]:
    first = bisect_left(slots, start, key=_day_of)
    return slots[first : bisect_right(slots, end, lo=first, key=_day_of)]


def _day_of(slot: PlannedSlot) -> date:
    return slot.day


def _order(slot: PlannedSlot) -> tuple[datetime, str, str]:
    return slot.at, slot.entry, slot.channel


def _placed(problems: Iterable[Problem], content: Content, entry: Entry, channel: str) -> list[Problem]:
    key = f"moments.{channel}" if channel in entry.moments else "when"
    file, line, _ = content.place(entry.id, key)
    return [Problem(rule=problem.rule, message=problem.message, file=file, line=line, key=key) for problem in problems]
