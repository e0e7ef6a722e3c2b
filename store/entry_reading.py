"""What one entry's files say: its own, and those of its translations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from editorial.entry import Entry, MediaOrder
from editorial.fact import Fact
from editorial.message import Handwritten, Message
from editorial.problem import BadInput, Problem
from editorial.repeat import Repeat
from editorial.workspace import Place
from reading.document import Document, dotted
from reading.front_matter import Page, page_of
from store.content_records import EntryRecord, MediaRecord, RepeatRecord, TranslationRecord
from store.fact_values import read_facts

TRANSLATIONS = ("en",)


@dataclass(frozen=True, kw_only=True)
class WrittenEntry:
    """An entry as it is written, before its turns are made, with where each key stands; `problems` are what is wrong in it."""

    entry: Entry
    places: Mapping[str, Place]
    translated_places: Mapping[str, Mapping[str, Place]]  # by language
    problems: tuple[Problem, ...]


def written_entry(
    page: Page[EntryRecord], translations: Mapping[str, Page[TranslationRecord]], name: str
) -> WrittenEntry:  # fmt: skip
    """Return the entry of these pages; `name` is what its file is called. Raise BadInput where it cannot be read at all."""
    record = page.head.value
    facts, problems = read_facts(record.facts, page.head, ("facts",))
    repeat = _repeat(page.head, record.repeat) if record.repeat else None
    return WrittenEntry(
        entry=replace(_entry(page, facts, translations), repeat=repeat),
        places=_places(page),
        translated_places={language: _places(other) for language, other in translations.items()},
        problems=(
            *_name_problems(page.head, name),
            *problems,
            *(each for other in translations.values() for each in _media_problems(other.head, record)),
        ),
    )


def entry_of(texts: Mapping[str, str], name: str) -> WrittenEntry:
    """Return the entry that texts say, by language, as if they were the files of that name; raise BadInput with every mistake."""
    problems: list[Problem] = []
    pages: dict[str, Page[TranslationRecord]] = {}
    page = None
    for language, text in texts.items():
        try:
            if language == "vi":
                page = page_of(text, f"content/{name}.md", EntryRecord)
            else:
                pages[language] = page_of(text, f"content/{name}.{language}.md", TranslationRecord)
        except BadInput as error:
            problems.extend(error.problems)
    found = None
    if page is not None:
        found = written_entry(page, pages, name)
        problems.extend(found.problems)
    if problems or found is None:
        raise BadInput(*problems)
    return found


def _name_problems(head: Document[EntryRecord], name: str) -> Iterator[Problem]:
    if head.value.id != name:
        yield head.problem("wrong-id", f"id phải trùng tên tệp: “{name}”", "id")


def _media_problems(head: Document[TranslationRecord], record: EntryRecord) -> list[Problem]:
    known = {medium.id for medium in record.media}
    keys = [("alt", name) for name in head.value.alt] + [("data", name) for name in head.value.data]
    return [
        head.problem("unknown-media", f"mục gốc không có media “{name}”", section, name)
        for section, name in keys
        if name not in known
    ]


def _entry(page: Page[EntryRecord], facts: tuple[Fact, ...], translations: Mapping[str, Page[TranslationRecord]]) -> Entry:
    record = page.head.value
    return Entry(
        id=record.id,
        group=record.group,
        axis=record.axis,
        unit=record.unit,
        tone=record.tone,
        when=record.when,
        channels=record.channels,
        messages={"vi": _message("vi", page)} | {language: _message(language, other) for language, other in translations.items()},
        media=tuple(_order(medium, translations) for medium in record.media),
        facts=facts,
        uses=record.uses,
        moments=record.moments,
        languages=record.languages,
        form=record.form,
        campaign=record.campaign,
        after=record.after,
        file=page.head.file,
    )


def _repeat(head: Document[EntryRecord], record: RepeatRecord) -> Repeat:
    try:
        return Repeat(**(record.model_dump() | {"day": None if record.day is None else str(record.day)}))
    except BadInput as error:
        keys = [(problem, tuple((problem.key or "repeat").split("."))) for problem in error.problems]
        raise BadInput(*(head.problem(problem.rule, problem.message, *key) for problem, key in keys)) from error


def _message(language: str, page: Page[EntryRecord] | Page[TranslationRecord]) -> Message:
    record = page.head.value
    return Message(
        language=language,
        headline=record.headline,
        summary=record.summary,
        body=page.body,
        action=record.action,
        link=record.link,
        hashtags=record.hashtags,
        variants={channel: Handwritten(**variant.model_dump()) for channel, variant in record.variants.items()},
    )


def _order(medium: MediaRecord, translations: Mapping[str, Page[TranslationRecord]]) -> MediaOrder:
    """Return the order with its data by language; a translation gives only what differs."""
    data: dict[str, Mapping[str, object]] = {"vi": dict(medium.data)}
    alt = {"vi": medium.alt} if medium.alt else {}
    for language, page in translations.items():
        data[language] = {**medium.data, **page.head.value.data.get(medium.id, {})}
        if medium.id in page.head.value.alt:
            alt[language] = page.head.value.alt[medium.id]
    return MediaOrder(
        id=medium.id, template=medium.template, data=data, alt=alt, channels=medium.channels, theme=medium.theme
    )


def _places(page: Page[EntryRecord] | Page[TranslationRecord]) -> dict[str, Place]:
    head = page.head
    places = {dotted(path): (head.file, line, dotted(path)) for path, line in head.lines.items()}
    return places | {"": (head.file, 1, ""), "body": (head.file, page.body_line, "body")}
