"""What editors wrote, made into safe HTML with every fact written out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import nh3
from markdown import markdown
from markupsafe import Markup

from editorial.entry import Entry
from editorial.fact import Fact
from editorial.fact_words import unit_words, value_words, words
from editorial.workspace import Content
from studio.expression import TemplateError, print_text

_TAGS = {"p", "br", "strong", "b", "em", "i", "u", "s", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "code", "hr"}
_ATTRIBUTES = {"a": {"href"}}
_QUOTE = re.compile(r"\{\{\s*fact\.([a-z0-9_]+)")
_SCHEMES = {"https", "http", "mailto", "tel"}


def safe(html: str) -> Markup:
    """Return HTML with nothing left in it that could act: no script, style, picture or form."""
    return Markup(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noreferrer noopener"))


@dataclass(frozen=True)
class _Plain:
    """A fact as the public reads it."""

    fact: Fact

    def __str__(self) -> str:
        return words(self.fact, "vi")

    @property
    def value(self) -> str:
        return value_words(self.fact, "vi")

    @property
    def unit(self) -> str:
        return unit_words(self.fact, "vi")

    @property
    def source(self) -> str:
        return self.fact.source


class _Linked(_Plain):
    """A fact that leads to its row in the list of facts."""

    def __str__(self) -> str:
        return f"[{super().__str__()}](#fact-{self.fact.id})"

    @property
    def value(self) -> str:
        return f"[{super().value}](#fact-{self.fact.id})"


def written_out(text: str, facts: Mapping[str, Fact]) -> str:
    """Return the text with its facts in it; a text that quotes what is not there is shown as it was written."""
    return _print(text, {name: _Plain(fact) for name, fact in facts.items()})


def body_html(text: str, facts: Mapping[str, Fact]) -> Markup:
    """Return a Markdown body as safe HTML in which each fact leads to its source."""
    linked = _print(text, {name: _Linked(fact) for name, fact in facts.items()})
    return safe(markdown(linked, extensions=["sane_lists"]))


def headline(content: Content, entry: Entry) -> str:
    """Return an entry's Vietnamese headline with its facts written out."""
    said = entry.messages["vi"].headline
    return written_out(said, content.facts_of(entry)) if "{" in said else said


def quoted_facts(entry: Entry) -> tuple[str, ...]:
    """Return the ids of the facts that the Vietnamese message quotes, in the order in which it quotes them."""
    message = entry.messages["vi"]
    text = "\n".join((message.headline, message.summary, message.body, message.action or ""))
    return tuple(dict.fromkeys(_QUOTE.findall(text)))


def _print(text: str, quoted: Mapping[str, _Plain]) -> str:
    try:
        return print_text(text, {"fact": quoted, "language": "vi"})
    except TemplateError:
        return text
