"""A signed post made anew with one fact changed, from what it was made of when it was signed: nothing else in it may differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from desk.approving import keep_media
from desk.rendering import render_all
from desk.template_standing import unapproved_templates
from desk.workbench import Workbench
from editorial.claims.short_name import said_in_part
from editorial.clock import OFFICE_ZONE
from editorial.consistency import Said, examine
from editorial.correction import annotated, moved
from editorial.fact import Fact, FactKind
from editorial.fact_words import words
from editorial.first_comment import FirstComment
from editorial.message import Variant
from editorial.plan import PlannedSlot
from editorial.post import Medium, Post
from editorial.problem import BadInput, Problem, Severity
from editorial.quotes import quoted_by, texts_of
from editorial.retyping import quoting
from editorial.source import Source
from editorial.template_approval import RULE, unapproved_words
from scheduler.engines.contract import Engine
from scheduler.production import Production

BY_HAND = "hãy tự sửa trên kênh rồi ghi là đã xong"
UNKNOWN_SOURCE = "không còn bản nguồn đã duyệt của bài; hãy tự sửa trên kênh rồi ghi là đã xong"
NO_CHANNEL = "kênh, mẫu hoặc đơn vị của bài không còn trong phòng này; hãy tự sửa trên kênh rồi ghi là đã xong"
OTHER_WORDS = "mẫu lời đã đổi từ khi bài được duyệt, sửa tự động sẽ mang theo chữ chưa ai duyệt; hãy tự sửa trên kênh"
OTHER_PICTURE = "mẫu ảnh hoặc clip đã đổi từ khi duyệt (hãy xem kỹ bản mới)"


@dataclass(frozen=True, kw_only=True)
class Rewritten:
    """A post with the fact as it is now. `post` is None, and `why` says why, where only a person can put it right."""

    old: Fact  # as the signed post says it
    post: Post | None = None
    source: Source | None = None
    media_known: bool = True  # its pictures are made
    media_drifted: bool = False  # its pictures differ in more than the fact
    redrawn: frozenset[str] = frozenset()  # the ids of the pictures that say the fact
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Rewriter:
    """Make signed posts anew with another value of one fact. Without an engine nothing is rendered."""

    bench: Workbench
    fact: Fact
    owner: str = ""  # the entry, or the series, whose own fact it is; empty for a shared one
    engine: Engine | None = None

    def rewrite(self, signed: Post, notes: Iterable[str] = ()) -> Rewritten | None:
        """Return the post with the new value under `notes`; None where it does not say the fact, or says it rightly already."""
        source = self.bench.store.sources.of(signed) or self._source_of_today(signed)
        if source is None:
            return None
        old = source.fact(self.fact.id) if self._is_meant(source) else None
        if old is None or old.value == self.fact.value:
            return None
        try:
            return self._rewritten(signed, source, replace(old, value=self.fact.value), old, tuple(notes))
        except (BadInput, KeyError):
            return Rewritten(old=old, why=NO_CHANNEL) if _mentions(source, old) else None

    def _is_meant(self, source: Source) -> bool:
        """Tell whether the fact of that name is the one that changes: shared, or the entry's own."""
        if not self.owner:
            return not source.owns(self.fact.id)
        return self.owner in (source.entry.id, source.entry.series) and source.owns(self.fact.id)

    def _source_of_today(self, signed: Post) -> Source | None:
        """Return what the entry says now, for a post from before sources were kept; its words must then be the same."""
        content = self.bench.content
        entry = content.entries.get(signed.entry)
        return Source(entry=entry, facts=content.facts) if entry else None

    def _rewritten(self, signed: Post, source: Source, new: Fact, old: Fact, notes: tuple[str, ...]) -> Rewritten | None:
        slot, wanted = _slot(signed), quoting(source, old, new)
        before, after = self._production(source), self._production(wanted)
        other = self._production(quoting(source, old, moved(old)))
        changed = _differing(before, other, slot)
        if _words(before, slot, signed) == _words(other, slot, signed) and not changed:
            return _said_otherwise(before, slot, old)
        if not self._reads_as_signed(signed, before.variant(slot), notes):
            return Rewritten(old=old, why=OTHER_WORDS if self.bench.store.sources.of(signed) else UNKNOWN_SOURCE)
        if against := _against(before, after, slot) or _left(source, wanted, after.said(slot), old):
            return Rewritten(old=old, why=f"{against}; {BY_HAND}")
        post, known, drifted = self._post(slot, signed, before, after, changed)
        return Rewritten(old=old, post=post, source=wanted, media_known=known, media_drifted=drifted, redrawn=changed)

    def _production(self, source: Source) -> Production:
        return replace(self.bench.workspace.production, content=source.within(self.bench.content))

    def _reads_as_signed(self, signed: Post, variant: Variant, notes: tuple[str, ...]) -> bool:
        markup = reads_markup(self.bench, signed.channel)
        return signed.variant in (variant, annotated(variant, notes, markup=markup))

    def _post(
        self, slot: PlannedSlot, signed: Post, before: Production, after: Production, changed: frozenset[str]
    ) -> tuple[Post, bool, bool]:  # fmt: skip
        """Return the post, whether its media are made, and whether they differ in more; what does not say the fact is kept."""
        alts = _alts(after, slot, signed)
        said = tuple(replace(medium, alt=alts.get(medium.id, medium.alt)) for medium in signed.media)
        post = replace(signed, variant=after.variant(slot), media=said, first_comment=_comment(after, slot, signed))
        made, was = self._media(after, slot, changed), self._media(before, slot, changed)
        if made is None:
            return post, False, False
        fresh = keep_media(replace(post, media=tuple(made.get(medium.id, medium) for medium in said)), self.bench.media)
        signed_bytes = {medium.id: medium.sha256 for medium in signed.media}
        drifted = was is not None and any(signed_bytes.get(id) != medium.sha256 for id, medium in was.items())
        return fresh, True, drifted

    def _media(self, production: Production, slot: PlannedSlot, changed: frozenset[str]) -> Mapping[str, Medium] | None:
        """Return the changed media by id; without an engine only where all of them were made before."""
        studio, orders = self.bench.workspace.studio, [each for each in production.orders([slot]) if each.medium in changed]
        if self.engine is not None:
            made = render_all(studio, orders, self.engine)
        else:
            found = {order.recipe.digest: studio.find(order.recipe) for order in orders}
            made = {digest: rendition for digest, rendition in found.items() if rendition is not None}
        if any(order.recipe.digest not in made for order in orders):
            return None
        return {order.medium: production.medium(order, made[order.recipe.digest], slot) for order in orders}


def redrawn_unapproved(bench: Workbench, rewritten: Rewritten) -> Iterator[Problem]:
    """Yield what keeps a corrected picture from going out: it is drawn anew, by a template that nobody has approved as it is."""
    unapproved = unapproved_templates(bench.content, bench.workspace.templates, bench.store)
    media = rewritten.source.entry.media if rewritten.source is not None and unapproved else ()
    for id in dict.fromkeys(order.template for order in media if order.id in rewritten.redrawn and order.template in unapproved):
        yield Problem(rule=RULE, message=unapproved_words(unapproved[id]), template=id)


def reads_markup(bench: Workbench, channel: str) -> bool:
    """Tell whether the channel reads a post's text as HTML."""
    limit = bench.manifests[channel].texts.get("text")
    return bool(limit and limit.markup)


def _slot(signed: Post) -> PlannedSlot:
    """Return the slot of a post that was signed, whatever the plan says today."""
    at = signed.due_at.astimezone(OFFICE_ZONE)
    rule = f"{at:%Y-%m-%d@%H:%M}"
    return PlannedSlot(
        entry=signed.entry, channel=signed.channel, at=at, rule=rule, anchor=rule, occasion=None, provisional=False, notes=()
    )  # fmt: skip


def _words(production: Production, slot: PlannedSlot, signed: Post) -> tuple[Variant, str, Mapping[str, str]]:
    comment = production.first_comment(slot)
    return production.variant(slot), comment.text if comment else "", _alts(production, slot, signed)


def _comment(production: Production, slot: PlannedSlot, signed: Post) -> FirstComment | None:
    """Return the comment as it reads now; the posts whose addresses it says are those that were signed."""
    now = production.first_comment(slot)
    return replace(signed.first_comment, text=now.text) if signed.first_comment and now else signed.first_comment


def _alts(production: Production, slot: PlannedSlot, signed: Post) -> dict[str, str]:
    """Return the alt texts that the entry gives the post's media, by their ids."""
    entry = production.content.entries[slot.entry]
    language = entry.language_for(slot.channel)
    ids = {medium.id for medium in signed.media}
    written = ((order.id, production.written_alt(entry, index, language)) for index, order in enumerate(entry.media))
    return {id: alt for id, alt in written if id in ids and alt}


def _differing(before: Production, other: Production, slot: PlannedSlot) -> frozenset[str]:
    """Return the ids of the media whose picture says the fact."""
    was, moved_on = ({order.medium: order.recipe.digest for order in each.orders([slot])} for each in (before, other))
    return frozenset(medium for medium, digest in was.items() if moved_on.get(medium) != digest)


def _said_otherwise(before: Production, slot: PlannedSlot, old: Fact) -> Rewritten | None:
    """Return what a person has to do where a post says the fact in words that are no quote; None where it does not say it."""
    says = before.certificate(before.content.entries[slot.entry], [slot]).says.get(old.id, {})
    if slot.channel not in says:
        return None
    return Rewritten(old=old, why=f"bài ghi “{says[slot.channel]}” bằng chữ gõ tay, không trích dữ kiện; {BY_HAND}")


def _against(before: Production, after: Production, slot: PlannedSlot) -> str:
    """Return the first thing that the facts do not bear out in the new words and did in the old ones; "" where there is none."""
    was, now = ((each.certificate(each.content.entries[slot.entry], [slot])).problems for each in (before, after))
    known = {(problem.rule, problem.message) for problem in was}
    fresh = (problem for problem in now if problem.severity is Severity.ERROR and (problem.rule, problem.message) not in known)
    return next((problem.message for problem in fresh), "")


def _left(source: Source, wanted: Source, said: tuple[Said, ...], old: Fact) -> str:
    """Return the words that still say the old value and not the new one, such as an address without its scheme; "" for none."""

    def places(facts: Source) -> dict[tuple[str, str, int], str]:
        known = {**facts.facts, **{fact.id: fact for fact in facts.entry.facts}}
        own = frozenset((*facts.entry.uses, *(fact.id for fact in facts.entry.facts), old.id))
        found = examine(list(said), known.values(), own=own).places
        return {(place.channel, place.part, place.start): place.text for place in found if place.fact == old.id}

    right = places(wanted)
    left = (text for place, text in places(source).items() if place not in right)
    parts = _in_part(said, old, wanted.fact(old.id))
    return next((f"bài còn ghi “{text}” của giá trị cũ" for text in (*left, *parts)), "")


def _in_part(said: tuple[Said, ...], old: Fact, new: Fact | None) -> Iterator[str]:
    """Yield the words that still say a part of an old name: Ông An beside the new name, Nguyễn Văn Bình."""
    if new is None or old.kind not in (FactKind.NAME, FactKind.PLACE):
        return
    yield from filter(None, (said_in_part(each.text, str(old.value), str(new.value)) for each in said))


def _mentions(source: Source, fact: Fact) -> bool:
    """Tell whether the entry quotes a fact, has to, or says its value, where its posts cannot be made any more."""
    texts = tuple(texts_of(source.entry))
    said = (words(fact, language) in text for text, language in texts)
    return fact.id in quoted_by(source.entry) or any(said)
