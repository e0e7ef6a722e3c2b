"""How much of its allowance a page has used: Graph's usage headers tell with every answer, in percent of calls and of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from publishers.contract import Account
from publishers.tree import Tree
from publishers.wire import Answer

HEADERS = ("x-business-use-case-usage", "x-app-usage")
MEASURES = ("call_count", "total_cputime", "total_time")
ENOUGH = 95  # percent; at 100 Graph refuses everything, also the read-backs that find a post whose outcome is unknown
REST = timedelta(minutes=15)  # where the headers name no time
RESTS_UNTIL = "rests-until"


@dataclass(frozen=True, kw_only=True)
class Usage:
    """The fullest allowance of an answer, and how long Graph says it takes until calls are taken again."""

    percent: int
    regain: timedelta | None


def usage_of(answer: Answer) -> Usage | None:
    """Return what the headers say; None where there are none."""
    rows = [row for name in HEADERS for row in _rows(Tree.parse(answer.headers.get(name, "").encode()))]
    if not rows:
        return None
    minutes = max(row.number("estimated_time_to_regain_access") or 0 for row in rows)
    percent = max(row.number(measure) or 0 for row in rows for measure in MEASURES)
    return Usage(percent=percent, regain=timedelta(minutes=minutes) if minutes else None)


class Allowance:
    """The page's allowance over all processes: when it is nearly used up, what can wait waits."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.percent = 0

    def note(self, answer: Answer) -> None:
        """Remember what an answer tells."""
        usage = usage_of(answer)
        if usage is None:
            return
        self.percent = usage.percent
        if usage.percent >= ENOUGH:
            until = self._account.now() + (usage.regain or REST)
            self._account.notes.put(RESTS_UNTIL, until.isoformat())

    def rest(self) -> timedelta:
        """Return how long what can wait has to wait; zero or less when it may go on."""
        until = self._account.notes.get(RESTS_UNTIL)
        return datetime.fromisoformat(until) - self._account.now() if until else timedelta()


def _rows(tree: Tree) -> Iterator[Tree]:
    """Yield each allowance: x-app-usage is one, x-business-use-case-usage has a list for each page."""
    if not isinstance(tree.value, dict):
        return
    if any(measure in tree.value for measure in MEASURES):
        yield tree
        return
    for page in tree.value.values():
        yield from (row for row in Tree(page) if row.is_mapping)
