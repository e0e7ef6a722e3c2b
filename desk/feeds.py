"""The office's calendar feeds: one that anyone may read, one for the staff."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from desk.web.bench import Bench
from desk.web.outlook import Outlook
from desk.web.prose import written_out
from desk.web.views.deliveries import public_address
from desk.web.views.standing import Standing
from desk.web.views.status import PUBLIC, Status
from editorial.delivery import PUBLIC as PUBLIC_STATES
from editorial.delivery import Delivery
from editorial.outcome import Unauthorized
from store.feeds import Telling
from store.ics.entries import EntryWords, PlannedPost, Publication, planned_events, published_events
from store.ics.occasions import occasion_events
from store.ics.slug import slug
from store.ics.writer import Cover, Feed, write_feed
from store.store import Store

PUBLIC_FEED, STAFF_FEED = "public", "staff"
_ACCOUNT, _TOKEN = "feeds", "staff_token"
_UNAPPROVED = frozenset({Status.DRAFT, Status.HELD, Status.FAILED, Status.STOPPED})


@dataclass(frozen=True)
class Feeds:
    """Write the feeds of an office as it stands now, for this year and the next."""

    bench: Bench

    def public(self) -> Feed:
        """Return every occasion, and every entry that is public."""
        office = self.bench.content.office.short_name
        cover = Cover(name=f"{office}: ngày lễ, kỷ niệm, tin đã đăng", description="Ngày dương lịch kèm âm lịch; tin đã đăng.")
        occasions = occasion_events(self.bench.catalogue, self._years, self._domain)
        events = (*occasions, *published_events(self._published(), self._domain))
        told = self.bench.store.feeds.tell(PUBLIC_FEED, events, self._first, self._last)
        return write_feed(cover, told.events, told.last_told)

    def staff(self) -> Feed:
        """Return every occasion, what is planned with its status, and what is due, with reminders."""
        office = self.bench.content.office.short_name
        cover = Cover(
            name=f"{office}: lịch nội bộ", description="Nội bộ: kế hoạch đăng, hạn báo cáo.", refresh=timedelta(hours=1)
        )
        told = self.tell_staff()
        return write_feed(cover, told.events, told.last_told)

    def tell_staff(self) -> Telling:
        """Return the staff feed's events with their versions."""
        occasions = occasion_events(self.bench.catalogue, self._years, self._domain, staff=True)
        events = (*occasions, *planned_events(self._planned(), self._domain))
        return self.bench.store.feeds.tell(STAFF_FEED, events, self._first, self._last)

    @property
    def _years(self) -> tuple[int, int]:
        year = Outlook(self.bench).today.year
        return year, year + 1

    @property
    def _first(self) -> date:
        return date(self._years[0], 1, 1)

    @property
    def _last(self) -> date:
        return date(self._years[-1], 12, 31)

    @property
    def _domain(self) -> str:
        return f"{slug(self.bench.content.office.short_name, joint='-') or 'loa'}.loa"

    def _published(self) -> Iterator[Publication]:
        states = sorted(PUBLIC_STATES, key=lambda state: state.value)
        return (self._publication(delivery) for delivery in self.bench.store.deliveries.list(states=states))

    def _publication(self, delivery: Delivery) -> Publication:
        variant = self.bench.store.posts.version(delivery.post_key, delivery.post_digest).variant
        content = self.bench.content
        entry = content.entries.get(delivery.entry)
        return Publication(
            entry=delivery.entry,
            headline=variant.title,
            summary=variant.summary,
            language=variant.language,
            group=content.office.groups[entry.group].name if entry else "",
            channel=self._channel(delivery.channel),
            at=delivery.published_at or delivery.due_at,
            url=public_address(delivery) or "",
        )

    def _planned(self) -> Iterator[PlannedPost]:
        """Yield the planned posts, a year more on both sides: an event is named by its place among its entry's moments."""
        first, last = date(self._years[0] - 1, 1, 1), date(self._years[-1] + 1, 12, 31)
        for standing in Outlook(self.bench).between(first, last):
            yield self._planned_post(standing)

    def _planned_post(self, standing: Standing) -> PlannedPost:
        slot = standing.slot
        return PlannedPost(
            entry=self._entry(slot.entry),
            channel=slot.channel,
            channel_name=self._channel(slot.channel),
            at=standing.first.due_at if standing.first else slot.at,
            rule=slot.rule,
            occasion=slot.occasion or "",
            provisional=slot.provisional,
            status=standing.status.label,
            approved=standing.status not in _UNAPPROVED,
            live=standing.status in PUBLIC,
        )

    def _entry(self, id: str) -> EntryWords:
        content = self.bench.content
        entry = content.entries[id]
        message, unit = entry.messages["vi"], content.office.units[entry.unit]
        facts = content.facts_of(entry)
        return EntryWords(
            id=id,
            headline=written_out(message.headline, facts),
            summary=written_out(message.summary, facts),
            group=content.office.groups[entry.group].name,
            unit=unit.name,
            contact=unit.contact,
        )

    def _channel(self, id: str) -> str:
        channel = self.bench.content.office.channels.get(id)
        return channel.name if channel else id


def staff_token(store: Store, *, new: bool = False) -> str:
    """Return the word that opens the staff feed, making one where there is none; a new one closes every old link."""
    kept = store.secrets.of(_ACCOUNT)
    try:
        if not new:
            return kept.get(_TOKEN)
    except Unauthorized:
        pass
    kept.replace({_TOKEN: secrets.token_urlsafe(32)})
    return kept.get(_TOKEN)


def opens_staff_feed(store: Store, given: str) -> bool:
    """Tell whether this is the staff feed's word, taking as long for a near miss as for a far one; without a word, nothing is."""
    try:
        token = store.secrets.of(_ACCOUNT).get(_TOKEN)
    except Unauthorized:
        return False
    return hmac.compare_digest(token.encode(), given.encode())
