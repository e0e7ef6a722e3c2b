"""A workspace to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.place import HOUSE


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Thư mục mới, chưa có gì bên trong.")]) -> int:
    """Tạo workspace của riêng mình từ bản mẫu: lịch, nội dung, mẫu hình, phông và nhạc."""
    from desk.starting import PARTS, new_workspace

    place = new_workspace(folder)
    typer.echo(f"Đã tạo {place.root} với {', '.join(f'{name}/' for name in PARTS)}.")
    typer.echo("Sửa trước tiên: content/office.yaml (đơn vị, con người, kênh), rồi content/*.md.")
    typer.echo(f"Từ nay đứng trong thư mục đó mà gọi lệnh: cd {place.root} && {HOUSE / 'loa'} check")
    return 0
