"""The message cut for a channel: its words with every fact written out, as the caption template has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from editorial.entry import Entry
from editorial.message import Message, Variant
from editorial.plan import PlannedSlot
from editorial.workspace import Content
from scheduler.quotation import Quoter
from studio.captions import Captions


@dataclass(frozen=True, kw_only=True)
class Cutter:
    """Cut the messages of a workspace. Everything comes from the content; nothing is decided by chance."""

    content: Content
    captions: Captions

    def variant(self, slot: PlannedSlot) -> Variant:
        """Return the message cut for the slot's channel, every fact written out."""
        entry, channel = self.content.entries[slot.entry], self.content.office.channels[slot.channel]
        language = entry.language_for(channel.id)
        blocks = self.captions.blocks(channel.caption, self._context(entry, language))
        message = self.message(entry, language)
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

    def message(self, entry: Entry, language: str) -> Message:
        """Return the message with its facts written out."""
        message, quoter = entry.messages[language], self.quoter(entry, language)

        def written(part: str, text: str) -> str:
            return quoter.text(text, self.content.place(entry.id, part, language))

        return Message(
            language=language,
            headline=written("headline", message.headline),
            summary=written("summary", message.summary),
            body=written("body", message.body),
            action=written("action", message.action) if message.action else None,
            link=message.link,
            hashtags=message.hashtags,
        )

    def quoter(self, entry: Entry, language: str) -> Quoter:
        """Return what writes facts into the texts of an entry in a language."""
        key = (entry.id, language)
        if key not in self._quoters:
            self._quoters[key] = Quoter(facts=self.content.facts_of(entry), language=language)
        return self._quoters[key]

    @cached_property
    def _quoters(self) -> dict[tuple[str, str], Quoter]:
        return {}

    def _context(self, entry: Entry, language: str) -> Mapping[str, object]:
        office = self.content.office
        return {
            "message": self.message(entry, language),
            "entry": entry,
            "office": office,
            "unit": office.units[entry.unit],
            "language": language,
            "facts": self.quoter(entry, language).context["fact"],
        }
