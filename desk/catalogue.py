"""A catalogue of sentences in another language.

Sentences stand in the code in Vietnamese, where they are meant. The catalogue knows each by its own words, its values left open;
a value that is a sentence itself is looked up in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Formatter

from pydantic import BaseModel, ConfigDict

from reading.document import read_yaml

LOCALE = Path(__file__).resolve().parent / "locale"
DEEPEST = 6  # sentences within sentences
_JOINTS = (" hoặc ", "; ", ": ", ". ", ", ", " và ", " hay ")


class CatalogueRecord(BaseModel):
    """locale/en.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sentences: dict[str, str]
    words: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence with open places, and what it says in the other language."""

    source: str
    target: str

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        """Return what stands around the open places."""
        return tuple(literal for literal, *_ in Formatter().parse(self.source) if literal)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return what finds the values of a finished sentence."""
        parts = ((re.escape(literal), name) for literal, name, *_ in Formatter().parse(self.source))
        return re.compile("".join(literal + ("(.*?)" if name is not None else "") for literal, name in parts), re.DOTALL)


class Catalogue:
    """Sentences by their Vietnamese words; the one with the most fixed words is tried first."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._whole = {source.format(): target.format() for source, target in sentences.items() if not any(_places(source))}
        open_ones = [Sentence(source=source, target=target) for source, target in sentences.items() if any(_places(source))]
        self._open = sorted(open_ones, key=lambda one: -sum(map(len, one.fixed)))

    def say(self, text: str, depth: int = 0) -> str:
        """Return the text in the catalogue's language; what it does not know stays as it is."""
        if text in self._whole or depth > DEEPEST:
            return self._whole.get(text, text)
        if match := self._match(text):
            sentence, found = match
            return sentence.target.format(*self._values(found, depth))
        return self._about(text, depth) or self._in_parts(text, depth)

    def _match(self, text: str) -> tuple[Sentence, re.Match[str]] | None:
        for sentence in self._open:
            if all(literal in text for literal in sentence.fixed) and (found := sentence.pattern.fullmatch(text)):
                return sentence, found
        return None

    def _about(self, text: str, depth: int) -> str | None:
        """Return “what: sentence” with a sentence that is known whole, whatever joints are in it; None where there is none."""
        for colon in re.finditer(": ", text):
            rest = text[colon.end() :]
            if rest in self._whole or self._match(rest):
                return f"{self.say(text[: colon.start()], depth + 1)}: {self.say(rest, depth + 1)}"
        return None

    def _values(self, found: re.Match[str], depth: int) -> Iterator[str]:
        """Yield what stands in the open places; what is quoted is a person's own, and said only when we know it."""
        for number, value in enumerate(found.groups(), start=1):
            quoted = found.string[: found.start(number)].endswith("“") and found.string[found.end(number) :].startswith("”")
            yield self._whole.get(value, value) if quoted else self.say(value, depth + 1)

    def _in_parts(self, text: str, depth: int) -> str:
        """Return the text with the parts said that are known by themselves: “a.md: sentence”, “one; other”."""
        for joint in _JOINTS:
            if joint in text:
                parts = text.split(joint)
                said = [self.say(part, depth + 1) for part in parts]
                if said != parts or joint in self._whole:
                    return self._whole.get(joint, joint).join(said)
        return text


def _places(source: str) -> Iterator[str]:
    return (name for _, name, *_ in Formatter().parse(source) if name is not None)


def read_catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language."""
    record = read_yaml(LOCALE / f"{language}.yaml", CatalogueRecord, LOCALE).value
    return Catalogue(record.sentences | record.words)
