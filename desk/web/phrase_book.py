"""The desk's own words in another language, from a gettext catalogue: words and sentences of pages, views and scripts.

A sentence that a view has put together is known by its fixed words. Its values pass as they stand, for a person may have written
them; only one that the catalogue marks, `{1:said}`, is the desk's own and said in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from desk.language import VIETNAMESE as OFFICE
from desk.language import in_words, language
from desk.web.moment_words import days_said
from desk.web.page_words import VIETNAMESE, Said

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LOCALE = Path(__file__).resolve().parents[1] / "locale"
KEPT = 8192  # sentences that were put together lately and stay known
DEEPEST = 4  # sentences within sentences
_PLACE = re.compile(r"\{(\d+)(:said)?\}")


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A sentence with values, as a view puts it together."""

    source: str
    said: Said

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        """Return what stands around the values."""
        return tuple(part for part in _PLACE.sub("\0", self.source).split("\0") if part)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return what finds the values of a finished sentence."""
        parts = _PLACE.sub("\0", self.source).split("\0")
        return re.compile("(.*?)".join(re.escape(part) for part in parts), re.DOTALL)


class PhraseBook:
    """One language's words, by the Vietnamese ones."""

    def __init__(
        self, words: Mapping[str, Said], put_together: Iterable[str] = (), apart: Mapping[str, Mapping[str, Said]] | None = None
    ) -> None:  # fmt: skip
        """`put_together` are the sentences that views make; those of pages are known before a page is drawn.

        `apart` has, by template, what is said otherwise there: one Vietnamese word may name a thing here and several there.
        """
        self.words = words
        self.apart = apart or {}
        open_ones = [Phrase(source=source, said=words[source]) for source in put_together]
        self._open = sorted(open_ones, key=lambda one: (-sum(map(len, one.fixed)), one.source))
        self.say = lru_cache(KEPT)(self._say)

    def words_of(self, template: str) -> Mapping[str, Said]:
        """Return the words as a template says them."""
        return {**self.words, **self.apart[template]} if template in self.apart else self.words

    def said(self, value: object) -> object:
        """Return what a page puts out in the other language: a text, or the texts of a list; anything else stays."""
        if isinstance(value, Markup):
            return value
        if isinstance(value, str):
            return self.say(value)
        if isinstance(value, Mapping):
            return {key: self.said(each) for key, each in value.items()}
        return tuple(self.said(each) for each in value) if isinstance(value, Iterable) else value

    def _say(self, text: str, depth: int = 0) -> str:
        said = self._known(text, depth)
        if said is not None:
            return said
        if text[:1].isupper():  # a message that a page has made a sentence of
            said = self._message(text[:1].lower() + text[1:].removesuffix("."), depth)
            said = said and said[:1].upper() + said[1:] + ("." if text.endswith(".") else "")
        return said or self._message(text, depth) or days_said(text)

    def _known(self, text: str, depth: int) -> str | None:
        if text in self.words:
            return self.words[text].one
        if not VIETNAMESE.search(text) or depth > DEEPEST:
            return days_said(text)
        for phrase in self._open:
            if all(part in text for part in phrase.fixed) and (found := phrase.pattern.fullmatch(text)):
                return self._filled(phrase.said, found.groups(), depth)
        return None

    def _message(self, text: str, depth: int) -> str | None:
        """Return what a mistake is in the other language: commands tell the same ones."""
        known = self._known(text, depth)
        if known is not None:
            return known
        told = in_words(text)
        return None if told == text else told

    def _filled(self, said: Said, values: tuple[str, ...], depth: int) -> str:
        def value(place: re.Match[str]) -> str:
            written = values[int(place[1])]
            return self._say(written, depth + 1) if place[2] and written else written

        return _PLACE.sub(value, said.of(values[0]))


def spoken(text: str) -> str:
    """Return words of the desk's own in the reader's language: for a view that puts them where people's may stand."""
    return text if language() == OFFICE else phrase_book(language()).say(text)


@cache
def phrase_book(language: str) -> PhraseBook:
    """Return the phrase book of a language."""
    catalogue = read_catalogue(LOCALE / language / "LC_MESSAGES" / "desk.po")
    words, put_together, apart = dict[str, Said](), list[str](), dict[str, dict[str, Said]]()
    for message in catalogue:
        source = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        if not source or not all(forms):
            continue
        said = Said(one=forms[0], many=forms[1] if len(forms) > 1 else "")
        if message.context:
            apart.setdefault(message.context, {})[source] = said
            continue
        words[source] = said
        if _PLACE.search(source) and any(place.endswith(".py") for place, _ in message.locations):
            put_together.append(source)
    return PhraseBook(words, put_together, apart)


def read_catalogue(path: Path) -> Catalog:
    """Return a gettext catalogue as Babel reads it."""
    from babel.messages.pofile import read_po  # an office that reads Vietnamese never loads Babel

    with path.open("rb") as file:
        return read_po(file)
