"""An entry as somebody is typing it: read as if it were in its files, saved into them, and had back as it was.

The same for pages and for whatever else writes: nothing is written that could not be read again, and nothing over what somebody
else wrote meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from desk.deed_words import fields_told
from desk.entry_fields import Fields, amendments, field_of, fields_for, typed_fields, written_fields
from desk.taking_back import take_back_file
from desk.workbench import Workbench
from desk.workspace import Workspace
from editorial.calendar import Catalogue
from editorial.campaign_check import check_campaigns
from editorial.consistency import Certificate
from editorial.entry import Entry
from editorial.entry_check import check_entry
from editorial.order_check import check_order
from editorial.problem import BadInput, Problem, Severity
from editorial.recurrence import with_occurrences
from editorial.role import Person
from editorial.workspace import Content
from reading.amending import amended
from reading.document import dotted
from scheduler.media_choice import kind_of
from store.entry_reading import WrittenEntry
from store.entry_text import EntryText, Overtaken, read_entry_text, write_entry_text


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed, read: `problems` are of the fields that cannot be read as they are, and stand in the text as before."""

    text: EntryText
    written: WrittenEntry
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A field that two people changed: as it was when the page was opened, as the file has it, as it was typed."""

    field: str
    base: str
    theirs: str
    mine: str


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What became of a save: the bench that knows of it, and the fields that came from somebody else."""

    bench: Workbench
    text: EntryText
    changed: tuple[str, ...]  # fields
    taken_over: tuple[str, ...]


class Conflict(Exception):
    """Somebody else saved the same fields meanwhile; nothing was written. `merged` has both people's changes of all others."""

    def __init__(self, now: EntryText, merged: Fields, differences: tuple[Difference, ...]) -> None:
        super().__init__(now.name)
        self.now = now
        self.merged = merged
        self.differences = differences


def file_name(entry: Entry) -> str:
    """Return what an entry's file is called: a turn is written in the file of its series."""
    return entry.series or entry.id


def with_typed(text: EntryText, typed: Fields) -> EntryText:
    """Return the files' text with what was typed in it; raise BadInput, its problems at their fields, where it cannot be."""
    entry = text.read().entry
    known = fields_for(entry)
    wanted = written_fields(entry) | typed_fields(typed, known)
    made = dict(text.texts)
    for language, change in amendments(known, written_fields(entry), wanted).items():
        made[language] = amended(made[language], _file(text.name, language), change.values, change.body)
    after = EntryText(name=text.name, texts=made)
    read = after.read().entry
    said = written_fields(read)
    wrong = [name for name, value in wanted.items() if said.get(name) != value]
    if wrong or _besides(read) != _besides(entry):  # never a file that says anything else than what was meant
        field = next((each for each in known if each.name in wrong), None)
        message = "chưa ghi được đúng như đã gõ; hãy mở tệp và tự sửa chỗ này"
        file, key = (_file(text.name, field.language), dotted(field.path)) if field else (_file(text.name, "vi"), None)
        raise BadInput(Problem(rule="cannot-write", file=file, key=key, message=message))
    return after


def _file(name: str, language: str) -> str:
    return f"content/{name}.md" if language == "vi" else f"content/{name}.{language}.md"


def _besides(entry: Entry) -> Entry:
    """Return the entry without what the form writes."""
    media = tuple(replace(each, alt={}) for each in entry.media)
    return replace(entry, when="", moments={}, messages={}, media=media)


def read_typed(text: EntryText, typed: Fields) -> Typed:
    """Return what was typed as an entry; a field that cannot be read is left as the file has it, and told."""
    try:
        made = with_typed(text, typed)
        return Typed(text=made, written=made.read())
    except BadInput as error:
        entry = text.read().entry
        wrong = {field_of(problem, entry) for problem in error.problems}
        rest = {name: value for name, value in typed.items() if name not in wrong}
        if len(rest) == len(typed):
            raise
        return replace(read_typed(text, rest), problems=error.problems)


def alone(workspace: Workspace, written: WrittenEntry) -> Workspace:
    """Return the workspace with this entry in it, as written, and of the others only the one that it follows."""
    entry, content = written.entry, workspace.content
    before = [each for each in content.entries.values() if each.id == entry.after]
    mine = with_occurrences(_content(content, written), workspace.catalogue)
    return replace(
        workspace, content=replace(mine, entries={**mine.entries, **{each.id: each for each in before}},
                                   places={**mine.places, **{each.id: content.places[each.id] for each in before}}),
    )  # fmt: skip


def _content(content: Content, written: WrittenEntry) -> Content:
    id = written.entry.id
    translated = {(id, language): places for language, places in written.translated_places.items()}
    return replace(content, entries={id: written.entry}, places={id: written.places}, translated_places=translated)


def knowing(bench: Workbench, written: WrittenEntry) -> Workbench:
    """Return the bench with an entry as it is written now; everything else as it was read last."""
    content = _with_entry(bench.content, written, bench.catalogue)
    return replace(bench, workspace=replace(bench.workspace, content=content))


def _with_entry(content: Content, written: WrittenEntry, catalogue: Catalogue) -> Content:
    name = written.entry.id
    mine = with_occurrences(_content(content, written), catalogue)
    kept = {id: each for id, each in content.entries.items() if file_name(each) != name}
    gone = content.entries.keys() - kept.keys()
    translated = {key: places for key, places in content.translated_places.items() if key[0] not in gone | {name}}
    return replace(
        content,
        entries={**kept, **mine.entries},
        places={**{id: places for id, places in content.places.items() if id not in gone}, **mine.places},
        translated_places={**translated, **mine.translated_places},
    )


def save(
    bench: Workbench, name: str, person: Person, *, typed: Fields, base: Fields, digest: str, alone: bool = False
) -> Saved:  # fmt: skip
    """Write what was typed into the entry's files; raise Conflict where somebody saved the same field otherwise meanwhile.

    `base` are the fields as they were when the page was opened, `digest` the files' of that moment. What others changed in
    other fields stays; with `alone` any change of anybody else's is a Conflict. Raise BadInput, with nothing written, where a
    field cannot be read.
    """
    before = read_entry_text(bench.root, name)
    if alone and before.digest != digest:
        raise Conflict(before, typed, ())
    merged, taken = dict(typed), tuple[str, ...]()
    if before.digest != digest:
        merged, taken = _merge(before, typed, base)
    after = with_typed(before, merged)
    with_occurrences(_content(bench.content, after.read()), bench.catalogue)  # a series that has no turns would stop everybody
    return _write(bench, before, after, person, typed=typed, base=base, taken=taken)


def take_back(bench: Workbench, name: str, person: Person, kept: int, *, digest: str) -> Saved:
    """Write an earlier text of the entry's files again; raise Conflict where they changed since the page was opened."""
    before = read_entry_text(bench.root, name)
    try:
        found = bench.store.entry_texts.get(kept)
    except KeyError as error:
        raise BadInput(Problem(rule="unknown-revision", message="không còn bản này; hãy chọn một bản khác")) from error
    if found.text.name != name or found.text.texts.keys() != before.texts.keys():
        raise BadInput(Problem(rule="unknown-revision", message="bản này có các tệp khác với bây giờ; hãy tự chép lại trong tệp"))
    if before.digest != digest:
        raise Conflict(before, written_fields(before.read().entry), ())
    found.text.read()  # it could be read then; the rules may have changed
    fields = written_fields(before.read().entry)
    return _write(bench, before, found.text, person, typed=fields, base=fields, taken=())


def _write(
    bench: Workbench, before: EntryText, after: EntryText, person: Person, *, typed: Fields, base: Fields, taken: tuple[str, ...]
) -> Saved:  # fmt: skip
    written = after.read()
    old, new = written_fields(before.read().entry), written_fields(written.entry)
    changed = tuple(name for name, value in new.items() if value != old.get(name))
    if after.digest != before.digest:
        try:
            ending = partial(take_back_file, bench, before.read(), written, person, f"đổi lời của bài: {fields_told(changed)}")
            write_entry_text(bench.root, before, after, meanwhile=ending)
        except Overtaken as error:  # somebody's own editor, in this very moment
            raise Conflict(error.now, *_compare(error.now, typed, base)) from error
        bench.store.entry_texts.keep(before, after, person.id)
        bench.store.audit.write(person.id, "save", before.name, "đã ghi vào tệp: " + ", ".join(changed))
    return Saved(bench=knowing(bench, written), text=after, changed=changed, taken_over=taken)


def _merge(now: EntryText, typed: Fields, base: Fields) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return both people's changes together, and the fields that the other changed; raise Conflict where both changed one."""
    merged, differences = _compare(now, typed, base)
    if differences:
        raise Conflict(now, merged, differences)
    theirs = written_fields(now.read().entry)
    return dict(merged), tuple(name for name in merged if theirs[name] != base.get(name, "") and theirs[name] != typed.get(name))


def _compare(now: EntryText, typed: Fields, base: Fields) -> tuple[dict[str, str], tuple[Difference, ...]]:
    entry = now.read().entry
    theirs, mine = written_fields(entry), typed_fields(typed, fields_for(entry))
    merged: dict[str, str] = {}
    differences = []
    for name, value in theirs.items():
        old, my = base.get(name, ""), mine.get(name, base.get(name, ""))
        if my in (old, value):
            merged[name] = value
        else:
            merged[name] = my
            if value != old:
                differences.append(Difference(field=name, base=old, theirs=value, mine=my))
    return merged, tuple(differences)


def examined(workspace: Workspace, id: str) -> tuple[tuple[Problem, ...], Certificate | None]:
    """Return what `./loa check` would say of an entry of a workspace that holds it alone, campaigns and order included, and which
    channels miss a picture or clip; and its certificate, where everything that it quotes is there."""
    content, plan, entry = workspace.content, workspace.plan, workspace.content.entries[id]
    named = check_entry(entry, content, workspace.templates)
    beside = (*check_campaigns(plan, content, workspace.catalogue), *check_order(plan, content))
    files = {place[0] for place in content.places[id].values()}
    found = (*named, *plan.problems, *(each for each in beside if each.file in files), *_missing_media(workspace, entry))
    if any(problem.severity is Severity.ERROR for problem in named):
        return tuple(dict.fromkeys(found)), None
    slots = plan.of(id)
    made = workspace.production.check(slots)
    certificate = None
    with suppress(BadInput):  # what cannot be written out is told by the check of its slots
        certificate = workspace.production.certificate(entry, slots) if slots else None
    said = certificate.problems if certificate else ()
    return tuple(dict.fromkeys((*found, *made, *said))), certificate


def _missing_media(workspace: Workspace, entry: Entry) -> Iterator[Problem]:
    """Yield which channels take no post without a picture or clip: told while it is written, not first when it is signed."""
    kinds = {order.id: kind_of(order) for order in entry.media}
    for slot in workspace.plan.of(entry.id):
        if slot.channel not in workspace.manifests:
            continue  # a channel that the office has not is told by name
        with suppress(BadInput):
            brought = {kinds[order.medium] for order in workspace.production.orders([slot])}
            for words in workspace.manifests[slot.channel].missing_media(brought):
                yield Problem(rule="missing-media", message=words, channel=slot.channel)
