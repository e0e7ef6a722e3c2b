"""Signatures end before an entry's file says otherwise: in between nothing may go out that nobody would sign as it is now.

Who hands in again has the whole way before them; what is out already stays signed as it went out.
"""

from __future__ import annotations

from collections.abc import Iterable

from desk.triage import is_out
from desk.web.bench import Bench
from editorial.recurrence import occurrences
from editorial.role import Person
from editorial.workflow import UNDER_WAY, Action
from store.entry_reading import WrittenEntry
from store.store import Store


def end_signatures(store: Store, entries: Iterable[str], person: Person, why: str) -> None:
    """Take back what was handed in or signed of these entries, as a step of this person with its reason."""
    for entry in dict.fromkeys(entries):
        progress = store.workflow.of(entry)
        if progress.stage in UNDER_WAY:
            store.workflow.take(entry, Action.VOID, person, revision=progress.revision, why=why)
        elif store.approvals.latest(entry) is not None:
            store.approvals.revoke(entry, who=person.id, why=why)


def take_back_file(bench: Bench, before: WrittenEntry, after: WrittenEntry, person: Person, why: str) -> None:
    """End what was signed of a file that is about to say `after`: of its entry, or of those turns that are not all out yet."""
    if before.entry == after.entry:
        return  # another remark or blank line: nobody has signed those
    turns = {turn.id: set(turn.channels) for turn in occurrences(before.entry, bench.catalogue)}
    out = {(each.entry, each.channel) for each in bench.store.deliveries.list(entries=sorted(turns)) if is_out(each)}
    coming = [id for id, channels in turns.items() if any((id, channel) not in out for channel in channels)]
    end_signatures(bench.store, coming, person, why)
