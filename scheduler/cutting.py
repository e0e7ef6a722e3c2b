"""The message cut for a channel: every fact written out, as its caption template has it, no longer than the platform takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from editorial.entry import Entry
from editorial.message import Handwritten, Message, Variant
from editorial.plan import PlannedSlot
from editorial.problem import Problem, Severity
from editorial.workspace import Content, Place
from publishers.manifest import Manifest, TextFault
from scheduler.media_choice import goes
from scheduler.quotation import Quoter
from studio.captions import Captions

SHORTER = {"text": "shorter", "html": "shorter_html"}  # the blocks that a caption template may have for a long message
_PARTS = ("headline", "summary", "body", "action")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A part of the message as a channel has it: how it is written, where, and with its facts written out."""

    key: str
    source: str
    text: str
    place: Place


@dataclass(frozen=True, kw_only=True)
class Cutter:
    """Cut the messages of a workspace. Everything comes from the content; nothing is decided by chance."""

    content: Content
    captions: Captions
    manifests: Mapping[str, Manifest]  # by channel

    def variant(self, slot: PlannedSlot) -> Variant:
        """Return the message cut for the slot's channel, every fact written out; the template's shorter one where it must."""
        whole, shorter = self._cuts(slot)
        return shorter if shorter is not None and self._too_long(slot, whole) else whole

    def problems(self, slot: PlannedSlot) -> Iterator[Problem]:
        """Yield what the platform would refuse of the slot's words, counted in its own units, and what had to be shortened."""
        whole, shorter = self._cuts(slot)
        long = self._too_long(slot, whole)
        if long and shorter is not None and not self._too_long(slot, shorter):
            for fault in long:
                message = f"{fault.measure}; mẫu dùng bản ngắn, muốn tự chọn lời thì viết variants.{slot.channel}.text"
                yield self._placed(slot, replace(fault, rule="shortened", message=message), Severity.WARNING)
        for fault in self._faults(slot, self.variant(slot)):
            yield self._placed(slot, fault, Severity.ERROR)
        yield from self._unused(slot)

    def message(self, entry: Entry, language: str) -> Message:
        """Return the message with its facts written out."""
        source = entry.messages[language]
        found = {part: self._passage(entry, language, part, getattr(source, part)) for part in _PARTS}
        return _written(source, found, source.hashtags)

    def passages(self, slot: PlannedSlot) -> Mapping[str, Passage]:
        """Return the parts of the message that the slot's channel has, by name; `handwritten` takes the place of the body."""
        entry, language = self._entry(slot), self._language(slot)
        message, own = entry.messages[language], self._handwritten(slot)
        found = {part: self._passage(entry, language, part, getattr(message, part)) for part in _PARTS}
        by_hand = (("headline", "title", own.title), ("summary", "summary", own.summary), ("handwritten", "text", own.text))
        for part, key, text in by_hand:
            if text is not None:
                found[part] = self._passage(entry, language, f"variants.{slot.channel}.{key}", text)
        return {part: passage for part, passage in found.items() if passage.source}

    def hashtags(self, slot: PlannedSlot) -> tuple[tuple[str, ...], str]:
        """Return the hashtags of the slot's channel, and the key at which they are written."""
        own = self._handwritten(slot).hashtags
        if own is None:
            return self._entry(slot).messages[self._language(slot)].hashtags, "hashtags"
        return own, f"variants.{slot.channel}.hashtags"

    def quoter(self, entry: Entry, language: str) -> Quoter:
        """Return what writes facts into the texts of an entry in a language."""
        key = (entry.id, language)
        if key not in self._quoters:
            self._quoters[key] = Quoter(facts=self.content.facts_of(entry), language=language)
        return self._quoters[key]

    @cached_property
    def _quoters(self) -> dict[tuple[str, str], Quoter]:
        return {}

    @cached_property
    def _known(self) -> dict[str, tuple[Variant, Variant | None]]:
        return {}

    def _cuts(self, slot: PlannedSlot) -> tuple[Variant, Variant | None]:
        """Return the variant, and the template's shorter one where it has one and nobody wrote the text by hand."""
        if slot.key not in self._known:
            self._known[slot.key] = self._cut(slot)
        return self._known[slot.key]

    def _cut(self, slot: PlannedSlot) -> tuple[Variant, Variant | None]:
        entry, channel = self._entry(slot), self.content.office.channels[slot.channel]
        language = entry.language_for(channel.id)
        passages = self.passages(slot)
        message = _written(entry.messages[language], passages, self.hashtags(slot)[0])
        own = passages.get("handwritten")
        blocks = self.captions.blocks(channel.caption, self._context(entry, language, message, own.text if own else ""))
        whole = Variant(
            channel=channel.id,
            language=language,
            title=blocks.get("title", message.headline),
            text=blocks.get("text", ""),
            html=blocks.get("html", ""),
            summary=blocks.get("summary", message.summary),
            link=message.link,
            hashtags=message.hashtags,
        )
        if own is not None or SHORTER["text"] not in blocks:
            return whole, None
        return whole, replace(whole, text=blocks[SHORTER["text"]], html=blocks.get(SHORTER["html"], whole.html))

    def _passage(self, entry: Entry, language: str, key: str, source: str | None) -> Passage:
        place = self.content.place(entry.id, key, language)
        text = self.quoter(entry, language).text(source, place) if source else ""
        return Passage(key=key, source=source or "", text=text, place=place)

    def _handwritten(self, slot: PlannedSlot) -> Handwritten:
        return self._entry(slot).messages[self._language(slot)].variants.get(slot.channel, Handwritten())

    def _faults(self, slot: PlannedSlot, variant: Variant) -> tuple[TextFault, ...]:
        entry, manifest = self._entry(slot), self.manifests[slot.channel]
        with_media = any(goes(order, slot.channel, manifest, entry) for order in entry.media)
        return manifest.text_faults(variant, with_media=with_media)

    def _too_long(self, slot: PlannedSlot, variant: Variant) -> tuple[TextFault, ...]:
        return tuple(fault for fault in self._faults(slot, variant) if fault.rule == "too-long" and fault.part in SHORTER)

    def _placed(self, slot: PlannedSlot, fault: TextFault, severity: Severity) -> Problem:
        """Place a fault of the finished words at the part of the message that they are made of."""
        passages = self.passages(slot)
        names = {"title": ("headline",), "summary": ("summary",)}.get(fault.part, ("handwritten", "body"))
        passage = next((passages[name] for name in names if name in passages), None)
        file, line, key = passage.place if passage else self.content.place(slot.entry, "body", self._language(slot))
        return Problem(
            rule=fault.rule, message=fault.message, file=file, line=line, key=key, channel=slot.channel, severity=severity
        )

    def _unused(self, slot: PlannedSlot) -> Iterator[Problem]:
        """Yield a text written by hand that the caption template has no place for."""
        own = self.passages(slot).get("handwritten")
        caption = self.content.office.channels[slot.channel].caption
        if own is not None and not self.captions.asks_for(caption, "handwritten"):
            file, line, key = own.place
            message = f"mẫu lời {caption}.j2 không có chỗ cho lời viết tay; hãy thêm handwritten, xem docs/variants.md"
            yield Problem(rule="unused-variant", message=message, file=file, line=line, key=key, channel=slot.channel)

    def _context(self, entry: Entry, language: str, message: Message, handwritten: str) -> Mapping[str, object]:
        office = self.content.office
        return {
            "message": message,
            "handwritten": handwritten,
            "entry": entry,
            "office": office,
            "unit": office.units[entry.unit],
            "language": language,
            "facts": self.quoter(entry, language).context["fact"],
        }

    def _entry(self, slot: PlannedSlot) -> Entry:
        return self.content.entries[slot.entry]

    def _language(self, slot: PlannedSlot) -> str:
        return self._entry(slot).language_for(slot.channel)


def _written(message: Message, passages: Mapping[str, Passage], hashtags: tuple[str, ...]) -> Message:
    texts = {part: passages[part].text if part in passages else "" for part in _PARTS}
    return replace(
        message,
        headline=texts["headline"],
        summary=texts["summary"],
        body=texts["body"],
        action=texts["action"] or None,
        hashtags=hashtags,
    )
