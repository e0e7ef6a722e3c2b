"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from desk.span import FIRST_YEAR, LAST_YEAR, read_day, read_period

__all__ = (
    "FIRST_YEAR", "LAST_YEAR", "AsJson", "End", "Start", "Workspace", "print_json", "read_day", "read_period",
)  # fmt: skip

Workspace = Annotated[Path | None, typer.Option("--workspace", "-w", help="Thư mục workspace; mặc định là thư mục này.")]
AsJson = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")]
Start = Annotated[str, typer.Option("--from", help="Ngày đầu, dạng 2026-10-01.")]
End = Annotated[str, typer.Option("--to", help="Ngày cuối, dạng 2026-12-31.")]


def print_json(value: object, *, lines: bool = False) -> None:
    """Print JSON as people read it, or on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=None if lines else 2))
