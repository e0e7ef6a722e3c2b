"""A figure that somebody typed where they could have quoted the fact: the same text, quoting it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from editorial.entry import Entry, MediaOrder
from editorial.expectation import Expectations, expectations
from editorial.fact import Fact, FactKind
from editorial.fact_words import value_words, words
from editorial.hearing import hear
from editorial.message import Handwritten, Message
from editorial.source import Source

_QUOTE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_Retype = Callable[[str, str], str]  # text, language


def quoting(source: Source, fact: Fact, other: Fact) -> Source:
    """Return the source with `other` in the place of `fact`, and quoted wherever the value was typed by hand.

    What is typed in words of its own ("một trăm hai mươi sáu") stays as it is; the consistency check then stands against it.
    """
    expected = expectations([*source.facts.values(), *source.entry.facts])

    def retype(text: str, language: str) -> str:
        if fact.kind is FactKind.LINK:
            return _relinked(text, str(fact.value), str(other.value))
        parts = _QUOTE.split(text)
        return "".join(part if _QUOTE.fullmatch(part) else _retyped(part, language, fact, expected) for part in parts)

    return replace(source, entry=_entry(source.entry, retype)).having(other)


def _retyped(text: str, language: str, fact: Fact, expected: Expectations) -> str:
    """Return a stretch without quotes in which each typed value is quoted, from the last to the first."""
    said = hear(text, language, expected).statements if text.strip() else ()
    for statement in sorted(said, key=lambda each: each.start, reverse=True):
        typed, quote = _typed(text[statement.start :], fact, language) if statement.fact == fact.id else ("", "")
        text = text[: statement.start] + quote + text[statement.start + len(typed) :]
    return text


def _typed(text: str, fact: Fact, language: str) -> tuple[str, str]:
    """Return what was typed at the beginning of a text, whole or the value alone, and its quote; ("", "") for other words."""
    whole, value = words(fact, language), value_words(fact, language)
    if text[: len(whole)].casefold() == whole.casefold():
        return whole, f"{{{{ fact.{fact.id} }}}}"
    if re.match(rf"{re.escape(value)}(?![.,/]?\w)", text):
        return value, f"{{{{ fact.{fact.id}.value }}}}"
    return "", ""


def _relinked(text: str, old: str, new: str) -> str:
    """Return the text with the whole address exchanged, also without its scheme; a longer one that begins alike is another."""
    for was, becomes in ((old, new), (_bare(old), _bare(new))):
        text = re.sub(rf"(?<![\w/.@-]){re.escape(was)}(?![\w/?#=&%-]|\.\w)", becomes.replace("\\", r"\\"), text)
    return text


def _bare(address: str) -> str:
    """Return an address as people say it: hanoi.gov.vn/le-hoi."""
    return re.sub(r"^https?://(?:www\.)?", "", address).rstrip("/")


def _entry(entry: Entry, retype: _Retype) -> Entry:
    messages = {language: _message(message, retype) for language, message in entry.messages.items()}
    return replace(entry, messages=messages, media=tuple(_order(order, retype) for order in entry.media))


def _message(message: Message, retype: _Retype) -> Message:
    def of(text: str) -> str:
        return retype(text, message.language)

    return replace(
        message,
        headline=of(message.headline),
        summary=of(message.summary),
        body=of(message.body),
        action=of(message.action) if message.action else message.action,
        link=of(message.link) if message.link else message.link,
        variants={channel: _handwritten(variant, of) for channel, variant in message.variants.items()},
    )


def _handwritten(variant: Handwritten, of: Callable[[str], str]) -> Handwritten:
    return replace(
        variant,
        title=of(variant.title) if variant.title else variant.title,
        summary=of(variant.summary) if variant.summary else variant.summary,
        text=of(variant.text) if variant.text else variant.text,
        comment=of(variant.comment) if variant.comment else variant.comment,
    )


def _order(order: MediaOrder, retype: _Retype) -> MediaOrder:
    data = {language: _strings(values, language, retype) for language, values in order.data.items()}
    return replace(order, data=data, alt={language: retype(text, language) for language, text in order.alt.items()})


def _strings(values: Mapping[str, object], language: str, retype: _Retype) -> Mapping[str, object]:
    def of(value: object) -> object:
        match value:
            case str():
                return retype(value, language)
            case Mapping():
                return {name: of(inner) for name, inner in value.items()}
            case list() | tuple():
                return [of(inner) for inner in value]
        return value

    return {name: of(value) for name, value in values.items()}
