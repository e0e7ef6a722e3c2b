"""What goes out when, and what does it look like: plan, render."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.options import AsJson, End, Start, Workspace, print_json, read_period
from desk.place import find_place
from editorial.campaign import Schedule
from editorial.plan import PlannedSlot
from editorial.problem import BadInput

if TYPE_CHECKING:
    from rich.console import Console

    from desk.workspace import Workspace as ReadWorkspace
    from scheduler.production import RenderOrder
    from studio.rendition import Rendition


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("plan")(plan)
    app.command("render")(render)


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
        for line in campaign_lines(opened.campaigns.values(), first, last):
            typer.echo(line)
    return 0


def render(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung, ví dụ trung-thu-pho-co.")],
    out: Annotated[Path, typer.Option("--out", help="Thư mục nhận ảnh và clip.")],
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Dựng mọi ảnh và clip của một mục nội dung."""
    from desk.workspace import read_workspace

    opened = read_workspace(find_place(workspace))
    if entry not in opened.content.entries:
        raise BadInput(opened.content.unknown_entry(entry))
    orders = opened.production.orders(opened.plan.of(entry))
    renditions = _renditions(opened, orders)
    out.mkdir(parents=True, exist_ok=True)
    written = {}
    for order in orders:
        name = f"{order.medium}-{order.recipe.size}-{order.recipe.theme}"
        written.update(_copy(renditions[order.recipe.digest], out / name))
    if as_json:
        print_json([{"file": str(path), **facts} for path, facts in written.items()])
    else:
        typer.echo("\n".join(str(path) for path in written))
    return 0


def _renditions(opened: ReadWorkspace, orders: Sequence[RenderOrder]) -> dict[str, Rendition]:
    from desk.rendering import render_all
    from scheduler.engines.embedded import EmbeddedEngine

    engine = EmbeddedEngine()
    try:
        return render_all(opened.studio, orders, engine)
    finally:
        engine.stop()


def _copy(rendition: Rendition, target: Path) -> dict[Path, dict[str, object]]:
    """Copy a rendition and what belongs to it; return what was written, with its facts."""
    path = target.with_suffix(rendition.path.suffix)
    shutil.copyfile(rendition.path, path)
    for side in (rendition.subtitles, rendition.poster):
        if side is not None:
            shutil.copyfile(side, target.with_suffix(side.suffix))
    facts: dict[str, object] = {"width": rendition.width, "height": rendition.height, "seconds": rendition.seconds}
    return {path: facts}


def print_plan(slots: Iterable[PlannedSlot], workspace: ReadWorkspace, console: Console | None = None) -> None:
    """Print a row an entry and moment, with its channels together."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Ngày", "Giờ", "Âm lịch", "Dịp", "Nội dung", "Kênh"):
        table.add_column(heading, overflow="fold")
    for (moment, entry), together in _grouped(slots).items():
        first = together[0]
        lunar = f"{first.lunar.day}/{first.lunar.month}" + (" nhuận" if first.lunar.leap else "")
        headline = workspace.production.headline(workspace.content.entries[entry], "vi")
        channels = " ".join(slot.channel for slot in together)
        day = f"{_weekday(first)} {first.day:%d/%m}" + (" (dự kiến)" if first.provisional else "")
        table.add_row(day, moment[11:16], lunar, first.occasion or "", headline, channels)
    (console or Console()).print(table)


def campaign_lines(campaigns: Iterable[Schedule], first: date, last: date) -> list[str]:
    """Say which campaigns touch the period, and their phases."""
    lines = []
    for each in campaigns:
        if each.span.start <= last and each.span.end >= first:
            phases = [f"{phase.name} {span.start:%d/%m}-{span.end:%d/%m}" for phase, span in each.phases]
            detail = f" ({'; '.join(phases)})" if phases else ""
            lines.append(f"Chiến dịch {each.campaign.name}: {each.span}{detail}")
    return lines


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


def _campaign_values(slot: PlannedSlot, workspace: ReadWorkspace) -> dict[str, str | None] | None:
    found = workspace.campaigns.get(workspace.content.entries[slot.entry].campaign or "")
    if found is None:
        return None
    phase = found.phase_on(slot.day)
    return {"id": found.campaign.id, "name": found.campaign.name, "phase": phase.name if phase else None}
