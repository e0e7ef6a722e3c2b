"""Move an office's records from its own file to a PostgreSQL that several machines share."""

from __future__ import annotations

import typer

from desk.commands.bars import bars
from desk.commands.memory import no_memory
from desk.place import Place
from desk.records import DATABASE, OFFICE, records_file
from editorial.problem import BadInput, Problem

STEPS = {"media": "Chép ảnh và clip", "copy": "Chép sổ", "compare": "Đối chiếu từng dòng"}


def move_house(place: Place, memory: str | None, to: str, media: str) -> int:
    """Copy everything, hold it against what was copied, and let the office go on there and nowhere else."""
    from rich.console import Console

    from desk.moving_house import move_office
    from desk.servers import ask_database, ask_media

    folder = place.memory / (memory or OFFICE)
    if folder.name != OFFICE:
        raise BadInput(Problem(rule="servers", key="--memory", message="chỉ chuyển được sổ office; hãy bỏ --memory"))
    if not records_file(folder).is_file():
        raise BadInput(no_memory("chưa có sổ nào để chuyển; cơ quan mới thì mở thẳng bằng ./loa serve --database … --broker …"))
    ask_database(to, "--to")
    if media:
        ask_media(media)
    with bars(Console(stderr=True), STEPS) as report:
        moved = move_office(folder, to, media, report)
    if moved.already:
        typer.echo("Sổ này đã chuyển xong từ trước, không làm gì thêm.")
        return 0
    rows = sum(moved.rows.values())
    typer.echo(f"Đã chuyển {rows} dòng trong {len(moved.rows)} bảng; mọi dòng khớp, nhật ký {moved.audit_rows} dòng khớp.")
    typer.echo(f"Sổ cũ giữ nguyên và không đăng nữa. Từ nay: đặt {DATABASE}, rồi mở ./loa serve và ./loa work với --broker.")
    return 0
