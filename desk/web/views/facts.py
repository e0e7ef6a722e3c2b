"""The ledger of facts, and one fact: where it is said, what has become of it, and its correction on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from desk.correction_words import MEANS, STATES, STUCK
from desk.web.views.mark import Mark
from desk.web.views.status import Status
from editorial.correction import OPEN, ItemState
from editorial.fact import FactKind
from editorial.problem import Problem
from store.correction_list import CorrectionItem

HINTS = {
    FactKind.NUMBER: "Viết số, ví dụ 1250 hoặc 12.5, không ghi đơn vị.",
    FactKind.PERCENTAGE: "Viết số, ví dụ 12.5 là 12,5 %.",
    FactKind.MONEY: "Viết số đồng, ví dụ 1250000.",
    FactKind.DATE: "Viết ngày dạng 2026-09-25.",
    FactKind.TIME: "Viết giờ dạng 08:30.",
    FactKind.LINK: "Viết địa chỉ đầy đủ, bắt đầu bằng https://.",
}


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """A fact in the ledger."""

    id: str
    words: str
    kind: str
    source: str
    as_of: str
    until: str
    is_over: bool  # may not be said any more
    owner: str  # whose own fact it is; empty for a shared one
    entries: int
    places: int  # posts, live and planned


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """The ledger, narrowed to what was looked for."""

    rows: tuple[LedgerRow, ...]
    total: int
    found: int
    page: int
    pages: int
    proposed: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """A post that quotes a fact, live or planned. `parts` is None until it was worked out where in the post."""

    entry: str
    headline: str
    mark: Mark
    at: str
    machine_at: str
    status: Status
    url: str
    parts: tuple[str, ...] | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """A live copy, and what a correction would do with it."""

    mark: Mark
    entry: str
    headline: str
    means: str
    changes: tuple[str, ...]
    note: str
    why: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a proposal would do, and to what; `digest` is what its second person signs."""

    rows: tuple[PlanRow, ...]
    waiting: tuple[str, ...]  # posts that have not gone out, by entry and channel
    problems: tuple[Problem, ...]
    digest: str

    @property
    def stopped(self) -> bool:
        """Tell whether something has to be mended first."""
        return any(problem.severity.value == "error" for problem in self.problems)


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A correction that waits for its second person."""

    before: str
    after: str
    why: str
    source: str
    as_of: str
    author: str
    at: str


@dataclass(frozen=True, kw_only=True)
class CopyRow:
    """A copy of a signed decision, and how far it has come."""

    id: int
    mark: Mark
    entry: str
    headline: str
    means: str
    state: str
    status: Status
    detail: str
    url: str
    by_hand: bool  # somebody has to do it, or look at it


@dataclass(frozen=True, kw_only=True)
class DecisionRow:
    """A signed decision about a fact."""

    id: int
    value: str
    why: str
    author: str
    approver: str
    at: str
    copies: tuple[CopyRow, ...]
    open: bool

    @property
    def done(self) -> int:
        """Return how many copies have been put right."""
        return sum(copy.status is Status.VERIFIED for copy in self.copies)


@dataclass(frozen=True, kw_only=True)
class FactPage:
    """One fact with every post that quotes it."""

    id: str
    words: str
    kind: str
    hint: str
    value: str  # as it is typed
    source: str
    as_of: str
    until: str
    is_over: bool
    note: str
    owner: str
    entries: int
    places: tuple[PlaceRow, ...]
    page: int
    pages: int
    proposed: Proposed | None
    decisions: tuple[DecisionRow, ...]  # newest first


def copy_row(item: CorrectionItem, *, mark: Mark, headline: str, url: str) -> CopyRow:
    """Return a copy in words."""
    return CopyRow(
        id=item.id, mark=mark, entry=item.entry, headline=headline, means=MEANS[item.means], state=STATES[item.state],
        status=_STATUS[item.state], detail="" if item.state is ItemState.DONE else item.detail, url=url,
        by_hand=item.state in STUCK,
    )  # fmt: skip


_STATUS = {
    ItemState.WAITING: Status.READY,
    ItemState.CALLING: Status.MOVING,
    ItemState.CALLED: Status.MOVING,
    ItemState.REMOVED: Status.MOVING,
    ItemState.DONE: Status.VERIFIED,
    ItemState.DIFFERENT: Status.HELD,
    ItemState.FAILED: Status.FAILED,
    ItemState.MANUAL: Status.HELD,
}


def is_open(items: Iterable[CorrectionItem]) -> bool:
    """Tell whether a decision goes on by itself."""
    return any(item.state in OPEN for item in items)


def matching(rows: Iterable[LedgerRow], asked: str) -> Iterator[LedgerRow]:
    """Yield the rows that have every word that was asked for, in whichever field."""
    wanted = asked.casefold().split()
    for row in rows:
        text = f"{row.id} {row.words} {row.source} {row.kind} {row.owner}".casefold()
        if all(word in text for word in wanted):
            yield row
