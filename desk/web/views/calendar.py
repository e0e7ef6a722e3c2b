"""What the calendar page shows: a month, a week by its hours, a quarter at a glance, or days as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from desk.web.month import Month, Quarter
from desk.web.views.day import Almanac, Cards, DayCell, EntryCard, OccasionLine, Piles, occasion_line
from desk.web.views.standing import Progress, Standing
from desk.web.views.status import PUBLIC, Status, most_pressing

__all__ = ["Almanac", "Cards", "DayCell", "EntryCard", "OccasionLine", "occasion_line"]


@dataclass(frozen=True, kw_only=True, order=True)
class Cursor:
    """Where a stretch of the agenda ended: behind this entry of this day."""

    day: date
    at: time
    entry: str

    def __str__(self) -> str:
        return f"{self.day}T{self.at:%H:%M}~{self.entry}"


MOST_IN_A_DAY = 3  # entries in a cell of the month; the rest is a line that leads to the day
MOST_IN_AN_HOUR = 2
MOST_IN_A_LIST = 60  # entries of one stretch of the agenda
BUSIEST = 10
HOURS = frozenset({8, 11, 16})  # rows of a week that has few: somewhere to drop a post


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    """A month of weeks."""

    month: Month
    weeks: tuple[tuple[DayCell, ...], ...]
    shown: int  # entries in the month that pass the filters
    hidden: int  # entries in the month that do not

    @property
    def busy(self) -> tuple[DayCell, ...]:
        """Return the month's days that have something to say, in order."""
        return tuple(cell for week in self.weeks for cell in week if cell.in_month and not cell.empty)


@dataclass(frozen=True, kw_only=True)
class HourCell:
    """An hour of a day."""

    day: date
    entries: tuple[EntryCard, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class HourRow:
    """An hour in which something goes out in the week; `gap` tells that hours before it are left out."""

    hour: int
    cells: tuple[HourCell, ...]
    gap: bool

    @property
    def words(self) -> str:
        """Write the hour: `08:00`."""
        return f"{time(self.hour):%H:%M}"


@dataclass(frozen=True, kw_only=True)
class WeekPage:
    """Seven days, and the hours at which posts stand in them."""

    days: tuple[DayCell, ...]
    hours: tuple[HourRow, ...]
    shown: int
    hidden: int

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """A day of the quarter: how many entries, and the status of theirs that needs somebody soonest."""

    cell: DayCell
    count: int
    level: int  # 0 to 4, beside the busiest day of the quarter
    status: Status | None


@dataclass(frozen=True, kw_only=True)
class MonthCount:
    """A month of the quarter."""

    month: Month
    weeks: tuple[tuple[DayCount | None, ...], ...]
    entries: int
    posts: int
    drafts: int
    public: int
    held: int


@dataclass(frozen=True, kw_only=True)
class QuarterPage:
    """A quarter: three months, and the days that carry most."""

    quarter: Quarter
    months: tuple[MonthCount, ...]
    busiest: tuple[DayCount, ...]
    shown: int
    hidden: int


@dataclass(frozen=True, kw_only=True)
class AgendaPage:
    """Days one after another from a day on, as far as one stretch goes; `cursor` is where the next begins, none at the end."""

    start: date
    days: tuple[DayCell, ...]
    cursor: Cursor | None
    shown: int
    hidden: int


@dataclass(frozen=True, kw_only=True)
class QuarterSummary:
    """The quarter that the days shown belong to."""

    quarter: Quarter
    progress: Progress
    year: tuple[Quarter, ...]  # the year's quarters, to jump to


def month_page(
    month: Month, almanac: Almanac, piles: Piles, cards: Cards, counts: tuple[int, int], most: int = MOST_IN_A_DAY
) -> MonthPage:  # fmt: skip
    """Lay out a month; `counts` are its entries that pass the filters and that do not."""

    def cell(day: date) -> DayCell:
        inside = month.first <= day <= month.last
        made, more = _limited(cards, piles.get(day, {}), most)
        return almanac.cell(day, made, in_month=inside, more=more)

    weeks = tuple(tuple(cell(day) for day in week) for week in month.weeks())
    return MonthPage(month=month, weeks=weeks, shown=counts[0], hidden=counts[1])


def week_page(monday: date, almanac: Almanac, piles: Piles, cards: Cards, counts: tuple[int, int]) -> WeekPage:
    """Lay out a week by the hours at which posts go out: an entry stands in each hour that any of its channels has."""
    days = tuple(monday + timedelta(days=offset) for offset in range(7))
    there = {day: _by_hour(piles.get(day, {})) for day in days}
    busy = {hour for hours in there.values() for hour in hours}
    hours = sorted(busy if len(busy) >= len(HOURS) else busy | HOURS)
    rows = []
    for place, hour in enumerate(hours):
        cells = tuple(_hour_cell(day, there[day].get(hour, {}), piles.get(day, {}), cards) for day in days)
        rows.append(HourRow(hour=hour, cells=cells, gap=place > 0 and hour - hours[place - 1] > 1))
    return WeekPage(days=tuple(almanac.cell(day) for day in days), hours=tuple(rows), shown=counts[0], hidden=counts[1])


def _by_hour(pile: dict[str, list[Standing]]) -> dict[int, dict[str, list[Standing]]]:
    hours: dict[int, dict[str, list[Standing]]] = {}
    for id, slots in pile.items():
        for each in slots:
            hours.setdefault(each.slot.at.hour, {}).setdefault(id, []).append(each)
    return hours


def _hour_cell(day: date, there: dict[str, list[Standing]], whole: dict[str, list[Standing]], cards: Cards) -> HourCell:
    shown = list(there) if len(there) <= MOST_IN_AN_HOUR + 1 else list(there)[:MOST_IN_AN_HOUR]
    made = tuple(cards.card(there[id], part=len(there[id]) < len(whole[id])) for id in shown)
    return HourCell(day=day, entries=made, more=len(there) - len(shown))


def quarter_page(quarter: Quarter, almanac: Almanac, piles: Piles, counts: tuple[int, int]) -> QuarterPage:
    """Lay out a quarter."""
    most = max((len(entries) for entries in piles.values()), default=0)

    def counted(day: date) -> DayCount:
        entries = piles.get(day, {})
        stands = [each.status for slots in entries.values() for each in slots]
        level = -(-4 * len(entries) // most) if most else 0
        return DayCount(
            cell=almanac.cell(day), count=len(entries), level=level, status=most_pressing(stands) if stands else None
        )  # fmt: skip

    days = {day: counted(day) for month in quarter.months for week in month.weeks() for day in week if month_holds(month, day)}
    months = tuple(_month_count(month, days, piles) for month in quarter.months)
    busiest = sorted((each for each in days.values() if each.count), key=lambda each: (-each.count, each.cell.day))[:BUSIEST]
    return QuarterPage(quarter=quarter, months=months, busiest=tuple(busiest), shown=counts[0], hidden=counts[1])


def agenda_page(
    start: date, end: date, after: Cursor | None, almanac: Almanac, piles: Piles, cards: Cards, counts: tuple[int, int]
) -> AgendaPage:  # fmt: skip
    """Lay out days from `start` to `end`, as many as one stretch has room for, from behind `after` where it is given."""
    days: list[DayCell] = []
    left, day = MOST_IN_A_LIST, after.day if after else start
    while day <= end:
        there = piles.get(day, {})
        if after is not None and day == after.day:
            there = {id: slots for id, slots in there.items() if cursor_of(slots) > after}
        made = tuple(cards.card(slots) for slots in list(there.values())[:left])
        cell = almanac.cell(day, made)
        if not cell.empty and (made or after is None or day > after.day):
            days.append(cell)
        left -= len(made)
        if len(made) < len(there) or (left <= 0 and day < end):
            last = list(there.values())[len(made) - 1] if made else None
            cursor = cursor_of(last) if last else Cursor(day=day, at=time(), entry="")
            return AgendaPage(start=start, days=tuple(days), cursor=cursor, shown=counts[0], hidden=counts[1])
        day += timedelta(days=1)
    return AgendaPage(start=start, days=tuple(days), cursor=None, shown=counts[0], hidden=counts[1])


def cursor_of(slots: list[Standing]) -> Cursor:
    """Return where an entry of a day stands in the order of the agenda."""
    first = slots[0].slot
    return Cursor(day=first.day, at=first.at.time(), entry=first.entry)


def month_holds(month: Month, day: date) -> bool:
    """Tell whether a day of a month's weeks is the month's own."""
    return month.first <= day <= month.last


def _month_count(month: Month, days: dict[date, DayCount], piles: Piles) -> MonthCount:
    weeks = tuple(tuple(days[day] if month_holds(month, day) else None for day in week) for week in month.weeks())
    own = [pile for day, pile in piles.items() if month_holds(month, day)]
    stands = [each.status for pile in own for slots in pile.values() for each in slots]
    return MonthCount(
        month=month,
        weeks=weeks,
        entries=len({id for pile in own for id in pile}),
        posts=len(stands),
        drafts=stands.count(Status.DRAFT),
        public=sum(status in PUBLIC for status in stands),
        held=stands.count(Status.HELD) + stands.count(Status.FAILED),
    )


def _limited(cards: Cards, there: dict[str, list[Standing]], most: int) -> tuple[tuple[EntryCard, ...], int]:
    """Return the first cards, and how many entries are left out; one line that says "one more" is as tall as that one."""
    shown = list(there.values()) if len(there) <= most + 1 else list(there.values())[:most]
    return tuple(cards.card(slots) for slots in shown), len(there) - len(shown)

