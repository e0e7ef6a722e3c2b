"""Does every template still look as it did when somebody last agreed? For whoever changes templates or the renderer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.place import HOUSE, Place

if TYPE_CHECKING:
    from studio.golden import Verdict
    from studio.studio import Studio

KEPT_IN = HOUSE / "tests" / "studio" / "golden"
SHOWN_IN = HOUSE / "out" / "golden"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("golden")(golden)


def golden(
    templates: Annotated[list[str] | None, typer.Argument(help="Chỉ các mẫu này; mặc định là mọi mẫu.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Đồng ý: giữ hình bây giờ làm hình chuẩn.")] = False,
) -> int:
    """So mọi mẫu của bản mã nguồn này với hình chuẩn; --accept để nhận hình mới (dành cho người sửa mẫu hoặc phần dựng hình)."""
    from desk.designing import open_studio, template_names
    from studio.golden import accept as keep

    place = Place(root=HOUSE)
    studio = open_studio(place, tuple(templates or template_names(place)))
    changed = [verdict for verdict in _verdicts(studio) if not verdict.same]
    if accept:
        for verdict in changed:
            keep(verdict, KEPT_IN)
            typer.echo(f"đã nhận: {verdict.golden.name}")
        if not templates:
            _forget_others(studio)
        return 0
    return _show(studio, changed)


def _verdicts(studio: Studio) -> list[Verdict]:
    from desk.commands.bars import LOOK, bars_beside
    from studio.golden import goldens, judge

    wanted = tuple(goldens(studio))
    with bars_beside(LOOK) as report:
        report("look", 0, len(wanted))
        found = []
        for number, one in enumerate(wanted, start=1):
            found.append(judge(studio, one, KEPT_IN))
            report("look", number, len(wanted))
    return found


def _show(studio: Studio, changed: Sequence[Verdict]) -> int:
    from studio.golden import write_difference

    for verdict in changed:
        path = SHOWN_IN / f"{verdict.golden.name}.png"
        write_difference(verdict, studio.brand, path)
        what = "chưa có hình chuẩn" if verdict.before is None else "khác hình chuẩn"
        typer.echo(f"{verdict.golden.name}: {what}, xem {path.relative_to(HOUSE)}", err=True)
    if changed:
        typer.echo("Nếu đúng ý: ./loa golden --accept", err=True)
        return 1
    typer.echo("Mọi mẫu vẫn như hình chuẩn.")
    return 0


def _forget_others(studio: Studio) -> None:
    """Remove the pictures that no template has any more."""
    from studio.golden import file_of, goldens

    wanted = {file_of(KEPT_IN, one) for one in goldens(studio)}
    for file in sorted(KEPT_IN.glob("*.webp")):
        if file not in wanted:
            file.unlink()
            typer.echo(f"đã bỏ: {Path(file).stem}")
