"""What it looks like: the pictures and clips of an entry, or of a template with data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.commands.output import refuse_unwritable, writing
from desk.language import in_words, told
from desk.place import Place, find_place
from editorial.problem import BadInput, Problem, Severity

if TYPE_CHECKING:
    from desk.template_order import TemplateOrder
    from desk.workspace import Workspace as ReadWorkspace
    from scheduler.production import RenderOrder
    from studio.rendition import Rendition


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("render")(render)


def render(
    what: Annotated[str, typer.Argument(help="Mã mục nội dung (trung-thu-pho-co) hoặc mã mẫu (infographic/steps).")],
    out: Annotated[Path, typer.Option("--out", help="Thư mục nhận ảnh và clip.")],
    data: Annotated[Path | None, typer.Option("--data", help="Mẫu: tệp YAML/JSON dữ liệu; mặc định là typical của mẫu.")] = None,
    size: Annotated[list[str] | None, typer.Option("--size", help="Mẫu: khổ (dùng được nhiều lần); mặc định mọi khổ.")] = None,
    theme: Annotated[str | None, typer.Option("--theme", help="Mẫu: bảng màu; mặc định là bảng màu đầu của mẫu.")] = None,
    image_type: Annotated[str, typer.Option("--format", help="Mẫu: ảnh dạng jpg hoặc png.")] = "jpg",
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Dựng mọi ảnh và clip của một mục nội dung, hoặc của một mẫu với dữ liệu cho sẵn."""
    place = find_place(workspace)
    refuse_unwritable(out, "--out")
    if "/" not in what:
        if data or size or theme or image_type != "jpg":
            message = "--data, --size, --theme, --format chỉ dùng với mã mẫu, ví dụ infographic/steps"
            raise BadInput(Problem(rule="usage", key=what, message=message))
        return _say_outcome(_render_entry(place, what, out), (), as_json=as_json)
    from desk.template_order import read_order

    order = read_order(place, what, data=data, sizes=size or (), theme=theme, image_type=image_type)
    made = _render_template(order)
    written = _put_all(made, out)
    problems = tuple(dict.fromkeys(order.sources.placed(problem) for each in made.values() for problem in each.problems))
    return _say_outcome(written, problems, as_json=as_json)


def _say_outcome(written: Mapping[Path, Mapping[str, object]], problems: Sequence[Problem], *, as_json: bool) -> int:
    """Say what was written and what is not right in it."""
    for problem in problems:
        line = str(told(problem))
        typer.echo(line if problem.severity is Severity.ERROR else in_words(f"(lưu ý) {line}"), err=True)
    if as_json:
        print_json([{"file": str(path), **facts} for path, facts in written.items()])
    else:
        typer.echo("\n".join(str(path) for path in written))
    return 1 if any(problem.severity is Severity.ERROR for problem in problems) else 0


def _render_template(order: TemplateOrder) -> dict[str, Rendition]:
    """Return the renditions by file name; each shows its frames and the time left."""
    from desk.commands.bars import frames_bar

    with frames_bar() as report:
        made = {}
        for name, recipe in order.recipes.items():
            report(name, 0, 0)
            made[name] = order.studio.render(recipe, lambda done, whole, name=name: report(name, done, whole))  # type: ignore[misc]
            report(name, 1, 0)
        return made


def _render_entry(place: Place, entry: str, out: Path) -> dict[Path, dict[str, object]]:
    from desk.workspace import read_workspace

    opened = read_workspace(place)
    if entry not in opened.content.entries:
        raise BadInput(opened.content.unknown_entry(entry))
    orders = opened.production.orders(opened.plan.of(entry))
    made = _renditions(opened, orders)
    named = {f"{order.medium}-{order.recipe.size}-{order.recipe.theme}": made[order.recipe.digest] for order in orders}
    return _put_all(named, out)


def _renditions(opened: ReadWorkspace, orders: Sequence[RenderOrder]) -> dict[str, Rendition]:
    from desk.commands.bars import rendering_bar
    from desk.rendering import render_all
    from scheduler.engines.embedded import EmbeddedEngine

    engine = EmbeddedEngine()
    try:
        with rendering_bar() as progress:
            return render_all(opened.studio, orders, engine, progress)
    finally:
        engine.stop()


def _put_all(made: Mapping[str, Rendition], out: Path) -> dict[Path, dict[str, object]]:
    """Copy renditions out of the cache; nothing was written before all of them were made."""
    from desk.rendering import copy_out

    with writing(out, "--out"):
        out.mkdir(parents=True, exist_ok=True)
        return {
            path: {"width": rendition.width, "height": rendition.height, "seconds": rendition.seconds}
            for name, rendition in made.items()
            for path in copy_out(rendition, out / name)
        }
