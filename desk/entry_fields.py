"""What of an entry's files a person writes in a form: each field's name, where the file says it, and what it says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from editorial.entry import Entry
from editorial.message import Handwritten
from editorial.problem import Problem
from reading.amending import Value
from reading.key_path import KeyPath

Fields = Mapping[str, str]
MOST_LETTERS = 200_000  # of one field: what a platform takes at the very most
_BODY: KeyPath = ("body",)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_MESSAGE = ("headline", "summary", "body", "action", "link", "hashtags")
_BY_HAND = ("title", "summary", "text", "hashtags", "comment")
_BREAK = re.compile(r"\r\n?|\u0085|\u2028|\u2029")
_REQUIRED = frozenset({"headline", "summary", "when"})
_PLACE = re.compile(r"^media\[(\d+)\]\.?(.*)$")


class Kind(Enum):
    """How a field is written."""

    LINE = "line"
    LINES = "lines"
    MARKDOWN = "markdown"
    TAGS = "tags"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of the form: `section` is what it belongs to (message, variant, medium, time), `of` which one of these."""

    name: str
    language: str
    path: KeyPath
    kind: Kind
    section: str
    of: str = ""

    @property
    def key(self) -> str:
        """Return the last word of the field's key."""
        return str(self.path[-1])

    @property
    def required(self) -> bool:
        return self.section in ("message", "time") and self.key in _REQUIRED


def fields_for(entry: Entry) -> tuple[Field, ...]:
    """Return the fields of an entry as it is written, a series before its turns are made."""
    spoken = tuple((channel, entry.language_for(channel)) for channel in entry.channels)
    media = tuple(
        (medium.id, frozenset(entry.language_for(channel) for channel in medium.channels or entry.channels))
        for medium in entry.media
    )
    return _fields(spoken, tuple(entry.messages), media)


@lru_cache(maxsize=256)
def _fields(
    spoken: tuple[tuple[str, str], ...], languages: tuple[str, ...], media: tuple[tuple[str, frozenset[str]], ...]
) -> tuple[Field, ...]:  # fmt: skip
    """Return the fields of entries of one shape: channels with the language of each, and media with those that they are in."""
    return tuple(_each_field(spoken, languages, media))


def _each_field(
    spoken: tuple[tuple[str, str], ...], languages: tuple[str, ...], media: tuple[tuple[str, frozenset[str]], ...]
) -> Iterator[Field]:  # fmt: skip
    yield _field("vi", ("when",), Kind.LINE, "time")
    for channel, _ in spoken:
        yield _field("vi", ("moments", channel), Kind.LINE, "time", channel)
    for language in languages:
        for key in _MESSAGE:
            yield _field(language, (key,), _KINDS[key], "message")
        for channel, its in spoken:
            if its == language:
                for key in _BY_HAND:
                    yield _field(language, ("variants", channel, key), _KINDS[key], "variant", channel)
        for index, (medium, shown_in) in enumerate(media):
            if language in shown_in:
                path: KeyPath = ("media", index, "alt") if language == "vi" else ("alt", medium)
                yield Field(
                    name=f"{_prefix(language)}media.{medium}.alt", language=language, path=path, kind=Kind.LINES,
                    section="medium", of=medium,
                )  # fmt: skip


_KINDS = {
    "headline": Kind.LINE, "title": Kind.LINE, "summary": Kind.LINES, "action": Kind.LINE, "link": Kind.LINE,
    "hashtags": Kind.TAGS, "body": Kind.MARKDOWN, "text": Kind.MARKDOWN, "comment": Kind.LINES,
}  # fmt: skip


def _field(language: str, path: tuple[str, ...], kind: Kind, section: str, of: str = "") -> Field:
    return Field(
        name=_prefix(language) + ".".join(path), language=language, path=path, kind=kind, section=section, of=of
    )  # fmt: skip


def _prefix(language: str) -> str:
    return "" if language == "vi" else f"{language}."


def written_fields(entry: Entry) -> dict[str, str]:
    """Return what the entry's files say, by field."""
    return {field.name: _written(entry, field) for field in fields_for(entry)}


def _written(entry: Entry, field: Field) -> str:
    message = entry.messages[field.language]
    if field.section == "time":
        return entry.moments.get(field.of, "") if field.of else entry.when
    if field.section == "medium":
        medium = next(each for each in entry.media if each.id == field.of)
        return medium.alt.get(field.language, "")
    said = message.variants.get(field.of, Handwritten()) if field.section == "variant" else message
    value = getattr(said, field.key)
    return " ".join(value) if isinstance(value, tuple) else value or ""


def typed_fields(given: Fields, known: Collection[Field]) -> dict[str, str]:
    """Return what was typed, of the known fields only, in the letters and line ends that files have."""
    return {field.name: _clean(given[field.name], field) for field in known if field.name in given}


def _clean(text: str, field: Field) -> str:
    kind, text = field.kind, _BREAK.sub("\n", text)
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text))[:MOST_LETTERS]
    if kind is Kind.TAGS:
        return " ".join(word.lstrip("#") for word in re.split(r"[\s,]+", text) if word.lstrip("#"))
    if kind is Kind.LINE:
        text = re.sub(r"\s*\n\s*", " ", text)
    return text.strip("\n") if field.path == _BODY and text.strip() else text.strip()


def clean_lines(text: str) -> str:
    """Return a text in the letters and line ends that files have."""
    return unicodedata.normalize("NFC", _CONTROL.sub("", _BREAK.sub("\n", text)))[:MOST_LETTERS].strip()


def clean_line(text: str) -> str:
    """Return a text of one line in the letters that files have."""
    return re.sub(r"\s*\n\s*", " ", clean_lines(text))


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What changes in one file."""

    values: Mapping[KeyPath, Value]
    body: str | None


def amendments(known: Collection[Field], written: Fields, typed: Fields) -> dict[str, Amendment]:
    """Return what the files have to say otherwise, by language; nothing for one that stays."""
    made: dict[str, Amendment] = {}
    for language in dict.fromkeys(field.language for field in known):
        mine = [each for each in known if each.language == language]
        changed = [each for each in mine if typed.get(each.name, written[each.name]) != written[each.name]]
        values = {each.path: _value(each, typed[each.name]) for each in changed if each.path != _BODY}
        body = next((typed[each.name] for each in changed if each.path == _BODY), None)
        if changed:
            made[language] = Amendment(values=values, body=body)
    return made


def _value(field: Field, text: str) -> Value:
    if not text and not field.required:
        return None
    return tuple(text.split()) if field.kind is Kind.TAGS else text


def field_of(problem: Problem, entry: Entry) -> str:
    """Return the field at which a problem is put right: its own, else the nearest that the form has; "" where it has none."""
    key, language = problem.key or "", "vi"
    if problem.file and problem.file not in (f"content/{entry.series or entry.id}.md", ""):
        language = next((each for each in entry.messages if problem.file == f"content/{entry.series or entry.id}.{each}.md"), "")
    if not language:
        return ""
    names = {field.name for field in fields_for(entry)}
    for wanted in _likely(key, entry):
        if _prefix(language) + wanted in names:
            return _prefix(language) + wanted
    return ""


def _likely(key: str, entry: Entry) -> Iterator[str]:
    place = _PLACE.match(key)
    if place and int(place[1]) < len(entry.media):
        yield f"media.{entry.media[int(place[1])].id}.{place[2]}"
    if key.startswith("alt."):
        yield f"media.{key.removeprefix('alt.')}.alt"
    bare = re.sub(r"\[\d+\]", "", key)
    yield bare
    if bare.startswith("variants."):
        yield f"{bare}.text"
    if bare.startswith("moments"):
        yield "when"
