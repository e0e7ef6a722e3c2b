"""A new template to start from."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.commands.options import Workspace
from desk.place import find_place


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new-template")(new_template)


def new_template(
    name: Annotated[str, typer.Argument(help="Loại và tên, ví dụ infographic/cau-hoi hoặc clip/dem-nguoc.")],
    workspace: Workspace = None,
) -> int:
    """Tạo một mẫu mới chạy được ngay, để sửa thành mẫu của mình."""
    from studio.new_template import new_template as make

    place = find_place(workspace)
    folder = make(place.templates, name)
    for path in sorted(folder.iterdir()):
        typer.echo(path.relative_to(place.root).as_posix())
    typer.echo(f"Tiếp theo: ./loa preview {name}")
    return 0
