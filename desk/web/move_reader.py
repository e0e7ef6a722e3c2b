"""Gather the form that moves an entry: where it stands, where it would stand, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from desk.rescheduling import Rescheduling, Wish, movable, rule_of, think_through
from desk.web.calendar_place import read_calendar_day, read_clock
from desk.web.moment_words import moment_words, short_moment
from desk.web.outlook import Outlook
from desk.web.views.mark import mark
from desk.web.views.moving import ChannelChoice, MovedRule, MovedSlot, MovePage
from editorial.clock import OFFICE_ZONE
from editorial.date_expression import parse
from editorial.date_rule import resolve
from editorial.entry import Entry
from editorial.plan import PlannedSlot, plan
from editorial.problem import BadInput, Problem
from editorial.recurrence import with_occurrences
from store.entry_file import open_entry

FIELDS = frozenset({"day", "time", "channel"})


@dataclass(frozen=True, kw_only=True)
class MoveForm:
    """What the form was sent with; what somebody has typed is kept as they typed it."""

    entry: str
    channels: tuple[str, ...] = ()
    day: str = ""  # of the card that was pointed at
    to_day: str = ""
    to_time: str = ""
    anchored: bool = True
    back: str = ""
    seal: str = ""


@dataclass(frozen=True)
class MoveReader:
    """Read one form."""

    outlook: Outlook
    form: MoveForm

    def entry(self) -> Entry:
        """Return the entry that is to move; raise BadInput where there is none."""
        found = self.outlook.bench.content.entries.get(self.form.entry)
        if found is None:
            raise BadInput(self.outlook.bench.content.unknown_entry(self.form.entry))
        return found

    def thought(self) -> Rescheduling:
        """Return what the move would do; raise BadInput, by field, where it cannot be thought through."""
        chosen = self._chosen(self.slots())
        if not chosen:
            raise BadInput(Problem(rule="missing-text", key="channel", message="hãy chọn ít nhất một kênh để dời"))
        day = read_calendar_day(self.form.to_day, "day")
        wish = Wish(
            entry=self.form.entry, channels=chosen, to=datetime.combine(day, self._time(), OFFICE_ZONE),
            keeps_anchor=self.form.anchored,
        )  # fmt: skip
        return think_through(self.outlook.bench, wish)

    def page(self, thought: Rescheduling | None = None, problems: tuple[Problem, ...] = (), *, changed: bool = False) -> MovePage:
        """Return the form as it stands, with what follows where that is known."""
        entry, slots = self.entry(), self.slots()
        chosen = self._chosen(slots)
        first = min((slot for slot in slots if slot.channel in chosen), key=lambda slot: slot.at, default=None)
        rule = first and parse(first.rule)
        form = self.form
        page = MovePage(
            entry=entry.id,
            headline=self.outlook.headlines([entry.id])[entry.id],
            channels=self._choices(slots, chosen),
            to_day=form.to_day or (first.day.isoformat() if first else ""),
            to_time=form.to_time or (f"{first.at:%H:%M}" if first else ""),
            anchored=form.anchored,
            anchor=(first.occasion or "") if first and rule and rule.fixed is None else "",
            series=entry.series is not None,
            day=form.day,
            back=form.back,
            errors=_by_field(problems),
            changed=changed,
        )
        return self._with_outcome(page, thought) if thought else page

    def slots(self) -> tuple[PlannedSlot, ...]:
        """Return where the entry's channels stand now, by its file as it is."""
        bench, entry = self.outlook.bench, self.entry()
        written = open_entry(bench.root, entry.series or entry.id).written
        content = replace(bench.content, entries={written.entry.id: written.entry},
                          places={written.entry.id: written.places}, translated_places={})  # fmt: skip
        made = with_occurrences(content, bench.catalogue).entries.get(entry.id, entry)
        return plan(replace(bench.content, entries={made.id: made}), bench.catalogue).slots

    def _chosen(self, slots: tuple[PlannedSlot, ...]) -> tuple[str, ...]:
        if self.form.channels:
            return self.form.channels
        free = movable(self.outlook.bench, self.form.entry)
        on_day = [slot.channel for slot in slots if not self.form.day or slot.day.isoformat() == self.form.day]
        return tuple(channel for channel in on_day if channel in free)

    def _choices(self, slots: tuple[PlannedSlot, ...], chosen: tuple[str, ...]) -> tuple[ChannelChoice, ...]:
        office, free = self.outlook.bench.content.office, movable(self.outlook.bench, self.form.entry)
        return tuple(
            ChannelChoice(
                mark=mark(office, slot.channel), at=short_moment(slot.at), chosen=slot.channel in chosen,
                free=slot.channel in free,
            )
            for slot in slots
        )  # fmt: skip

    def _time(self) -> time:
        text = self.form.to_time
        try:
            return read_clock(text)
        except ValueError as error:
            message = f"không đọc được giờ “{text[:20]}”; hãy ghi hai chữ số giờ và hai chữ số phút, ví dụ 08:00"
            raise BadInput(Problem(rule="bad-time", key="time", message=message)) from error

    def _with_outcome(self, page: MovePage, thought: Rescheduling) -> MovePage:
        office = self.outlook.bench.content.office
        slots = tuple(
            MovedSlot(
                mark=mark(office, each.before.channel), before=moment_words(each.before.at), after=moment_words(each.after.at),
                entry=each.before.entry if thought.turns > 1 else "", provisional=each.after.provisional,
            )
            for each in thought.shifts
        )  # fmt: skip
        rules = tuple(self._rule(thought, name) for name in thought.rules)
        errors = {**page.errors, **{each.key: each.words for each in thought.stops}}
        return replace(
            page, slots=slots, rules=rules, consequences=thought.consequences, seal=thought.seal, errors=errors
        )  # fmt: skip

    def _rule(self, thought: Rescheduling, name: str) -> MovedRule:
        """Return a rule with its reading in words: of the slot that goes by it now, of the entry that was pointed at."""
        old, new = thought.rules[name]
        of = next((each.after for each in thought.shifts
                   if each.after.entry == thought.entry.id and (each.after.channel == name or not name)), None)  # fmt: skip
        known = self.outlook.bench.content.office.channels.get(name)
        steps = resolve(of.rule, self.outlook.bench.catalogue).steps if of else ()
        return MovedRule(name=known.name if known else "", before=old or rule_of(thought.before, ""), after=new, steps=steps)


def _by_field(problems: tuple[Problem, ...]) -> Mapping[str, str]:
    """Return what is wrong by field of the form; what belongs to none stands above them all."""
    found: dict[str, str] = {}
    for problem in problems:
        key = problem.key if problem.key in FIELDS else ""
        said = problem.message[:1].upper() + problem.message[1:]
        found[key or ""] = f"{found[key or '']} {said}" if (key or "") in found else said
    return found
