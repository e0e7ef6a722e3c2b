"""Facts, where each is said, and a correction proposed: a second person of the office signs it, or lets it be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from desk.api.caller import Caller, needs
from desk.api.cursor import After, Limit, read_cursor, write_cursor
from desk.api.drafts import as_refusal
from desk.api.entry_records import moment
from desk.api.once import Reply, TheWrite
from desk.api.problem_document import refusal
from desk.api_tokens import Scope
from desk.correcting import known_fact
from desk.proposing import Proposal, propose, proposed
from desk.web.desk import Desk, TheDesk
from desk.web.views.deliveries import public_address
from desk.web.views.standing import standings
from editorial.fact import Fact
from editorial.fact_words import words
from editorial.problem import BadInput

router = APIRouter(prefix="/api/facts", tags=["facts"])

Reader = Annotated[Caller, Depends(needs(Scope.FACTS_READ))]
Proposer = Annotated[Caller, Depends(needs(Scope.FACTS_PROPOSE))]
Name = Annotated[str, Path(max_length=200, description="Tên dữ kiện; dữ kiện riêng của một mục là mã-mục/tên.")]
Text = Annotated[str, StringConstraints(max_length=500)]


class FactRecord(BaseModel):
    """One fact; the id of an entry's own is `entry/id`. `value` is as the file writes it, `words` as the public reads it."""

    id: str
    kind: str
    value: str
    words: str
    unit: str | None
    source: str
    as_of: date | None
    valid_until: date | None
    note: str | None
    quoted_by: int


class FactPage(BaseModel):
    """A stretch of the ledger, by id."""

    items: list[FactRecord]
    next: str | None


class ProposalRecord(BaseModel):
    """A correction that waits for its second person."""

    fact: str
    value: str
    why: str
    source: str
    as_of: str
    author: str
    at: datetime | None


class ProposalList(BaseModel):
    """What waits to be signed for a fact: one at most."""

    items: list[ProposalRecord]


class FactDetail(FactRecord):
    """One fact, with the correction that waits to be signed."""

    proposal: ProposalRecord | None


class PlaceRecord(BaseModel):
    """A post that quotes a fact, live or planned."""

    entry: str
    channel: str
    status: str
    due_at: datetime | None
    url: str | None


class PlacePage(BaseModel):
    """A stretch of the posts that quote a fact, by entry."""

    items: list[PlaceRecord]
    next: str | None


class NewProposal(BaseModel):
    """What a fact should be, and why; `source` and `as_of` stay as they are where they are empty."""

    model_config = ConfigDict(extra="forbid")

    value: Annotated[Text, StringConstraints(min_length=1)]
    why: Annotated[Text, StringConstraints(min_length=1)]
    source: Text = ""
    as_of: date | None = None


@router.get("")
def facts(
    desk: TheDesk, caller: Reader, cursor: After = "", limit: Limit = 50, q: Annotated[str, Query(max_length=200)] = ""
) -> FactPage:  # fmt: skip
    """List the facts by id; `q` keeps those that have these letters in their id, words or source."""
    asked, wanted = {"of": "facts", "q": q}, q.strip().casefold()
    after = read_cursor(cursor, asked, "")
    known = sorted((name, fact) for name, fact in dict(_ledger(desk)).items() if name > after)
    found = []
    for name, fact in known:
        if wanted in f"{name} {words(fact, 'vi')} {fact.source}".casefold():
            found.append(_record(desk, name, fact))
        if len(found) > limit:
            break
    return FactPage(items=found[:limit], next=write_cursor(asked, found[limit - 1].id) if len(found) > limit else None)


@router.get("/{name:path}/places")
def places(desk: TheDesk, caller: Reader, name: Name, cursor: After = "", limit: Limit = 50) -> PlacePage:
    """List the posts that quote a fact; `limit` counts entries, each with a post on every channel."""
    _fact(desk, name)
    asked = {"of": "places", "fact": name}
    after = read_cursor(cursor, asked, "")
    quoting = sorted(entry for entry in desk.bench.content.quoting.get(name, ()) if entry > after)
    shown = quoting[:limit]
    store = desk.bench.store
    deliveries = store.deliveries.list(entries=shown)
    slots = [slot for entry in shown for slot in desk.bench.slots_of(entry)]
    found = [
        PlaceRecord(
            entry=each.slot.entry, channel=each.slot.channel, status=each.status.value, due_at=moment(each.slot.at),
            url=public_address(each.delivery) if each.delivery else None,
        )
        for each in standings(slots, deliveries, desk.outlook.unapproved(deliveries))
    ]  # fmt: skip
    return PlacePage(items=found, next=write_cursor(asked, shown[-1]) if len(quoting) > limit else None)


@router.get("/{name:path}/proposals")
def proposals(desk: TheDesk, caller: Reader, name: Name) -> ProposalList:
    """Return the correction of a fact that waits to be signed, where there is one."""
    _fact(desk, name)
    waiting = proposed(desk.bench.store, name)
    return ProposalList(items=[_proposal(waiting)] if waiting else [])


@router.post("/{name:path}/proposals", status_code=201, response_model=ProposalRecord)
def make_proposal(desk: TheDesk, caller: Proposer, write: TheWrite, name: Name, new: NewProposal) -> Response:
    """Propose a correction. Nothing is changed before a second person of the office has looked at its plan and signed it."""
    _fact(desk, name)

    def do() -> Reply:
        proposal = Proposal(
            fact=name, value=new.value.strip(), why=new.why.strip(), source=new.source.strip(),
            as_of=new.as_of.isoformat() if new.as_of else "", author=caller.person.id, at=desk.bench.clock.now(),
        )  # fmt: skip
        try:
            propose(desk.workbench, proposal)
        except BadInput as error:
            raise as_refusal(error) from error
        return Reply(status=201, record=_proposal(proposal))

    return write.once(caller, do)


@router.get("/{name:path}")
def fact(desk: TheDesk, caller: Reader, name: Name) -> FactDetail:
    """Return a fact."""
    found, waiting = _fact(desk, name), proposed(desk.bench.store, name)
    record = _record(desk, name, found)
    return FactDetail(**record.model_dump(), proposal=_proposal(waiting) if waiting else None)


def _ledger(desk: Desk) -> Iterator[tuple[str, Fact]]:
    content = desk.bench.content
    yield from content.facts.items()
    for entry in content.entries.values():
        yield from ((f"{entry.series or entry.id}/{each.id}", each) for each in entry.facts)


def _fact(desk: Desk, name: str) -> Fact:
    found = known_fact(desk.workbench, name)
    if found is None:
        raise refusal(404, "unknown-fact", "không có dữ kiện này; hãy xem danh sách ở /api/facts")
    return found


def _record(desk: Desk, name: str, fact: Fact) -> FactRecord:
    return FactRecord(
        id=name, kind=fact.kind.value, value=str(fact.value), words=words(fact, "vi"), unit=fact.unit, source=fact.source,
        as_of=fact.as_of, valid_until=fact.valid_until, note=fact.note, quoted_by=len(desk.bench.content.quoting.get(name, ())),
    )  # fmt: skip


def _proposal(proposal: Proposal) -> ProposalRecord:
    return ProposalRecord(
        fact=proposal.fact, value=proposal.value, why=proposal.why, source=proposal.source, as_of=proposal.as_of,
        author=proposal.author, at=moment(proposal.at),
    )  # fmt: skip
