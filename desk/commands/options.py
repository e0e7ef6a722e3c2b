"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from editorial.day_name import iso_day
from editorial.problem import BadInput, Problem

Workspace = Annotated[Path | None, typer.Option("--workspace", "-w", help="Thư mục workspace; mặc định là thư mục này.")]
AsJson = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")]
Start = Annotated[str, typer.Option("--from", help="Ngày đầu, dạng 2026-10-01.")]
End = Annotated[str, typer.Option("--to", help="Ngày cuối, dạng 2026-12-31.")]

FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond these nobody plans, and moments near the ends of time cannot be counted with


def read_day(text: str, key: str = "ngày") -> date:
    """Return an ISO date; raise BadInput when it is not a day that exists."""
    try:
        return iso_day(text)
    except ValueError as error:
        message = f"“{text}” không phải là ngày có thật dạng 2026-09-25"
        raise BadInput(Problem(rule="bad-date", key=key, message=message)) from error


def read_period(start: str, end: str) -> tuple[date, date]:
    """Return both days; raise BadInput when the period runs backwards."""
    first, last = read_day(start, "--from"), read_day(end, "--to")
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        message = f"khoảng ngày phải nằm trong các năm {FIRST_YEAR} đến {LAST_YEAR}"
        raise BadInput(Problem(rule="bad-period", key="--from" if first.year < FIRST_YEAR else "--to", message=message))
    if last < first:
        raise BadInput(Problem(rule="bad-period", key="--to", message="ngày cuối đứng trước ngày đầu; hãy đổi lại"))
    return first, last


def print_json(value: object, *, lines: bool = False) -> None:
    """Print JSON as people read it, or on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=None if lines else 2))
