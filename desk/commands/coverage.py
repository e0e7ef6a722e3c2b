"""What the plan speaks of and what it leaves out: the grid of content groups, axes and months."""

from __future__ import annotations

import sys
from itertools import groupby
from shutil import get_terminal_size
from textwrap import wrap

import typer

from desk.commands.coverage_grid import grid_lines, month_lines
from desk.commands.options import AsJson, End, Start, Workspace, print_json, read_period
from desk.place import find_place
from editorial.coverage import Coverage, Gap, Side
from editorial.coverage import coverage as covered
from editorial.office import Office


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
    width = get_terminal_size().columns
    typer.echo("\n".join((*month_lines(found, office, width), "", *grid_lines(found, office, width), "")))
    if not found.gaps:
        typer.echo("Mọi nhóm và mọi trục đều có nội dung trong từng tháng.")
    for line in gap_lines(found.gaps):
        typer.echo("\n  ".join(wrap(line, width - 2)) if sys.stdout.isatty() else line)


def gap_lines(gaps: tuple[Gap, ...]) -> list[str]:
    """Say the gaps of a group or axis in one line: `nhóm 1.9 (Đối ngoại) chưa có nội dung trong tháng 11/2026, 12/2026`."""
    lines = []
    for _, together in groupby(gaps, key=lambda gap: (gap.side, gap.id)):
        first, *rest = together
        name = f"nhóm {first.id} ({first.name})" if first.side is Side.GROUP else f"trục {first.name}"
        months = ", ".join(str(gap.month) for gap in (first, *rest))
        lines.append(f"{name} chưa có nội dung trong tháng {months}")
    return lines


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
