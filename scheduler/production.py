"""From a plan to posts: which pictures and clips are wanted, and every channel's words and media put together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import cached_property, lru_cache
from pathlib import Path

from editorial.consistency import Certificate, Said, certify
from editorial.entry import Entry
from editorial.fact import Fact
from editorial.first_comment import FirstComment
from editorial.message import Variant
from editorial.origin import Origin
from editorial.plan import PlannedSlot
from editorial.post import Medium, Post
from editorial.problem import BadInput, Problem
from editorial.validity import outdated
from editorial.workspace import Content
from publishers.manifest import Manifest
from scheduler.cutting import Cutter
from scheduler.media_choice import kind_of
from scheduler.ordering import Ordering, Wanted
from scheduler.speech import Speech
from studio.alt_text import Proposal
from studio.captions import Captions
from studio.rendition import Recipe, Rendition
from studio.studio import Studio

HEADLINE_MOST = 90  # characters; feeds cut longer ones, and they do not fit a picture
SUMMARY_MOST = 300
NOTHING: Mapping[str, Medium] = {}


@dataclass(frozen=True, kw_only=True)
class RenderOrder:
    """A rendition that a slot needs."""

    entry: str
    channel: str
    medium: str  # the media order's id
    recipe: Recipe
    drawn_from: str | None = None  # the digest of all that decides it besides its template


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

    def post(self, slot: PlannedSlot, renditions: Mapping[str, Rendition], signed: Mapping[str, Medium] = NOTHING) -> Post:
        """Return the slot's post; `renditions` holds every recipe of the slot by its digest.

        `signed` are media that somebody has signed and that stay as they are, by their ids; only their alt text is today's.
        """
        made = tuple(
            self._kept(signed[order.medium], slot) if order.medium in signed
            else self.medium(order, renditions[order.recipe.digest], slot)
            for order in self._orders_of(slot)
        )  # fmt: skip
        return Post(
            key=slot.key,
            entry=slot.entry,
            channel=slot.channel,
            variant=self.variant(slot),
            media=made,
            due_at=slot.at.astimezone(UTC),
            after=slot.after,
            first_comment=self._cutter.first_comment(slot),
        )

    def said(self, slot: PlannedSlot) -> tuple[Said, ...]:
        """Return every text of the slot that goes out."""
        return tuple(self._speech.texts(slot))

    def certificate(self, entry: Entry, slots: Iterable[PlannedSlot]) -> Certificate:
        """Return the certificate of an entry's slots: every fact on every channel, and what stands against it."""
        slots = tuple(slots)
        said = [text for slot in slots for text in self._speech.texts(slot)]
        publish = min((slot.day for slot in slots), default=None)
        facts = self.content.facts_of(entry)
        own = frozenset((*entry.uses, *(fact.id for fact in entry.facts), *(name for text in said for name in _quoted(text))))
        days = {slot.channel: slot.day for slot in sorted(slots, key=lambda slot: slot.day)}
        known = tuple((name, fact, repr(fact.value)) for name, fact in facts.items())
        homes, last = tuple(self._homes(entry).items()), tuple(days.items())
        return _certificate(tuple(said), known, tuple(entry.uses), entry.id, publish, frozenset(own & facts.keys()), homes, last)

    def _homes(self, entry: Entry) -> Mapping[str, Origin]:
        """Return where the entry demands each fact."""
        places = {name: self.content.place(entry.id, f"uses[{index}]") for index, name in enumerate(entry.uses)}
        return {name: Origin(text="", file=file, line=line, key=key) for name, (file, line, key) in places.items()}

    def headline(self, entry: Entry, language: str) -> str:
        """Return the headline with its facts written out."""
        return self._cutter.message(entry, language).headline

    def written_alt(self, entry: Entry, index: int, language: str) -> str:
        """Return the alt text that a person confirmed, its facts written out; empty where nobody has."""
        source = entry.media[index].alt.get(language, "")
        return self._cutter.quoter(entry, language).text(source, self.content.medium_place(entry, index, "alt", language))

    def proposed_alt(self, entry: Entry, index: int, language: str) -> Proposal:
        """Return the alt text that the layers of a picture propose."""
        order, quoter = entry.media[index], self._cutter.quoter(entry, language)
        written = order.data.get(language, order.data["vi"])
        data = quoter.values(written, self.content.medium_place(entry, index, "data", language))
        assert isinstance(data, dict)
        return self.studio.alt_text(order.template, {**data, "language": language}, {**written, "language": language})

    def variant(self, slot: PlannedSlot) -> Variant:
        """Return the message cut for the slot's channel, every fact written out."""
        return self._cutter.variant(slot)

    def first_comment(self, slot: PlannedSlot) -> FirstComment | None:
        """Return what is said below the slot's post once it is public, every fact written out; None for nothing."""
        return self._cutter.first_comment(slot)

    def _check_slot(self, slot: PlannedSlot) -> Iterator[Problem]:
        try:
            yield from self._cutter.problems(slot)
            yield from self._lengths(slot)
            for wanted in self._ordering.wanted(slot):
                yield from self._check_medium(slot, wanted)
        except BadInput as error:
            yield from error.problems

    def _lengths(self, slot: PlannedSlot) -> Iterator[Problem]:
        """Yield what is too long once its facts are written out."""
        passages = self._cutter.passages(slot)
        for part, most in (("headline", HEADLINE_MOST), ("summary", SUMMARY_MOST)):
            passage = passages[part]
            if passage.key == part and len(passage.text) > most:  # by hand, only the platform's own limit counts
                file, line, key = passage.place
                words = f"dài {len(passage.text)} ký tự, tối đa {most}; hãy rút gọn"
                yield Problem(rule="too-long", file=file, line=line, key=key, message=words)

    def _check_medium(self, slot: PlannedSlot, wanted: Wanted) -> Iterator[Problem]:
        for problem in self._medium_problems(slot, wanted):
            yield self._placed(slot, wanted, problem)
        if not wanted.order.alt.get(self._language(slot)):
            yield self._missing_alt(self._entry(slot), wanted.index, self._language(slot))

    def _missing_alt(self, entry: Entry, index: int, language: str) -> Problem:
        file, line, key = self.content.medium_place(entry, index, "alt", language)
        proposed = self.proposed_alt(entry, index, language).text
        message = f"chưa có lời mô tả hình ({language}); đề xuất: “{proposed}”; đọc rồi nhận bằng ./loa alt {entry.id} --confirm"
        return Problem(rule="missing-alt", file=file, line=line, key=key, message=message)

    def _medium_problems(self, slot: PlannedSlot, wanted: Wanted) -> tuple[Problem, ...]:
        """Return what is wrong with a picture; one that is in the cache was checked when it was rendered."""
        order, size = wanted.order, self._ordering.size(slot, wanted)
        try:
            rendered = self.studio.find(self.studio.recipe(order.template, wanted.data, size, order.theme))
        except BadInput as error:
            return error.problems
        return rendered.problems if rendered else self.studio.check(order.template, wanted.data, size, order.theme)

    def _placed(self, slot: PlannedSlot, wanted: Wanted, problem: Problem) -> Problem:
        key = f"data.{problem.key or ''}".rstrip(".")
        file, line, shown = self.content.medium_place(self._entry(slot), wanted.index, key, self._language(slot))
        return replace(problem, file=file, line=line, key=shown, channel=None)

    def _orders_of(self, slot: PlannedSlot) -> Iterator[RenderOrder]:
        for wanted in self._ordering.wanted(slot):
            recipe = self._ordering.recipe(slot, wanted)
            order = wanted.order
            drawn_from = self.studio.ingredients(order.template, wanted.data, order.theme)
            yield RenderOrder(
                entry=slot.entry, channel=slot.channel, medium=order.id, recipe=recipe, drawn_from=drawn_from
            )  # fmt: skip

    def _kept(self, medium: Medium, slot: PlannedSlot) -> Medium:
        entry = self._entry(slot)
        index = next(n for n, each in enumerate(entry.media) if each.id == medium.id)
        return replace(medium, alt=self.written_alt(entry, index, self._language(slot)))

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
            drawn_from=order.drawn_from,
        )

    def _entry(self, slot: PlannedSlot) -> Entry:
        return self.content.entries[slot.entry]

    def _language(self, slot: PlannedSlot) -> str:
        return self._entry(slot).language_for(slot.channel)

    @cached_property
    def _cutter(self) -> Cutter:
        return Cutter(content=self.content, captions=self.captions, manifests=self.manifests)

    @cached_property
    def _ordering(self) -> Ordering:
        return Ordering(cutter=self._cutter, studio=self.studio, manifests=self.manifests)

    @cached_property
    def _speech(self) -> Speech:
        return Speech(cutter=self._cutter, ordering=self._ordering, studio=self.studio, manifests=self.manifests)


def _quoted(text: Said) -> frozenset[str]:
    return frozenset().union(*(origin.quotes for origin in text.origins))


def _sha256(path: Path | None) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else None


CERTIFICATES = 1024  # that are remembered


@lru_cache(maxsize=CERTIFICATES)
def _certificate(
    said: tuple[Said, ...], facts: tuple[tuple[str, Fact, str], ...], uses: tuple[str, ...], entry: str, publish: date | None,
    own: frozenset[str], homes: tuple[tuple[str, Origin], ...], days: tuple[tuple[str, date], ...],
) -> Certificate:  # fmt: skip
    """Return the certificate of these very words, facts and days: it is the same whoever asks, and is worked out once.

    Each fact comes with its value as it is written, since 1.0 and 1.00 are equal and are not said alike.
    """
    known = {name: fact for name, fact, _ in facts}
    certificate = certify(said, known, uses, entry, publish, own=own, homes=dict(homes))
    return replace(certificate, problems=(*certificate.problems, *outdated(certificate, known, uses, dict(days), entry)))
