"""The message cut for a channel: every fact written out, as its caption template has it, no longer than the platform takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from editorial.entry import Entry
from editorial.first_comment import FirstComment, Link, circles, guarded, linked_channels, unguarded
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
        yield from self._comment_problems(slot)

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

    def comment(self, slot: PlannedSlot) -> Passage | None:
        """Return what is said below the slot's post once it is public, with its places for addresses; None for nothing."""
        source = self._handwritten(slot).comment
        if source is None:
            return None
        entry, language, key = self._entry(slot), self._language(slot), f"variants.{slot.channel}.comment"
        place = self.content.place(entry.id, key, language)
        text = unguarded(self.quoter(entry, language).text(guarded(source), place)).strip()
        return Passage(key=key, source=source, text=text, place=place)

    def first_comment(self, slot: PlannedSlot) -> FirstComment | None:
        """Return the comment as it is signed: the entry's post on another channel is known by its key, as this one is."""
        passage = self.comment(slot)
        if passage is None:
            return None
        linked = linked_channels(passage.source)
        return FirstComment(text=passage.text, links=tuple(Link(channel=each, post=slot.key_on(each)) for each in linked))

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

    def _comment_problems(self, slot: PlannedSlot) -> Iterator[Problem]:
        """Yield what keeps the first comment from ever being said."""
        passage = self.comment(slot)
        if passage is None:
            return
        limit, comment = self.manifests[slot.channel].comment, FirstComment(text=passage.text)
        if limit is None:
            instead = "hãy bỏ dòng này, hoặc đưa câu ấy vào lời của bài"
            message = f"Loa không bình luận được dưới bài trên kênh {slot.channel}; {instead}"
            yield _comment_problem(slot, passage, "no-comments", message)
            return
        if (length := limit.length(comment.longest)) > limit.most:
            message = f"bình luận đầu dài {length} (tính cả chỗ cho địa chỉ), kênh chỉ nhận {limit.most}; hãy rút gọn"
            yield _comment_problem(slot, passage, "too-long", message)
        yield from self._link_problems(slot, passage)

    def _link_problems(self, slot: PlannedSlot, passage: Passage) -> Iterator[Problem]:
        entry = self._entry(slot)
        named = {channel: linked_channels(self._comment_of(entry, channel) or "") for channel in entry.channels}
        for channel in named[slot.channel]:
            if channel == slot.channel:
                message = "bình luận dưới một bài không dẫn về chính bài ấy; hãy chọn kênh khác hoặc bỏ địa chỉ"
                yield _comment_problem(slot, passage, "own-link", message)
            elif channel not in named:
                known = ", ".join(each for each in entry.channels if each != slot.channel) or "-"
                missing = f"mục này không đăng trên kênh “{channel}” nên không có địa chỉ để dẫn tới"
                message = f"{missing}; các kênh khác của mục: {known}"
                yield _comment_problem(slot, passage, "unknown-link", message)
        others = {channel: tuple(each for each in links if each != channel) for channel, links in named.items()}
        if slot.channel in circles(others):
            message = "các bình luận dẫn vòng quanh rồi về lại kênh này; hãy bỏ bớt một địa chỉ để người đọc tới được một nơi"
            yield _comment_problem(slot, passage, "link-circle", message)

    def _comment_of(self, entry: Entry, channel: str) -> str | None:
        return entry.messages[entry.language_for(channel)].variants.get(channel, Handwritten()).comment

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


def _comment_problem(slot: PlannedSlot, passage: Passage, rule: str, message: str) -> Problem:
    file, line, key = passage.place
    return Problem(rule=rule, message=message, file=file, line=line, key=key, channel=slot.channel)
