"""Open the desk in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.commands.memory import chosen_memory
from desk.commands.options import Workspace
from desk.place import Place, find_place


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    workspace: Workspace = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Cổng của bàn làm việc.")] = 8000,
    memory: Annotated[str | None, typer.Option("--memory", help="demo (kết quả chạy thử) hoặc office.")] = None,
) -> int:
    """Mở bàn làm việc: lịch, mục nội dung, đăng bài."""
    place = find_place(workspace)
    serve_memory(place, chosen_memory(place, memory), port)
    return 0


def serve_memory(place: Place, memory: Path, port: int) -> None:
    """Serve the desk over what is remembered in `memory` until Ctrl-C."""
    from desk.serving import Serving

    with Serving(place, memory, port) as serving:
        typer.echo(f"Bàn làm việc đang mở tại {serving.address} (nhấn Ctrl-C để đóng)")
        for why in serving.pauses():
            typer.echo(f"Đang tạm dừng đăng: {why}")
        serving.wait()
    typer.echo("Đã đóng bàn làm việc.")
