"""A feed as bytes: the same events give the same bytes, whenever and wherever they are written."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache

from icalendar import Alarm, Calendar, Event, Timezone

from editorial.clock import OFFICE_ZONE
from store.ics.event import Standing, ToldEvent

PRODUCT = "-//Loa//Lich//VI"
# Before 13/6/1975 this zone is Saigon's, an hour ahead of Hanoi: the feed's definition starts after that.
_ZONE_STARTS = date(1976, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What a subscriber's calendar list shows, and how often their programme should look again."""

    name: str
    description: str
    refresh: timedelta = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class Feed:
    """A written feed."""

    body: bytes = field(repr=False)
    last_modified: datetime

    @property
    def etag(self) -> str:
        """Return the strong validator of the bytes, in its quotes."""
        return f'"{hashlib.sha256(self.body).hexdigest()}"'


@lru_cache(maxsize=4)
def write_feed(cover: Cover, events: tuple[ToldEvent, ...], last_modified: datetime) -> Feed:
    """Return the feed with its events in the order given; remembered, since programmes ask far more often than it changes."""
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _clean(cover.name))
    calendar.add("x-wr-caldesc", _clean(cover.description))
    calendar.add("x-wr-timezone", OFFICE_ZONE.key)
    calendar.add("name", _clean(cover.name))
    calendar.add("refresh-interval", cover.refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{int(cover.refresh.total_seconds()) // 3600}H")
    for told in events:
        calendar.add_component(_event(told))
    return Feed(body=calendar.to_ical(), last_modified=last_modified)


def write_resource(told: ToldEvent) -> bytes:
    """Return one event as a CalDAV server takes it: a calendar of its own, without a METHOD (RFC 4791, section 4.1)."""
    calendar = _calendar()
    calendar.add_component(_event(told))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add_component(_zone())
    return calendar


@cache
def _zone() -> Timezone:
    """Return the one block STANDARD +0700; Outlook refuses a zone that is not declared."""
    zone = Timezone.from_tzid(OFFICE_ZONE.key, first_date=_ZONE_STARTS)
    del zone["comment"]  # "only works until 2038": a city without summer time has nothing to work out
    return zone


def _event(told: ToldEvent) -> Event:
    source = told.event
    event = Event()
    event.add("uid", source.uid)
    event.add("dtstamp", told.changed_at.astimezone(UTC))
    event.add("last-modified", told.changed_at.astimezone(UTC))
    event.add("sequence", told.sequence)
    event.add("dtstart", source.start)
    event.add("dtend", source.end)
    event.add("summary", _clean(source.summary))
    event.add("status", source.standing.value)
    event.add("transp", "TRANSPARENT")
    _add_words(event, told)
    return event


def _add_words(event: Event, told: ToldEvent) -> None:
    source = told.event
    if source.description:
        event.add("description", _clean(source.description))
    if source.categories:
        event.add("categories", [_clean(category) for category in source.categories])
    if source.url:
        event.add("url", source.url)
    if source.rule:
        event.add("x-hn-rule", _clean(source.rule))
    if source.standing is not Standing.CANCELLED:
        for minutes in source.reminders:
            event.add_component(_alarm(minutes, source.summary))


def _alarm(minutes: int, summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _clean(summary))
    alarm.add("trigger", -timedelta(minutes=minutes))
    return alarm


def _clean(text: str) -> str:
    """Return the text in NFC, so that no line is folded between a letter and its mark, without control characters."""
    return "".join(letter for letter in unicodedata.normalize("NFC", text) if letter == "\n" or letter.isprintable())
