"""One event of a feed, before it is known whether subscribers have seen it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from editorial.clock import OFFICE_ZONE, aware

# A "/" in a UID becomes %252F in a CalDAV address; these letters pass through every server unchanged.
_UID = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")


class Standing(Enum):
    """How sure an event is, as iCalendar says it."""

    CONFIRMED = "CONFIRMED"  # it is so
    TENTATIVE = "TENTATIVE"  # not approved yet, or resting on a day off that is not announced
    CANCELLED = "CANCELLED"  # it was told once, and is not so any more


@dataclass(frozen=True, kw_only=True)
class FeedEvent:
    """What a feed says of one day or moment. A whole day's `end` is the day after its last one."""

    uid: str
    start: date | datetime
    end: date | datetime
    summary: str
    known_since: datetime = field(metadata={"signed": False})  # from the data, so that two stores write the same first feed
    description: str = ""
    categories: tuple[str, ...] = ()
    standing: Standing = Standing.CONFIRMED
    rule: str = ""  # the date rule, for X-HN-RULE
    url: str = ""
    reminders: tuple[int, ...] = ()  # minutes before the start
    farewell: str = field(default="", metadata={"signed": False})  # its summary once it is cancelled; else made from the summary

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise ValueError(f"a UID that not every server keeps: {self.uid}")
        aware(self.known_since)
        object.__setattr__(self, "start", _in_the_office(self.start))
        object.__setattr__(self, "end", _in_the_office(self.end))

    @property
    def day(self) -> date:
        """Return the day on which the event starts."""
        return self.start.date() if isinstance(self.start, datetime) else self.start


def _in_the_office(moment: date | datetime) -> date | datetime:
    """Return a moment on the office's clock; iCalendar would write one without a zone as floating time without complaint."""
    return aware(moment).astimezone(OFFICE_ZONE).replace(microsecond=0) if isinstance(moment, datetime) else moment


@dataclass(frozen=True, kw_only=True)
class ToldEvent:
    """An event with what subscribers need to tell its versions apart."""

    event: FeedEvent
    sequence: int
    changed_at: datetime
