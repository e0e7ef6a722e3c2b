"""Coverage in letters, inside a terminal's width: groups and axes by month, and groups by axis in each month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from editorial.coverage import Coverage, Month
from editorial.office import Axis, Office

CELL, BETWEEN = 3, "  "  # letters of a count with its space; between months
LEAST_NAME, MOST_NAME = 24, 44
WHOLE = "Cả kỳ"


def month_lines(found: Coverage, office: Office, width: int) -> Iterator[str]:
    """Yield groups and axes by month: how many entries go out; in several tables where the terminal is narrow."""
    columns = list(zip([*_headings(found.months), WHOLE], [*found.months, None], strict=True))
    widest = max(len(heading) for heading, _ in columns) + len(BETWEEN)
    fit = max(1, (width - LEAST_NAME) // widest)
    for start in range(0, len(columns), fit):
        if start:
            yield ""
        yield from _month_table(found, office, columns[start : start + fit], width)


def _month_table(found: Coverage, office: Office, columns: Sequence[tuple[str, Month | None]], width: int) -> Iterator[str]:
    name = _name_width(width, sum(len(heading) + len(BETWEEN) for heading, _ in columns))
    yield _row("Nhóm, trục", name, (heading for heading, _ in columns))
    for group in office.groups.values():
        counts = (len(found.entries(group=group.id, month=month)) for _, month in columns)
        yield _row(f"{group.id} {group.name}", name, _right(columns, counts))
    for axis in office.axes.values():
        counts = (len(found.entries(axis=axis.id, month=month)) for _, month in columns)
        yield _row(axis.name, name, _right(columns, counts))


def _headings(months: Sequence[Month]) -> list[str]:
    """Name the months: with their year where that is short, or needed."""
    one_year = len({month.year for month in months}) == 1
    if one_year and len(months) > 4:
        return [f"T{month.number}" for month in months]
    return [f"T{month}" if len(months) <= 4 else f"{month.number}/{month.year % 100:02}" for month in months]


def _right(columns: Sequence[tuple[str, Month | None]], counts: Iterable[int]) -> Iterator[str]:
    return (f"{count or '–':>{len(heading)}}" for (heading, _), count in zip(columns, counts, strict=True))


def _name_width(width: int, taken: int) -> int:
    return max(LEAST_NAME, min(MOST_NAME, width - taken))


@dataclass(frozen=True, kw_only=True)
class _Block:
    """One month, or the whole period, by axis."""

    heading: str
    month: Month | None


def grid_lines(found: Coverage, office: Office, width: int) -> Iterator[str]:
    """Yield the grid, the last block the whole period; an entry of several months counts once in each, and once in the whole."""
    marks = axis_marks(office.axes.values())
    wide = len(marks) * CELL - 1
    blocks = [*(_Block(heading=f"T{month}", month=month) for month in found.months), _Block(heading=WHOLE, month=None)]
    fit = max(1, (width - LEAST_NAME) // (wide + len(BETWEEN)))
    name = _name_width(width, min(fit, len(blocks)) * (wide + len(BETWEEN)))
    for start in range(0, len(blocks), fit):
        yield from _table(found, office, blocks[start : start + fit], marks, name)
        yield ""
    yield from wrap("; ".join(f"{mark}: {office.axes[axis].name}" for axis, mark in marks.items()), width)


def axis_marks(axes: Iterable[Axis]) -> Mapping[str, str]:
    """Return two letters an axis, of its id; numbers where two axes would have the same."""
    ids = [axis.id for axis in axes]
    letters = [_letters(id) for id in ids]
    marks = letters if len(set(letters)) == len(letters) else [str(number) for number in range(1, len(ids) + 1)]
    return dict(zip(ids, marks, strict=True))


def _letters(id: str) -> str:
    parts = id.replace("_", "-").split("-")
    return ("".join(part[:1] for part in parts[:2]) if len(parts) > 1 else id[:2]).upper()


def _table(found: Coverage, office: Office, blocks: Sequence[_Block], marks: Mapping[str, str], name: int) -> Iterator[str]:
    wide = len(marks) * CELL - 1
    yield _row("", name, (f"{block.heading:^{wide}}" for block in blocks))
    yield _row("Nhóm theo trục", name, (_cells(marks.values()) for _ in blocks))
    for group in office.groups.values():
        counts = ([len(found.entries(group=group.id, axis=axis, month=block.month)) for axis in marks] for block in blocks)
        yield _row(f"{group.id} {group.name}", name, (_cells(str(count or "–") for count in each) for each in counts))


def _row(heading: str, name: int, cells: Iterable[str]) -> str:
    short = heading if len(heading) <= name else f"{heading[: name - 1].rstrip()}…"
    return BETWEEN.join((f"{short:<{name}}", *cells)).rstrip()


def _cells(texts: Iterable[str]) -> str:
    return "".join(f"{text:>{CELL}}" for text in texts)[1:]
