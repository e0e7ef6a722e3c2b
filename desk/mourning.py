"""Days of mourning: from the calendar, or as somebody declares them; festive posts are held, neutral ones asked about."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from editorial.calendar import Catalogue, MourningPeriod
from editorial.clock import OFFICE_ZONE
from editorial.delivery import Delivery, HoldReason
from store.halts import MOURNING, Covered, HaltTable
from store.store import Store

BY_CALENDAR = "lịch ngày nghỉ"


def declare(store: Store, start: date, end: date, *, why: str, who: str) -> tuple[Delivery, ...]:
    """Hold what is not solemn from the first day's start to the last day's end, in the office's zone; safe to repeat.

    Returns what it was too late for.
    """
    first, after = _window(start, end)
    return store.halts.set(MOURNING, why=why, who=who, reason=HoldReason.BLACKOUT, starts_at=first, ends_at=after)


def would_hold(store: Store, start: date, end: date) -> tuple[Delivery, ...]:
    """Return the planned posts of the days that are not known to be solemn, by moment."""
    first, after = _window(start, end)
    return store.halts.would_cover(MOURNING, first, after, reason=HoldReason.BLACKOUT)


def would_hold_first(store: Store, most: int, start: date, end: date) -> Covered:
    """Return how many posts of the days would be held, and the first of them."""
    first, after = _window(start, end)
    return store.halts.would_cover_first(most, MOURNING, first, after, reason=HoldReason.BLACKOUT)


def declare_from_calendar(store: Store, catalogue: Catalogue, today: date) -> None:
    """Declare the calendar's days of mourning that are not over; what a person has lifted stays lifted."""
    for period in catalogue.mourning:
        if period.end >= today and not store.halts.was_set(MOURNING, *_window(period.start, period.end)):
            declare(store, period.start, period.end, why=f"quốc tang: {period.reason}", who=BY_CALENDAR)


def was_lifted(halts: HaltTable, period: MourningPeriod) -> bool:
    """Tell whether a person has ended the calendar's mourning."""
    window = _window(period.start, period.end)
    return halts.was_set(MOURNING, *window) and not any(halt.scope == MOURNING for halt in halts.at(window[0]))


def _window(start: date, end: date) -> tuple[datetime, datetime]:
    return datetime.combine(start, time(), OFFICE_ZONE), datetime.combine(end + timedelta(days=1), time(), OFFICE_ZONE)
