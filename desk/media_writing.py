"""A picture or clip of an entry as somebody orders it: held against its template and channels, written into the entry's files.

The same for pages and for programs: nothing is written that could not be read again, and nothing over what somebody else wrote
meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from functools import partial
from itertools import count

from desk.drafting import knowing
from desk.entry_fields import clean_lines
from desk.sample_form import MOST_ROWS
from desk.taking_back import take_back_file
from desk.workbench import Workbench
from editorial.entry import Entry
from editorial.problem import BadInput, Problem, Severity
from editorial.role import Person
from publishers.manifest import Manifest
from scheduler.media_choice import KINDS
from store.entry_text import EntryText, Overtaken, read_entry_text, write_entry_text
from store.medium_text import WrittenMedium, with_medium, without_medium, written_media
from studio.contract import complaints
from studio.template import Template

MOST_MEDIA = 20  # of one entry: no platform takes as many in a post
_NAMES: Mapping[str, str] = {"infographic": "anh", "clip": "clip"}  # what a new one is called
_QUOTE = "{{"
_PLACE = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, kw_only=True)
class MediumSaved:
    """What became of a save: the bench that knows of it, the files as they are now, and the medium's id; empty for one less.

    `before` is the kept text with which it can be taken back; 0 where nothing was written.
    """

    bench: Workbench
    text: EntryText
    id: str = ""
    is_changed: bool = True
    before: int = 0


class MediumConflict(Exception):
    """Somebody else changed the same picture or clip meanwhile, or took it away; nothing was written."""

    def __init__(self, now: EntryText, theirs: WrittenMedium | None) -> None:
        super().__init__(now.name)
        self.now = now
        self.theirs = theirs


def mark_of(medium: WrittenMedium | None) -> str:
    """Return what tells whether anybody has changed a medium since; empty for none."""
    if medium is None:
        return ""
    return hashlib.sha256(json.dumps(asdict(medium), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def found_medium(text: EntryText, id: str) -> WrittenMedium | None:
    """Return an entry's medium by its id."""
    return next((each for each in written_media(text) if each.id == id), None)


def new_medium_id(text: EntryText, template: str) -> str:
    """Return what a new medium is called: `anh`, `anh-2`, `clip`."""
    name, taken = _NAMES.get(template.partition("/")[0], "anh"), {each.id for each in written_media(text)}
    return name if name not in taken else next(id for number in count(2) if (id := f"{name}-{number}") not in taken)


def takers(entry: Entry, template: Template, manifests: Mapping[str, Manifest]) -> tuple[str, ...]:
    """Return the channels of the entry that take what a template makes, in a size that it has."""
    kind = KINDS[template.kind]
    rules = {channel: manifests[channel].media.get(kind) for channel in entry.channels if channel in manifests}
    return tuple(channel for channel, rule in rules.items() if rule and any(size in template.sizes for size in rule.sizes))


def tidy(medium: WrittenMedium) -> WrittenMedium:
    """Return a medium in the letters and line ends that files have; what is empty is not said."""
    alt = {language: words for language, text in medium.alt.items() if (words := clean_lines(text))}
    data = {language: {key: _tidy(value) for key, value in said.items()} for language, said in medium.data.items()}
    return replace(medium, alt=alt, data=data)


def _tidy(value: object) -> object:
    if isinstance(value, str):
        return clean_lines(value)
    if isinstance(value, list | tuple):
        return [_tidy(each) for each in value]
    return {str(key): _tidy(each) for key, each in value.items()} if isinstance(value, Mapping) else value


def refusals(bench: Workbench, text: EntryText, medium: WrittenMedium) -> Iterator[Problem]:
    """Yield why a medium cannot be written, each at its key: `template`, `theme`, `channels`, `data.vi.figures[0].label`."""
    entry, template = text.read().entry, bench.workspace.studio.templates.get(medium.template)
    if template is None:
        yield _problem("unknown-template", "template", f"không có mẫu “{medium.template}”; hãy chọn một mẫu trong danh sách")
        return
    if medium.theme not in template.themes:
        yield _problem("unknown-theme", "theme", f"mẫu này không có bảng màu “{medium.theme}”; có: {', '.join(template.themes)}")
    yield from _channel_refusals(entry, takers(entry, template, bench.manifests), medium)
    old = found_medium(text, medium.id)
    if old is None and len(written_media(text)) >= MOST_MEDIA:
        yield _problem("too-many", "template", f"mục này đã có {MOST_MEDIA} ảnh và clip; hãy bỏ bớt rồi thêm")
    for language in (*medium.data, *medium.alt):
        if language not in text.texts:
            message = f"mục này chưa có bản {language}; hãy viết tệp content/{text.name}.{language}.md trước"
            yield _problem("missing-translation", f"data.{language}", message)
            return
    for language, data in medium.data.items():
        kept = old.data.get(language, {}) if old else {}
        yield from _data_refusals(template, medium.data.get("vi", {}), data, language, kept)


def _channel_refusals(entry: Entry, able: Collection[str], medium: WrittenMedium) -> Iterator[Problem]:
    for channel in dict.fromkeys(medium.channels):
        if channel not in entry.channels:
            near = get_close_matches(channel, entry.channels, n=1, cutoff=0.6)
            advice = f"có phải “{near[0]}”?" if near else f"các kênh có thể chọn: {', '.join(entry.channels)}"
            yield _problem("unknown-channel", "channels", f"không có kênh “{channel}”; {advice}")
        elif channel not in able:
            message = f"kênh {channel} không nhận hình của mẫu này; hãy bỏ kênh này hoặc chọn mẫu khác"
            yield _problem("no-size", "channels", message)
        elif medium.channels.count(channel) > 1:
            yield _problem("duplicate-channel", "channels", f"kênh “{channel}” đã ghi ở trên; hãy bỏ một lần")
    if not able:
        yield _problem("no-size", "template", "không kênh nào của mục nhận hình của mẫu này; hãy chọn mẫu khác")


def _data_refusals(
    template: Template, spoken: Mapping[str, object], data: Mapping[str, object], language: str, kept: Mapping[str, object]
) -> Iterator[Problem]:
    """Yield what the template would not take. What quotes a fact is judged once the fact is written out, in the picture."""
    whole = data if language == "vi" else {**spoken, **data}
    for name, value in data.items():
        if isinstance(value, list | tuple) and len(value) > MOST_ROWS and value != kept.get(name):
            yield _problem("too-many", f"data.{language}.{name}", f"có {len(value)} dòng, nhiều nhất {MOST_ROWS}; hãy bớt lại")
    for problem in complaints(template.fields, whole):
        key = problem.key or ""
        name = key.partition("[")[0].partition(".")[0]
        of_others = language != "vi" and name not in data
        known = name in kept and (problem.rule == "unknown-field" or data.get(name) == kept[name])  # it is told, and stays
        if problem.severity is Severity.ERROR and not of_others and not known and _QUOTE not in str(_value_at(whole, key)):
            yield replace(problem, key=f"data.{language}.{key}")


def _value_at(data: object, key: str) -> object:
    for number, name in _PLACE.findall(key):
        if number and isinstance(data, list | tuple):
            data = data[int(number)] if int(number) < len(data) else None
        elif name and isinstance(data, Mapping):
            data = data.get(name)
        else:
            return None
    return None if isinstance(data, list | tuple) else data


def _problem(rule: str, key: str, message: str) -> Problem:
    return Problem(rule=rule, key=key, message=message)


def save_medium(
    bench: Workbench, name: str, person: Person, medium: WrittenMedium, *, base: str, digest: str = "", is_new: bool = False
) -> MediumSaved:  # fmt: skip
    """Write a medium into the entry's files; what others changed elsewhere in them stays.

    `base` is the mark of the medium as it was when it was opened; with `digest` any change of the files since is a conflict.
    Raise MediumConflict where somebody else changed it, BadInput, with nothing written, where it cannot be as it is.
    """
    before = read_entry_text(bench.root, name)
    theirs = None if is_new else found_medium(before, medium.id)
    if (digest and digest != before.digest) or (not is_new and mark_of(theirs) != base):
        raise MediumConflict(before, theirs)
    wanted = tidy(replace(medium, id=new_medium_id(before, medium.template)) if is_new else medium)
    problems = tuple(refusals(bench, before, wanted))
    if problems:
        raise BadInput(*problems)
    deed = f"đã thêm {wanted.id} ({wanted.template})" if is_new else f"đã sửa {wanted.id} ({wanted.template})"
    return replace(_write(bench, before, with_medium(before, wanted), person, deed, wanted.id), id=wanted.id)


def remove_medium(bench: Workbench, name: str, person: Person, id: str, *, base: str, digest: str = "") -> MediumSaved:
    """Take a medium out of the entry's files; raise MediumConflict where somebody else changed it, or took it away."""
    before = read_entry_text(bench.root, name)
    theirs = found_medium(before, id)
    if theirs is None or (digest and digest != before.digest) or mark_of(theirs) != base:
        raise MediumConflict(before, theirs)
    return _write(bench, before, without_medium(before, id), person, f"đã bỏ {id} ({theirs.template})", id)


def _write(bench: Workbench, before: EntryText, after: EntryText, person: Person, deed: str, id: str) -> MediumSaved:
    written, kept = after.read(), 0
    if after.digest != before.digest:
        try:
            why = f"đổi hình của bài: {deed}"
            ending = partial(take_back_file, bench, before.read(), written, person, why)
            write_entry_text(bench.root, before, after, meanwhile=ending)
        except Overtaken as error:  # somebody's own editor, in this very moment
            raise MediumConflict(error.now, found_medium(error.now, id)) from error
        bench.store.entry_texts.keep(before, after, person.id)
        bench.store.audit.write(person.id, "save", before.name, f"đã ghi vào tệp: {deed}")
        kept = next((each.id for each in bench.store.entry_texts.of(before.name, most=2) if each.digest == before.digest), 0)
    return MediumSaved(bench=knowing(bench, written), text=after, is_changed=after.digest != before.digest, before=kept)
