"""Gather the page on which the properties of an entry are chosen."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from desk.drafting import file_name
from desk.english_text import WANTED
from desk.property_words import FactWords, Properties, clean_fact, cleaned, written_properties
from desk.property_writing import LABELS, Change, merged, think_through
from desk.triage import is_out
from desk.web.choices import Options, choices
from desk.web.draft_reader import FORMS, TONES
from desk.web.fact_picker import pick
from desk.web.moment_words import moment_words, short_moment
from desk.web.outlook import Outlook
from desk.web.phrase_book import spoken
from desk.web.properties_form import PropertiesForm, packed
from desk.web.views.entry import KINDS
from desk.web.views.mark import mark
from desk.web.views.properties import ChannelRow, FactRow, PropertiesPage, Selects, UseRow
from desk.workbench import Workbench
from editorial.entry import Entry
from editorial.fact_words import words
from editorial.problem import Problem
from editorial.quotes import quoted_by
from store.entry_text import EntryText, read_entry_text

NEAR = timedelta(days=90)  # how far the entries stand that this one may follow
MOST_FIRSTS, MOST_TURNS = 60, 6
LANGUAGES = {"vi": "Tiếng Việt", "en": "Tiếng Anh"}
_PLACE = re.compile(r"facts\[(\d+)\]\.(\w+)")


@dataclass(frozen=True)
class PropertiesReader:
    """Read one entry's properties: as the file has them, or as a form was sent."""

    bench: Workbench
    entry: Entry

    @cached_property
    def text(self) -> EntryText:
        return read_entry_text(self.bench.root, file_name(self.entry))

    @cached_property
    def written(self) -> Entry:
        return self.text.read().entry

    @cached_property
    def now(self) -> Properties:
        return written_properties(self.written)

    def opened(self) -> PropertiesForm:
        """Return the form as it is before anybody chooses anything."""
        return PropertiesForm(typed=self.now, rows=self.now.facts, base=self.now, digest=self.text.digest)

    def wanted(self, form: PropertiesForm) -> tuple[Properties, tuple[str, ...]]:
        """Return what is to be written: what others chose meanwhile stays, but where this person chose otherwise too."""
        if form.digest == self.text.digest or form.base is None:
            return form.typed, ()
        base = cleaned(form.base, form.base)
        return merged(cleaned(form.typed, base), base, self.now)

    def thought(self, form: PropertiesForm) -> Change:
        """Return what the form would do; raise BadInput, by field, where it cannot be chosen so."""
        return think_through(self.bench, self.entry.id, self.text, self.wanted(form)[0], form.english)

    def page(
        self, form: PropertiesForm, change: Change | None = None, problems: Iterable[Problem] = (), *, unread: bool = False,
        told: tuple[str, ...] = (), undo: int = 0, spare: int = 0,
    ) -> PropertiesPage:  # fmt: skip
        """Return the page of what is chosen; `spare` is how many empty rows wait for a fact."""
        chosen, both = self.wanted(form)
        turns = [each for each in self.bench.content.entries.values() if each.series and each.series == self.entry.series]
        uses, found = self._uses(chosen, form.find)
        return PropertiesPage(
            id=self.entry.id,
            headline=Outlook(self.bench).headlines([self.entry.id])[self.entry.id],
            file=self.entry.file,
            series=len(turns),
            digest=self.text.digest,
            base=packed(self.now),
            chosen=chosen,
            channels=tuple(self._channels(chosen)),
            selects=self._selects(chosen),
            uses=uses,
            found=found,
            find=form.find,
            english={key: form.english.get(key, "") for key in WANTED},
            facts=tuple(self._facts(form, spare)),
            turns=self._turns(change),
            consequences=change.consequences if change else (),
            seal=change.seal if change else "",
            changed=tuple(LABELS[name] for name in change.changed) if change else (),
            unread=unread,
            errors=self._by_field(form, problems),
            told=told,
            undo=undo,
            theirs=tuple(LABELS[name] for name in both),
        )

    def _channels(self, chosen: Properties) -> Iterator[ChannelRow]:
        office, stands = self.bench.content.office, self._stands()
        for id in dict.fromkeys((*chosen.channels, *office.channels, *self.now.channels)):  # as the form sends them again
            if id not in office.channels and id not in self.now.channels:
                continue
            yield ChannelRow(
                mark=mark(office, id), chosen=id in chosen.channels, language=chosen.languages.get(id, "vi"),
                stands=stands.get(id, ""),
            )  # fmt: skip

    def _stands(self) -> dict[str, str]:
        found = {slot.channel: short_moment(slot.at) for slot in self.bench.slots_of(self.entry.id)}
        for each in self.bench.store.deliveries.list(entry=self.entry.id):
            if is_out(each):
                found[each.channel] = spoken("đã đăng hoặc đang gửi")
        return found

    def _selects(self, chosen: Properties) -> Selects:
        content, known = self.bench.content, choices(self.bench.content.office)
        return Selects(
            units=_with(known.units, chosen.unit), axes=_with(known.axes, chosen.axis), groups=_with(known.groups, chosen.group),
            tones=TONES, forms=FORMS,
            campaigns=_with(tuple((each.id, each.name) for each in content.campaigns.values()), chosen.campaign),
            firsts=self._firsts(chosen), anchors=_with(self._anchors(), chosen.repeat.get("anchor", "")),
            kinds=tuple((kind.value, f"{said[:1].upper()}{said[1:]}") for kind, said in KINDS.items()),
            languages=tuple((language, LANGUAGES.get(language, language)) for language in self.written.messages),
        )  # fmt: skip

    def _firsts(self, chosen: Properties) -> Options:
        """Return the entries that go out about then on one of the channels, the nearest first, and the one that is chosen."""
        mine = self.bench.slots_of(self.entry.id)
        if not mine:
            return _with((), chosen.after)
        at = min(slot.at for slot in mine)
        near: dict[str, timedelta] = {}
        for slot in self.bench.plan((at - NEAR).date(), (at + timedelta(days=2)).date()):
            if slot.channel in chosen.channels and slot.entry != self.entry.id and not self._is_mine(slot.entry):
                near[slot.entry] = min(near.get(slot.entry, timedelta.max), abs(slot.at - at))
        ids = sorted(near, key=lambda id: (near[id], id))[:MOST_FIRSTS]
        names = Outlook(self.bench).headlines((*ids, chosen.after))
        listed = dict.fromkeys((*([chosen.after] if chosen.after else []), *ids))
        return tuple((id, names.get(id, id)) for id in listed)

    def _is_mine(self, entry: str) -> bool:
        other = self.bench.content.entries.get(entry)
        return other is not None and file_name(other) == file_name(self.entry)

    def _anchors(self) -> Options:
        year = Outlook(self.bench).today.year
        named = {
            each.id: each.name.vi for each in (*self.bench.catalogue.occasions(year), *self.bench.catalogue.occasions(year + 1))
        }
        return tuple(sorted(named.items(), key=lambda each: each[1]))

    def _uses(self, chosen: Properties, find: str) -> tuple[tuple[UseRow, ...], tuple[UseRow, ...]]:
        """Return the facts that are chosen, quoted or the entry's own, and others that the search finds."""
        known = self.bench.content.facts_of(self.written)
        quoted = quoted_by(replace(self.written, uses=()))
        own = [fact.id for fact in chosen.facts if fact.id]
        first = [
            id for id in dict.fromkeys((*chosen.uses, *own, *sorted(quoted))) if id in known or id in chosen.uses or id in own
        ]
        rest = [each.row.id for each in pick(known.values(), find) if each.row.id not in first] if find.strip() else []
        return tuple(self._use(id, chosen, quoted) for id in first), tuple(self._use(id, chosen, quoted) for id in rest)

    def _use(self, id: str, chosen: Properties, quoted: Collection[str]) -> UseRow:
        fact = self.bench.content.facts_of(self.written).get(id)
        said = (words(fact, "vi"), KINDS[fact.kind], fact.source) if fact else (id, "", "")
        return UseRow(id=id, words=said[0], kind=said[1], source=said[2], chosen=id in chosen.uses, quoted=id in quoted)

    def _facts(self, form: PropertiesForm, spare: int) -> Iterator[FactRow]:
        written = {fact.id for fact in self.now.facts}
        rows = form.rows
        if form.digest != self.text.digest and form.base is not None and form.typed.facts == form.base.facts:
            rows = self.now.facts  # somebody else changed them meanwhile
        for number, fact in enumerate(rows):
            yield FactRow(number=number, fact=fact, written=fact.id in written, gone=number in form.gone)
        for number in range(len(rows), len(rows) + spare):
            yield FactRow(number=number, fact=FactWords(id=""), written=False)

    def _turns(self, change: Change | None) -> tuple[str, ...]:
        slots = change.look.now.slots if change else ()
        if change is None or change.look.after.entry.repeat is None:
            return ()
        firsts: dict[str, str] = {}
        for slot in sorted(slots, key=lambda each: each.at):
            if slot.at > self.bench.clock.now():
                firsts.setdefault(slot.entry, moment_words(slot.at))
        return tuple(firsts.values())[:MOST_TURNS]

    def _by_field(self, form: PropertiesForm, problems: Iterable[Problem]) -> Mapping[str, str]:
        """Return what is wrong by field of the form; what belongs to none stands above them all."""
        found: dict[str, str] = {}
        for problem in problems:
            key = self._field_of(problem.key or "", form)
            said = problem.message[:1].upper() + problem.message[1:]
            found[key] = f"{found[key]} {said}" if key in found else said
        return found

    def _field_of(self, key: str, form: PropertiesForm) -> str:
        place = _PLACE.fullmatch(key)
        if place:
            chosen = cleaned(self.wanted(form)[0], self.now).facts
            return self._row_of(chosen[int(place[1])], form, place[2]) if int(place[1]) < len(chosen) else "facts"
        parts = key.split(".")
        if parts[0] == "facts" and len(parts) > 1:
            fact = next((each for each in form.typed.facts if clean_fact(each).id == parts[1]), None)
            return self._row_of(clean_fact(fact), form, parts[2] if len(parts) > 2 else "value") if fact else "facts"
        if parts[0] in ("when", "moments"):
            return "repeat"
        return key.split("[")[0] if key.split("[")[0] in _FIELDS or parts[0] in ("repeat", "languages", "english") else ""

    def _row_of(self, fact: FactWords, form: PropertiesForm, key: str) -> str:
        number = next((index for index, row in enumerate(form.rows) if index not in form.gone and clean_fact(row) == fact), None)
        return "facts" if number is None else f"fact.{number}.{key}"


_FIELDS = frozenset(LABELS)


def _with(options: Options, chosen: str) -> Options:
    """Return the options with what is chosen among them: what the office has no more is shown as it is written."""
    return options if not chosen or chosen in dict(options) else ((chosen, chosen), *options)
