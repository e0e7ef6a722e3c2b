"""The coverage board: which sides of the plan have entries in which weeks of a quarter, and which have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from desk.web.month import Quarter
from editorial.office import Office
from editorial.plan import PlannedSlot
from editorial.workspace import Content


@dataclass(frozen=True, kw_only=True)
class Week:
    """A week of the quarter, from Monday, cut where the quarter begins or ends."""

    first: date
    last: date

    @property
    def name(self) -> str:
        return f"{self.first.day}/{self.first.month}"

    @property
    def words(self) -> str:
        return f"tuần {self.first.day}/{self.first.month} đến {self.last.day}/{self.last.month}"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How many entries go out in a week, and where they are seen."""

    week: Week
    count: int
    link: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One axis, group, unit or channel."""

    id: str
    name: str
    cells: tuple[Cell, ...]
    count: int  # entries of the whole quarter, each once

    @property
    def empty(self) -> int:
        """Return how many weeks have nothing."""
        return sum(not cell.count for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class Side:
    """All rows of one kind."""

    name: str
    rows: tuple[Row, ...]

    @property
    def missing(self) -> tuple[Row, ...]:
        """Return what has nothing in the whole quarter."""
        return tuple(row for row in self.rows if not row.count)


@dataclass(frozen=True, kw_only=True)
class BoardPage:
    """The board of one quarter."""

    quarter: Quarter
    before: Quarter
    after: Quarter
    weeks: tuple[Week, ...]
    sides: tuple[Side, ...]
    entries: int


def weeks_of(quarter: Quarter) -> Iterator[Week]:
    """Yield the weeks of a quarter."""
    first = quarter.first
    while first <= quarter.last:
        last = min(first + timedelta(days=6 - first.weekday()), quarter.last)
        yield Week(first=first, last=last)
        first = last + timedelta(days=1)


def sides(content: Content, slots: Iterable[PlannedSlot], weeks: tuple[Week, ...]) -> tuple[Side, ...]:
    """Count the entries of each axis, group, unit and channel by week."""
    week_of = {week.first + timedelta(days=day): week for week in weeks for day in range((week.last - week.first).days + 1)}
    found: dict[tuple[str, str], dict[Week, set[str]]] = {}
    for slot in slots:
        entry = content.entries[slot.entry]
        for key in (("axis", entry.axis), ("group", entry.group), ("unit", entry.unit), ("channel", slot.channel)):
            found.setdefault(key, {}).setdefault(week_of[slot.day], set()).add(slot.entry)
    return tuple(
        Side(name=name, rows=tuple(_row(kind, id, said, found.get((kind, id), {}), weeks) for id, said in rows.items()))
        for kind, name, rows in _kinds(content.office)
    )


def _kinds(office: Office) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    yield "axis", "Trục", {each.id: each.name for each in office.axes.values()}
    yield "group", "Nhóm nội dung", {each.id: f"{each.id} {each.name}" for each in office.groups.values()}
    yield "unit", "Đơn vị", {each.id: each.name for each in office.units.values()}
    yield "channel", "Kênh", {each.id: each.name for each in office.channels.values()}


def _row(kind: str, id: str, name: str, entries: Mapping[Week, set[str]], weeks: tuple[Week, ...]) -> Row:
    return Row(
        id=id,
        name=name,
        cells=tuple(
            Cell(
                week=week, count=len(entries.get(week, ())),
                link="/calendar?" + urlencode({"view": "week", "day": week.first.isoformat(), kind: id}),
            )
            for week in weeks
        ),
        count=len(set().union(*entries.values())),
    )  # fmt: skip
