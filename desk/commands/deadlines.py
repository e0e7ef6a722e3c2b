"""By when is each stage of an entry done, and what is late: the planner's view of the weeks before a post."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from desk.commands.memory import MEMORIES, open_folder
from desk.commands.options import print_json, read_day
from desk.place import Place
from desk.reached import reached_in
from desk.records import is_kept
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.lead_time import Deadline, Stage, deadlines, deadlines_before
from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from desk.workspace import Workspace


def print_deadlines(
    period: tuple[date, date], today: str | None, milestone: str | None, memory: str, place: Place, *, as_json: bool
) -> int:
    """Print the deadlines of the posts of a period, or of one milestone; what is late stands out."""
    now, folder = _now(today), records(place, memory)
    found = _of_milestone(milestone, place) if milestone else _of_period(period, place)
    stages = reached(folder, {deadline.entry for deadline in found}) if not milestone else {}
    if as_json:
        print_json([_values(deadline, stages, now) for deadline in found])
    else:
        _print(found, stages, now)
    return 0


def reached(folder: Path, entries: Collection[str]) -> Mapping[str, Stage]:
    """Return how far each entry has come by the office's own records; an entry that is not in them has not begun."""
    if not is_kept(folder):
        return {}
    with open_folder(folder) as store:
        return reached_in(store, entries)


def records(place: Place, memory: str) -> Path:
    """Return the folder of a memory, whether it exists or not; raise BadInput for a memory that there is none of."""
    if memory not in MEMORIES:  # unlike where something is to be changed, nothing need have been remembered yet
        message = f"“{memory}” không phải là {' hoặc '.join(MEMORIES)}"
        raise BadInput(Problem(rule="unknown-memory", key="--memory", message=message))
    return place.memory / memory


def _now(today: str | None) -> datetime:
    """Return the moment that lateness is judged at: the first of the day named, on which what is due is not late yet; or now."""
    if today is None:
        return SystemClock().now()
    return datetime.combine(read_day(today, "--today"), time(), OFFICE_ZONE)


def late_lines(opened: Workspace, period: tuple[date, date], today: str | None, memory: str) -> list[str]:
    """Say which entries of a period that are still to go out are late, and with what; a line an entry, the soonest first."""
    now, found = _now(today), _of_workspace(opened, period)
    stages = reached(records(opened.place, memory), {deadline.entry for deadline in found})
    late: dict[tuple[datetime, str], list[Deadline]] = {}
    for deadline in found:
        if deadline.first_slot > now and deadline.late(stages, now):
            late.setdefault((deadline.first_slot, deadline.entry), []).append(deadline)
    return [_late_line(late[key]) for key in sorted(late)]


def _late_line(late: list[Deadline]) -> str:
    slot = late[0].first_slot.astimezone(OFFICE_ZONE)
    stages = ", ".join(
        f"{each.stage.label} (hạn {each.due:%d/%m}{', dự kiến' if each.provisional else ''})" for each in late
    )
    return f"TRỄ: {late[0].entry}, đăng {slot:%H:%M %d/%m}: {stages}"


def _of_period(period: tuple[date, date], place: Place) -> tuple[Deadline, ...]:
    from desk.workspace import read_workspace

    return _of_workspace(read_workspace(place), period)


def _of_workspace(opened: Workspace, period: tuple[date, date]) -> tuple[Deadline, ...]:
    if opened.plan.problems:
        raise BadInput(*opened.plan.problems)
    wanted = {slot.entry for slot in opened.plan.between(*period)}
    slots = [slot for slot in opened.plan.slots if slot.entry in wanted]
    return deadlines(slots, opened.catalogue, opened.content.office.lead_times)


def _of_milestone(rule: str, place: Place) -> tuple[Deadline, ...]:
    from editorial.date_rule import resolve
    from store.calendar_files import read_calendars
    from store.workspace_files import read_content

    catalogue = read_calendars(place.calendars, place.root)
    found = resolve(rule, catalogue)
    lead_times = read_content(place.root).office.lead_times
    return deadlines_before(found.at, found.rule, catalogue, lead_times, provisional=found.provisional)


def _print(found: Iterable[Deadline], stages: Mapping[str, Stage], now: datetime) -> None:
    from rich.console import Console
    from rich.table import Table

    rows = tuple(found)
    late = [deadline for deadline in rows if deadline.late(stages, now)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Hạn", "Khâu", "Nội dung", "Đăng lần đầu", ""):
        table.add_column(heading, overflow="fold")
    for deadline in rows:
        slot = deadline.first_slot.astimezone(OFFICE_ZONE)
        note = " (dự kiến)" if deadline.provisional else ""
        due, mark = f"{deadline.due:%d/%m/%Y}{note}", _mark(deadline, stages, now)
        table.add_row(due, deadline.stage.label, deadline.entry, f"{slot:%d/%m/%Y %H:%M}", mark)
    Console().print(table)
    day = f"{now.astimezone(OFFICE_ZONE):%d/%m/%Y}"
    typer.echo(f"{len(late)} việc trễ hạn tính đến {day}." if late else "Không có việc nào trễ hạn.")


def _mark(deadline: Deadline, stages: Mapping[str, Stage], now: datetime) -> str:
    if deadline.late(stages, now):
        return "TRỄ, quá giờ" if deadline.first_slot <= now else "TRỄ"
    return "hôm nay" if deadline.due.date() == now.astimezone(OFFICE_ZONE).date() else ""


def _values(deadline: Deadline, stages: Mapping[str, Stage], now: datetime) -> dict[str, object]:
    stage = stages.get(deadline.entry)
    return {
        "due": deadline.due.isoformat(),
        "stage": deadline.stage.value,
        "entry": deadline.entry,
        "first_slot": deadline.first_slot.isoformat(),
        "provisional": deadline.provisional,
        "reached": stage.value if stage else None,
        "late": deadline.late(stages, now),
    }
