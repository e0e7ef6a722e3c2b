"""The calendar changed: which scheduled posts does that concern, and which of them has a person to decide on?"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from desk.commands.memory import open_folder
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place
from desk.records import is_kept
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.delivery import Delivery, State
from editorial.move import Fate, Move
from editorial.move import moves as moved
from editorial.plan import Plan, PlannedSlot
from editorial.problem import BadInput

WAITING = frozenset({State.SCHEDULED, State.QUEUED, State.HELD, State.FAILED})
GONE = frozenset({State.CANCELLED, State.SUPERSEDED})


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("moves")(moves)


def moves(
    memory: Annotated[str, typer.Option("--memory", help="Sổ lịch đăng: office hoặc demo.")] = "office",
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Cho biết lịch mới (ngày lễ, ngày nghỉ, quy tắc) làm lệch giờ những bài đã lên lịch nào."""
    from desk.commands.deadlines import records
    from desk.workspace import read_workspace

    place = find_place(workspace)
    folder = records(place, memory)
    standing, approved = _remembered(folder) if is_kept(folder) else ((), frozenset())
    plan = read_workspace(place).plan
    if plan.problems:
        raise BadInput(*plan.problems)
    found = _compare(standing, approved, plan)
    if as_json:
        print_json([_values(move) for move in found])
    else:
        typer.echo("\n".join(str(move) for move in found) or "Không bài nào đã lên lịch bị lệch giờ.")
    return 1 if any(move.fate in (Fate.CONFLICT, Fate.LOCKED) for move in found) else 0


def _compare(standing: Collection[Delivery], approved: Collection[str], plan: Plan) -> tuple[Move, ...]:
    """Hold what is scheduled against what the calendar says now."""
    published = {delivery.post_key for delivery in standing if delivery.state not in WAITING}
    before = Plan(slots=tuple(_slot(delivery) for delivery in standing), problems=())
    return moved(before, plan, approved, SystemClock().now(), published)


def _remembered(folder: Path) -> tuple[tuple[Delivery, ...], frozenset[str]]:
    """Return the deliveries that still count, and the keys of those whose approval stands."""
    with open_folder(folder) as store:
        standing = tuple(delivery for delivery in store.deliveries.list() if delivery.state not in GONE)
        approved = {each.post_key for each in standing if store.approvals.covers(each.post_key, each.post_digest)}
    return standing, frozenset(approved)


def _slot(delivery: Delivery) -> PlannedSlot:
    at = delivery.due_at.astimezone(OFFICE_ZONE)
    return PlannedSlot(
        entry=delivery.entry, channel=delivery.channel, at=at, rule="", anchor="", occasion=None, provisional=False, notes=()
    )


def _values(move: Move) -> dict[str, object]:
    return {
        "fate": move.fate.value,
        "entry": move.before.entry,
        "channel": move.before.channel,
        "key": move.before.key,
        "from": move.before.at.isoformat(),
        "to": move.after.at.isoformat(),
        "rule": move.after.rule,
        "provisional": move.after.provisional,
        "back_to_review": move.back_to_review,
        "message": str(move),
    }
