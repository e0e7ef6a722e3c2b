"""A day of the calendar: what it is, what is due on it, and what is planned on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from desk.web.moment_words import clock_words, day_heading, lunar_words
from desk.web.views.mark import Mark, mark
from desk.web.views.standing import Standing
from desk.web.views.status import Status, most_pressing
from editorial.calendar import Catalogue
from editorial.campaign import Schedule
from editorial.days_off import DayOff, DayStatus
from editorial.lead_time import STAGES, Deadline, Stage
from editorial.lunar import LunarDate, to_lunar
from editorial.occasion import Occasion, Tier
from editorial.office import Office
from editorial.tone import Tone

MOVABLE = frozenset({Status.DRAFT, Status.READY, Status.HELD, Status.FAILED, Status.MOVING})


@dataclass(frozen=True, kw_only=True)
class OccasionLine:
    """A day's occasion; `tier` is such as `80 năm · năm tròn`, and empty where nothing is counted."""

    id: str
    year: int
    name: str
    tone: Tone
    tier: str
    round_year: bool
    doubt: str


@dataclass(frozen=True, kw_only=True)
class CampaignLine:
    """A campaign that a day belongs to; `words` is written out where it begins, turns to another phase, or a week begins."""

    name: str
    phase: str
    words: str


@dataclass(frozen=True, kw_only=True)
class DueLine:
    """How many entries have a stage due on a day, and which of them are late with it."""

    stage: Stage
    entries: tuple[str, ...]
    late: int

    @property
    def words(self) -> str:
        """Say it in a few words: `3 duyệt`."""
        return f"{len(self.entries)} {self.stage.label}"


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
    at: datetime
    time: str
    status: Status
    channels: tuple[ChannelStatus, ...]
    provisional: bool
    part: bool = False  # only those of the day's channels that go out in one hour

    @property
    def uniform(self) -> bool:
        """Tell whether every channel stands where the entry does, so that one icon says it all."""
        return all(each.status is self.status for each in self.channels)

    @property
    def alike(self) -> bool:
        """Tell whether every channel has the entry's moment as well, so that only their names are left to be told."""
        return self.uniform and all(each.time == self.time for each in self.channels)

    @property
    def movable(self) -> bool:
        """Tell whether any of its channels may still be moved."""
        return any(each.status in MOVABLE for each in self.channels)


@dataclass(frozen=True, kw_only=True)
class DayCell:
    """One day of a grid."""

    day: date
    heading: str  # `Thứ Bảy, 10/10`
    lunar: str  # `1/9` on the first of a lunar month, else the day alone
    lunar_full: str  # `ngày 1/9 âm lịch`
    lunar_first: bool
    in_month: bool
    today: bool
    past: bool
    weekend: bool
    day_off: str  # the holiday's name, empty on other days
    worked: bool  # a swapped Saturday
    projected: bool  # the day off is not announced yet
    mourning: str
    occasions: tuple[OccasionLine, ...]
    campaigns: tuple[CampaignLine, ...]
    due: tuple[DueLine, ...]
    entries: tuple[EntryCard, ...]
    more: int = 0  # entries of the day that are not among them

    @property
    def count(self) -> int:
        """Return how many entries the day has."""
        return len(self.entries) + self.more

    @property
    def late(self) -> int:
        """Return how many stages are late that were due on the day."""
        return sum(line.late for line in self.due)

    @property
    def empty(self) -> bool:
        """Tell whether a list of days has nothing to say of this one."""
        return not (self.occasions or self.entries or self.day_off or self.mourning or self.due or any(
            line.words for line in self.campaigns))  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Almanac:
    """What days are, before anything is planned on them."""

    catalogue: Catalogue
    today: date
    campaigns: Collection[Schedule] = ()
    due: Mapping[date, tuple[DueLine, ...]] = field(default_factory=dict)

    def cell(self, day: date, entries: tuple[EntryCard, ...] = (), *, in_month: bool = True, more: int = 0) -> DayCell:
        """Return the cell of a day."""
        lunar = to_lunar(day)
        off = self.catalogue.days_off.day_off(day)
        mourning = self.catalogue.mourning_on(day)
        return DayCell(
            day=day,
            heading=day_heading(day),
            lunar=_lunar_short(lunar),
            lunar_full=f"ngày {lunar_words(lunar)} âm lịch",
            lunar_first=lunar.day == 1,
            in_month=in_month,
            today=day == self.today,
            past=day < self.today,
            weekend=day.weekday() >= 5,
            day_off=off.name if off else "",
            worked=self.catalogue.days_off.working_day(day) is not None,
            projected=_projected(off),
            mourning=mourning.reason if mourning else "",
            occasions=tuple(occasion_line(each) for each in self.catalogue.on(day)),
            campaigns=tuple(_campaign_line(each, day) for each in self.campaigns if day in each.span),
            due=self.due.get(day, ()),
            entries=entries,
            more=more,
        )


@dataclass(frozen=True, kw_only=True)
class Cards:
    """Make entry cards; `headline` tells what an entry is called, and is asked only for those that are shown."""

    office: Office
    headline: Callable[[str], str]

    def card(self, slots: list[Standing], *, part: bool = False) -> EntryCard:
        """Return the card of one entry's slots on one day, or with `part` in one hour of it, given by moment."""
        first = slots[0].slot
        return EntryCard(
            id=first.entry,
            headline=self.headline(first.entry),
            at=first.at,
            time=clock_words(first.at),
            status=most_pressing(each.status for each in slots),
            channels=tuple(self._channel(each) for each in slots),
            provisional=any(each.slot.provisional for each in slots),
            part=part,
        )

    def _channel(self, standing: Standing) -> ChannelStatus:
        return ChannelStatus(
            mark=mark(self.office, standing.slot.channel), status=standing.status, time=clock_words(standing.slot.at)
        )


Piles = dict[date, dict[str, list[Standing]]]


def piled(standings: Iterable[Standing]) -> Piles:
    """Gather slots, given by moment, by day and entry: each day's entries in the order of their first one."""
    days: Piles = {}
    for each in standings:
        days.setdefault(each.slot.day, {}).setdefault(each.slot.entry, []).append(each)
    return days


def due_lines(
    first: Mapping[date, Sequence[str]], of_day: Callable[[date], tuple[Deadline, ...]], reached: Mapping[str, Stage],
    now: datetime,
) -> dict[date, tuple[DueLine, ...]]:  # fmt: skip
    """Return each day's deadlines, stage by stage; what is done already is left out.

    `first` has the entries by the day of their first post, `of_day` gives the deadlines of a post on that day.
    """
    days: dict[date, dict[Stage, list[str]]] = {}
    late: Counter[tuple[date, Stage]] = Counter()
    rank = {stage: number for number, stage in enumerate(STAGES)}
    done = {entry: rank[stage] for entry, stage in reached.items()}
    for day, entries in first.items():
        for each in of_day(day):
            due, number = each.due.date(), rank[each.stage]
            waiting = [entry for entry in entries if done.get(entry, -1) < number]
            if waiting:
                days.setdefault(due, {}).setdefault(each.stage, []).extend(waiting)
                late[due, each.stage] += len(waiting) if each.due < now else 0
    return {
        day: tuple(
            DueLine(stage=stage, entries=tuple(stages[stage]), late=late[day, stage]) for stage in STAGES if stage in stages
        )
        for day, stages in days.items()
    }  # fmt: skip


def occasion_line(occasion: Occasion) -> OccasionLine:
    """Return how a day's occasion is shown."""
    return OccasionLine(
        id=occasion.id,
        year=occasion.date.year,
        name=occasion.name.vi,
        tone=occasion.tone,
        tier=_tier_words(occasion),
        round_year=occasion.tier is Tier.ROUND,
        doubt=occasion.uncertain or "",
    )


def _campaign_line(schedule: Schedule, day: date) -> CampaignLine:
    phase = schedule.phase_on(day)
    turns = next((span for each, span in schedule.phases if each is phase), None)
    begins = day == schedule.span.start or (turns is not None and day == turns.start)
    name = schedule.campaign.name
    words = (phase.name if phase else name) if begins or day.weekday() == 0 else ""
    return CampaignLine(name=name, phase=phase.name if phase else "", words=words)


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
