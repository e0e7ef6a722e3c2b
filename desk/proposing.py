"""A correction on its way to its second person: proposed by one, looked at as a plan, and signed by another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from desk.correcting import Draft, changed_fact, draft_correction, sign, written_value
from desk.workbench import Workbench
from editorial.correction import Kind
from editorial.digest import digest
from editorial.fact import Fact
from editorial.problem import BadInput, Problem
from editorial.role import Person, Right, require
from scheduler.engines.contract import Engine
from store.correction_list import Correction
from store.fact_file import FactLine, write_fact
from store.store import Store

_PREFIX = "correction."  # settings under which what is proposed is kept until it is signed or dropped


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What somebody wants a fact to be. `source` and `as_of` are what the ledger will say; empty leaves them as they are."""

    fact: str  # its id, or entry/id
    value: str  # as it was typed
    why: str
    source: str
    as_of: str  # ISO day
    author: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What became of a proposal: the decision, where a post says the old value, and where the ledger has the new one."""

    correction: Correction | None
    line: FactLine | None
    left: tuple[Problem, ...] = ()  # what a person still has to do


def propose(bench: Workbench, proposal: Proposal) -> None:
    """Keep a proposal until a second person signs it; raise BadInput for a value that the fact cannot have."""
    old, _ = changed_fact(bench, proposal.fact, proposal.value)
    if proposed(bench.store, proposal.fact) is not None:
        message = "đang có một đề nghị khác chờ ký cho dữ kiện này; hãy ký hoặc bỏ đề nghị ấy trước"
        raise BadInput(Problem(rule="already-proposed", message=message))
    if old is None and not (proposal.source or proposal.as_of):
        message = "dữ kiện đang có đúng giá trị này; hãy ghi giá trị khác"
        raise BadInput(Problem(rule="same-value", key="--value", message=message))
    values = asdict(proposal) | {"at": proposal.at.isoformat()}
    bench.store.settings.set(_PREFIX + proposal.fact, json.dumps(values, ensure_ascii=False))
    bench.store.audit.write(proposal.author, "propose-correction", proposal.fact, f"{proposal.value}: {proposal.why}")


def proposed(store: Store, fact: str) -> Proposal | None:
    """Return what waits to be signed for a fact."""
    kept = store.settings.get(_PREFIX + fact)
    return _read(kept) if kept else None


def all_proposed(store: Store) -> tuple[Proposal, ...]:
    """Return every correction that waits for its second person, oldest first."""
    kept = store.settings.starting(_PREFIX).values()
    return tuple(sorted(map(_read, kept), key=lambda each: each.at))


def give_up(store: Store, proposal: Proposal, who: str, why: str) -> None:
    """Let a proposal be; nothing of it was carried out."""
    store.settings.forget(_PREFIX + proposal.fact)
    store.audit.write(who, "drop-correction", proposal.fact, f"{proposal.value}: {why}")


def drop(store: Store, proposal: Proposal, person: Person, why: str) -> None:
    """Let a proposal be, as whoever made it or may sign it; raise BadInput for anybody else."""
    if person.id != proposal.author:
        require(person, Right.APPROVE)
    give_up(store, proposal, person.id, why)


def plan_digest(proposal: Proposal, draft: Draft) -> str:
    """Return the digest of what a proposal does to which copies, before its pictures are made: another one was not looked at."""
    items = sorted((item.post_key, item.live_digest, item.means.value) for item in draft.decision.items)
    return digest([proposal, items, sorted(post.key for post in draft.decision.waiting)])


def settle(bench: Workbench, proposal: Proposal, approver: str, engine: Engine, seen: str) -> Settled:
    """Sign what was proposed and write it into the ledger; raise BadInput where the plan is not the one that was `seen`."""
    plan = draft_correction(bench, proposal.fact, proposal.value, proposal.why, None)
    if plan_digest(proposal, plan) != seen:
        message = "kế hoạch đã đổi từ lúc bạn xem (có bài vừa đăng, vừa gỡ hoặc vừa sửa); hãy xem lại rồi ký"
        raise BadInput(Problem(rule="stale-plan", message=message))
    given = (bench, proposal.fact, proposal.value, proposal.why, engine)
    signed, _ = decided(*given, author=proposal.author, approver=approver)
    give_up(bench.store, proposal, approver, "đã ký")
    left = []
    try:
        line = _write(bench, proposal)
    except BadInput as error:
        line, left = None, list(error.problems)
    return Settled(correction=signed, line=line, left=tuple(left))


def decided(
    bench: Workbench, fact: str, value: str, why: str, engine: Engine, *, author: str, approver: str
) -> tuple[Correction | None, Draft | None]:  # fmt: skip
    """Return the signed decision, with its draft where it was made now; no decision where no post says the old value."""
    _, new = changed_fact(bench, fact, value)
    if under_way := bench.store.corrections.under_way(Kind.CORRECTION, fact, str(new.value)):
        return under_way, None
    draft = draft_correction(bench, fact, value, why, engine)
    does_something = draft.decision.items or draft.decision.waiting
    return sign(bench, draft, author=author, approver=approver) if does_something else None, draft


def _write(bench: Workbench, proposal: Proposal) -> FactLine | None:
    """Put the value, and its source where it has another, into the file of content/facts/ that has the fact."""
    if "/" in proposal.fact:
        owner = proposal.fact.partition("/")[0]
        message = f"dữ kiện này là riêng của một mục; hãy sửa trong content/{owner}.md để các bài sau cũng đúng"
        raise BadInput(Problem(rule="own-fact", message=message))
    _, new = changed_fact(bench, proposal.fact, proposal.value)
    return write_fact(bench.root, _sourced(new, proposal), dict(_written(new, proposal)))


def _sourced(fact: Fact, proposal: Proposal) -> Fact:
    as_of = date.fromisoformat(proposal.as_of) if proposal.as_of else fact.as_of
    return replace(fact, source=proposal.source or fact.source, as_of=as_of)


def _written(fact: Fact, proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Yield the lines of the file that change: key, and value as YAML has it."""
    yield "value", written_value(fact)
    if proposal.source:
        yield "source", written_value(replace(fact, value=proposal.source))
    if proposal.as_of:
        yield "as_of", proposal.as_of


def _read(kept: str) -> Proposal:
    values = json.loads(kept)
    return Proposal(**values | {"at": datetime.fromisoformat(values["at"])})
