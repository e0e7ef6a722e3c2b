"""What the audit log says was signed, decided and taken back, read once for a whole look at what is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from editorial.correction import Kind
from store.approvals import signatures_in_log
from store.schema import AUDIT

APPROVE, REVOKE = "approve", "revoke"
ASKED = (APPROVE, REVOKE, *(kind.value for kind in Kind))

Told = tuple[str, str, str]  # an action, what it was done to, and its detail


@dataclass(frozen=True, kw_only=True)
class ToldDeeds:
    """Deeds by their words: `rows` gives their row numbers and who did each, oldest first; `ends` the newest end of a subject."""

    rows: Mapping[Told, tuple[tuple[int, str], ...]]
    ends: Mapping[str, int]

    def has(self, action: str, subject: str, details: Iterable[str], who: str) -> bool:
        """Tell whether somebody did it, in any of these words."""
        return any(who == by for detail in details for _, by in self.rows.get((action, subject, detail), ()))

    def stands(self, entry: str, signed: str, author: str) -> bool:
        """Tell what store.approvals.stands_in_log tells: a signature, and no end of the entry's approvals after it."""
        told = ((APPROVE, entry, detail) for detail in signatures_in_log(signed, author))
        newest = max((number for each in told for number, _ in self.rows.get(each, ())), default=0)
        return newest > self.ends.get(entry, 0)

    def details(self, *actions: str) -> Iterable[tuple[str, str]]:
        """Yield what was done to what, and in which words, each once, oldest first."""
        return ((subject, detail) for action, subject, detail in self.rows if action in actions)


def told_deeds(connection: Connection) -> ToldDeeds:
    """Read the log once."""
    columns = (AUDIT.c.id, AUDIT.c.who, AUDIT.c.action, AUDIT.c.subject, AUDIT.c.detail)
    rows: dict[Told, list[tuple[int, str]]] = defaultdict(list)
    ends: dict[str, int] = {}
    for number, who, action, subject, detail in connection.execute(
        select(*columns).where(AUDIT.c.action.in_(ASKED)).order_by(AUDIT.c.id)
    ):
        rows[action, subject, detail].append((number, who))
        if action == REVOKE:
            ends[subject] = number
    return ToldDeeds(rows={told: tuple(each) for told, each in rows.items()}, ends=ends)
