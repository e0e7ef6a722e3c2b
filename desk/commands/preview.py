"""A template in the browser, drawn anew whenever one of its files is saved."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.commands.options import Workspace
from desk.place import find_place


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("preview")(preview)


def preview(
    template: Annotated[str, typer.Argument(help="Mã mẫu, ví dụ infographic/steps.")],
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Cổng của trang xem thử; 0 là cổng trống bất kỳ.")] = 8010,
    workspace: Workspace = None,
) -> int:
    """Xem một mẫu trong trình duyệt; trang tự vẽ lại mỗi khi tệp của mẫu được lưu."""
    from desk.designing import template_folder
    from desk.preview.serving import Previewing

    place = find_place(workspace)
    template_folder(place, template)
    with Previewing(place, template, port) as previewing:
        typer.echo(f"Xem thử {template} tại {previewing.address} (nhấn Ctrl-C để đóng)")
        for mistake in previewing.mistakes:
            typer.echo(mistake, err=True)
        previewing.wait()
    typer.echo("Đã đóng trang xem thử.")
    return 0
