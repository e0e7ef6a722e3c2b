"""What the plan speaks of and what it leaves out: content groups, axes and months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from editorial.office import Office
from editorial.plan import PlannedSlot
from editorial.workspace import Content


@dataclass(frozen=True, kw_only=True, order=True)
class Month:
    """A month of the Gregorian calendar."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The entries of one group and axis that go out in one month."""

    group: str
    axis: str
    month: Month
    entries: tuple[str, ...]


class Side(Enum):
    """What a gap is a gap of."""

    GROUP = "group"  # one of the content groups
    AXIS = "axis"  # one of the axes


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A group or an axis that has nothing in a month."""

    side: Side
    id: str
    name: str
    month: Month

    def __str__(self) -> str:
        what = f"nhóm {self.id}" if self.side is Side.GROUP else f"trục {self.name}"
        return f"{what} chưa có nội dung trong tháng {self.month.number}/{self.month.year}"


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Every month of a period by group and axis: the cells that have entries, and the gaps."""

    months: tuple[Month, ...]
    cells: tuple[Cell, ...]
    gaps: tuple[Gap, ...]

    def entries(self, *, group: str | None = None, axis: str | None = None, month: Month | None = None) -> frozenset[str]:
        """Return the entries by any of the three."""
        wanted = (group, axis, month)
        return frozenset(
            entry
            for cell in self.cells
            if all(want in (None, has) for want, has in zip(wanted, (cell.group, cell.axis, cell.month), strict=True))
            for entry in cell.entries
        )


def coverage(slots: Iterable[PlannedSlot], content: Content, start: date, end: date) -> Coverage:
    """Return what the slots from `start` to `end` cover; the months at both ends count even where they are cut."""
    months = tuple(months_between(start, end))
    found: dict[tuple[str, str, Month], set[str]] = defaultdict(set)
    for slot in slots:
        if start <= slot.day <= end:
            entry = content.entries[slot.entry]
            found[entry.group, entry.axis, _month(slot.day)].add(entry.id)
    cells = tuple(
        Cell(group=group, axis=axis, month=month, entries=tuple(sorted(entries)))
        for (group, axis, month), entries in sorted(found.items(), key=lambda item: (item[0][2], item[0][0], item[0][1]))
    )
    return Coverage(months=months, cells=cells, gaps=tuple(_gaps(cells, content.office, months)))


def months_between(start: date, end: date) -> Iterator[Month]:
    """List the months that a period touches."""
    for index in range(start.year * 12 + start.month - 1, end.year * 12 + end.month):
        yield Month(year=index // 12, number=index % 12 + 1)


def _gaps(cells: tuple[Cell, ...], office: Office, months: tuple[Month, ...]) -> Iterator[Gap]:
    sides: Mapping[Side, Mapping[str, str]] = {
        Side.GROUP: {group.id: group.name for group in office.groups.values()},
        Side.AXIS: {axis.id: axis.name for axis in office.axes.values()},
    }
    for side, names in sides.items():
        covered = {(cell.group if side is Side.GROUP else cell.axis, cell.month) for cell in cells}
        for id, name in names.items():
            for month in months:
                if (id, month) not in covered:
                    yield Gap(side=side, id=id, name=name, month=month)


def _month(day: date) -> Month:
    return Month(year=day.year, number=day.month)
