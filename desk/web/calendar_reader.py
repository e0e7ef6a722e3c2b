"""Gather the calendar's pages from the plan and what Loa remembers; nothing is asked for entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from weakref import WeakKeyDictionary

from desk.reached import reached_in
from desk.web.month import Month, Quarter, month_of
from desk.web.outlook import Outlook
from desk.web.views.calendar import (
    MOST_IN_A_DAY,
    AgendaPage,
    Cursor,
    MonthPage,
    QuarterPage,
    QuarterSummary,
    WeekPage,
    agenda_page,
    month_page,
    quarter_page,
    week_page,
)
from desk.web.views.day import Almanac, Cards, DueLine, due_lines, piled
from desk.web.views.standing import Filters, Standing, progress
from desk.web.views.status import Status
from editorial.calendar import Catalogue
from editorial.campaign import Schedule
from editorial.campaign_check import schedules
from editorial.clock import OFFICE_ZONE
from editorial.lead_time import Deadline, deadlines_before
from editorial.lunar import FIRST_YEAR, LAST_YEAR
from editorial.office import LeadTimes

STRETCH = timedelta(days=41)  # of the agenda, where few entries fill it
FIRST_DAY, LAST_DAY = date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31)  # as far as the calendar goes
# Of a post on a day, by calendar: to count working days back takes its time, and thousands of posts share a hundred days.
_DEADLINES: WeakKeyDictionary[Catalogue, dict[tuple[date, LeadTimes], tuple[Deadline, ...]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class CalendarReader:
    """Read the calendar for one page."""

    outlook: Outlook
    filters: Filters
    _known: dict[tuple[date, date], Mapping[str, Status]] = field(default_factory=dict)

    def month(self, month: Month, most: int = MOST_IN_A_DAY) -> MonthPage:
        """Return a month."""
        weeks = month.weeks()
        kept, counts = self._kept(weeks[0][0], weeks[-1][-1], month.first, month.last)
        return month_page(month, self._almanac(weeks[0][0], weeks[-1][-1]), piled(kept), self._cards, counts, most)

    def week(self, day: date) -> WeekPage:
        """Return the week that a day lies in."""
        monday = day - timedelta(days=day.weekday())
        sunday = monday + timedelta(days=6)
        kept, counts = self._kept(monday, sunday, monday, sunday)
        return week_page(monday, self._almanac(monday, sunday), piled(kept), self._cards, counts)

    def quarter(self, quarter: Quarter) -> QuarterPage:
        """Return a quarter."""
        kept, counts = self._kept(quarter.first, quarter.last, quarter.first, quarter.last)
        almanac = replace(self._almanac(quarter.first, quarter.last), due={})
        return quarter_page(quarter, almanac, piled(kept), counts)

    def agenda(self, start: date, after: Cursor | None = None) -> AgendaPage:
        """Return days as a list from a day on, or from behind a place in it."""
        first = after.day if after else start
        end = min(first + STRETCH, LAST_DAY)
        kept, counts = self._kept(first, end, first, end)
        page = agenda_page(start, end, after, self._almanac(first, end), piled(kept), self._cards, counts)
        if page.cursor is None and end < min(self.outlook.bench.whole_plan.last_day or FIRST_DAY, LAST_DAY):
            return replace(page, cursor=Cursor(day=end + timedelta(days=1), at=time(), entry=""))
        return page

    def so_far(self, quarter: Quarter) -> QuarterSummary:
        """Return how far a quarter has come."""
        statuses = self._statuses(quarter.first, quarter.last)
        slots = self.outlook.bench.plan(quarter.first, quarter.last)
        return QuarterSummary(
            quarter=quarter,
            progress=progress(statuses.get(slot.key, Status.DRAFT) for slot in slots),
            year=tuple(Quarter(quarter.year, number) for number in range(1, 5)),
        )

    def campaigns(self, start: date, end: date) -> tuple[Schedule, ...]:
        """Return the campaigns that touch a period, by their first day."""
        found = schedules(self.outlook.bench.content, self.outlook.bench.catalogue)[0].values()
        touching = (each for each in found if each.span.start <= end and each.span.end >= start)
        return tuple(sorted(touching, key=lambda each: each.span.start))

    def _kept(self, start: date, end: date, first: date, last: date) -> tuple[tuple[Standing, ...], tuple[int, int]]:
        """Return the slots that pass, and how many entries from `first` to `last` do and do not."""
        statuses = self._statuses(start, end)
        found = tuple(
            Standing(slot=slot, delivery=None, status=statuses.get(slot.key, Status.DRAFT))
            for slot in self.outlook.bench.plan(start, end)
        )
        kept = self.filters.keep(found, self.outlook.bench.content.entries)
        shown = {each.slot.entry for each in kept if first <= each.slot.day <= last}
        known = {each.slot.entry for each in found if first <= each.slot.day <= last} if self.filters.any else shown
        return kept, (len(shown), len(known) - len(shown))

    def _statuses(self, start: date, end: date) -> Mapping[str, Status]:
        """Return where posts stand, asked for once a page: of the quarters that the days lie in."""
        first, last = month_of(start).quarter.first, month_of(end).quarter.last
        for (known_first, known_last), found in self._known.items():
            if known_first <= start and end <= known_last:
                return found
        self._known[first, last] = self.outlook.statuses(first, last)
        return self._known[first, last]

    def _almanac(self, start: date, end: date) -> Almanac:
        bench = self.outlook.bench
        return Almanac(
            catalogue=bench.catalogue, today=self.outlook.today, campaigns=self.campaigns(start, end), due=self._due(start, end)
        )

    def _due(self, start: date, end: date) -> dict[date, tuple[DueLine, ...]]:
        """Return what is due in a period, of the entries that pass and are still to go out."""
        bench = self.outlook.bench
        lead_times, entries = bench.content.office.lead_times, bench.content.entries
        reach = end + timedelta(days=4 * lead_times.brief)  # no block of days off stretches it further
        first: dict[date, list[str]] = {}
        for slot in bench.whole_plan.firsts_between(max(start, self.outlook.today), reach):
            if slot.entry in entries and self.filters.passes(entries[slot.entry]):
                first.setdefault(slot.day, []).append(slot.entry)
        known = _DEADLINES.setdefault(bench.catalogue, {})

        def of_day(day: date) -> tuple[Deadline, ...]:
            if (day, lead_times) not in known:
                noon = datetime.combine(day, time(12), OFFICE_ZONE)
                known[day, lead_times] = deadlines_before(noon, "", bench.catalogue, lead_times)
            return tuple(each for each in known[day, lead_times] if start <= each.due.date() <= end)

        reached = reached_in(bench.store, [id for ids in first.values() for id in ids])
        return due_lines(first, of_day, reached, bench.clock.now())

    @cached_property
    def _cards(self) -> Cards:
        return Cards(office=self.outlook.bench.content.office, headline=self.headline)

    def headline(self, entry: str) -> str:
        """Return what an entry is called; its id where it is no longer in content/."""
        return self.outlook.headlines([entry]).get(entry, entry)
