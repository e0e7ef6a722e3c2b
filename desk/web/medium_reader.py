"""Gather the pages on which a picture or clip of an entry is chosen and filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from desk.designing import template_pictures
from desk.drafting import Typed
from desk.errands import Errands
from desk.language import told
from desk.media_writing import MediumConflict, mark_of, new_medium_id, refusals, takers, tidy
from desk.medium_form import fields_of, held_words, unshown
from desk.place import Place
from desk.showroom import Showroom
from desk.trials import THEMES
from desk.web.draft_look import DraftLook, draft_look
from desk.web.editing_reader import EditingReader
from desk.web.form_drafts import Held, held_of
from desk.web.medium_look import field_of_key, medium_look
from desk.web.moment_words import short_moment
from desk.web.phrase_book import spoken
from desk.web.press import Press
from desk.web.prose import headline, sentence
from desk.web.templates_reader import read_gallery
from desk.web.views.editing import Note, OtherDraft
from desk.web.views.mark import mark
from desk.web.views.medium import AltField, ChannelOption, ChoicePage, Choosing, MediumLook, MediumPage, Translation
from desk.web.views.template_look import called
from desk.web.views.templates import KIND_WORDS, Option
from desk.workbench import Workbench
from editorial.entry import Entry
from editorial.problem import BadInput, Problem, Severity
from editorial.workflow import STAGE_WORDS, Stage, seen_now
from store.drafts import Draft
from store.entry_text import EntryText
from store.medium_text import WrittenMedium, with_medium
from studio.template import Template

_SIGNED = frozenset({Stage.IN_REVIEW, Stage.FACT_CHECKED, Stage.APPROVED, Stage.SCHEDULED})
_LANGUAGES = {"vi": "Tiếng Việt", "en": "Tiếng Anh"}


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a page holds: the medium as it is typed, and what the entry's files said of it when it was opened."""

    text: EntryText
    medium: WrittenMedium  # its id is empty where it is new
    base: str
    digest: str
    kept: tuple[str, ...] | None = None  # what stays in the file without a field; None for all of it
    is_touched: bool = True  # somebody has filled something in

    @property
    def whole(self) -> WrittenMedium:
        """Return the medium under the id that it has, or will have."""
        return self.medium if self.medium.id else replace(self.medium, id=new_medium_id(self.text, self.medium.template))


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Why nothing was saved."""

    problems: tuple[Problem, ...] = ()
    conflict: MediumConflict | None = None
    said: tuple[str, ...] = field(default=())
    is_gone: bool = False  # somebody has taken the medium away that was being changed


@dataclass(frozen=True)
class MediumReader:
    """Read the media of one entry for writing."""

    bench: Workbench
    entry: Entry
    press: Press

    def choice(
        self, text: EntryText, place: Place, room: Showroom, errands: Errands, kind: str, drafts: Iterable[Draft] = ()
    ) -> ChoicePage:  # fmt: skip
        """Return the templates that the entry's channels can take, by what they make."""
        written = text.read().entry
        gallery = read_gallery(self.bench, place, room, errands)
        found: dict[str, list[Choosing]] = {name: [] for name in KIND_WORDS}
        for card in gallery.cards:
            template = self.bench.workspace.studio.templates.get(card.id)
            able = takers(written, template, self.bench.manifests) if template else ()
            if able:
                found[card.id.partition("/")[0]].append(Choosing(card=card, channels=tuple(map(self._name, able))))
        kinds = tuple((name, tuple(cards)) for name, cards in found.items() if cards and kind in ("", name))
        tabs = (("", "Tất cả"), *((name, words) for name, words in KIND_WORDS.items() if found[name]))
        return ChoicePage(
            id=self.entry.id, headline=headline(self.bench.content, self.entry),
            kinds=tuple((spoken(KIND_WORDS[name]), cards) for name, cards in kinds),
            tabs=tuple(Option(value=value, words=spoken(words), chosen=value == kind) for value, words in tabs),
            total=sum(map(len, found.values())), missing=tuple(self._missing(text)), errand=gallery.errand,
            drafts=tuple(OtherDraft(tab=each.tab, at=short_moment(each.saved_at)) for each in drafts),
        )  # fmt: skip

    def _missing(self, text: EntryText) -> Iterator[str]:
        for problem in self._draft(text).problems:
            if problem.rule == "missing-media":
                yield f"{self._name(problem.channel or '')}: {told(problem).message}"

    def page(self, given: Given, who: str = "", held: Held | None = None, refused: Refused | None = None) -> MediumPage:
        """Return the form of a medium with its pictures."""
        refused = refused or Refused()
        medium, entry = given.medium, given.text.read().entry
        template = self.template(medium.template)
        vi = medium.data.get("vi", {})
        languages = languages_of(given.text, entry, medium)
        fields = fields_of(template, vi)
        translations = tuple(
            Translation(
                language=language, label=spoken(_LANGUAGES[language]), written=bool(medium.data.get(language)),
                fields=fields_of(template, medium.data.get(language, {}), language),
            ) for language in languages if language != "vi"
        )  # fmt: skip
        look, proposed = self._look(given) if given.is_touched else (_nothing_yet(), {})
        names = self.names(template, languages)
        failed = tuple(self._failed(problem, names) for problem in refused.problems)
        notes: dict[str, tuple[Note, ...]] = {}
        refused_at = {note.field for note in failed}
        for note in (*failed, *(note for note in look.notes if note.warning or note.field not in refused_at)):
            notes[note.field] = tuple(dict.fromkeys((*notes.get(note.field, ()), note)))
        stage = seen_now(self.bench.store.workflow.of(self.entry.id), self.entry.revision).stage
        conflict = refused.conflict
        return MediumPage(
            entry=self.entry.id, headline=headline(self.bench.content, self.entry), file=self.entry.file,
            stage=STAGE_WORDS[stage], is_signed=stage in _SIGNED,
            others_turns=EditingReader(self.bench, self.entry, self.press).others_turns(),
            id=medium.id, kind=spoken(KIND_WORDS[template.kind]), template=template.id,
            templates=tuple(self._templates(entry, template)),
            themes=tuple(
                Option(value=each, words=spoken(THEMES.get(each, each)), chosen=each == medium.theme)
                for each in dict.fromkeys((*template.themes, medium.theme))
            ),
            channels=tuple(self._channels(entry, medium, template)),
            fields=fields, translations=translations,
            alts=tuple(
                AltField(
                    language=language, label=spoken(_LANGUAGES[language]), value=medium.alt.get(language, ""),
                    proposed=proposed.get(f"{'' if language == 'vi' else language + '.'}media.{given.whole.id}.alt", ""),
                ) for language in languages
            ),
            unshown=unshown(template, vi, given.kept),
            pictures=tuple(template_pictures(template)),
            icons=tuple(sorted(path.stem for path in (self.bench.workspace.place.assets / "icons").glob("*.svg"))),
            digest=given.digest, base=given.base, held=held_words(medium.data),
            who=who, kept_as=held or held_of({}), look=look, failed=failed,
            theirs=tuple(self._theirs(conflict, medium, template)) if conflict else (),
            is_gone=refused.is_gone, said=refused.said, notes=notes,
        )  # fmt: skip

    def look(self, given: Given) -> MediumLook:
        """Return what is typed, drawn."""
        return self._look(given)[0]

    def template(self, name: str) -> Template:
        """Return a template; raise KeyError where the office has none of that name."""
        return self.bench.workspace.studio.templates[name]

    def _look(self, given: Given) -> tuple[MediumLook, Mapping[str, str]]:
        """Return the look at what is typed, and the alt texts that its layers propose."""
        whole = tidy(given.whole)
        entry = given.text.read().entry
        names = self.names(self.template(whole.template), languages_of(given.text, entry, whole))
        wrong = tuple(refusals(self.bench, given.text, whole))
        own = tuple(self._failed(problem, names) for problem in wrong)
        try:
            made = self._draft(with_medium(given.text, whole))
        except BadInput as error:
            told_here = tuple(self._failed(problem, names) for problem in error.problems)
            return MediumLook(notes=own or told_here, none=spoken("Chưa vẽ được; hãy xem chỗ phải sửa."), names=names), {}
        found = medium_look(made, made.typed.written.entry, whole.id, names)
        said = {note.field for note in found.notes if not note.warning}  # the check says the same, in its own words
        notes = (*(note for note in own if note.field not in said), *found.notes)
        return replace(found, notes=notes), made.proposed

    def _draft(self, text: EntryText) -> DraftLook:
        return draft_look(self.bench, Typed(text=text, written=text.read()), self.entry.id, self.press)

    def names(self, template: Template, languages: Iterable[str]) -> tuple[str, ...]:
        """Return the fields of the form in their order, each a place for what is said of it."""
        found = ["template", "theme", "channels"]
        for language in languages:
            fields = fields_of(template, {}, language)
            prefix = "f." if language == "vi" else f"{language}.f."
            found += [f"{prefix}{each.name}" for each in fields]
        return (*found, *(f"alt.{language}" for language in languages))

    def _failed(self, problem: Problem, names: tuple[str, ...]) -> Note:
        name = field_of_key(problem.key or "", names)
        warning = problem.severity is Severity.WARNING
        return Note(text=sentence(told(problem).message), warning=warning, field=name, label=self._label(name))

    def _label(self, name: str) -> str:
        own = {"template": "Mẫu", "theme": "Bảng màu", "channels": "Kênh"}
        return spoken(own.get(name, "")) if name in own else name

    def _name(self, channel: str) -> str:
        return mark(self.bench.content.office, channel).name

    def _templates(self, entry: Entry, chosen: Template) -> Iterator[Option]:
        for each in self.bench.workspace.studio.templates.values():
            if each is chosen or (each.kind == chosen.kind and takers(entry, each, self.bench.manifests)):
                yield Option(value=each.id, words=called(each), chosen=each is chosen)

    def _channels(self, entry: Entry, medium: WrittenMedium, template: Template) -> Iterator[ChannelOption]:
        able = takers(entry, template, self.bench.manifests)
        for channel in dict.fromkeys((*entry.channels, *medium.channels)):
            note = "" if channel in able else spoken("không nhận hình của mẫu này")
            if channel not in entry.channels:
                note = spoken("không còn trong kênh của mục")
            yield ChannelOption(id=channel, name=self._name(channel), chosen=channel in medium.channels, note=note)

    def _theirs(self, conflict: MediumConflict, mine: WrittenMedium, template: Template) -> Iterator[tuple[str, str, str]]:
        theirs = conflict.theirs
        if theirs is None:
            return
        pairs = {
            spoken("Mẫu"): (theirs.template, mine.template), spoken("Bảng màu"): (theirs.theme, mine.theme),
            spoken("Kênh"): (", ".join(map(self._name, theirs.channels)), ", ".join(map(self._name, mine.channels))),
            spoken("Lời mô tả"): (" · ".join(theirs.alt.values()), " · ".join(mine.alt.values())),
        }  # fmt: skip
        for language in dict.fromkeys((*theirs.data, *mine.data)):
            old, new = theirs.data.get(language, {}), mine.data.get(language, {})
            for name in dict.fromkeys((*old, *new)):
                known = template.fields.get(name)
                label = known.label.vi if known and known.label else name
                pairs[f"{label} ({language})"] = (_in_words(old.get(name)), _in_words(new.get(name)))
        yield from ((label, one, other) for label, (one, other) in pairs.items() if one != other)


def languages_of(text: EntryText, entry: Entry, medium: WrittenMedium) -> tuple[str, ...]:
    """Return the languages that a medium is written in: Vietnamese, those of its channels, and those that it says already."""
    shown = {entry.language_for(channel) for channel in medium.channels or entry.channels}
    return tuple(each for each in text.texts if each == "vi" or each in shown or medium.data.get(each) or medium.alt.get(each))


def opened(text: EntryText, medium: WrittenMedium) -> Given:
    """Return what a page holds at first of a medium that is there."""
    return Given(text=text, medium=medium, base=mark_of(medium), digest=text.digest)


def _nothing_yet() -> MediumLook:
    return MediumLook(none=spoken("Hình hiện ở đây khi các ô bắt buộc đã có chữ."))


def _in_words(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " · ".join(map(_in_words, value))
    if isinstance(value, Mapping):
        return ", ".join(map(_in_words, value.values()))
    return "" if value is None else str(value)


