"""What goes out when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.options import AsJson, End, Start, Workspace, print_json, read_period
from desk.place import find_place
from editorial.campaign import Schedule, Span
from editorial.plan import PlannedSlot
from editorial.problem import BadInput

if TYPE_CHECKING:
    from rich.console import Console

    from desk.workspace import Workspace as ReadWorkspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan")(plan)


def plan(
    start: Start = "2026-10-01",
    end: End = "2026-12-31",
    deadlines: Annotated[bool, typer.Option("--deadlines", help="Liệt kê hạn đề cương, thiết kế, kiểm chứng, duyệt.")] = False,
    today: Annotated[str | None, typer.Option("--today", help="Tính trễ hạn đến ngày này; mặc định là lúc này.")] = None,
    milestone: Annotated[str | None, typer.Option("--milestone", help="Một mốc, ví dụ trung_thu/2026@08:00.")] = None,
    memory: Annotated[str, typer.Option("--memory", help="Sổ để biết đã làm đến đâu: office hoặc demo.")] = "office",
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Liệt kê mọi bài sẽ đăng trong một khoảng thời gian, hoặc hạn chót của từng khâu trước khi đăng."""
    from desk.workspace import read_workspace

    first, last = read_period(start, end)
    if deadlines or milestone:
        from desk.commands.deadlines import print_deadlines

        return print_deadlines((first, last), today, milestone, memory, find_place(workspace), as_json=as_json)
    opened = read_workspace(find_place(workspace))
    found = opened.between(first, last)
    if found.problems:
        raise BadInput(*found.problems)
    if as_json:
        print_json([slot_values(slot, opened) for slot in found.slots])
    else:
        print_plan(found.slots, opened)
        _tell_more(opened, (first, last), today, memory)
    return 0


def _tell_more(opened: ReadWorkspace, period: tuple[date, date], today: str | None, memory: str) -> None:
    from desk.commands.deadlines import late_lines

    late = late_lines(opened, period, today, memory)
    for line in (*campaign_lines(opened.campaigns.values(), *period), *late):
        typer.echo(line)
    if late:
        typer.echo("Mọi hạn của từng mục: ./loa plan --deadlines")


def print_plan(slots: Iterable[PlannedSlot], workspace: ReadWorkspace, console: Console | None = None) -> None:
    """Print a row an entry and moment, with its channels together."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Ngày", "Giờ", "Âm lịch", "Dịp", "Nội dung", "Kênh"):
        table.add_column(heading, overflow="fold")
    grouped = _grouped(slots)
    form = "%d/%m" if len({moment[:4] for moment, _ in grouped}) == 1 else "%d/%m/%Y"
    for (moment, entry), together in grouped.items():
        first = together[0]
        lunar = f"{first.lunar.day}/{first.lunar.month}" + (" nhuận" if first.lunar.leap else "")
        headline = workspace.production.headline(workspace.content.entries[entry], "vi")
        channels = " ".join(slot.channel for slot in together)
        day = f"{_weekday(first)} {first.day:{form}}" + (" (dự kiến)" if first.provisional else "")
        table.add_row(day, moment[11:16], lunar, first.occasion or "", headline, channels)
    (console or Console()).print(table)


def campaign_lines(campaigns: Iterable[Schedule], first: date, last: date) -> list[str]:
    """Say which campaigns touch the period, and their phases."""
    lines = []
    for each in campaigns:
        if each.span.start <= last and each.span.end >= first:
            phases = [f"{phase.name} {_short(span)}" for phase, span in each.phases]
            detail = f" ({'; '.join(phases)})" if phases else ""
            lines.append(f"Chiến dịch {each.campaign.name}: {each.span}{detail}")
    return lines


def _short(span: Span) -> str:
    return f"{span.start:%d/%m}-{span.end:%d/%m}" + (" (dự kiến)" if span.provisional else "")


def _weekday(slot: PlannedSlot) -> str:
    return ("T2", "T3", "T4", "T5", "T6", "T7", "CN")[slot.day.weekday()]


def _grouped(slots: Iterable[PlannedSlot]) -> dict[tuple[str, str], list[PlannedSlot]]:
    grouped: dict[tuple[str, str], list[PlannedSlot]] = {}
    for slot in slots:
        grouped.setdefault((slot.at.isoformat(), slot.entry), []).append(slot)
    return grouped


def slot_values(slot: PlannedSlot, workspace: ReadWorkspace) -> dict[str, object]:
    """Return a slot as JSON has it."""
    entry = workspace.content.entries[slot.entry]
    return {
        "at": slot.at.isoformat(),
        "date": slot.day.isoformat(),
        "lunar": {"year": slot.lunar.year, "month": slot.lunar.month, "day": slot.lunar.day, "leap": slot.lunar.leap},
        "occasion": slot.occasion,
        "anchor": slot.anchor,
        "rule": slot.rule,
        "provisional": slot.provisional,
        "entry": slot.entry,
        "headline": workspace.production.headline(entry, entry.language_for(slot.channel)),
        "group": entry.group,
        "axis": entry.axis,
        "campaign": _campaign_values(slot, workspace),
        "channel": slot.channel,
        "key": slot.key,
    }


def _campaign_values(slot: PlannedSlot, workspace: ReadWorkspace) -> dict[str, str | bool | None] | None:
    found = workspace.campaigns.get(workspace.content.entries[slot.entry].campaign or "")
    if found is None:
        return None
    phase = found.phase_on(slot.day)
    named = phase.name if phase else None
    return {"id": found.campaign.id, "name": found.campaign.name, "phase": named, "provisional": found.span.provisional}
