"""Gather the page on which an entry is written."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from desk.drafting import Conflict, Typed, file_name, read_typed
from desk.entry_fields import Field, Fields, field_of, fields_for, written_fields
from desk.web.draft_look import draft_look, label_of
from desk.web.medium_look import medium_cards
from desk.web.moment_words import moment_words, short_moment
from desk.web.phrase_book import spoken
from desk.web.press import Press
from desk.web.prose import headline
from desk.web.views.editing import (
    HINTS,
    Choice,
    EditPage,
    FieldGroup,
    FieldView,
    Look,
    Note,
    OtherDraft,
    Version,
    note_of,
)
from desk.web.views.mark import Mark, mark
from desk.workbench import Workbench
from editorial.entry import Entry
from editorial.problem import Problem
from editorial.workflow import STAGE_WORDS, seen_now
from store.drafts import Draft
from store.entry_text import EntryText, read_entry_text

Views = Mapping[tuple[str, str, str], tuple[FieldView, ...]]  # section, language, what of -> its fields


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a page holds of an entry: the fields as they are typed, and as the files had them when it was opened."""

    text: EntryText
    fields: Fields
    base: Fields
    digest: str
    tab: str
    took: str = ""  # the page whose draft this one goes on with
    restored: str = ""  # when the draft was typed


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the page has to say above the form."""

    said: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()  # why nothing was saved
    conflict: Conflict | None = None
    undo: str = ""  # the kept text with which what was just done is taken back, and what the files say now


NOTHING = Told()


@dataclass(frozen=True)
class EditingReader:
    """Read one entry for writing."""

    bench: Workbench
    entry: Entry
    press: Press

    def open(self, who: str, tab: str, draft: str = "") -> Opened:
        """Return what to show at first: the person's newest draft, or that of the page `draft`; else, and for "-", the file."""
        text = read_entry_text(self.bench.root, file_name(self.entry))
        said = written_fields(text.read().entry)
        typed = (each for each in self._drafts(who) if _differs(each, said))  # what the file has is no draft any more
        found = next((each for each in typed if each.tab == draft or not draft), None)
        if found is None or draft == "-":
            return Opened(text=text, fields=said, base=said, digest=text.digest, tab=tab)
        fields = {name: found.fields.get(name, value) for name, value in said.items()}
        return Opened(
            text=text, fields=fields, base=found.base, digest=found.digest, tab=tab, took=found.tab,
            restored=moment_words(found.saved_at),
        )  # fmt: skip

    def page(self, opened: Opened, who: str, channel: str, told: Told = NOTHING) -> EditPage:
        """Return the page."""
        typed = read_typed(opened.text, opened.fields)
        draft = draft_look(self.bench, typed, self.entry.id, self.press)
        look = draft.look(channel or self.entry.channels[0])
        stage = seen_now(self.bench.store.workflow.of(self.entry.id), self.entry.revision)
        views = self._views(typed, opened.fields, look, told.problems, draft.proposed)
        return EditPage(
            id=self.entry.id,
            headline=headline(self.bench.content, self.entry),
            file=self.entry.file,
            stage=STAGE_WORDS[stage.stage],
            others_turns=self.others_turns(),
            who=who,
            tab=opened.tab,
            took=opened.took,
            digest=opened.digest,
            base=json.dumps(dict(opened.base), ensure_ascii=False),
            groups=(FieldGroup(title=spoken("Thông điệp"), fields=views["message", "vi", ""]),),
            times=FieldGroup(title=spoken("Khi nào"), fields=_of(views, "time", "vi")),
            media=medium_cards(draft, typed.written.entry, dict(_groups(views, "medium", self._languages))),
            variants=tuple(self._variants(views)),
            translations=tuple(
                FieldGroup(title=spoken(_LANGUAGES[language]), fields=views["message", language, ""], open=True)
                for language in self._languages if language != "vi"
            ),
            look=look,
            versions=tuple(self._versions(opened.text)),
            drafts=tuple(self._other_drafts(who, (opened.tab, opened.took))),
            choices=self._choices(told.conflict),
            said=told.said,
            undo=told.undo,
            failed=tuple(self._note(problem) for problem in told.problems),
            restored=opened.restored,
        )  # fmt: skip

    def look(self, fields: Fields, channel: str) -> Look:
        """Return what is typed, looked at."""
        text = read_entry_text(self.bench.root, file_name(self.entry))
        return draft_look(self.bench, read_typed(text, fields), self.entry.id, self.press).look(channel)

    @property
    def _languages(self) -> tuple[str, ...]:
        return tuple(self.entry.messages)

    def _drafts(self, who: str) -> tuple[Draft, ...]:
        return tuple(each for each in self.bench.store.drafts.of(file_name(self.entry)) if each.person == who)

    def _other_drafts(self, who: str, shown: Collection[str]) -> Iterable[OtherDraft]:
        return (OtherDraft(tab=each.tab, at=moment_words(each.saved_at)) for each in self._drafts(who) if each.tab not in shown)

    def others_turns(self) -> str:
        """Return what else is written in the same file; "" for an entry of its own."""
        turns = [each for each in self.bench.content.entries.values() if each.series and each.series == self.entry.series]
        return f"Mục này lặp lại: tệp {self.entry.file} là chung cho {len(turns)} kỳ, sửa ở đây là sửa mọi kỳ." if turns else ""

    def _mark(self, channel: str) -> Mark:
        return mark(self.bench.content.office, channel)

    def _note(self, problem: Problem) -> Note:
        name = field_of(problem, self.entry)
        return note_of(problem, name, label_of(name, self._mark) if name else "")

    def _views(
        self, typed: Typed, values: Fields, look: Look, failed: tuple[Problem, ...], proposed: Mapping[str, str]
    ) -> Views:  # fmt: skip
        notes = look.of_field
        own = {name: tuple(note for note in map(self._note, failed) if note.field == name) for name in values}
        found: dict[tuple[str, str, str], list[FieldView]] = {}
        for each in fields_for(typed.written.entry):
            told = (*own.get(each.name, ()), *notes.get(each.name, ()))
            view = FieldView(
                name=each.name,
                label=label_of(each.name, self._mark),
                value=values.get(each.name, ""),
                kind=each.kind.value,
                hint=_hint(each),
                language=each.language,
                required=each.required,
                notes=tuple(dict.fromkeys(told)),
                filled_in=proposed.get(each.name, ""),
            )
            found.setdefault((each.section, each.language, each.of), []).append(view)
        return {key: tuple(group) for key, group in found.items()}

    def _variants(self, views: Views) -> Iterable[FieldGroup]:
        for (section, language, channel), fields in views.items():
            if section == "variant":
                foreign = "" if language == "vi" else f", {spoken(_LANGUAGES[language].lower())}"
                written = any(each.value for each in fields)
                yield FieldGroup(title=self._mark(channel).name + foreign, fields=fields, open=written, channel=channel)

    def _versions(self, text: EntryText) -> Iterable[Version]:
        people = self.bench.content.office.people
        for kept in self.bench.store.entry_texts.of(text.name):
            who = (people[kept.who].name if kept.who in people else kept.who) or spoken("có sẵn trong tệp")
            yield Version(id=kept.id, who=who, at=short_moment(kept.at), now=kept.digest == text.digest)

    def _choices(self, conflict: Conflict | None) -> tuple[Choice, ...]:
        if conflict is None:
            return ()
        return tuple(
            Choice(name=each.field, label=label_of(each.field, self._mark), theirs=each.theirs, mine=each.mine)
            for each in conflict.differences
        )


_LANGUAGES = {"en": "Tiếng Anh"}


def _differs(draft: Draft, said: Fields) -> bool:
    """Tell whether a draft says what the file does not, in fields that the entry has: it may have lost a channel since."""
    return any(draft.fields.get(name, value) != value for name, value in said.items())


def _hint(field: Field) -> str:
    if field.section == "time":
        return "Để trống thì theo quy tắc chung." if field.of else "Ví dụ trung_thu/2026-3d@08:00 hoặc 2026-10-28@07:00."
    if field.section == "variant":
        return "Để trống thì lấy từ thông điệp."
    return HINTS.get(field.key, "") if field.section == "message" else ""


def _of(views: Views, section: str, language: str) -> tuple[FieldView, ...]:
    return tuple(each for key, group in views.items() if key[:2] == (section, language) for each in group)


def _groups(
    views: Views, section: str, languages: Iterable[str]
) -> Iterable[tuple[str, tuple[FieldView, ...]]]:  # fmt: skip
    names = dict.fromkeys(of for kind, _, of in views if kind == section)
    for name in names:
        yield name, tuple(each for language in languages for each in views.get((section, language, name), ()))
