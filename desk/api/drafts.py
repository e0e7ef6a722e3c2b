"""What programs write: a new entry's file, and a change of one, by the functions that the pages write with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from desk.api.entry_records import EntryChange, NewEntry
from desk.api.problem_document import Refused, refusal
from desk.api.property_records import PropertiesChange, changed_properties
from desk.consequences import Consequence
from desk.drafting import Conflict, file_name, save, with_typed
from desk.entry_fields import fields_for, typed_fields, written_fields
from desk.new_entry import Begun, Draft, begin_entry, suggested_id, write_entry
from desk.property_file import with_properties
from desk.property_words import cleaned, written_properties
from desk.property_writing import LABELS, carry_out, changed_to
from desk.web.failures import status_of
from desk.workbench import Workbench
from editorial.entry import Entry
from editorial.problem import BadInput, Problem
from editorial.role import Person
from store.entry_text import EntryText, read_entry_text

_TAKEN = frozenset({"file-exists", "stale-write", "already-proposed", "out", "quoted"})  # rules that say: not as things stand now


def etag_of(text: EntryText) -> str:
    """Return the name of these very files."""
    return f'"{text.digest}"'


def begin(bench: Workbench, new: NewEntry, person: Person) -> tuple[Begun, EntryText]:
    """Write a new entry; raise Refused, field by field, with nothing written, where it does not hold together."""
    id = new.id.strip() or suggested_id(new.headline, bench.content.names)
    draft = Draft(
        id=id, headline=new.headline.strip(), summary=new.summary.strip(), group=new.group, axis=new.axis, unit=new.unit,
        tone=new.tone, when=new.when.strip(), channels=tuple(dict.fromkeys(new.channels)), form=new.form, campaign=new.campaign,
        body=new.body,
    )  # fmt: skip
    try:
        begun = begin_entry(bench, draft)
        write_entry(bench, begun, person)
    except BadInput as error:
        raise as_refusal(error) from error
    return begun, read_entry_text(bench.root, id)


def change(
    bench: Workbench, entry: Entry, person: Person, wanted: EntryChange, seen: str
) -> tuple[EntryText, tuple[Consequence, ...]]:  # fmt: skip
    """Write fields and properties of an entry's files; raise Refused where the files are not those that were `seen` any more."""
    if not seen.strip():
        message = "hãy gửi If-Match với ETag của lần đọc mục này, để không ghi đè lời người khác vừa viết"
        raise refusal(428, "if-match-needed", message)
    now = read_entry_text(bench.root, file_name(entry))
    if seen.strip() != etag_of(now):
        raise stale(now)
    try:
        if wanted.is_empty:
            raise BadInput(Problem(rule="missing-text", key="fields", message="hãy gửi ít nhất một trường hay thuộc tính"))
        if wanted.properties is not None:
            return _choose(bench, entry, now, person, wanted.properties, wanted.fields)
        written = now.read().entry
        typed = written_fields(written) | _typed(now, wanted.fields)
        saved = save(bench, now.name, person, typed=typed, base=written_fields(written), digest=now.digest, alone=True)
    except Conflict as conflict:
        raise stale(conflict.now) from conflict
    except BadInput as error:
        if any(problem.rule == "stale-write" for problem in error.problems):
            raise stale(read_entry_text(bench.root, now.name)) from error
        raise as_refusal(error) from error
    return saved.text, ()


def _typed(text: EntryText, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields as files have them; raise BadInput for one that the entry has not."""
    known = fields_for(text.read().entry)
    unknown = [each for each in fields if each not in {field.name for field in known}]
    if unknown:
        message = "mục này không có trường đó; các trường có trong `fields` khi đọc mục"
        raise BadInput(*(Problem(rule="unknown-key", key=f"fields.{each}"[:200], message=message) for each in unknown))
    return typed_fields(fields, known)


def _choose(
    bench: Workbench, entry: Entry, now: EntryText, person: Person, properties: PropertiesChange, fields: Mapping[str, str]
) -> tuple[EntryText, tuple[Consequence, ...]]:  # fmt: skip
    """Write properties, and fields with them, all or nothing; raise BadInput at the keys under which a program gave them."""
    before, ids = written_properties(now.read().entry), list[str]()
    try:
        chosen = changed_properties(before, properties)
        ids.extend(fact.id for fact in cleaned(chosen, before).facts)
        made = with_properties(now, chosen, bench.catalogue, bench.clock.now())
        after = with_typed(made, _typed(made, fields)) if fields else made
        change = changed_to(bench, entry.id, now, after)
        return carry_out(bench, change, person).text, change.consequences
    except BadInput as error:
        raise BadInput(*(replace(each, key=_placed(each.key, ids)) for each in error.problems)) from error


def _placed(key: str | None, facts: Sequence[str]) -> str | None:
    """Return where a program gave a key of the file: a property's own, a fact's by its id."""
    if key is None or re.split(r"[.\[]", key, maxsplit=1)[0] not in LABELS:
        return key
    place = re.fullmatch(r"facts\[(\d+)\](.*)", key)
    return f"properties.facts.{facts[int(place[1])]}{place[2]}"[:200] if place else f"properties.{key}"[:200]


def as_refusal(error: BadInput) -> Refused:
    """Return the refusal with the status that says whose turn it is: 403 the right, 409 the situation, 422 the words."""
    if isinstance(error, Refused):
        return error
    status = status_of(error)
    if status != 403:
        status = 409 if any(problem.rule in _TAKEN for problem in error.problems) else 422
    return Refused(status, *error.problems)


def stale(now: EntryText) -> Refused:
    """Return the refusal of a write over what somebody else wrote since."""
    message = "có người vừa ghi mục này sau khi bạn đọc; hãy đọc lại, sửa trên bản mới rồi gửi lại"
    return refusal(412, "stale-write", message, headers={"etag": etag_of(now)})
