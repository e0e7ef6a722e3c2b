"""What the plan speaks of and what it leaves out: the grid of content groups, axes and months."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import typer

from desk.commands.options import AsJson, End, Start, Workspace, print_json, read_period
from desk.place import find_place
from editorial.coverage import Coverage, Gap, Side
from editorial.coverage import coverage as covered
from editorial.office import Office

if TYPE_CHECKING:
    from rich.table import Table


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("coverage")(coverage)


def coverage(start: Start = "2026-10-01", end: End = "2026-12-31", as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Cho biết nhóm nội dung và trục nào đã có bài, còn thiếu bài, theo từng tháng."""
    from desk.workspace import read_workspace

    first, last = read_period(start, end)
    opened = read_workspace(find_place(workspace))
    found = covered(opened.plan.slots, opened.content, first, last)
    if as_json:
        print_json(_values(found))
    else:
        _print(found, opened.content.office)
    return 0


def _print(found: Coverage, office: Office) -> None:
    from rich.console import Console

    console = Console()
    console.print(_months(found, office))
    console.print()
    console.print(_axes(found, office))
    console.print()
    if not found.gaps:
        typer.echo("Mọi nhóm và mọi trục đều có nội dung trong từng tháng.")
    for line in gap_lines(found.gaps):
        typer.echo(line)


def gap_lines(gaps: tuple[Gap, ...]) -> list[str]:
    """Say the gaps of a group or axis in one line: `nhóm 1.9 (Đối ngoại) chưa có nội dung trong tháng 11/2026, 12/2026`."""
    lines = []
    for _, together in groupby(gaps, key=lambda gap: (gap.side, gap.id)):
        first, *rest = together
        name = f"nhóm {first.id} ({first.name})" if first.side is Side.GROUP else f"trục {first.name}"
        months = ", ".join(str(gap.month) for gap in (first, *rest))
        lines.append(f"{name} chưa có nội dung trong tháng {months}")
    return lines


def _months(found: Coverage, office: Office) -> Table:
    """Lay out groups and axes by month: how many entries go out."""
    table = _table("Nhóm, trục", *(f"T{month}" for month in found.months), "Cả kỳ")
    for group in office.groups.values():
        counts = [found.count(group=group.id, month=month) for month in found.months]
        table.add_row(f"{group.id} {group.name}", *_shown(counts), str(len(_entries(found, group=group.id))))
    for axis in office.axes.values():
        counts = [found.count(axis=axis.id, month=month) for month in found.months]
        table.add_row(axis.name, *_shown(counts), str(len(_entries(found, axis=axis.id))), style="bold")
    return table


def _axes(found: Coverage, office: Office) -> Table:
    """Lay out groups by axis, over the whole period."""
    table = _table("Nhóm theo trục", *(axis.name for axis in office.axes.values()))
    for group in office.groups.values():
        counts = [len(_entries(found, group=group.id, axis=axis)) for axis in office.axes]
        table.add_row(f"{group.id} {group.name}", *_shown(counts))
    return table


def _table(*headings: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    first, *others = headings
    table.add_column(first, overflow="ellipsis", no_wrap=True, max_width=40)
    for heading in others:
        table.add_column(heading, justify="right", max_width=9)
    return table


def _shown(counts: list[int]) -> list[str]:
    return [str(count) if count else "–" for count in counts]


def _entries(found: Coverage, *, group: str | None = None, axis: str | None = None) -> set[str]:
    return {entry for cell in found.cells if group in (None, cell.group) and axis in (None, cell.axis) for entry in cell.entries}


def _values(found: Coverage) -> dict[str, object]:
    return {
        "months": [f"{month.year}-{month.number:02d}" for month in found.months],
        "cells": [
            {
                "group": cell.group,
                "axis": cell.axis,
                "month": f"{cell.month.year}-{cell.month.number:02d}",
                "count": len(cell.entries),
                "entries": list(cell.entries),
            }
            for cell in found.cells
        ],
        "gaps": [
            {"side": gap.side.value, "id": gap.id, "name": gap.name, "month": f"{gap.month.year}-{gap.month.number:02d}",
             "message": str(gap)}
            for gap in found.gaps
        ],
    }  # fmt: skip
