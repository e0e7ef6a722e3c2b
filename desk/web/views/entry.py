"""What an entry's page shows: the one message, when and in whose name it goes out, and what each channel gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from desk.web.moment_words import duration_words, lunar_words, machine_moment, moment_words, short_day, size_words
from desk.web.views.comment import CommentCard
from desk.web.views.deliveries import DeliveryRow, ReadingRow
from desk.web.views.mark import Mark
from desk.web.views.status import Status
from editorial.fact import Fact, FactKind
from editorial.fact_words import words
from editorial.message import Variant
from editorial.plan import PlannedSlot
from editorial.post import Medium, MediumKind, Post
from publishers.manifest import LengthUnit, Limit, Manifest, text_of


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """A fact that the entry quotes or must carry."""

    id: str
    words: str
    kind: str
    source: str
    as_of: str
    required: bool


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One moment of the entry, how it was found, and the channels that it holds for."""

    at: str
    machine_at: str
    lunar: str
    rule: str
    steps: tuple[str, ...]
    provisional: bool
    channels: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who approved what."""

    author: str
    approver: str
    at: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Count:
    """How much of a platform's limit a text uses."""

    label: str
    used: int
    most: int
    unit: str

    @property
    def over(self) -> bool:
        return self.used > self.most

    @property
    def share(self) -> float:
        """Return the used part, 0 to 100."""
        return round(min(100.0, 100 * self.used / self.most), 1) if self.most else 100.0


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A medium as a page can show it; addresses are of this desk."""

    id: str
    clip: bool
    src: str
    media_type: str
    alt: str
    width: int
    height: int
    size: str
    length: str  # of a clip
    poster: str
    captions: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class ChannelTab:
    """A channel in the row of tabs."""

    mark: Mark
    status: Status


@dataclass(frozen=True, kw_only=True)
class ChannelPanel:
    """What one channel gets, as it goes out, and what became of it; `post` is None until the post is made."""

    mark: Mark
    account: str
    status: Status
    at: str
    title: str
    text: str  # exactly as it goes out, where it is plain
    markup: Markup  # the text as the platform shows it; empty where it is plain
    source: str  # the HTML exactly as it goes out; empty where the text is plain
    language: str
    counts: tuple[Count, ...]
    pictures: tuple[Picture, ...]
    made: bool
    delivery: DeliveryRow | None
    readings: tuple[ReadingRow, ...]
    comment: str = ""  # what is said below the post once it is public; empty for nothing
    comment_card: CommentCard | None = None


@dataclass(frozen=True, kw_only=True)
class MessageSection:
    """The message in Vietnamese, its facts written out."""

    headline: str
    summary: str
    body: Markup
    action: str
    link: str
    hashtags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EntryPage:
    """Everything on an entry's page."""

    id: str
    file: str
    month: str  # the calendar month to go back to
    message: MessageSection
    tone: str
    group: str
    axis: str
    unit: str
    contact: str
    spokesperson: str
    status: Status
    facts: tuple[FactRow, ...]
    schedules: tuple[Schedule, ...]
    signature: Signature | None
    withdrawn: str  # when, by whom and why it was taken back; empty where it was not
    tabs: tuple[ChannelTab, ...]
    panel: ChannelPanel | None


def fact_rows(facts: Mapping[str, Fact], uses: Iterable[str], quoted: Iterable[str]) -> tuple[FactRow, ...]:
    """Return the facts that the entry must carry, then the others that it quotes."""
    required = tuple(uses)
    names = dict.fromkeys((*required, *quoted))
    return tuple(_fact_row(facts[name], name in required) for name in names if name in facts)


def _fact_row(fact: Fact, required: bool) -> FactRow:
    as_of = short_day(fact.as_of) if fact.as_of else ""
    return FactRow(
        id=fact.id, words=words(fact, "vi"), kind=KINDS[fact.kind], source=fact.source, as_of=as_of, required=required
    )


KINDS = {
    FactKind.NUMBER: "số liệu",
    FactKind.PERCENTAGE: "tỷ lệ",
    FactKind.MONEY: "số tiền",
    FactKind.DATE: "ngày",
    FactKind.TIME: "giờ",
    FactKind.PERIOD: "giai đoạn",
    FactKind.DOCUMENT: "văn bản",
    FactKind.NAME: "tên",
    FactKind.PLACE: "địa danh",
    FactKind.PHONE: "điện thoại",
    FactKind.LINK: "liên kết",
}


def schedules(slots: Iterable[PlannedSlot], marks: Mapping[str, Mark]) -> tuple[Schedule, ...]:
    """Return the entry's moments in order, the channels of one rule together."""
    together: dict[tuple[datetime, str], list[PlannedSlot]] = {}
    for slot in sorted(slots, key=lambda slot: slot.at):
        together.setdefault((slot.at, slot.rule), []).append(slot)
    return tuple(_schedule(same, marks) for same in together.values())


def _schedule(slots: list[PlannedSlot], marks: Mapping[str, Mark]) -> Schedule:
    first = slots[0]
    return Schedule(
        at=moment_words(first.at),
        machine_at=machine_moment(first.at),
        lunar=lunar_words(first.lunar),
        rule=first.rule,
        steps=first.steps,
        provisional=first.provisional,
        channels=tuple(marks[slot.channel] for slot in slots),
    )


def counts(post: Post, manifest: Manifest) -> tuple[Count, ...]:
    """Return how much of each of the platform's limits the post uses."""
    return counts_of(post.variant, manifest, bool(post.media))


def counts_of(variant: Variant, manifest: Manifest, with_media: bool) -> tuple[Count, ...]:
    """Return how much of each of the platform's limits a text uses, beside a picture or clip or without."""
    return tuple(_count(variant, name, limit, with_media) for name, limit in manifest.texts.items())


def _count(variant: Variant, name: str, limit: Limit, with_media: bool) -> Count:
    text = text_of(variant, name)
    most = limit.allowed(with_media=with_media)
    return Count(label=_TEXTS[name], used=limit.length(text), most=most, unit=_UNITS[limit.unit])


_TEXTS = {"title": "Tiêu đề", "text": "Nội dung", "summary": "Tóm tắt", "html": "Thân bài (HTML)"}
_UNITS = {LengthUnit.CHARACTERS: "ký tự", LengthUnit.UTF16: "đơn vị UTF-16", LengthUnit.BYTES: "byte"}


def picture(medium: Medium) -> Picture:
    """Return a medium with the addresses under which the desk serves it."""
    address = f"/media/{medium.sha256}.{_EXTENSIONS.get(medium.media_type, 'bin')}"
    return Picture(
        id=medium.id,
        clip=medium.kind is MediumKind.VIDEO,
        src=address,
        media_type=medium.media_type,
        alt=medium.alt,
        width=medium.width,
        height=medium.height,
        size=size_words(medium.byte_size),
        length=duration_words(medium.seconds) if medium.seconds else "",
        poster=f"/media/{medium.poster.stem}.jpg" if medium.poster else "",
        captions=f"/media/{medium.subtitles_sha256}.vtt" if medium.subtitles_sha256 else "",
        digest=medium.sha256[:12],
    )


_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "video/mp4": "mp4"}
