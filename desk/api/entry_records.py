"""An entry as programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from desk.api.property_records import PropertiesChange, PropertiesRecord, properties_record
from desk.consequences import Consequence
from desk.entry_fields import MOST_LETTERS, written_fields
from desk.property_words import written_properties
from desk.web.moment_words import local
from desk.web.prose import written_out
from editorial.entry import Entry
from editorial.fact import Fact
from editorial.message import Message
from editorial.post import Medium, Post
from editorial.workflow import Stage

Word = Annotated[str, StringConstraints(max_length=120)]
Line = Annotated[str, StringConstraints(max_length=1000)]
Body = Annotated[str, StringConstraints(max_length=MOST_LETTERS)]


class EntryRecord(BaseModel):
    """One entry; `revision` is the digest of everything that it says, `stage` how far its review has come."""

    id: str
    headline: str
    stage: str
    group: str
    axis: str
    unit: str
    tone: str
    form: str
    campaign: str | None
    when: str
    moments: dict[str, str]
    channels: list[str]
    languages: list[str]
    uses: list[str]
    series: str | None
    file: str
    revision: str


class EntryDetail(EntryRecord):
    """One entry with every field that can be changed, as its files say it now. The ETag of the answer names these files."""

    fields: dict[str, str]
    properties: PropertiesRecord


class EntryPage(BaseModel):
    """A stretch of the entries, by id."""

    items: list[EntryRecord]
    next: str | None


class HandwrittenRecord(BaseModel):
    """What was written by hand for one channel."""

    title: str | None
    summary: str | None
    text: str | None
    hashtags: list[str] | None
    comment: str | None


class MessageRecord(BaseModel):
    """The message in one language: as it is written, quoting facts, and with the facts written out."""

    language: str
    headline: str
    summary: str
    body: str
    action: str | None
    link: str | None
    hashtags: list[str]
    variants: dict[str, HandwrittenRecord]
    headline_written_out: str
    summary_written_out: str


class MessageList(BaseModel):
    """An entry's messages, Vietnamese first."""

    items: list[MessageRecord]


class RenditionRecord(BaseModel):
    """A picture or clip that was made for a post; its address needs no token, since platforms fetch it there."""

    channel: str
    post: str
    id: str
    kind: str
    media_type: str
    sha256: str
    byte_size: int
    width: int
    height: int
    seconds: float | None
    alt: str
    url: str
    subtitles_url: str | None


class RenditionList(BaseModel):
    """What was made for an entry's posts: the version that was handed in last."""

    items: list[RenditionRecord]


class ConsequenceRecord(BaseModel):
    """What a planner should know of a moment."""

    kind: str
    words: str


class EntryAmended(EntryDetail):
    """A changed entry, and what followed from other properties: what went with a channel, what is to be signed anew."""

    consequences: list[ConsequenceRecord]


class DraftBegun(EntryDetail):
    """A new entry, and what follows from its moment."""

    consequences: list[ConsequenceRecord]


class NewEntry(BaseModel):
    """What a new entry says at first. Without an id one is made of the headline; without a body the summary stands in for it."""

    model_config = ConfigDict(extra="forbid")

    headline: Line
    summary: Line
    group: Word
    axis: Word
    unit: Word
    tone: Word
    when: Line
    channels: Annotated[list[Word], Field(min_length=1, max_length=40)]
    id: Word = ""
    form: Word = "communication"
    campaign: Word = ""
    body: Body = ""


class EntryChange(BaseModel):
    """Fields that are to say something else, by name as `fields` of the entry has them, and other properties; all else stays."""

    model_config = ConfigDict(extra="forbid")

    fields: Annotated[dict[Word, Body], Field(max_length=400)] = {}
    properties: PropertiesChange | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is to change."""
        return not self.fields and (self.properties is None or not self.properties.model_fields_set)


def entry_record(entry: Entry, headline: str, stage: Stage) -> EntryRecord:
    """Return the record of an entry."""
    return EntryRecord(
        id=entry.id, headline=headline, stage=stage.value, group=entry.group, axis=entry.axis, unit=entry.unit,
        tone=entry.tone.value, form=entry.form.value, campaign=entry.campaign, when=entry.when, moments=dict(entry.moments),
        channels=list(entry.channels), languages=list(entry.messages), uses=list(entry.uses), series=entry.series,
        file=entry.file, revision=entry.revision,
    )  # fmt: skip


def entry_detail(record: EntryRecord, written: Entry) -> EntryDetail:
    """Return the record with the fields of the entry as its files write it."""
    properties = properties_record(written_properties(written))
    return EntryDetail(**record.model_dump(), fields=written_fields(written), properties=properties)


def entry_amended(detail: EntryDetail, follows: tuple[Consequence, ...]) -> EntryAmended:
    """Return the record of a changed entry."""
    known = [ConsequenceRecord(kind=each.kind.value, words=each.words) for each in follows]
    return EntryAmended(**detail.model_dump(), consequences=known)


def draft_begun(detail: EntryDetail, follows: tuple[Consequence, ...]) -> DraftBegun:
    """Return the record of a new entry."""
    known = [ConsequenceRecord(kind=each.kind.value, words=each.words) for each in follows]
    return DraftBegun(**detail.model_dump(), consequences=known)


def message_record(message: Message, facts: Mapping[str, Fact]) -> MessageRecord:
    """Return the record of a message."""
    variants = {
        channel: HandwrittenRecord(
            title=each.title, summary=each.summary, text=each.text, comment=each.comment,
            hashtags=list(each.hashtags) if each.hashtags is not None else None,
        )
        for channel, each in message.variants.items()
    }  # fmt: skip
    return MessageRecord(
        language=message.language, headline=message.headline, summary=message.summary, body=message.body, action=message.action,
        link=message.link, hashtags=list(message.hashtags), variants=variants,
        headline_written_out=written_out(message.headline, facts), summary_written_out=written_out(message.summary, facts),
    )  # fmt: skip


def rendition_record(post: Post, medium: Medium) -> RenditionRecord:
    """Return the record of a medium of a post."""
    return RenditionRecord(
        channel=post.channel, post=post.key, id=medium.id, kind=medium.kind.value, media_type=medium.media_type,
        sha256=medium.sha256, byte_size=medium.byte_size, width=medium.width, height=medium.height, seconds=medium.seconds,
        alt=medium.alt, url=f"/media/{medium.path.name}",
        subtitles_url=f"/media/{medium.subtitles_sha256}.vtt" if medium.subtitles_sha256 else None,
    )  # fmt: skip


def moment(at: datetime | None) -> datetime | None:
    """Return a moment with the office's offset."""
    return local(at) if at is not None else None
