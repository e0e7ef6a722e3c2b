"""The pictures and clips of an entry as its files write them, and the same files with one more, one otherwise, or one less."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from editorial.problem import BadInput, Problem
from reading.amending import reshaped, value_at
from reading.front_matter import Page, page_of
from reading.key_path import KeyPath
from reading.yaml_lines import Tree
from store.content_records import EntryRecord, MediaRecord, TranslationRecord
from store.entry_text import EntryText

Data = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class WrittenMedium:
    """One picture or clip: `data` and `alt` by language; of another language than Vietnamese only what it says otherwise."""

    id: str
    template: str
    theme: str = "light"
    channels: tuple[str, ...] = ()
    alt: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Data] = field(default_factory=dict)


def file_of(name: str, language: str) -> str:
    """Return what a person calls the file of a language."""
    return f"content/{name}.md" if language == "vi" else f"content/{name}.{language}.md"


def written_media(text: EntryText) -> tuple[WrittenMedium, ...]:
    """Return the pictures and clips that these files ask for; raise BadInput where they cannot be read."""
    record = page_of(text.texts["vi"], file_of(text.name, "vi"), EntryRecord).head.value
    pages = {
        language: page_of(words, file_of(text.name, language), TranslationRecord)
        for language, words in text.texts.items() if language != "vi"
    }  # fmt: skip
    return tuple(_written(medium, pages) for medium in record.media)


def _written(medium: MediaRecord, pages: Mapping[str, Page[TranslationRecord]]) -> WrittenMedium:
    others = {language: page.head.value for language, page in pages.items()}
    alt = {"vi": medium.alt or ""} | {language: other.alt.get(medium.id, "") for language, other in others.items()}
    data = {language: dict(other.data[medium.id]) for language, other in others.items() if other.data.get(medium.id)}
    return WrittenMedium(
        id=medium.id, template=medium.template, theme=medium.theme, channels=medium.channels,
        alt={language: words for language, words in alt.items() if words}, data={"vi": dict(medium.data), **data},
    )  # fmt: skip


def with_medium(text: EntryText, medium: WrittenMedium) -> EntryText:
    """Return the files with this medium in the place of the one of its id, or behind the last; raise BadInput where they cannot.

    Every letter of all else stays as a person wrote it.
    """
    before = written_media(text)
    index = next((number for number, each in enumerate(before) if each.id == medium.id), None)
    wanted = (*before, medium) if index is None else (*before[:index], medium, *before[index + 1 :])
    old = None if index is None else before[index]
    texts = {language: _amended(text, language, old, medium, index) for language in text.texts}
    return _read_back(text, replace(text, texts=texts), wanted)


def without_medium(text: EntryText, id: str) -> EntryText:
    """Return the files without a medium; raise BadInput where only a person can take it away, KeyError where there is none."""
    before = written_media(text)
    index = next((number for number, each in enumerate(before) if each.id == id), None)
    if index is None:
        raise KeyError(id)
    texts = {}
    for language, words in text.texts.items():
        file = file_of(text.name, language)
        if language == "vi":
            kept = [medium for number, medium in enumerate(_raw_media(words, file)) if number != index]
            texts[language] = reshaped(words, file, ("media",), kept or None)
        else:
            texts[language] = reshaped(reshaped(words, file, ("alt", id), None), file, ("data", id), None)
    return _read_back(text, replace(text, texts=texts), (*before[:index], *before[index + 1 :]))


def _amended(text: EntryText, language: str, old: WrittenMedium | None, new: WrittenMedium, index: int | None) -> str:
    words, file = text.texts[language], file_of(text.name, language)
    if language != "vi":
        return _translated(words, file, old, new, language)
    if old is None or index is None:
        return reshaped(words, file, ("media",), [*_raw_media(words, file), _as_written(new)])
    for key, value in _changes(old, new).items():
        words = reshaped(words, file, ("media", index, key), value)
    if _exactly(old) != _exactly(new):
        words = reshaped(words, file, ("media", index, "data"), dict(new.data.get("vi", {})))
    return words


def _translated(words: str, file: str, old: WrittenMedium | None, new: WrittenMedium, language: str) -> str:
    had = old or WrittenMedium(id=new.id, template=new.template)
    parts: dict[KeyPath, tuple[object, object]] = {
        ("alt", new.id): (had.alt.get(language, ""), new.alt.get(language, "")),
        ("data", new.id): (had.data.get(language, {}), new.data.get(language, {})),
    }
    for path, (before, after) in parts.items():
        if before != after:
            words = reshaped(words, file, path, after or None)
    return words


def _changes(old: WrittenMedium, new: WrittenMedium) -> dict[str, Tree | None]:
    pairs: dict[str, tuple[object, object]] = {
        "template": (old.template, new.template),
        "theme": (old.theme, new.theme),
        "channels": (old.channels, new.channels),
        "alt": (old.alt.get("vi", ""), new.alt.get("vi", "")),
    }
    changed = {key: after for key, (before, after) in pairs.items() if before != after}
    return {key: (list(after) if isinstance(after, tuple) else after) or None for key, after in changed.items()}


def _as_written(medium: WrittenMedium) -> dict[str, Tree]:
    """Return a new medium as the file says it, its keys in the order that people write them in."""
    said: dict[str, Tree] = {"id": medium.id, "template": medium.template, "theme": medium.theme}
    if medium.channels:
        said["channels"] = list(medium.channels)
    if medium.alt.get("vi"):
        said["alt"] = medium.alt["vi"]
    return {**said, "data": dict(medium.data.get("vi", {}))}


def _exactly(medium: WrittenMedium) -> str:
    """Return a medium as text that tells 1 from 1.0 and from yes, in whatever order its keys are written."""
    said = asdict(_plain(medium))
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def _raw_media(words: str, file: str) -> Sequence[Tree]:
    found = value_at(words, file, ("media",))
    return found if isinstance(found, list) else []


def _read_back(before: EntryText, after: EntryText, wanted: Sequence[WrittenMedium]) -> EntryText:
    """Return the files after all that was to change in them, and nothing else, has changed; raise BadInput otherwise."""
    media = written_media(after)
    read, was = after.read().entry, before.read().entry
    if list(map(_exactly, media)) != list(map(_exactly, wanted)) or replace(read, media=()) != replace(was, media=()):
        message = "chưa ghi được đúng như ý; hãy mở tệp và tự sửa phần media"
        raise BadInput(Problem(rule="cannot-write", file=file_of(before.name, "vi"), key="media", message=message))
    return after


def _plain(medium: WrittenMedium) -> WrittenMedium:
    """Return a medium as reading gives it: what is empty is not said."""
    alt = {language: words for language, words in medium.alt.items() if words}
    others = {language: dict(data) for language, data in medium.data.items() if data and language != "vi"}
    return replace(medium, alt=alt, data={"vi": dict(medium.data.get("vi", {})), **others})
