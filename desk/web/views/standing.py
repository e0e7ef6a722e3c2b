"""Planned slots and how far each has come: what every page of the desk starts from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from desk.web.views.status import PUBLIC, Status, status_of
from editorial.correction import split_key
from editorial.delivery import Delivery
from editorial.entry import Entry
from editorial.plan import PlannedSlot


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One planned slot, its delivery where there is one (of a post that was put up anew: the newest copy's), and its status."""

    slot: PlannedSlot
    delivery: Delivery | None
    status: Status
    first: Delivery | None = None  # of the first copy: the moment that people approved


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a page is narrowed to; None is everything."""

    status: Status | None = None
    channel: str | None = None
    group: str | None = None
    unit: str | None = None
    axis: str | None = None

    @property
    def any(self) -> bool:
        return bool(self.status or self.channel or self.group or self.unit or self.axis)

    def keep(self, standings: Iterable[Standing], entries: Mapping[str, Entry]) -> tuple[Standing, ...]:
        """Return those that pass; `entries` are the office's, by id."""
        if not self.any:
            return tuple(standings)
        known: dict[str, bool] = {}
        return tuple(each for each in standings if self._stands(each) and self._entry_passes(each.slot.entry, entries, known))

    def _entry_passes(self, id: str, entries: Mapping[str, Entry], known: dict[str, bool]) -> bool:
        if id not in known:
            known[id] = id in entries and self.passes(entries[id])
        return known[id]

    def passes(self, entry: Entry) -> bool:
        """Tell whether an entry passes by what it is, wherever it stands."""
        return (
            (self.group is None or entry.group == self.group)
            and (self.unit is None or entry.unit == self.unit)
            and (self.axis is None or entry.axis == self.axis)
        )

    def _stands(self, standing: Standing) -> bool:
        return (self.status is None or standing.status is self.status) and (
            self.channel is None or standing.slot.channel == self.channel
        )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a period has come, in slots."""

    planned: int
    published: int
    verified: int
    held: int  # held or refused: somebody has to act
    waiting: int
    drafts: int


def standings(
    slots: Iterable[PlannedSlot], deliveries: Iterable[Delivery], unapproved: Collection[str] = ()
) -> tuple[Standing, ...]:
    """Join slots with their deliveries; `unapproved` names the posts that are scheduled without a standing approval."""
    copies: dict[str, dict[int, Delivery]] = {}
    for delivery in deliveries:
        base, number = split_key(delivery.post_key)
        copies.setdefault(base, {})[number] = delivery
    return tuple(_standing(slot, copies.get(slot.key, {}), unapproved) for slot in slots)


def _standing(slot: PlannedSlot, copies: Mapping[int, Delivery], unapproved: Collection[str]) -> Standing:
    newest = copies[max(copies)] if copies else None
    approved = newest is None or newest.post_key not in unapproved
    return Standing(slot=slot, delivery=newest, status=status_of(newest, approved=approved), first=copies.get(1))


def progress(of: Iterable[Status]) -> Progress:
    """Count the statuses of a period's slots by what the office asks first."""
    counts = Counter(of)
    return Progress(
        planned=counts.total(),
        published=sum(counts[status] for status in PUBLIC),
        verified=counts[Status.VERIFIED],
        held=counts[Status.HELD] + counts[Status.FAILED],
        waiting=counts[Status.READY] + counts[Status.MOVING] + counts[Status.UNSURE],
        drafts=counts[Status.DRAFT],
    )
