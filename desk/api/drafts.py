"""What programs write: a new entry's file, and a change of one, by the functions that the pages write with."""

from __future__ import annotations

from collections.abc import Mapping

from desk.api.entry_records import NewEntry
from desk.api.problem_document import Refused, refusal
from desk.drafting import Conflict, save
from desk.entry_fields import fields_for, typed_fields, written_fields
from desk.new_entry import Begun, Draft, begin_entry, suggested_id, write_entry
from desk.web.failures import status_of
from desk.workbench import Workbench
from editorial.problem import BadInput, Problem
from editorial.role import Person
from store.entry_text import EntryText, read_entry_text

_TAKEN = frozenset({"file-exists", "stale-write", "already-proposed"})  # rules that say: not as things stand now


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


def change(bench: Workbench, name: str, person: Person, fields: Mapping[str, str], seen: str) -> EntryText:
    """Write fields of an entry's files; raise Refused where the files are not those that were `seen` any more."""
    if not seen.strip():
        message = "hãy gửi If-Match với ETag của lần đọc mục này, để không ghi đè lời người khác vừa viết"
        raise refusal(428, "if-match-needed", message)
    now = read_entry_text(bench.root, name)
    if seen.strip() != etag_of(now):
        raise stale(now)
    try:
        written = now.read().entry
        known = fields_for(written)
        unknown = [each for each in fields if each not in {field.name for field in known}]
        if unknown:
            message = "mục này không có trường đó; các trường có trong `fields` khi đọc mục"
            raise BadInput(*(Problem(rule="unknown-key", key=f"fields.{each}"[:200], message=message) for each in unknown))
        typed = written_fields(written) | typed_fields(fields, known)
        saved = save(bench, name, person, typed=typed, base=written_fields(written), digest=now.digest, alone=True)
    except Conflict as conflict:
        raise stale(conflict.now) from conflict
    except BadInput as error:
        raise as_refusal(error) from error
    return saved.text


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
