"""A quarter in figures that the store has: nothing here is estimated, and a figure that is not known is missing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from desk.web.moment_words import percent_words
from desk.web.month import Quarter
from editorial.delivery import PUBLIC, Delivery, State, grace
from editorial.tone import Tone

NOT_PLANNED = frozenset({State.CANCELLED, State.SUPERSEDED})  # people took these out before they went
WAITS = frozenset({State.HELD, State.FAILED, State.SCHEDULED})
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet would take a name for something to calculate
COLUMNS = ("Kế hoạch", "Đã đăng", "Đúng giờ", "Đã đối chiếu", "Đã đính chính", "Đã rút", "Lỡ giờ", "Tỷ lệ đúng giờ")


@dataclass(frozen=True, kw_only=True)
class Story:
    """One post of the quarter: its copies in the order in which they were made, none where it never had a delivery."""

    channel: str
    unit: str
    group: str
    tone: Tone | None
    due_at: datetime
    copies: tuple[Delivery, ...]
    put_right: bool

    @property
    def planned(self) -> bool:
        return not self.copies or self.copies[-1].state not in NOT_PLANNED

    @property
    def published(self) -> bool:
        """Tell whether the public has seen it, whatever became of it later."""
        return any(each.state in PUBLIC or each.published_at or each.state is State.WITHDRAWN for each in self.copies)

    @property
    def on_time(self) -> bool:
        """Tell whether it was public within the grace that its tone has."""
        first = self.copies[0] if self.copies else None
        return bool(first and first.published_at and first.published_at - first.due_at <= grace(self.tone))

    @property
    def verified(self) -> bool:
        return any(each.verified_at or each.state is State.VERIFIED for each in self.copies)

    @property
    def withdrawn(self) -> bool:
        return bool(self.copies) and self.copies[-1].state is State.WITHDRAWN

    def missed(self, now: datetime) -> bool:
        """Tell whether its moment has passed, and it neither went out nor is on its way."""
        late = self.due_at + grace(self.tone) < now
        return late and self.planned and not self.published and (not self.copies or self.copies[-1].state in WAITS)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The posts of one row of the report, counted; `id` is empty for the whole, and for entries that the content has no more."""

    id: str
    name: str
    planned: int
    published: int
    on_time: int
    verified: int
    corrected: int
    withdrawn: int
    missed: int

    @property
    def percent(self) -> float | None:
        """Return which part of what was published was on time; missing where nothing was."""
        return round(100 * self.on_time / self.published, 1) if self.published else None

    @property
    def share(self) -> str:
        """Write which part of what was published was on time."""
        return "–" if self.percent is None else percent_words(self.percent)

    @property
    def counts(self) -> tuple[int, ...]:
        """Return the counts in the order of COLUMNS."""
        return (self.planned, self.published, self.on_time, self.verified, self.corrected, self.withdrawn, self.missed)


@dataclass(frozen=True, kw_only=True)
class Table:
    """The figures by one side."""

    id: str
    name: str
    rows: tuple[Figures, ...]


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """The report of a quarter. `signed` counts the deliveries whose approval stands, of `deliveries`."""

    quarter: Quarter
    before: Quarter
    after: Quarter
    over: bool
    whole: Figures
    tables: tuple[Table, ...]
    signed: int
    deliveries: int
    made: str


def figures(name: str, stories: Iterable[Story], now: datetime, *, id: str = "") -> Figures:
    """Count posts."""
    found = [story for story in stories if story.planned]
    return Figures(
        id=id, name=name, planned=len(found), published=sum(each.published for each in found),
        on_time=sum(each.on_time for each in found),
        verified=sum(each.verified for each in found), corrected=sum(each.put_right for each in found),
        withdrawn=sum(each.withdrawn for each in found), missed=sum(each.missed(now) for each in found),
    )  # fmt: skip


def as_csv(page: ReportPage) -> str:
    """Write the report as a table that spreadsheets open: one line a row, the side it belongs to first."""
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow(("Quý", "Theo", "Tên", *COLUMNS))
    lines.writerow((page.quarter.title, "Tất cả", "Tất cả", *page.whole.counts, _plain_share(page.whole)))
    for table in page.tables:
        lines.writerows((page.quarter.title, table.name, *row) for row in _csv_rows(table))
    return out.getvalue()


def _csv_rows(table: Table) -> Iterator[tuple[object, ...]]:
    for row in table.rows:
        yield (f"'{row.name}" if row.name.startswith(FORMULA) else row.name, *row.counts, _plain_share(row))


def _plain_share(row: Figures) -> str:
    """Write the part as the office's own tables have it, whoever takes them along."""
    return "" if row.percent is None else f"{row.percent:.1f}%".replace(".", ",")
