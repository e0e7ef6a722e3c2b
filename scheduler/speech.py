"""What a slot says: every text that goes out, with where each stretch of it is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from editorial.consistency import Said
from editorial.entry import Entry
from editorial.first_comment import without_places
from editorial.message import Variant
from editorial.origin import Origin
from editorial.plan import PlannedSlot
from editorial.problem import BadInput
from editorial.workspace import Content, Place
from publishers.manifest import Manifest
from scheduler.cutting import Cutter, Passage
from scheduler.ordering import Ordering, Wanted
from scheduler.quotation import quoted_in
from studio.contract import PICTURES
from studio.inscription import Inscription
from studio.markup import read_html
from studio.number import write_number
from studio.studio import Studio

UNREAD = frozenset({"art", "photo", "language"})  # fields of template data that nobody reads on the picture
_UNREAD_TYPES = PICTURES | {"icon", "flag"}
_LONG = frozenset({"body", "handwritten"})  # passages of many lines
Leaf = tuple[str, str]  # key in the data, text


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Read out the slots of a workspace: what people see, what is read to them, and what only a platform receives."""

    cutter: Cutter
    ordering: Ordering
    studio: Studio
    manifests: Mapping[str, Manifest]  # by channel

    def texts(self, slot: PlannedSlot) -> Iterator[Said]:
        """Yield every text of the slot that goes out, the empty ones left out."""
        yield from (said for said in (*self._words(slot), *self._media(slot)) if said.text.strip())

    def _words(self, slot: PlannedSlot) -> Iterator[Said]:
        variant, language = self.cutter.variant(slot), self._language(slot)
        origins = (*self._message_origins(slot, variant), *self._caption_origins(slot))
        for part, text in self._parts(variant, slot):
            yield Said(channel=slot.channel, part=part, text=text, language=language, origins=origins)
        if (comment := self.cutter.comment(slot)) is not None:
            bare = replace(comment, text=without_places(comment.text))
            yield Said(channel=slot.channel, part="comment", text=bare.text, language=language, origins=tuple(_lines(bare)))

    def _parts(self, variant: Variant, slot: PlannedSlot) -> Iterator[tuple[str, str]]:
        limit = self.manifests[slot.channel].texts.get("text")
        marked = limit is not None and limit.markup  # line breaks are part of such a text, in a page they are not
        yield "title", variant.title
        yield "text", read_html(variant.text.replace("\n", "<br>")) if marked else variant.text
        yield "html", read_html(variant.html)
        yield "summary", variant.summary
        yield "hashtags", " ".join(f"#{tag}" for tag in variant.hashtags)
        yield "link", variant.link or ""

    def _message_origins(self, slot: PlannedSlot, variant: Variant) -> Iterator[Origin]:
        passages, language = self.cutter.passages(slot), self._language(slot)
        for name, passage in passages.items():
            if name in _LONG:
                yield from _lines(passage)
            else:
                yield _origin(passage.text, passage.place, passage.source)
        if variant.link:
            yield _origin(variant.link, self._content.place(slot.entry, "link", language), "")
        tags, key = self.cutter.hashtags(slot)
        for index, tag in enumerate(tags):
            yield _origin(f"#{tag}", self._content.place(slot.entry, f"{key}[{index}]", language), "")

    def _caption_origins(self, slot: PlannedSlot) -> Iterator[Origin]:
        """Yield the lines of the caption template, for the words that no message has."""
        caption = self._content.office.channels[slot.channel].caption
        for file, line, text in self.cutter.captions.lines(caption):
            yield Origin(text=text, file=file, line=line, key="caption")

    def _media(self, slot: PlannedSlot) -> Iterator[Said]:
        for wanted in self.ordering.wanted(slot):
            leaves = tuple(self._leaves(slot, wanted))
            yield self._medium(slot, wanted, "", [leaf.text for leaf in leaves], leaves)
            alt = tuple(self._alt(slot, wanted))
            yield self._medium(slot, wanted, ".alt", [one.text for one in alt], alt)
            shown, spoken = self._brought(slot, wanted, {_bare(leaf.text) for leaf in leaves})
            for part, brought in ((".template", shown), (".say", spoken)):
                origins = (*leaves, *(_inscribed(one) for one in brought))
                yield self._medium(slot, wanted, part, [one.text for one in brought], origins)

    def _medium(self, slot: PlannedSlot, wanted: Wanted, part: str, lines: Iterable[str], origins: tuple[Origin, ...]) -> Said:
        return Said(
            channel=slot.channel,
            part=f"media.{wanted.order.id}{part}",
            text="\n".join(lines),
            language=self._language(slot),
            origins=origins,
        )

    def _leaves(self, slot: PlannedSlot, wanted: Wanted) -> Iterator[Origin]:
        """Yield the texts in the data of a picture or clip."""
        entry, language, order = self._entry(slot), self._language(slot), wanted.order
        unread = UNREAD | self._pictures(order.template)
        source = dict(_leaves(order.data.get(language, order.data["vi"]), "", unread, language))
        for key, text in _leaves(wanted.data, "", unread, language):
            place = self._content.medium_place(entry, wanted.index, f"data.{key}", language)
            yield _origin(text.replace("**", ""), place, source.get(key, ""))

    def _pictures(self, template: str) -> frozenset[str]:
        fields = self.studio.templates[template].fields if template in self.studio.templates else {}
        columns = {name: kind for spec in fields.values() for name, kind in (spec.columns or {}).items()}
        types = {**columns, **{name: spec.type for name, spec in fields.items()}}
        return frozenset(name for name, kind in types.items() if kind in _UNREAD_TYPES)

    def _alt(self, slot: PlannedSlot, wanted: Wanted) -> Iterator[Origin]:
        entry, language = self._entry(slot), self._language(slot)
        source = wanted.order.alt.get(language, "")
        place = self._content.medium_place(entry, wanted.index, "alt", language)
        if source:
            yield _origin(self.cutter.quoter(entry, language).text(source, place), place, source)

    def _brought(self, slot: PlannedSlot, wanted: Wanted, known: Collection[str]) -> tuple[list[Inscription], list[Inscription]]:
        """Return the words that the template's layers add to the data, and all that its scenes say, each once."""
        try:
            written = self.studio.inscriptions(self.ordering.recipe(slot, wanted))
        except BadInput:
            return [], []  # there is nothing to draw, which the check of the slot tells
        shown = {_bare(one.text): one for one in reversed(written) if not one.spoken and _bare(one.text) not in known}
        spoken = {_bare(one.text): one for one in reversed(written) if one.spoken}
        return list(reversed(shown.values())), list(reversed(spoken.values()))

    @property
    def _content(self) -> Content:
        return self.cutter.content

    def _entry(self, slot: PlannedSlot) -> Entry:
        return self._content.entries[slot.entry]

    def _language(self, slot: PlannedSlot) -> str:
        return self._entry(slot).language_for(slot.channel)


def _origin(text: str, place: Place, source: str | None) -> Origin:
    file, line, key = place
    return Origin(text=text, file=file, line=line, key=key, quotes=quoted_in(source or ""))


def _inscribed(one: Inscription) -> Origin:
    return Origin(text=one.source, file=one.file, line=one.line, key=one.key)


def _lines(passage: Passage) -> Iterator[Origin]:
    """Yield the lines of a long passage, each with the line of the file that it comes from."""
    file, first, key = passage.place
    sources, lines = passage.source.split("\n"), passage.text.split("\n")
    block = passage.key != "body" and len(sources) > 1  # YAML has such a text below its key
    for index, text in enumerate(lines):
        if text.strip():
            at = index if len(sources) == len(lines) else _likeliest(text, sources)
            yield _origin(text, (file, first + at + block, key), sources[at])


def _likeliest(text: str, sources: list[str]) -> int:
    near = get_close_matches(text, sources, n=1, cutoff=0.0)
    return sources.index(near[0]) if near else 0


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("**", "")).strip().casefold()


def _leaves(data: object, key: str, unread: frozenset[str], language: str) -> Iterator[Leaf]:
    """Yield every text in a tree of template data: a figure with its unit, a name of a picture not at all."""
    match data:
        case bool() | None:
            return
        case str() | int() | float():
            yield key, str(write_number(data, language))
        case {"value": value, "unit": unit, **rest}:
            yield f"{key}.value" if key else "value", f"{write_number(value, language)} {unit}"
            yield from _leaves(rest, key, unread, language)
        case dict():
            for name, inner in data.items():
                if name not in unread:
                    yield from _leaves(inner, f"{key}.{name}" if key else str(name), unread, language)
        case list() | tuple():
            for index, inner in enumerate(data):
                yield from _leaves(inner, f"{key}[{index}]", unread, language)
