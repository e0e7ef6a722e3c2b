"""What is planned and how far it has come, read from the office at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from desk.web.bench import Bench
from desk.web.moment_words import local
from desk.web.prose import headline
from desk.web.views.standing import Standing, standings
from desk.web.views.status import Status, status_of_state
from editorial.clock import OFFICE_ZONE
from editorial.correction import next_key, split_key
from editorial.delivery import Delivery, State

HEARTBEAT = "heartbeat"  # the setting in which the scheduler writes when it last ran


@dataclass(frozen=True)
class Outlook:
    """Look something up for a page. Made for each request, so that it is never older than the page."""

    bench: Bench

    @property
    def today(self) -> date:
        """Return the office's day."""
        return local(self.bench.clock.now()).date()

    def headlines(self, entries: Iterable[str]) -> Mapping[str, str]:
        """Return what these entries are called; one that is no longer in content/ is left out."""
        content = self.bench.content
        return {id: headline(content, content.entries[id]) for id in set(entries) if id in content.entries}

    def between(self, start: date, end: date) -> tuple[Standing, ...]:
        """Return the slots from `start` to `end`, both days included, with what became of them."""
        ledger = self.bench.store.deliveries
        # A delivery keeps the moment it was approved for; a rule that was changed since may give a day nearby.
        found = ledger.list(since=_midnight(start - timedelta(days=31)), until=_midnight(end + timedelta(days=32)))
        found = (*found, *self._posted_anew(found))
        return standings(self.bench.plan(start, end), found, self.unapproved(found))

    def statuses(self, start: date, end: date) -> Mapping[str, Status]:
        """Return where each post stands that has a delivery, by its slot's key: thousands of them at a look.

        Of a post that was put up anew it is the newest copy's.
        """
        table = self.bench.store.deliveries
        # A delivery keeps the moment it was approved for; a rule that was changed since may give a day nearby.
        found = table.states(since=_midnight(start - timedelta(days=31)), until=_midnight(end + timedelta(days=32)))
        copies: dict[str, int] = {}
        statuses: dict[str, Status] = {}
        for key, state, signed in found:
            base, number = split_key(key)
            while state is State.WITHDRAWN and (again := table.by_key(next_key(key))) is not None:
                key, state, number, signed = again.post_key, again.state, number + 1, True
            if number >= copies.get(base, 0):
                copies[base] = number
                statuses[base] = Status.DRAFT if state is State.SCHEDULED and not signed else status_of_state(state)
        return statuses

    def _posted_anew(self, deliveries: Iterable[Delivery]) -> Iterator[Delivery]:
        """Yield the later copies of what was taken down to be put right: they went out when that was done, maybe much later."""
        for delivery in deliveries:
            while delivery.state is State.WITHDRAWN:
                again = self.bench.store.deliveries.by_key(next_key(delivery.post_key))
                if again is None:
                    break
                yield again
                delivery = again

    def of_entry(self, entry: str) -> tuple[Standing, ...]:
        """Return every slot of one entry."""
        found = self.bench.store.deliveries.list(entry=entry)
        return standings(self.bench.slots_of(entry), found, self.unapproved(found))

    def unapproved(self, deliveries: Iterable[Delivery]) -> frozenset[str]:
        """Return the keys of those that are scheduled without a standing approval."""
        waiting = {each.post_key: each.post_digest for each in deliveries if each.state is State.SCHEDULED}
        return frozenset(waiting) - self.bench.store.approvals.covered(waiting.items())

    def heartbeat(self) -> datetime | None:
        """Return when the scheduler last ran, where it says so."""
        written = self.bench.store.settings.get(HEARTBEAT)
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            return None
        return moment if moment.tzinfo else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=OFFICE_ZONE)
