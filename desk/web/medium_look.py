"""The pictures and clips of an entry as they are typed: in the sizes that its channels get, with what stands against them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from desk.language import told
from desk.trials import THEMES
from desk.web.draft_look import DraftLook, medium_of
from desk.web.phrase_book import spoken
from desk.web.prose import sentence
from desk.web.views.editing import FieldView, MediumCard, Note, Sketch, note_of
from desk.web.views.mark import mark
from desk.web.views.medium import MediumLook, Picture
from desk.web.views.template_look import called, shape_of
from desk.web.views.templates import KIND_WORDS
from editorial.entry import Entry, MediaOrder
from editorial.problem import Problem, Severity

_KEY = re.compile(r"^(?:media\[\d+\]\.data|data\.[^.\[]+)\.(.+)$")
_OWN_KEY = re.compile(r"^data\.(\w+)\.(.+)$")


def medium_cards(draft: DraftLook, entry: Entry, fields: Mapping[str, tuple[FieldView, ...]]) -> tuple[MediumCard, ...]:
    """Return the entry's pictures and clips as the page shows on which it is written; `fields` by medium."""
    sketches: dict[str, Sketch] = {}
    for channel in entry.channels:
        for sketch in draft.sketches(channel):
            sketches.setdefault(sketch.id, sketch)
    wrong = [medium_of(each, entry) for each in draft.problems if each.severity is Severity.ERROR]
    templates, office = draft.bench.workspace.studio.templates, draft.bench.content.office
    return tuple(
        MediumCard(
            id=each.id, kind=spoken(KIND_WORDS[each.template.partition("/")[0]]),
            template=called(templates[each.template]) if each.template in templates else each.template,
            theme=spoken(THEMES.get(each.theme, each.theme)),
            channels=tuple(mark(office, channel).name for channel in each.channels), fields=fields.get(each.id, ()),
            sketch=sketches.get(each.id), wrong=wrong.count(each.id),
        )
        for each in entry.media
    )  # fmt: skip


def medium_look(draft: DraftLook, entry: Entry, id: str, names: tuple[str, ...]) -> MediumLook:
    """Return a medium as its channels would get it; `names` are the fields of the form, each a place for what is said of it."""
    order = next(each for each in entry.media if each.id == id)
    pictures = tuple(_pictures(draft, entry, id))
    notes = dict.fromkeys(_note(each, entry, order, names) for each in draft.problems if _is_of(each, entry, order))
    none = "" if pictures else spoken("Chưa vẽ được: không kênh nào lấy hình này, hoặc còn ô phải sửa.")
    ordered = tuple(sorted(notes, key=lambda note: (note.warning, names.index(note.field) if note.field else len(names))))
    return MediumLook(pictures=pictures, notes=ordered, none=none, names=names)


def _pictures(draft: DraftLook, entry: Entry, id: str) -> Iterator[Picture]:
    found: dict[str, Picture] = {}
    office = draft.bench.content.office
    for channel in entry.channels:
        for sketch in draft.sketches(channel):
            if sketch.id == id:
                name, before = mark(office, channel).name, found.get(sketch.src)
                found[sketch.src] = replace(before, channels=(*before.channels, name)) if before else Picture(
                    src=sketch.src, alt=sketch.alt, width=sketch.width, height=sketch.height,
                    shape=shape_of(sketch.width, sketch.height), clip=sketch.clip, channels=(name,),
                    language=entry.language_for(channel), captions=sketch.captions,
                )  # fmt: skip
    yield from found.values()


def _is_of(problem: Problem, entry: Entry, order: MediaOrder) -> bool:
    return medium_of(problem, entry) == order.id or problem.template == order.template


def _note(problem: Problem, entry: Entry, order: MediaOrder, names: tuple[str, ...]) -> Note:
    name = _field_of(problem, entry, order, names)
    note = note_of(told(problem), name, name)
    return replace(note, text=sentence(note.text), place="", channels=())


def _field_of(problem: Problem, entry: Entry, order: MediaOrder, names: tuple[str, ...]) -> str:
    """Return the field of the form at which a problem is put right; "" where it has none."""
    key = problem.key or ""
    foreign = next((each for each in entry.messages if each != "vi" and (problem.file or "").endswith(f".{each}.md")), "")
    if key.endswith(".alt") or key.startswith("alt."):
        return f"alt.{foreign or 'vi'}"
    for own in ("template", "theme", "channels"):
        if re.match(rf"^media\[\d+\]\.{own}", key):
            return own
    found = _KEY.match(key)
    return nearest(f"{foreign + '.' if foreign else ''}f.{found[1]}", names) if found else ""


def field_of_key(key: str, names: tuple[str, ...]) -> str:
    """Return the field of the form for a key of what was to be saved: `data.vi.figures[0].label`, `theme`."""
    found = _OWN_KEY.match(key)
    if found is None:
        return key if key in names else ""
    return nearest(f"{'' if found[1] == 'vi' else found[1] + '.'}f.{found[2]}", names)


def nearest(wanted: str, names: tuple[str, ...]) -> str:
    """Return the field of this name, `f.figures[0].label`, or of the nearest key above it that the form has."""
    parts = wanted.replace("[", ".").replace("]", "").split(".")
    for length in range(len(parts), 1, -1):
        name = ".".join(parts[:length])
        if name in names:
            return name
    return ""
