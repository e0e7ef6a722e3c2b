"""An entry's properties are changed: what its file would say, what follows from that, and then writing it.

The same for the page and for programs. Whoever takes a channel away, or says anything else that is signed, is shown so before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from desk.consequences import Consequence, Kind
from desk.drafting import Saved, file_name, knowing
from desk.english_text import with_english
from desk.entry_fields import written_fields
from desk.property_consequences import PropertyLook
from desk.property_file import with_properties
from desk.property_words import NAMES, Properties, written_properties
from desk.taking_back import end_signatures
from desk.triage import is_out
from desk.workbench import Workbench
from editorial.digest import digest
from editorial.entry import Entry
from editorial.plan import Plan, plan
from editorial.problem import BadInput, Problem
from editorial.recurrence import occurrences, with_occurrences
from editorial.role import Person, Right, require
from editorial.workspace import Content
from store.entry_reading import WrittenEntry
from store.entry_text import EntryText, Overtaken, write_entry_text

LABELS = {
    "channels": "kênh", "languages": "ngôn ngữ", "unit": "đơn vị", "axis": "trục", "group": "nhóm nội dung", "tone": "không khí",
    "form": "hình thức", "campaign": "chiến dịch", "after": "đăng sau mục", "repeat": "lặp lại",
    "uses": "dữ kiện phải có", "facts": "dữ kiện riêng", "english": "bản tiếng Anh",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change that was thought through, nothing of it done."""

    look: PropertyLook
    before: EntryText
    after: EntryText
    consequences: tuple[Consequence, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the names of the properties that would be others."""
        old, new = written_properties(self.look.before.entry), written_properties(self.look.after.entry)
        found = tuple(name for name in NAMES if getattr(old, name) != getattr(new, name))
        return (*found, "english") if self.after.texts.keys() != self.before.texts.keys() else found

    @property
    def stops(self) -> tuple[Consequence, ...]:
        """Return what has to be put right first."""
        return tuple(each for each in self.consequences if each.stops)

    @property
    def asks(self) -> bool:
        """Tell whether something follows that a person should have read before it is done."""
        return any(each.weight != "note" for each in self.consequences)

    @cached_property
    def seal(self) -> str:
        """Return the digest of everything that is shown: what somebody agreed to is this and nothing else."""
        return digest((self.before.digest, self.after.digest, [each.words for each in self.consequences]))[:16]

    @property
    def turns(self) -> tuple[Entry, ...]:
        """Return the entry as it would be, or the turns of the series."""
        name = self.after.name
        return tuple(each for each in self.look.content.entries.values() if name in (each.id, each.series))


def think_through(
    bench: Workbench, entry: str, before: EntryText, wanted: Properties, english: Mapping[str, str] | None = None
) -> Change:  # fmt: skip
    """Return what another choice of properties, and a first English text, would do.

    Raise BadInput, at the keys, where they cannot be chosen so.
    """
    after = with_properties(before, wanted, bench.catalogue, bench.clock.now())
    return changed_to(bench, entry, before, with_english(after, english or {}))


def changed_to(bench: Workbench, entry: str, before: EntryText, after: EntryText) -> Change:
    """Return what follows once an entry's files say `after`; raise BadInput where they name what there is not."""
    old, new = before.read(), after.read()
    now = _planned(bench, new)
    look = PropertyLook(
        bench=bench, pointed=entry, before=old, after=new, was=_planned(bench, old, lenient=True), now=now,
        content=_content(bench, new),
    )  # fmt: skip
    if before.digest == after.digest:
        return Change(look=look, before=before, after=after, consequences=())
    found = look.consequences()
    quoted = any(each.kind is Kind.QUOTED for each in found)
    wrong = [each for each in look.check[0] if not (quoted and (each.key or "").startswith("uses"))]
    if wrong:
        raise BadInput(*wrong)
    return Change(look=look, before=before, after=after, consequences=found)


def carry_out(bench: Workbench, change: Change, person: Person) -> Saved:
    """Write the file, keep what it said before, and take back what was signed or handed in with it.

    Raise BadInput, with nothing done, where something has to be put right first or somebody has changed the file meanwhile.
    """
    require(person, Right.WRITE)
    if change.stops:
        raise BadInput(*(Problem(rule=each.kind.value, key=each.key, message=each.words.rstrip(".")) for each in change.stops))
    before, after = change.before, change.after
    if after.digest != before.digest:
        told = ", ".join(LABELS[name] for name in change.changed)
        try:
            write_entry_text(bench.root, before, after, meanwhile=lambda: _take_back(bench, change, person, told))
        except Overtaken as error:
            message = "có người vừa đổi tệp này; chưa ghi gì, hãy xem lại rồi lưu lại"
            raise BadInput(Problem(rule="stale-write", file=f"content/{before.name}.md", message=message)) from error
        bench.store.entry_texts.keep(before, after, person.id)
        bench.store.audit.write(person.id, "save", before.name, f"đã ghi vào tệp: {told}")
    fresh = knowing(bench, change.look.after)
    return Saved(bench=fresh, text=after, changed=(*change.changed, *_fields(change)), taken_over=())


def _fields(change: Change) -> tuple[str, ...]:
    """Return the fields of the message that would say otherwise: a program may change both at once."""
    old, new = written_fields(change.look.before.entry), written_fields(change.look.after.entry)
    return tuple(name for name, value in new.items() if value != old.get(name, ""))


def merged(mine: Properties, base: Properties, theirs: Properties) -> tuple[Properties, tuple[str, ...]]:
    """Return both people's choices together, and what both chose otherwise: there it is mine."""
    taken, both = dict[str, object](), list[str]()
    for name in NAMES:
        my, old, now = getattr(mine, name), getattr(base, name), getattr(theirs, name)
        if my == old:
            taken[name] = now
        elif now not in (old, my):
            both.append(name)
    return replace(mine, **taken), tuple(both)  # type: ignore[arg-type]  # each by its own name


def _take_back(bench: Workbench, change: Change, person: Person, told: str) -> None:
    """End the signatures before the file says otherwise: in between nothing may go out on a channel that was taken away."""
    out = {(each.entry, each.channel) for each in change.look.deliveries if is_out(each)}
    coming = [slot.entry for slot in change.look.was.slots if (slot.entry, slot.channel) not in out]  # of the rest all is out
    end_signatures(bench.store, coming, person, f"đổi thuộc tính: {told}")


def _planned(bench: Workbench, written: WrittenEntry, *, lenient: bool = False) -> Plan:
    entries = {each.id: each for each in occurrences(written.entry, bench.catalogue)}
    places: Mapping[str, Mapping[str, tuple[str, int, str]]] = {**bench.content.places, **dict.fromkeys(entries, written.places)}
    found = plan(replace(bench.content, entries=entries, places=places), bench.catalogue)
    if found.problems and not lenient:
        raise BadInput(*found.problems)
    return found


def _content(bench: Workbench, written: WrittenEntry) -> Content:
    """Return the content with the file's entry, or its turns, in the place of those that it had."""
    name = written.entry.id
    own = replace(bench.content, entries={name: written.entry}, places={**bench.content.places, name: written.places})
    made = with_occurrences(own, bench.catalogue)
    others = {id: each for id, each in bench.content.entries.items() if file_name(each) != name}
    return replace(bench.content, entries={**others, **made.entries}, places={**bench.content.places, **made.places})
