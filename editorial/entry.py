"""An entry: what the office plans to say, when, where, and in whose name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from editorial.digest import WHEN_SAID, digest
from editorial.fact import Fact
from editorial.message import Message
from editorial.repeat import Repeat
from editorial.tone import Tone


class Form(Enum):
    """What the office does on the day; a ceremony belongs to a round year only (Decree 111/2018)."""

    COMMUNICATION = "communication"  # posts, films, news: any year
    CEREMONY = "ceremony"  # lễ kỷ niệm
    EMULATION = "emulation"  # a campaign of good work
    SEMINAR = "seminar"  # a conference or talk


@dataclass(frozen=True, kw_only=True)
class MediaOrder:
    """A picture or clip that the entry asks the studio for.

    `data` fills the template's fields, by language (`{"vi": {...}, "en": {...}}`); text in it may quote facts.
    `channels` names the channels it goes to; none means every channel of the entry that takes its kind.
    """

    id: str
    template: str  # "infographic/occasion", "clip/explainer"
    data: Mapping[str, Mapping[str, object]]
    alt: Mapping[str, str]  # by language: what the picture says, for those who do not see it; missing until a person confirms it
    channels: tuple[str, ...] = ()
    theme: str = "light"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a file of content/ says. `file` is where it was read from, relative to the workspace."""

    id: str
    group: str  # content group, "1.7"
    axis: str
    unit: str
    tone: Tone
    when: str  # a date rule
    channels: tuple[str, ...]
    messages: Mapping[str, Message]  # by language, "vi" always there
    media: tuple[MediaOrder, ...] = ()
    facts: tuple[Fact, ...] = ()  # local to this entry
    uses: tuple[str, ...] = ()  # ids of the shared facts that the message must carry
    moments: Mapping[str, str] = field(default_factory=dict)  # a channel's own date rule, where it differs
    languages: Mapping[str, str] = field(default_factory=dict)  # a channel's language, where it is not Vietnamese
    form: Form = Form.COMMUNICATION
    campaign: str | None = None  # the id of the campaign that it belongs to
    repeat: Repeat | None = None  # how often; none for what is said once, and for each occurrence of a series
    after: str | None = field(default=None, metadata={"signed": WHEN_SAID})  # the entry whose post goes first on each channel
    series: str | None = field(default=None, metadata={"signed": False})  # the repeated entry that this is an occurrence of
    file: str = field(default="", metadata={"signed": False})

    @cached_property
    def revision(self) -> str:
        """Return the digest of everything the entry says; another word is another revision."""
        return digest(self)

    @property
    def has_comments(self) -> bool:
        """Tell whether anything is said below any of its posts."""
        return any(variant.comment for message in self.messages.values() for variant in message.variants.values())

    def rule_for(self, channel: str) -> str:
        """Return the date rule of the entry's slot on a channel."""
        return self.moments.get(channel, self.when)

    def language_for(self, channel: str) -> str:
        """Return the language in which the entry goes out on a channel."""
        return self.languages.get(channel, "vi")
