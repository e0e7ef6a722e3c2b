"""A bar for each long step of a command, on the console that is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

Report = Callable[[str, int, int], None]  # step, done, total
RENDER = {"render": "Dựng ảnh và clip"}
LOOK = {"look": "Dựng hình"}
SHEETS = {**LOOK, "sheets": "Ghép tờ in thử"}
COUNTED = {"render": "khung hình", "look": "hình", "sheets": "tờ"}  # what a step's figures are, where its name does not tell


@contextmanager
def bars(console: Console, steps: Mapping[str, str]) -> Iterator[Report]:
    """Show a bar for each step, with the time left; a step is over when the next one begins."""
    with _progress(console) as shown:
        tasks: dict[str, TaskID] = {}

        def finish() -> None:
            for task in tasks.values():
                whole = shown.tasks[task].total or 1
                shown.update(task, total=whole, completed=whole)

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                finish()
                tasks[step] = shown.add_task(steps[step], total=None, counted=COUNTED.get(step, ""))
            shown.update(tasks[step], completed=done, total=total or None)

        yield report
        finish()


def _progress(console: Console) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description:<20}"), BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn("{task.fields[counted]}"),
        TextColumn("còn"), TimeRemainingColumn(), TextColumn("đã chạy"), TimeElapsedColumn(),
    )  # fmt: skip
    return Progress(*columns, console=console, transient=False)


@contextmanager
def bars_beside(steps: Mapping[str, str]) -> Iterator[Report]:
    """Show a bar for each step on the error output, so that an answer in JSON stays whole."""
    from rich.console import Console

    with bars(Console(stderr=True), steps) as report:
        yield report


@contextmanager
def rendering_bar() -> Iterator[Callable[[int, int], None]]:
    """Show how many frames the rendering has done, and the time left."""
    with bars_beside(RENDER) as report:
        yield lambda done, total: report("render", done, total)


@contextmanager
def parts_bar() -> Iterator[Report]:
    """Show one bar over work of unequal parts, named after the part that is under way, with the time left."""
    from rich.console import Console

    with _progress(Console(stderr=True)) as shown:
        task = shown.add_task("", total=None, counted="phần")
        yield lambda part, done, total: shown.update(task, description=part, completed=done, total=total)


@contextmanager
def frames_bar() -> Iterator[Report]:
    """Show a bar for each picture or clip by its name, with the frames done and the time left."""
    from rich.console import Console

    with _progress(Console(stderr=True)) as shown:
        tasks: dict[str, TaskID] = {}

        def report(name: str, done: int, total: int) -> None:
            """Move a bar; a total of 0 means that it is not known: nothing of it is done, or all."""
            if name not in tasks:
                tasks[name] = shown.add_task(name, total=None, counted=COUNTED["render"])
            task = next(task for task in shown.tasks if task.id == tasks[name])
            whole = total or task.total or (1 if done else None)
            shown.update(tasks[name], completed=done if total or not done else whole, total=whole)

        yield report
