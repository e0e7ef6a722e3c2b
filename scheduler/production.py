"""From a plan to posts: which pictures and clips are wanted, and every channel's words and media put together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from functools import cached_property
from pathlib import Path

from editorial.consistency import Certificate, Said, certify
from editorial.entry import Entry, MediaOrder
from editorial.message import Message, Variant
from editorial.office import Channel
from editorial.plan import PlannedSlot
from editorial.post import Medium, MediumKind, Post
from editorial.problem import BadInput, Problem
from editorial.validity import outdated
from editorial.workspace import Content, Place
from publishers.manifest import Manifest
from scheduler.quotation import Quoter
from studio.alt_text import Proposal
from studio.captions import Captions
from studio.rendition import Recipe, Rendition
from studio.studio import Studio

HEADLINE_MOST = 90  # characters; feeds cut longer ones, and they do not fit a picture
SUMMARY_MOST = 300
UNREAD = frozenset({"art", "photo", "language"})  # fields of template data that nobody reads on the picture
KINDS = {"infographic": MediumKind.IMAGE, "clip": MediumKind.VIDEO}


@dataclass(frozen=True, kw_only=True)
class RenderOrder:
    """A rendition that a slot needs."""

    entry: str
    channel: str
    medium: str  # the media order's id
    recipe: Recipe


@dataclass(frozen=True, kw_only=True)
class Production:
    """Make the posts of a workspace. Everything it says comes from the content; nothing is decided by chance."""

    content: Content
    studio: Studio
    captions: Captions
    manifests: Mapping[str, Manifest]  # by channel

    def orders(self, slots: Iterable[PlannedSlot]) -> tuple[RenderOrder, ...]:
        """Return what has to be rendered for the slots; the same recipe may be asked for by several channels."""
        return tuple(order for slot in slots for order in self._orders_of(slot))

    def check(self, slots: Iterable[PlannedSlot]) -> tuple[Problem, ...]:
        """Return what the templates would refuse, found without rendering."""
        return tuple(dict.fromkeys(problem for slot in slots for problem in self._check_slot(slot)))

    def post(self, slot: PlannedSlot, renditions: Mapping[str, Rendition]) -> Post:
        """Return the slot's post; `renditions` holds every recipe of the slot by its digest."""
        made = tuple(self.medium(order, renditions[order.recipe.digest], slot) for order in self._orders_of(slot))
        return Post(
            key=slot.key,
            entry=slot.entry,
            channel=slot.channel,
            variant=self.variant(slot),
            media=made,
            due_at=slot.at.astimezone(UTC),
        )

    def certificate(self, entry: Entry, slots: Iterable[PlannedSlot]) -> Certificate:
        """Return the certificate of an entry's slots: every fact on every channel, and what stands against it."""
        slots = tuple(slots)
        said = [text for slot in slots for text in self._said(slot)]
        publish = min((slot.day for slot in slots), default=None)
        facts = self.content.facts_of(entry)
        certificate = certify(said, facts, entry.uses, entry.id, publish)
        days = {slot.channel: slot.day for slot in sorted(slots, key=lambda slot: slot.day)}
        ended = outdated(certificate, facts, entry.uses, days, entry.id)
        return replace(certificate, problems=(*certificate.problems, *ended))

    def headline(self, entry: Entry, language: str) -> str:
        """Return the headline with its facts written out."""
        return self._message(entry, language).headline

    def written_alt(self, entry: Entry, index: int, language: str) -> str:
        """Return the alt text that a person confirmed, its facts written out; empty where nobody has."""
        source = entry.media[index].alt.get(language, "")
        return self._quoter(entry, language).text(source, self.content.place(entry.id, f"media[{index}].alt"))

    def proposed_alt(self, entry: Entry, index: int, language: str) -> Proposal:
        """Return the alt text that the layers of a picture propose."""
        order, quoter = entry.media[index], self._quoter(entry, language)
        written = order.data.get(language, order.data["vi"])
        data = quoter.values(written, self.content.place(entry.id, f"media[{index}].data"))
        assert isinstance(data, dict)
        return self.studio.alt_text(order.template, {**data, "language": language}, {**written, "language": language})

    def variant(self, slot: PlannedSlot) -> Variant:
        """Return the message cut for the slot's channel, every fact written out."""
        entry, channel = self._entry(slot), self._channel(slot)
        language = entry.language_for(channel.id)
        blocks = self.captions.blocks(channel.caption, self._context(entry, language))
        message = self._message(entry, language)
        return Variant(
            channel=channel.id,
            language=language,
            title=blocks.get("title", message.headline),
            text=blocks.get("text", ""),
            html=blocks.get("html", ""),
            summary=blocks.get("summary", message.summary),
            link=message.link,
            hashtags=message.hashtags,
        )

    def _check_slot(self, slot: PlannedSlot) -> Iterator[Problem]:
        try:
            self.variant(slot)
            yield from self._lengths(slot)
            for order, data in self._wanted(slot):
                yield from self._check_medium(slot, order, data)
        except BadInput as error:
            yield from error.problems

    def _lengths(self, slot: PlannedSlot) -> Iterator[Problem]:
        """Yield what is too long once its facts are written out."""
        message = self._message(self._entry(slot), self._language(slot))
        for key, text, most in (("headline", message.headline, HEADLINE_MOST), ("summary", message.summary, SUMMARY_MOST)):
            if len(text) > most:
                file, line, shown = self.content.place(slot.entry, key)
                words = f"dài {len(text)} ký tự, tối đa {most}; hãy rút gọn"
                yield Problem(rule="too-long", file=file, line=line, key=shown, message=words)

    def _check_medium(self, slot: PlannedSlot, order: MediaOrder, data: Mapping[str, object]) -> Iterator[Problem]:
        for problem in self._medium_problems(order, data, self._size(slot, order)):
            yield self._placed(slot, order, problem)
        if not order.alt.get(self._language(slot)):
            yield self._missing_alt(self._entry(slot), order, self._language(slot))

    def _missing_alt(self, entry: Entry, order: MediaOrder, language: str) -> Problem:
        index = entry.media.index(order)
        file, line, key = self.content.place(entry.id, f"media[{index}].alt")
        proposed = self.proposed_alt(entry, index, language).text
        message = f"chưa có lời mô tả hình ({language}); đề xuất: “{proposed}”; đọc rồi nhận bằng ./loa alt {entry.id} --confirm"
        return Problem(rule="missing-alt", file=file, line=line, key=key, message=message)

    def _medium_problems(self, order: MediaOrder, data: Mapping[str, object], size: str) -> tuple[Problem, ...]:
        """Return what is wrong with a picture; one that is in the cache was checked when it was rendered."""
        try:
            rendered = self.studio.find(self.studio.recipe(order.template, data, size, order.theme))
        except BadInput as error:
            return error.problems
        return rendered.problems if rendered else self.studio.check(order.template, data, size, order.theme)

    def _placed(self, slot: PlannedSlot, order: MediaOrder, problem: Problem) -> Problem:
        entry = self._entry(slot)
        key = f"media[{entry.media.index(order)}].data.{problem.key or ''}".rstrip(".")
        file, line, shown = self.content.place(entry.id, key)
        return Problem(
            rule=problem.rule, message=problem.message, file=file, line=line, key=shown, severity=problem.severity
        )

    def _orders_of(self, slot: PlannedSlot) -> Iterator[RenderOrder]:
        for order, data in self._wanted(slot):
            recipe = self.studio.recipe(order.template, data, self._size(slot, order), order.theme)
            yield RenderOrder(entry=slot.entry, channel=slot.channel, medium=order.id, recipe=recipe)

    def _wanted(self, slot: PlannedSlot) -> Iterator[tuple[MediaOrder, Mapping[str, object]]]:
        """Yield the media orders that go to the slot's channel, with their data written out."""
        entry, manifest = self._entry(slot), self.manifests[slot.channel]
        for index, order in enumerate(entry.media):
            if self._goes(order, slot.channel, manifest, entry):
                language = entry.language_for(slot.channel)
                place = self.content.place(entry.id, f"media[{index}].data")
                data = self._quoter(entry, language).values(order.data.get(language, order.data["vi"]), place)
                assert isinstance(data, dict)
                yield order, {**data, "language": language}

    def _goes(self, order: MediaOrder, channel: str, manifest: Manifest, entry: Entry) -> bool:
        """Tell whether an order goes to a channel: where it is named, else where its kind is taken and none other is named."""
        if order.channels:
            return channel in order.channels
        if any(channel in other.channels for other in entry.media):
            return False
        kind = kind_of(order)
        first = next((kind_of(other) for other in entry.media if manifest.takes(kind_of(other))), None)
        return manifest.takes(kind) and (manifest.mixes_media or kind is first)

    def _size(self, slot: PlannedSlot, order: MediaOrder) -> str:
        """Return the size that suits the channel best among those the template offers."""
        rule = self.manifests[slot.channel].media.get(kind_of(order))
        offered = self.studio.templates[order.template].sizes if order.template in self.studio.templates else {}
        for size in rule.sizes if rule else ():
            if size in offered:
                return size
        raise BadInput(self._no_size(slot, order, tuple(rule.sizes) if rule else ()))

    def _no_size(self, slot: PlannedSlot, order: MediaOrder, sizes: tuple[str, ...]) -> Problem:
        file, line, key = self.content.place(slot.entry, f"media[{self._entry(slot).media.index(order)}].template")
        wanted = ", ".join(sizes) or "không khổ nào"
        message = f"mẫu “{order.template}” không có khổ nào hợp với kênh {slot.channel} (kênh nhận: {wanted})"
        return Problem(rule="no-size", file=file, line=line, key=key, message=message)

    def medium(self, order: RenderOrder, rendition: Rendition, slot: PlannedSlot) -> Medium:
        """Return what was made of one of the slot's orders, with its alt text."""
        entry, language = self._entry(slot), self._language(slot)
        index, asked = next((n, each) for n, each in enumerate(entry.media) if each.id == order.medium)
        return Medium(
            id=order.medium,
            kind=kind_of(asked),
            media_type=rendition.media_type,
            sha256=rendition.sha256,
            byte_size=rendition.byte_size,
            width=rendition.width,
            height=rendition.height,
            alt=self.written_alt(entry, index, language),
            path=rendition.path,
            seconds=rendition.seconds,
            subtitles_sha256=_sha256(rendition.subtitles),
            subtitles=rendition.subtitles,
            poster_sha256=_sha256(rendition.poster),
            poster=rendition.poster,
        )

    def _said(self, slot: PlannedSlot) -> Iterator[Said]:
        """Yield every text of the slot that the public will read."""
        variant, language = self.variant(slot), self._language(slot)
        hashtags = " ".join(f"#{tag}" for tag in variant.hashtags)
        parts = (("title", variant.title), ("text", variant.text), ("summary", variant.summary), ("hashtags", hashtags))
        for part, text in parts:
            yield Said(channel=slot.channel, part=part, text=text, language=language)
        entry = self._entry(slot)
        for order, data in self._wanted(slot):
            shown = (*_texts(data), self.written_alt(entry, entry.media.index(order), language))
            yield Said(channel=slot.channel, part=f"media.{order.id}", text="\n".join(shown), language=language)

    def _context(self, entry: Entry, language: str) -> Mapping[str, object]:
        office = self.content.office
        return {
            "message": self._message(entry, language),
            "entry": entry,
            "office": office,
            "unit": office.units[entry.unit],
            "language": language,
            "facts": self._quoter(entry, language).context["fact"],
        }

    def _message(self, entry: Entry, language: str) -> Message:
        message, quoter = entry.messages[language], self._quoter(entry, language)

        def written(part: str, text: str) -> str:
            return quoter.text(text, self._place(entry, language, part))

        return Message(
            language=language,
            headline=written("headline", message.headline),
            summary=written("summary", message.summary),
            body=written("body", message.body),
            action=written("action", message.action) if message.action else None,
            link=message.link,
            hashtags=message.hashtags,
        )

    def _place(self, entry: Entry, language: str, part: str) -> Place:
        """Return where a part of the message stands; of a translation only the file is known."""
        if language == "vi":
            return self.content.place(entry.id, part)
        return f"content/{entry.series or entry.id}.{language}.md", 1, part

    def _quoter(self, entry: Entry, language: str) -> Quoter:
        key = (entry.id, language)
        if key not in self._quoters:
            self._quoters[key] = Quoter(facts=self.content.facts_of(entry), language=language)
        return self._quoters[key]

    @cached_property
    def _quoters(self) -> dict[tuple[str, str], Quoter]:
        return {}

    def _entry(self, slot: PlannedSlot) -> Entry:
        return self.content.entries[slot.entry]

    def _channel(self, slot: PlannedSlot) -> Channel:
        return self.content.office.channels[slot.channel]

    def _language(self, slot: PlannedSlot) -> str:
        return self._entry(slot).language_for(slot.channel)


def kind_of(order: MediaOrder) -> MediumKind:
    """Return what the order's template makes."""
    return KINDS[order.template.split("/", 1)[0]]


def _sha256(path: Path | None) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else None


def _texts(data: object) -> Iterator[str]:
    """Yield every text in a tree of template data: a figure with its unit, a name of a picture not at all."""
    match data:
        case str():
            yield data
        case int() | float():
            yield str(data)
        case {"value": value, "unit": unit, **rest}:
            yield f"{value} {unit}"
            yield from _texts(rest)
        case dict():
            for name, inner in data.items():
                if name not in UNREAD:
                    yield from _texts(inner)
        case list() | tuple():
            for inner in data:
                yield from _texts(inner)
