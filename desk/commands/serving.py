"""Open the desk in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.commands.options import Workspace
from desk.place import Place, find_place

DEMO, OFFICE = "demo", "office"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    workspace: Workspace = None,
    port: Annotated[int, typer.Option("--port", help="Cổng của bàn làm việc.")] = 8000,
    memory: Annotated[str | None, typer.Option("--memory", help="demo (kết quả chạy thử) hoặc office.")] = None,
) -> int:
    """Mở bàn làm việc: lịch, mục nội dung, đăng bài."""
    from editorial.problem import BadInput, Problem

    place = find_place(workspace)
    name = memory or (DEMO if (place.memory / DEMO).exists() else OFFICE)
    if name not in (DEMO, OFFICE):
        raise BadInput(Problem(rule="unknown-memory", key="--memory", message=f"“{name}” không phải là demo hoặc office"))
    serve_memory(place, place.memory / name, port)
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
