"""What the calendar page shows: a month of days with what they are and what is planned on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from desk.web.moment_words import clock_words, day_heading, lunar_words
from desk.web.month import Month, Quarter
from desk.web.views.mark import Mark, mark
from desk.web.views.standing import Filters, Progress, Standing, progress
from desk.web.views.status import Status, most_pressing
from editorial.calendar import Catalogue
from editorial.days_off import DayOff, DayStatus
from editorial.lunar import LunarDate, to_lunar
from editorial.occasion import Occasion, Tier
from editorial.office import Office
from editorial.tone import Tone


@dataclass(frozen=True, kw_only=True)
class OccasionLine:
    """A day's occasion; `tier` is such as `80 năm · năm tròn`, and empty where nothing is counted."""

    name: str
    tone: Tone
    tier: str
    round_year: bool
    doubt: str


@dataclass(frozen=True, kw_only=True)
class ChannelStatus:
    """One channel of an entry on a day."""

    mark: Mark
    status: Status
    time: str


@dataclass(frozen=True, kw_only=True)
class EntryCard:
    """An entry on a day: its channels in the order they go out; `status` is the most pressing of theirs."""

    id: str
    headline: str
    group: str
    at: datetime
    time: str
    status: Status
    channels: tuple[ChannelStatus, ...]
    provisional: bool

    @property
    def uniform(self) -> bool:
        """Tell whether every channel stands where the entry does, so that one icon says it all."""
        return all(each.status is self.status for each in self.channels)


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """One day of the grid."""

    day: date
    heading: str  # `Thứ Bảy, 10/10`
    lunar: str  # `1/9` on the first of a lunar month, else the day alone
    lunar_full: str  # `ngày 1/9 âm lịch`
    lunar_first: bool
    in_month: bool
    today: bool
    weekend: bool
    day_off: str  # the holiday's name, empty on other days
    worked: bool  # a swapped Saturday
    projected: bool  # the day off is not announced yet
    mourning: str
    occasions: tuple[OccasionLine, ...]
    entries: tuple[EntryCard, ...]

    @property
    def empty(self) -> bool:
        """Tell whether the agenda has nothing to say of the day."""
        return not (self.occasions or self.entries or self.day_off or self.mourning)


@dataclass(frozen=True, kw_only=True)
class QuarterSummary:
    """The quarter that the month belongs to."""

    quarter: Quarter
    progress: Progress
    year: tuple[Quarter, ...]  # the year's quarters, to jump to


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    """Everything on the calendar page."""

    month: Month
    today: Month
    weeks: tuple[tuple[DayCell, ...], ...]
    summary: QuarterSummary
    filters: Filters
    shown: int  # entries in the month that pass the filters
    hidden: int  # entries in the month that do not

    @property
    def agenda(self) -> tuple[DayCell, ...]:
        """Return the month's days that have something to say, in order."""
        return tuple(cell for week in self.weeks for cell in week if cell.in_month and not cell.empty)


@dataclass(frozen=True, kw_only=True)
class Almanac:
    """What a day is, before anything is planned on it."""

    catalogue: Catalogue
    today: date

    def cell(self, day: date, month: Month, entries: tuple[EntryCard, ...]) -> DayCell:
        """Return the cell of a day as a month's grid shows it."""
        lunar = to_lunar(day)
        off = self.catalogue.days_off.day_off(day)
        mourning = self.catalogue.mourning_on(day)
        return DayCell(
            day=day,
            heading=day_heading(day),
            lunar=_lunar_short(lunar),
            lunar_full=f"ngày {lunar_words(lunar)} âm lịch",
            lunar_first=lunar.day == 1,
            in_month=month.first <= day <= month.last,
            today=day == self.today,
            weekend=day.weekday() >= 5,
            day_off=off.name if off else "",
            worked=self.catalogue.days_off.working_day(day) is not None,
            projected=_projected(off),
            mourning=mourning.reason if mourning else "",
            occasions=tuple(occasion_line(each) for each in self.catalogue.on(day)),
            entries=entries,
        )


def month_page(
    month: Month, almanac: Almanac, quarter: tuple[Standing, ...], around: tuple[Standing, ...], filters: Filters, cards: Cards
) -> MonthPage:
    """Lay out a month; `quarter` are the quarter's slots, `around` those of the days that the grid shows."""
    kept = filters.keep(around, cards.groups)
    by_day = cards.by_day(kept)
    weeks = tuple(tuple(almanac.cell(day, month, by_day.get(day, ())) for day in week) for week in month.weeks())
    shown = _entries_in(month, kept)
    return MonthPage(
        month=month,
        today=Month(almanac.today.year, almanac.today.month),
        weeks=weeks,
        summary=QuarterSummary(
            quarter=month.quarter,
            progress=progress(quarter),
            year=tuple(Quarter(month.year, number) for number in range(1, 5)),
        ),
        filters=filters,
        shown=shown,
        hidden=_entries_in(month, around) - shown,
    )


@dataclass(frozen=True, kw_only=True)
class Cards:
    """Make entry cards: what entries are called and which group they belong to, by entry id."""

    office: Office
    headlines: Mapping[str, str]
    groups: Mapping[str, str]

    def by_day(self, standings: Iterable[Standing]) -> dict[date, tuple[EntryCard, ...]]:
        """Return each day's cards, by their first moment."""
        gathered: dict[tuple[date, str], list[Standing]] = defaultdict(list)
        for each in standings:
            gathered[each.slot.day, each.slot.entry].append(each)
        days: dict[date, list[EntryCard]] = defaultdict(list)
        for (day, entry), slots in gathered.items():
            days[day].append(self._card(entry, sorted(slots, key=lambda each: each.slot.at)))
        return {day: tuple(sorted(cards, key=lambda card: (card.at, card.id))) for day, cards in days.items()}

    def _card(self, entry: str, slots: list[Standing]) -> EntryCard:
        return EntryCard(
            id=entry,
            headline=self.headlines.get(entry, entry),
            group=self.groups.get(entry, ""),
            at=slots[0].slot.at,
            time=clock_words(slots[0].slot.at),
            status=most_pressing(each.status for each in slots),
            channels=tuple(self._channel(each) for each in slots),
            provisional=any(each.slot.provisional for each in slots),
        )

    def _channel(self, standing: Standing) -> ChannelStatus:
        return ChannelStatus(
            mark=mark(self.office, standing.slot.channel), status=standing.status, time=clock_words(standing.slot.at)
        )


def occasion_line(occasion: Occasion) -> OccasionLine:
    """Return how a day's occasion is shown."""
    return OccasionLine(
        name=occasion.name.vi,
        tone=occasion.tone,
        tier=_tier_words(occasion),
        round_year=occasion.tier is Tier.ROUND,
        doubt=occasion.uncertain or "",
    )


def _tier_words(occasion: Occasion) -> str:
    """Return the count and what is rare about it; an occasion whose tier goes by the year, as Giỗ Tổ, has no count."""
    if occasion.tier is None:
        return ""
    if not occasion.count:
        return "" if occasion.tier is Tier.OTHER else occasion.tier.label
    return f"{occasion.count} năm" if occasion.tier is Tier.OTHER else f"{occasion.count} năm · {occasion.tier.label}"


def _projected(off: DayOff | None) -> bool:
    return off is not None and off.status is DayStatus.PROJECTED


def _lunar_short(day: LunarDate) -> str:
    return lunar_words(day) if day.day == 1 else str(day.day)


def _entries_in(month: Month, standings: Iterable[Standing]) -> int:
    return len({each.slot.entry for each in standings if month.first <= each.slot.day <= month.last})
