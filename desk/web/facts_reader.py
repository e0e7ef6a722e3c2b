"""Gather the ledger and a fact's page from the content, the plan, what went out and what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from desk.certificate import part_name
from desk.correcting import Draft, known_fact, read_value
from desk.correction_words import MEANS
from desk.language import language
from desk.proposing import Proposal, all_proposed, plan_digest, proposed
from desk.web.moment_words import machine_moment, moment_words, short_day, short_moment
from desk.web.outlook import Outlook
from desk.web.remembered import Remembered
from desk.web.views.deliveries import public_address
from desk.web.views.entry import KINDS
from desk.web.views.facts import (
    HINTS,
    CopyRow,
    DecisionRow,
    FactPage,
    LedgerPage,
    LedgerRow,
    PlaceRow,
    Plan,
    PlanRow,
    Proposed,
    copy_row,
    is_open,
    matching,
)
from desk.web.views.mark import Mark, mark
from desk.web.views.standing import Standing, standings
from desk.workbench import Workbench
from editorial.consistency import Place
from editorial.correction import Kind, Means
from editorial.fact import Fact
from editorial.fact_words import words
from editorial.problem import BadInput
from store.correction_list import Correction, CorrectionItem

PAGE = 60  # facts on a page of the ledger
NEAR_FOR = 600  # seconds that the order of a fact's entries by their nearness holds
ENTRIES = 25  # entries on a page of a fact: each has a post on every channel


def read_ledger(outlook: Outlook, asked: str, page: int, remembered: Remembered) -> LedgerPage:
    """Return one page of the ledger: shared facts in the files' order, then the entries' own."""
    content, day = outlook.bench.content, outlook.today.toordinal()
    rows = remembered.recall(("ledger", language()), (content, day), lambda: tuple(_ledger_rows(outlook)))
    found = tuple(matching(rows, asked))
    pages = max(1, -(-len(found) // PAGE))
    shown = min(max(page, 1), pages)
    waiting = frozenset(each.fact for each in all_proposed(outlook.bench.store))
    return LedgerPage(rows=found[(shown - 1) * PAGE : shown * PAGE], total=len(rows), found=len(found), page=shown, pages=pages,
                      proposed=waiting)  # fmt: skip


def _ledger_rows(outlook: Outlook) -> Iterator[LedgerRow]:
    content = outlook.bench.content
    for name, fact in content.facts.items():
        yield _ledger_row(outlook, name, fact, "")
    seen = set()
    for entry in content.entries.values():
        for fact in entry.facts:
            name = f"{entry.series or entry.id}/{fact.id}"
            if name not in seen:
                seen.add(name)
                yield _ledger_row(outlook, name, fact, entry.series or entry.id)


def _ledger_row(outlook: Outlook, name: str, fact: Fact, owner: str) -> LedgerRow:
    content = outlook.bench.content
    quoting = content.quoting.get(name, ())
    return LedgerRow(
        id=name, words=words(fact, "vi"), kind=KINDS[fact.kind], source=fact.source, as_of=_day(fact.as_of),
        until=_day(fact.valid_until), is_over=_is_over(outlook, fact), owner=owner, entries=len(quoting),
        places=sum(len(content.entries[entry].channels) for entry in quoting),
    )  # fmt: skip


def read_fact(
    outlook: Outlook, bench: Workbench, name: str, page: int, remembered: Remembered, *, parts: bool
) -> FactPage:  # fmt: skip
    """Return a fact's page; raise KeyError where nobody knows it. `parts` works out where in each post the fact is said."""
    fact = known_fact(bench, name)
    if fact is None:
        raise KeyError(name)
    owner = name.rpartition("/")[0]
    quoting = _nearest_first(outlook, name, remembered)
    pages = max(1, -(-len(quoting) // ENTRIES))
    shown = min(max(page, 1), pages)
    waiting = proposed(bench.store, name)
    return FactPage(
        id=name, words=words(fact, "vi"), kind=KINDS[fact.kind], hint=HINTS.get(fact.kind, ""), value=_typed(fact),
        source=fact.source, as_of=_day(fact.as_of), until=_day(fact.valid_until), is_over=_is_over(outlook, fact),
        note=fact.note or "", owner=owner, entries=len(quoting),
        places=tuple(_places(outlook, bench, fact, quoting[(shown - 1) * ENTRIES : shown * ENTRIES], parts)),
        page=shown, pages=pages,
        proposed=_proposed(outlook, fact, waiting) if waiting else None,
        decisions=read_decisions(outlook, bench, name),
    )  # fmt: skip


def _nearest_first(outlook: Outlook, name: str, remembered: Remembered) -> list[str]:
    """Return the entries that quote a fact by how near their posts are to this moment, as it was some minutes ago at most."""
    content, now = outlook.bench.content, outlook.bench.clock.now()

    def distance(entry: str) -> timedelta:
        return min((abs(slot.at - now) for slot in outlook.bench.slots_of(entry)), default=timedelta.max)

    def ordered() -> list[str]:
        return sorted(content.quoting.get(name, ()), key=lambda entry: (distance(entry), entry))

    return remembered.recall(("nearest", name), (content, int(now.timestamp() // NEAR_FOR)), ordered)


def _places(outlook: Outlook, bench: Workbench, fact: Fact, entries: list[str], parts: bool) -> Iterator[PlaceRow]:
    headlines = outlook.headlines(entries)
    deliveries = bench.store.deliveries.list(entries=entries)
    slots = [slot for entry in entries for slot in bench.slots_of(entry)]
    unapproved = outlook.unapproved(deliveries)
    for each in standings(slots, deliveries, unapproved):
        row = _place(bench, each, headlines.get(each.slot.entry, each.slot.entry))
        yield _with_parts(bench, fact, row, each.slot.channel) if parts else row


def _place(bench: Workbench, standing: Standing, headline: str) -> PlaceRow:
    slot, delivery = standing.slot, standing.delivery
    return PlaceRow(
        entry=slot.entry, headline=headline, mark=mark(bench.content.office, slot.channel), at=moment_words(slot.at),
        machine_at=machine_moment(slot.at), status=standing.status, url=(public_address(delivery) or "") if delivery else "",
    )  # fmt: skip


def _with_parts(bench: Workbench, fact: Fact, row: PlaceRow, channel: str) -> PlaceRow:
    try:
        places = bench.workspace.certificate_of(row.entry).places
    except BadInput:  # its words cannot be written out, which its own page tells
        return row
    here: list[Place] = [place for place in places if place.fact == fact.id and place.channel == channel]
    names = tuple(dict.fromkeys(part_name(place.part) for place in here))
    return replace(row, parts=names, said=tuple(dict.fromkeys(place.text for place in here)))


def _proposed(outlook: Outlook, fact: Fact, proposal: Proposal) -> Proposed:
    try:
        after = words(replace(fact, value=read_value(fact, proposal.value)), "vi")
    except BadInput:  # its kind has changed in the file since
        after = proposal.value
    return Proposed(
        before=words(fact, "vi"), after=after, why=proposal.why, source=proposal.source, as_of=proposal.as_of,
        author=outlook.bench.content.office.name_of(proposal.author), at=moment_words(proposal.at),
    )  # fmt: skip


def read_decisions(outlook: Outlook, bench: Workbench, name: str) -> tuple[DecisionRow, ...]:
    """Return what was decided about a fact, the newest first, each copy with how far it has come."""
    found = bench.store.corrections.of_subject(Kind.CORRECTION, name)
    return tuple(_Decisions(outlook, bench).row(each) for each in reversed(found))


@dataclass(frozen=True)
class _Decisions:
    """Write decisions out."""

    outlook: Outlook
    bench: Workbench

    def row(self, decision: Correction) -> DecisionRow:
        office, items = self.bench.content.office, self.bench.store.corrections.items(decision.id)
        return DecisionRow(
            id=decision.id, value=decision.value, why=decision.why, author=office.name_of(decision.author),
            approver=office.name_of(decision.approver), at=short_moment(decision.at), copies=tuple(self._copies(items)),
            open=is_open(items),
        )  # fmt: skip

    def _copies(self, items: tuple[CorrectionItem, ...]) -> Iterator[CopyRow]:
        ledger, headlines = self.bench.store.deliveries, self.outlook.headlines(item.entry for item in items)
        live = {each.post_key: each for each in ledger.list(entries={item.entry for item in items})}
        for item in items:
            key = item.post_key if item.means is Means.REPOST and item.post_key in live else item.live_key
            url = public_address(live[key]) if key in live else None
            yield copy_row(item, mark=self._mark(item.channel), headline=headlines.get(item.entry, item.entry), url=url or "")

    def _mark(self, channel: str) -> Mark:
        return mark(self.bench.content.office, channel)


def read_plan(outlook: Outlook, bench: Workbench, proposal: Proposal, draft: Draft) -> Plan:
    """Return what a proposal would do, in words."""
    office, decision = bench.content.office, draft.decision
    headlines: Mapping[str, str] = outlook.headlines((*(i.entry for i in decision.items), *(p.entry for p in decision.waiting)))
    live = {each.id: each for each in bench.store.deliveries.list(entries={item.entry for item in decision.items})}
    rows = tuple(
        PlanRow(mark=mark(office, item.channel), entry=item.entry, headline=headlines.get(item.entry, item.entry),
                means=MEANS[item.means], changes=item.changes, note=item.note, why=item.why,
                url=(public_address(live[item.delivery]) or "") if item.delivery in live else "")
        for item in decision.items
    )  # fmt: skip
    waiting = tuple(f"{headlines.get(post.entry, post.entry)} · {mark(office, post.channel).name}" for post in decision.waiting)
    return Plan(rows=rows, waiting=waiting, problems=draft.problems, digest=plan_digest(proposal, draft))


def _typed(fact: Fact) -> str:
    return f"{fact.value:%H:%M}" if isinstance(fact.value, time) else str(fact.value)


def _day(day: date | None) -> str:
    return short_day(day) if day is not None else ""


def _is_over(outlook: Outlook, fact: Fact) -> bool:
    return fact.valid_until is not None and fact.valid_until < outlook.today
