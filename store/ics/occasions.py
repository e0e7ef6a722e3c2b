"""The days of the calendar as events: one for every occurrence, since no RRULE can say a Vietnamese lunar date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from editorial.calendar import Catalogue
from editorial.days_off import DaysOff, DayStatus
from editorial.occasion import Kind, Occasion, Tier
from store.ics.event import FeedEvent

DEADLINES = frozenset({Kind.QUARTER, Kind.REPORT})
# All-day events start at midnight: a week and a day before, at eight in the morning.
REMINDERS = (7 * 24 * 60 - 8 * 60, 24 * 60 - 8 * 60)

CATEGORIES = {
    Kind.MAJOR_NATIONAL: "Ngày lễ lớn",
    Kind.NATIONAL: "Ngày của cả nước",
    Kind.CITY: "Hà Nội",
    Kind.CITY_MILESTONE: "Mốc của thành phố",
    Kind.CITY_TRADITIONAL: "Lễ hội Hà Nội",
    Kind.TRADITIONAL: "Ngày truyền thống",
    Kind.RELIGIOUS: "Ngày lễ tôn giáo",
    Kind.SECTOR: "Ngày của ngành",
    Kind.ORGANISATION: "Ngày thành lập tổ chức",
    Kind.INTERNATIONAL: "Ngày quốc tế",
    Kind.QUARTER: "Kết thúc quý",
    Kind.REPORT: "Hạn báo cáo",
}


def occasion_events(catalogue: Catalogue, years: Iterable[int], domain: str, *, staff: bool = False) -> Iterator[FeedEvent]:
    """Yield every occasion of the years; for the staff with what is doubtful, and reminders of report dates and quarter ends."""
    for year in years:
        seen: Counter[str] = Counter()
        for occasion in catalogue.occasions(year):
            seen[occasion.id] += 1
            yield _event(occasion, catalogue, _uid(occasion, seen[occasion.id], domain), staff)


def _uid(occasion: Occasion, nth: int, domain: str) -> str:
    """Name the occurrence by its year, not its day: a corrected date moves the event instead of making another."""
    again = f".{nth}" if nth > 1 else ""  # a lunar day may come twice in a solar year
    return f"occasion.{occasion.id}.{occasion.date.year}{again}@{domain}"


def _event(occasion: Occasion, catalogue: Catalogue, uid: str, staff: bool) -> FeedEvent:
    holiday = ("Ngày nghỉ lễ",) if occasion.public_holiday else ()
    return FeedEvent(
        uid=uid,
        start=occasion.date,
        end=occasion.date + timedelta(days=1),
        summary=occasion.name.vi + _anniversary(occasion),
        known_since=datetime(occasion.date.year - 1, 1, 1, tzinfo=UTC),
        description="\n".join(_lines(occasion, catalogue.days_off, staff)),
        categories=(CATEGORIES[occasion.kind], *holiday),
        rule=catalogue.get(occasion.id).rule,
        reminders=REMINDERS if staff and occasion.kind in DEADLINES else (),
    )


def _anniversary(occasion: Occasion) -> str:
    """Return the count where there is one, and the tier where a ceremony may belong to it."""
    words = [f"{occasion.count} năm"] if occasion.count else []
    if occasion.tier in (Tier.ROUND, Tier.FIVE, Tier.FIRST):
        words.append(occasion.tier.label)
    return f" ({', '.join(words)})" if words else ""


def _lines(occasion: Occasion, days_off: DaysOff, staff: bool) -> Iterator[str]:
    if occasion.name.en != occasion.name.vi:  # an imported day has no name of its own in English
        yield occasion.name.en
    yield f"Âm lịch: {occasion.lunar}"
    if occasion.count and occasion.tier:
        yield f"Kỷ niệm {occasion.count} năm ({occasion.tier.label})"
    if occasion.public_holiday:
        off = days_off.day_off(occasion.date)
        yield "Ngày nghỉ lễ (dự kiến)" if off and off.status is DayStatus.PROJECTED else "Ngày nghỉ lễ"
    if occasion.public_note:
        yield occasion.public_note
    if occasion.uncertain and staff:  # a working note
        yield f"Chưa chắc chắn: {occasion.uncertain}"
