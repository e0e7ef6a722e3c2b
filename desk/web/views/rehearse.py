"""Rehearsals as pages show them: what may be asked for, one that is under way, and what one came to, beside the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from desk.rehearsal_shelf import Asked, Tally
from desk.web.month import Month, month_of
from desk.web.views.status import Status
from editorial.day_name import day_name

PARTS = 10  # steps in which a day of the calendar fills


@dataclass(frozen=True, kw_only=True)
class Form:
    """What somebody has asked for, as it was typed."""

    first: str
    last: str
    faults: bool
    seed: str
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class QuarterChoice:
    """A quarter to be chosen with one press."""

    name: str
    posts: int
    address: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """An earlier rehearsal in a list."""

    id: str
    period: str
    seed: str
    who: str
    began: str
    status: Status
    words: str
    figures: str


@dataclass(frozen=True, kw_only=True)
class RehearsePage:
    """The page on which a rehearsal is begun."""

    form: Form
    quarters: tuple[QuarterChoice, ...]
    running: RunLine | None
    runs: tuple[RunLine, ...]
    done: str


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of the period in the calendar: how many posts it has, and how far it is filled."""

    day: date
    name: str
    tally: Tally
    filled: int  # of PARTS
    look: str  # what it is drawn as: `none`, `to-come`, `done`, `people`, `lost`
    words: str  # the whole of it for who cannot see it


@dataclass(frozen=True, kw_only=True)
class MonthGrid:
    """A month of the period, whole weeks from Monday; None where a day is not of it."""

    title: str
    id: str
    weeks: tuple[tuple[Day | None, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of a rehearsal that is under way."""

    words: str
    state: str  # `done`, `now`, `to-come`
    done: int = 0
    total: int = 0


@dataclass(frozen=True, kw_only=True)
class ChannelLine:
    """A channel while a rehearsal is under way."""

    name: str
    tally: Tally


@dataclass(frozen=True, kw_only=True)
class FaultLine:
    """How often a kind of fault struck."""

    words: str
    count: int


@dataclass(frozen=True, kw_only=True)
class LivePage:
    """A rehearsal that is under way."""

    id: str
    head: RunLine
    steps: tuple[Step, ...]
    now: str
    months: tuple[MonthGrid, ...]
    channels: tuple[ChannelLine, ...]
    faults: tuple[FaultLine, ...]
    tally: Tally


@dataclass(frozen=True, kw_only=True)
class ChannelResult:
    """What a channel came to; `public_page` is where its public side is shown, empty where it has none."""

    name: str
    planned: int
    public: int
    verified: int
    people: int
    twice: int
    lost: int
    stuck: int
    public_page: str

    @property
    def as_planned(self) -> bool:
        """Tell whether all of it went out as it was planned."""
        return self.planned == self.public == self.verified and not (self.people or self.twice or self.lost or self.stuck)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A post that came out otherwise than it was planned; without a headline it is nobody's."""

    headline: str
    entry: str  # empty where the office has no such entry (any more)
    channel: str
    due: str
    machine: str
    day: str
    status: Status
    what: str
    why: str
    public: bool


@dataclass(frozen=True, kw_only=True)
class Check:
    """Something that a rehearsal proves, or has disproved."""

    holds: bool
    words: str


@dataclass(frozen=True, kw_only=True)
class ResultPage:
    """What a rehearsal came to, beside the plan."""

    id: str
    head: RunLine
    ok: bool
    failure: tuple[str, ...]
    checks: tuple[Check, ...]
    channels: tuple[ChannelResult, ...]
    whole: ChannelResult
    months: tuple[MonthGrid, ...]
    reasons: tuple[FaultLine, ...]
    differences: tuple[Difference, ...]
    faults: tuple[FaultLine, ...]
    struck: int
    connected_again: str
    comments: str
    made: str
    again: str  # the address that asks for the same once more


def period_words(asked: Asked) -> str:
    """Write the days of a rehearsal."""
    return f"{asked.first.day}/{asked.first.month}/{asked.first.year} – {asked.last.day}/{asked.last.month}/{asked.last.year}"


def seed_words(asked: Asked) -> str:
    """Say with which faults."""
    return "không có sự cố" if asked.seed is None else f"có sự cố, hạt giống {asked.seed}"


def summed(tallies: Iterable[Tally]) -> Tally:
    """Add up."""
    found = tuple(tallies)
    return Tally(
        planned=sum(each.planned for each in found), public=sum(each.public for each in found),
        people=sum(each.people for each in found),
    )  # fmt: skip


def month_grids(first: date, last: date, days: Mapping[date, Tally], *, over: bool) -> tuple[MonthGrid, ...]:
    """Return the months of a period; `over` tells whether what is not public now will not be."""
    return tuple(
        MonthGrid(
            title=month.title,
            id=str(month),
            weeks=tuple(
                tuple(_day(day, days.get(day, Tally()), over) if _inside(day, month, first, last) else None for day in week)
                for week in month.weeks()
                if any(_inside(day, month, first, last) for day in week)
            ),
        )
        for month in _months(first, last)
    )


def _months(first: date, last: date) -> Iterator[Month]:
    month = month_of(first)
    while month <= month_of(last):
        yield month
        month = month.plus(1)


def _inside(day: date, month: Month, first: date, last: date) -> bool:
    return month_of(day) == month and first <= day <= last


def _day(day: date, tally: Tally, over: bool) -> Day:
    settled = min(tally.planned, tally.public)
    filled = settled * PARTS // tally.planned if tally.planned else 0
    said = f"{tally.public} trên {tally.planned} bài công khai" if tally.planned else "không có bài"
    said = f"{day_name(day)}: {said}" + (f", {tally.people} bài chờ người" if tally.people else "")
    return Day(day=day, name=f"{day.day}", tally=tally, filled=filled, look=_look(tally, over), words=said)


def _look(tally: Tally, over: bool) -> str:
    if not tally.planned:
        return "none"
    if tally.people:
        return "people"
    if over and tally.public != tally.planned:
        return "lost"
    return "done" if tally.public >= tally.planned else "to-come"


def by_channel(days: Mapping[date, Mapping[str, Tally]]) -> Mapping[date, Tally]:
    """Return the days with their channels together."""
    return {day: summed(channels.values()) for day, channels in days.items()}


def counted(kinds: Iterable[str], words: Callable[[str], str]) -> tuple[FaultLine, ...]:
    """Count what there is of each kind, the most first."""
    found: dict[str, int] = {}
    for kind in kinds:
        found[kind] = found.get(kind, 0) + 1
    return tuple(
        FaultLine(words=words(kind), count=count) for kind, count in sorted(found.items(), key=lambda each: (-each[1], each[0]))
    )


def repeated(counts: Mapping[str, int]) -> Iterator[str]:
    """Name each kind as often as it was counted."""
    return chain.from_iterable([kind] * count for kind, count in counts.items())
