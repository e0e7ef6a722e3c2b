"""Keep the folder of finished pictures and clips inside its limit."""

from __future__ import annotations

import math
from typing import Annotated

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place
from editorial.problem import BadInput, Problem

GIGABYTE = 10**9
MOST = 10**6  # GB


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sweep")(sweep)


def sweep(
    limit: Annotated[
        float | None,
        typer.Option("--limit", min=0, max=MOST, help="Số GB được giữ lại; mặc định theo biến môi trường LOA_CACHE_GB, hoặc 20."),
    ] = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Dọn kho ảnh và clip đã dựng: lâu không dùng thì bỏ trước, bài chưa đăng thì giữ."""
    from desk.sweeping import sweep_cache

    if limit is not None and math.isnan(limit):
        raise BadInput(Problem(rule="bad-limit", key="--limit", message="“nan” không phải là số GB"))
    swept = sweep_cache(find_place(workspace), None if limit is None else round(limit * GIGABYTE))
    if as_json:
        values = {"removed": swept.removed, "leftovers": swept.leftovers, "freed_bytes": swept.freed, "left_bytes": swept.left}
        print_json(values)
    else:
        typer.echo(f"Đã bỏ {swept.removed} ảnh, clip lâu không dùng và {swept.leftovers} thư mục dựng dở.")
        typer.echo(f"Giải phóng {swept.freed / GIGABYTE:.2f} GB; còn giữ {swept.left / GIGABYTE:.2f} GB.")
    return 0
