"""Where an entry stands on its way to the schedule, the next step, and what has changed since it was approved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.memory import Memory, memory_folder, open_memory, said
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import Place, find_place
from editorial.clock import OFFICE_ZONE
from editorial.problem import BadInput, Problem
from editorial.role import person_of
from editorial.workflow import Action, Progress, seen_now

if TYPE_CHECKING:
    from editorial.changes import Change
    from editorial.workspace import Content
    from store.workflow import StepTaken


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("workflow")(workflow)
    app.command("changes")(changes)


def workflow(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung.")],
    do: Annotated[Action | None, typer.Option("--do", help="Bước muốn làm; bỏ trống để xem.")] = None,
    by: Annotated[str, typer.Option("--by", help="Mã người, trong content/office.yaml.")] = "",
    why: Annotated[str, typer.Option("--why", help="Lý do hoặc lời góp ý.")] = "",
    version: Annotated[int | None, typer.Option("--version", help="Phiên bản đã xem; ai đổi sau đó thì bị từ chối.")] = None,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Xem một mục đang ở bước nào, hoặc làm bước tiếp theo."""
    place = find_place(workspace)
    content = _content(place, entry)
    revision = content.entries[entry].revision
    with open_memory(place, memory) as store:
        if do is not None:
            person = person_of(content.office.people, said(by, "--by"))
            store.workflow.take(entry, do, person, revision=revision, version=version, why=why)
        progress, steps = seen_now(store.workflow.of(entry), revision), store.workflow.steps(entry)
    if as_json:
        print_json(_values(progress, steps))
    else:
        _print(progress, steps)
    return 0


def changes(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung.")],
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """So nội dung bây giờ với bản đã duyệt gần nhất, từng trường một."""
    place = find_place(workspace)
    _content(place, entry)
    found = _changes(place, memory_folder(place, memory), entry)
    if as_json:
        print_json([vars(change) for change in found])
    else:
        for change in found:
            typer.echo(f"{change.post} {change.field}:\n  - {change.before}\n  + {change.after}")
        if not found:
            typer.echo("Không có gì khác bản đã duyệt.")
    return 0


def _changes(place: Place, folder: Path, entry: str) -> tuple[Change, ...]:
    from desk.approving import make_posts
    from desk.carrying_out import office_bench
    from desk.rendering import render_all
    from editorial.changes import package_changes
    from scheduler.engines.embedded import EmbeddedEngine

    with office_bench(place, folder) as bench:
        signed = bench.store.deliveries.list(entry=entry)
        before = [bench.store.posts.version(each.post_key, each.post_digest) for each in signed]
        slots = [slot for slot in bench.workspace.plan.of(entry) if slot.key in {post.key for post in before}]
        engine = EmbeddedEngine()
        try:
            made = render_all(bench.workspace.studio, bench.workspace.production.orders(slots), engine)
        finally:
            engine.stop()
        now = make_posts(bench, slots, made)
        return package_changes([post for post in before if post.key in {each.key for each in now}], now)


def _content(place: Place, entry: str) -> Content:
    from store.workspace_files import read_content

    content = read_content(place.root)
    if entry not in content.entries:
        raise BadInput(Problem(rule="unknown-entry", message=f"không có mục nội dung “{entry}” trong content/"))
    return content


def _print(progress: Progress, steps: tuple[StepTaken, ...]) -> None:
    typer.echo(f"{progress.entry}: {progress.stage.value} (phiên bản {progress.version})")
    for step in steps:
        said_why = f" - {step.why}" if step.why else ""
        typer.echo(f"  {step.at.astimezone(OFFICE_ZONE):%d/%m/%Y %H:%M} {step.who}: {step.action.value}{said_why}")


def _values(progress: Progress, steps: tuple[StepTaken, ...]) -> dict[str, object]:
    return {
        "entry": progress.entry,
        "stage": progress.stage.value,
        "revision": progress.revision,
        "version": progress.version,
        "author": progress.author,
        "steps": [
            {"action": step.action.value, "from": step.start.value, "to": step.end.value, "who": step.who, "why": step.why,
             "revision": step.revision, "at": step.at.isoformat()}
            for step in steps
        ],
    }  # fmt: skip
