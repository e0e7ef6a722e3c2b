"""Pages in another language: the words of each template, and the places in which views put the desk's own words.

What people wrote never changes: a value is said in another language only in a place that own_places.py names.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from desk.web.own_places import OWN, PEOPLES
from desk.web.page_words import Page
from desk.web.phrase_book import PhraseBook, phrase_book
from desk.web.script_words import Script

SCRIPTS = Path(__file__).resolve().parent / "static" / "js"
_ELEMENT = re.compile(
    r"<(?:h[1-4]|p|div|pre|span|strong|em|a|li|td|th|dd|q|blockquote)\b"
    r"(?P<attributes>(?>\{\{.*?\}\}|\{%.*?%\}|[^<>])*+)>(?=\{\{ (?P<value>[\w.]+) \}\}<)"
)


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """One language's words for templates."""

    language: str
    book: PhraseBook

    @classmethod
    def of(cls, language: str) -> OwnWords:
        """Return the words of a language."""
        return cls(language=language, book=phrase_book(language))

    def put_into(self, jinja: Environment) -> None:
        """Let an environment load its templates in this language."""
        assert isinstance(jinja.loader, FileSystemLoader)
        jinja.loader = _Loader(jinja.loader.searchpath[0], self)
        jinja.filters["said"] = self.book.said


class _Loader(FileSystemLoader):
    """Templates whose words are exchanged when they are loaded."""

    def __init__(self, folder: str, words: OwnWords) -> None:
        super().__init__(folder)
        self._words = words

    def get_source(self, environment: Environment, template: str):  # type: ignore[no-untyped-def]  # as its parent's
        source, name, fresh = super().get_source(environment, template)
        return in_language(environment, source, template, self._words), name, fresh


def in_language(environment: Environment, source: str, template: str, words: OwnWords) -> str:
    """Return a template's source with its words exchanged; an element with just what people wrote is marked as Vietnamese."""
    own = OWN.get(template, ())

    def marked(element: re.Match[str]) -> str:
        value = element["value"]
        written = value.rpartition(".")[2] in PEOPLES and value not in own and " lang=" not in element["attributes"]
        return f'{element[0][:-1]} lang="vi">' if written else element[0]

    source = _ELEMENT.sub(marked, source).replace('<html lang="vi"', f'<html lang="{words.language}"')
    return Page(lex=environment.lex, book=words.book.words_of(template), own=own).translated(source)


@cache
def script_in(language: str, name: str) -> str:
    """Return a script of the desk in a language; empty where there is none, or none of its words are known."""
    path = (SCRIPTS / name).resolve()
    if not path.is_relative_to(SCRIPTS) or not path.is_file():
        return ""
    source = path.read_text(encoding="utf-8")
    spoken = Script(book=phrase_book(language).words).translated(source)
    return "" if spoken == source else spoken


def script_address(language: str, name: str) -> str:
    """Return where a script is served in a language; empty where it is the same in each."""
    script = script_in(language, name.removeprefix("js/")) if name.startswith("js/") else ""
    return f"/static/{language}/{name}?v={hashlib.sha256(script.encode()).hexdigest()[:10]}" if script else ""
