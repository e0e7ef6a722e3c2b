"""What is typed, looked at as the check, the plan and each channel would: by the code that checks, plans and makes posts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from markupsafe import Markup

from desk.commands.in_the_way import in_the_way
from desk.drafting import Typed, alone, examined
from desk.entry_fields import field_of, fields_for, written_fields
from desk.language import language
from desk.template_standing import waiting_for_templates
from desk.web.moment_words import moment_words
from desk.web.phrase_book import spoken
from desk.web.press import Press
from desk.web.prose import safe
from desk.web.underlining import underlines
from desk.web.views.editing import MESSAGE_LABELS, Look, LookTab, Note, PostPreview, Sketch, Underline, note_of
from desk.web.views.entry import Schedule, counts_of, schedules
from desk.web.views.folding import folded
from desk.web.views.mark import Mark, mark
from desk.workbench import Workbench
from desk.workspace import Workspace
from editorial.consistency import Certificate
from editorial.entry import Entry
from editorial.message import Variant
from editorial.plan import PlannedSlot
from editorial.problem import BadInput, Problem
from publishers.manifest import Manifest
from scheduler.media_choice import kind_of
from scheduler.production import RenderOrder
from studio.size import SIZES

Marks = Callable[[str], Mark]
MEDIA = "media"  # where a picture or clip is added
_MEDIUM = re.compile(r"media\[(\d+)\]|(?:data|alt)\.([^.\[]+)")


@dataclass(frozen=True)
class DraftLook:
    """Look at an entry as it was typed; `id` is the turn that the page is about."""

    bench: Workbench
    typed: Typed
    id: str
    press: Press

    def look(self, channel: str) -> Look:
        """Return all that the page shows beside the text, with one channel's preview."""
        shown = channel if channel in self._entry.channels else self._entry.channels[0]
        if shown not in self._previews:
            self._previews[shown] = self._preview(shown)
        for order in self._orders(shown):  # also of a preview that was made before: the page asks for its pictures
            self.press.offer(self._workspace.studio, order.recipe)
        notes = self._notes()
        return Look(
            notes=notes,
            marks=self._underlines,
            schedules=self._schedules,
            in_the_way=tuple(dict.fromkeys(self._in_the_way())),
            tabs=tuple(self._tab(each, notes) for each in self._entry.channels),
            preview=self._previews[shown],
        )

    @cached_property
    def proposed(self) -> Mapping[str, str]:
        """Return the alt text that is proposed for each picture whose field is empty, with its facts quoted, by field."""
        return proposals(self.bench, self.typed)

    @cached_property
    def _previews(self) -> dict[str, PostPreview]:
        return {}

    @cached_property
    def _workspace(self) -> Workspace:
        return alone(self.bench.workspace, self.typed.written)

    @cached_property
    def _entry(self) -> Entry:
        """Return the turn that the page is about; the first where what was typed has others."""
        entries = self._workspace.content.entries
        name = self.typed.written.entry.id
        return entries.get(self.id) or next(each for each in entries.values() if name in (each.id, each.series))

    @cached_property
    def _slots(self) -> Mapping[str, PlannedSlot]:
        return {slot.channel: slot for slot in self._workspace.plan.of(self._entry.id)}

    @cached_property
    def examined(self) -> tuple[tuple[Problem, ...], Certificate | None]:
        """Return what the check says of the entry, and its certificate where there can be one."""
        return examined(self._workspace, self._entry.id)

    # what stands against it

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what stands against it, each thing once.

        Whether a template is approved is asked each time: somebody may do that while the words stay as they are.
        """
        templates = waiting_for_templates(self._workspace.content, self._workspace.templates, self.bench.store, [self._entry])
        return tuple(dict.fromkeys((*self.typed.problems, *self.examined[0], *templates)))

    def _notes(self) -> tuple[Note, ...]:
        """Return each thing once, with the channels on which it was seen: errors first, then as the form has its fields."""
        order = {field.name: number for number, field in enumerate(fields_for(self.typed.written.entry))}
        together: dict[tuple[str, str], Note] = {}
        for problem in self.problems:
            note = self._note(problem)
            before = together.get((note.field, note.text))
            names = tuple(dict.fromkeys((*(before.channels if before else ()), *note.channels)))
            together[note.field, note.text] = note if before is None else _on(before, names)
        return tuple(sorted(together.values(), key=lambda each: (each.warning, order.get(each.field, len(order)))))

    def _note(self, problem: Problem) -> Note:
        name = field_of(problem, self._entry)
        note = note_of(problem, name, label_of(name, self._mark) if name else "")
        if problem.rule == "missing-media":
            note = replace(note, field=MEDIA, label=spoken("Ảnh và clip"))
        elif not name:
            note = replace(note, medium=medium_of(problem, self._entry))
        return _on(note, tuple(self._mark(channel).name for channel in note.channels))

    @cached_property
    def _underlines(self) -> dict[str, tuple[Underline, ...]]:
        certificate = self.examined[1]
        if certificate is None:
            return {}
        fields = written_fields(self.typed.written.entry)
        return underlines(certificate.placed, self._entry, fields, self._workspace.content)

    # when

    @cached_property
    def _schedules(self) -> tuple[Schedule, ...]:
        return schedules(self._slots.values(), {channel: self._mark(channel) for channel in self._entry.channels})

    def _in_the_way(self) -> Iterator[str]:
        now, halts = self.bench.clock.now(), self.bench.store.halts
        for slot in {slot.at: slot for slot in self._slots.values()}.values():  # most go out at one moment
            yield from in_the_way(slot.at, now, self.bench.catalogue.mourning_on(slot.day), halts).steps

    # channels

    def _mark(self, channel: str) -> Mark:
        return mark(self.bench.content.office, channel)

    def _tab(self, channel: str, notes: Iterable[Note]) -> LookTab:
        name = self._mark(channel).name
        wrong = sum(not note.warning and name in note.channels for note in notes)
        variant = self._variant(channel)
        used = counts_of(variant, self._manifest(channel), self._has_media(channel)) if variant else ()
        return LookTab(mark=self._mark(channel), over=any(each.over for each in used), wrong=wrong)

    def _manifest(self, channel: str) -> Manifest:
        return self._workspace.manifests[channel]

    def _variant(self, channel: str) -> Variant | None:
        slot = self._slots.get(channel)
        with suppress(BadInput):
            return self._workspace.production.variant(slot) if slot else None
        return None

    def _orders(self, channel: str) -> tuple[RenderOrder, ...]:
        return self._all_orders.get(channel, ())

    @cached_property
    def _all_orders(self) -> Mapping[str, tuple[RenderOrder, ...]]:
        found = {}
        for channel, slot in self._slots.items():
            with suppress(BadInput):
                found[channel] = self._workspace.production.orders([slot])
        return found

    def _has_media(self, channel: str) -> bool:
        return bool(self._orders(channel))

    def _preview(self, channel: str) -> PostPreview:
        office, manifest = self.bench.content.office, self._manifest(channel)
        known, slot = office.channels[channel], self._slots.get(channel)
        trouble, variant = self._written_out(slot)
        text, rest, markup = "", "", Markup("")
        if variant is not None:
            markup = _markup(variant, manifest)
            text, rest = ("", "") if markup else folded(variant.text, known.publisher)
        return PostPreview(
            channel=self._mark(channel),
            platform=known.publisher,
            account=known.handle or known.name,
            at=moment_words(slot.at) if slot else "chưa có giờ",
            language=self._entry.language_for(channel),
            title=variant.title if variant and "title" in manifest.texts else "",
            shown=text,
            folded=rest,
            markup=markup,
            summary=variant.summary if variant and "summary" in manifest.texts else "",
            counts=counts_of(variant, manifest, self._has_media(channel)) if variant else (),
            pictures=tuple(self.sketches(channel)),
            trouble=trouble,
        )

    def _written_out(self, slot: PlannedSlot | None) -> tuple[str, Variant | None]:
        if slot is None:
            return "Quy tắc ngày chưa tính ra giờ cho kênh này; hãy sửa quy tắc ngày trước.", None
        try:
            return "", self._workspace.production.variant(slot)
        except BadInput as error:
            return error.problems[0].message[:1].upper() + error.problems[0].message[1:] + ".", None

    def sketches(self, channel: str) -> Iterator[Sketch]:
        """Yield the pictures and clips of a channel's post; the page may ask for each."""
        language = self._entry.language_for(channel)
        for order in self._orders(channel):
            index, asked = next((n, each) for n, each in enumerate(self._entry.media) if each.id == order.medium)
            clip, size = kind_of(asked).value == "video", SIZES[order.recipe.size]
            with suppress(BadInput):
                alt, confirmed = self._alt(index, language)
                yield Sketch(
                    id=order.medium, clip=clip, src=self.press.offer(self._workspace.studio, order.recipe), alt=alt,
                    confirmed=confirmed, width=size.width, height=size.height,
                    captions=self._captions(order) if clip else (),
                )  # fmt: skip

    def _alt(self, index: int, language: str) -> tuple[str, bool]:
        """Return the alt text of a picture, which all channels of one language share, and whether a person confirmed it."""
        if (index, language) not in self._alts:
            production = self._workspace.production
            written = production.written_alt(self._entry, index, language)
            self._alts[index, language] = (
                written or production.proposed_alt(self._entry, index, language).text, bool(written)
            )  # fmt: skip
        return self._alts[index, language]

    @cached_property
    def _alts(self) -> dict[tuple[int, str], tuple[str, bool]]:
        return {}

    def _captions(self, order: RenderOrder) -> tuple[str, ...]:
        """Return what the clip says, which is what its subtitles show."""
        with suppress(BadInput):
            return tuple(dict.fromkeys(one.text for one in self._workspace.studio.inscriptions(order.recipe) if one.spoken))
        return ()


def draft_look(bench: Workbench, typed: Typed, id: str, press: Press) -> DraftLook:
    """Return a look at what was typed; the same words are looked at once for all who read one language."""
    key = (language(), typed.text.digest, typed.problems, id)
    return press.remember(bench.workspace, key, lambda: DraftLook(bench, typed, id, press))


def proposals(bench: Workbench, typed: Typed) -> dict[str, str]:
    """Return the alt text that is proposed for each picture whose field is empty, with its facts quoted, by field."""
    workspace = alone(bench.workspace, typed.written)
    name = typed.written.entry.id
    entry = next(each for each in workspace.content.entries.values() if name in (each.id, each.series))
    said, found = written_fields(typed.written.entry), {}
    for field in fields_for(typed.written.entry):
        if field.section == "medium" and not said[field.name]:
            index = next(n for n, each in enumerate(entry.media) if each.id == field.of)
            with suppress(BadInput):
                found[field.name] = workspace.production.proposed_alt(entry, index, field.language).source
    return found


def medium_of(problem: Problem, entry: Entry) -> str:
    """Return the picture or clip on whose page a problem is put right; "" for none."""
    found = _MEDIUM.match(problem.key or "")
    if found is None:
        return ""
    names = [each.id for each in entry.media]
    if found[2]:
        return found[2] if found[2] in names else ""
    return names[int(found[1])] if int(found[1]) < len(names) else ""


def label_of(name: str, mark_of: Marks) -> str:
    """Return what a field is called: `Thân bài`, `Lời đăng (Kênh Telegram)`, `Tiêu đề (tiếng Anh)`."""
    foreign = name.startswith("en.")
    parts = name.removeprefix("en.").split(".")
    label = MESSAGE_LABELS.get(parts[-1], parts[-1])
    of = ""
    match parts:
        case ["variants", *channel, _]:
            of = mark_of(".".join(channel)).name
        case ["media", *medium, _]:
            of = ".".join(medium)
        case ["moments", *channel]:
            label, of = "Giờ riêng", mark_of(".".join(channel)).name
    told = [each for each in (of, spoken("tiếng Anh") if foreign else "") if each]
    return f"{spoken(label)} ({', '.join(told)})" if told else spoken(label)


def _on(note: Note, channels: tuple[str, ...]) -> Note:
    return replace(note, channels=channels)


def _markup(variant: Variant, manifest: Manifest) -> Markup:
    """Return the post's HTML as the platform shows it; empty where it shows plain text."""
    if variant.html and "html" in manifest.texts:
        return safe(variant.html)
    limit = manifest.texts.get("text")
    return safe(variant.text.replace("\n", "<br>")) if limit is not None and limit.markup else Markup("")
