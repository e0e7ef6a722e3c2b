"""The one message of an entry, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from editorial.digest import WHEN_SAID


@dataclass(frozen=True, kw_only=True)
class Handwritten:
    """What an editor writes by hand for one channel; what is left out is cut from the message by the caption template."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None  # Markdown, in the place of headline, body, action and link; the template signs it
    hashtags: tuple[str, ...] | None = None
    comment: str | None = field(default=None, metadata={"signed": WHEN_SAID})  # the first comment below the post


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
    variants: Mapping[str, Handwritten] = field(default_factory=dict)  # by channel


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
