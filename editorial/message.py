"""The one message of an entry, in one language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is said: text may quote facts as `{{ fact.wards }}`; the body is Markdown without the headline."""

    language: str  # "vi", "en"
    headline: str
    summary: str  # one or two sentences; the lead of the page, the text under a link
    body: str
    action: str | None = None  # what the reader should do
    link: str | None = None
    hashtags: tuple[str, ...] = ()  # without the #


@dataclass(frozen=True, kw_only=True)
class Variant:
    """The message cut for one channel and language, every fact written out: the words that will go out."""

    channel: str
    language: str
    title: str
    text: str  # the caption, the description, the article's plain text
    html: str  # the body as HTML where the channel takes it, else empty
    summary: str
    link: str | None = None
    hashtags: tuple[str, ...] = ()
