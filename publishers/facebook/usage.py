"""How much of its allowances a page has used: Graph's usage headers tell with every answer, in percent of calls and of time.

A page has one of its own; another belongs to the app, and all pages that are connected by it share that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from editorial.outcome import RateLimited
from publishers.accompaniment import current
from publishers.allowance import Allowance as Known
from publishers.contract import Account, Notes
from publishers.tree import Tree
from publishers.wire import Answer

MEASURES = ("call_count", "total_cputime", "total_time")
ENOUGH = 95  # percent; at 100 Graph refuses everything, also the read-backs that find a post whose outcome is unknown
REST = timedelta(minutes=15)  # where the headers name no time
OLD = timedelta(hours=24)  # what was told longer ago says nothing of now
RESTS_UNTIL = "rests-until"
USED, STEP = "used", 5  # what is written down for people to see: percent, and only when it has moved by so many


class Whose(Enum):
    """Whose allowance a header tells of; each value is the header's name."""

    PAGE = "x-business-use-case-usage"
    APP = "x-app-usage"


REASONS = {
    Whose.PAGE: "Trang đã dùng gần hết lượt gọi Facebook",
    Whose.APP: "ứng dụng đã dùng gần hết lượt gọi Facebook; các Trang nối qua ứng dụng này cùng chờ",
}


@dataclass(frozen=True, kw_only=True)
class Usage:
    """The fullest measure of an allowance, and how long Graph says it takes until calls are taken again."""

    percent: int
    regain: timedelta | None


def usages_of(answer: Answer) -> Mapping[Whose, Usage]:
    """Return what the headers say of each allowance; nothing of one that they do not name."""
    rows = {whose: tuple(_rows(Tree.parse(answer.headers.get(whose.value, "").encode()))) for whose in Whose}
    return {whose: _usage(found) for whose, found in rows.items() if found}


class Allowance:
    """The page's allowance and its app's over all processes: when one is nearly used up, what can wait waits."""

    def __init__(self, account: Account, app_notes: Callable[[], Notes]) -> None:
        self._account = account
        self._app_notes = app_notes
        self._told: dict[Whose, int] = {}
        self.percent = 0  # of the fuller one, as the last answer told

    def note(self, answer: Answer) -> None:
        """Remember what an answer tells; what it tells of the app is for all its pages."""
        usages = usages_of(answer)
        for whose, usage in usages.items():
            if usage.percent >= ENOUGH:
                self._rest(whose, usage.regain or REST)
            self._tell(whose, usage.percent)
        self.percent = max((usage.percent for usage in usages.values()), default=self.percent)

    def ask(self) -> None:
        """Raise RateLimited while an allowance rests."""
        for whose in Whose:
            until = self._notes(whose).get(RESTS_UNTIL)
            rest = datetime.fromisoformat(until) - self._account.now() if until else timedelta()
            if rest > timedelta():
                raise RateLimited(REASONS[whose], wait=rest, code="usage", of_app=whose is Whose.APP)

    def _rest(self, whose: Whose, span: timedelta) -> None:
        self._notes(whose).put(RESTS_UNTIL, (self._account.now() + span).isoformat())
        going = current()
        if going is not None and whose is Whose.APP:
            going.app_wait = max(going.app_wait, span)

    def _tell(self, whose: Whose, percent: int) -> None:
        """Write down how full it is, not with every answer: a write costs more than a call."""
        if abs(percent - self._told.get(whose, 0)) >= STEP:
            self._told[whose] = percent
            self._notes(whose).put(USED, f"{percent} {self._account.now().isoformat()}")

    def _notes(self, whose: Whose) -> Notes:
        return self._account.notes if whose is Whose.PAGE else self._app_notes()


def allowances(account: Account, app_notes: Notes) -> tuple[Known, ...]:
    """Return how full the page's and the app's allowances were in the last day; they come back bit by bit."""
    told = {"lượt gọi của Trang (24 giờ qua)": account.notes, "lượt gọi của ứng dụng (giờ qua)": app_notes}
    found = ((words, notes.get(USED).partition(" "), notes.get(RESTS_UNTIL)) for words, notes in told.items())
    return tuple(
        Known(what=words, used=int(percent), most=100, percent=True, resets_at=_to_come(rests, account.now()))
        for words, (percent, _, at), rests in found
        if percent and account.now() - datetime.fromisoformat(at) < OLD
    )


def _to_come(text: str, now: datetime) -> datetime | None:
    moment = datetime.fromisoformat(text) if text else None
    return moment if moment is not None and moment > now else None


def _usage(rows: tuple[Tree, ...]) -> Usage:
    minutes = max(row.number("estimated_time_to_regain_access") or 0 for row in rows)
    percent = max(row.number(measure) or 0 for row in rows for measure in MEASURES)
    return Usage(percent=percent, regain=timedelta(minutes=minutes) if minutes else None)


def _rows(tree: Tree) -> Iterator[Tree]:
    """Yield each allowance: x-app-usage is one, x-business-use-case-usage has a list for each page."""
    if not isinstance(tree.value, dict):
        return
    if any(measure in tree.value for measure in MEASURES):
        yield tree
        return
    for page in tree.value.values():
        yield from (row for row in Tree(page) if row.is_mapping)
