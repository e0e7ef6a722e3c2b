"""Proof sheets: every size of a template with its longest, usual and shortest data in every theme, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.commands.output import refuse_unwritable, write_output, writing
from desk.place import HOUSE, Place, find_place
from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from desk.proofing import Findings
    from desk.trials import Wanted
    from studio.proof import Scale
    from studio.studio import Studio

GALLERY = HOUSE / "docs" / "proofs"
Several = list[str] | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("proof")(proof)


def proof(
    templates: Annotated[Several, typer.Argument(help="Mã mẫu, ví dụ infographic/steps.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Mọi mẫu trong templates/.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Tệp png/jpg, hoặc thư mục (mỗi mẫu một tờ); mặc định: proofs/.")
    ] = None,
    size: Annotated[Several, typer.Option("--size", help="Chỉ khổ này (dùng được nhiều lần).")] = None,
    theme: Annotated[Several, typer.Option("--theme", help="Chỉ bảng màu này (dùng được nhiều lần).")] = None,
    sample: Annotated[Several, typer.Option("--sample", help="Chỉ dữ liệu worst, typical hoặc shortest.")] = None,
    phone: Annotated[bool, typer.Option("--phone", help="Mỗi ảnh rộng đúng 390 px như trên điện thoại.")] = False,
    width: Annotated[int, typer.Option("--width", min=120, max=1080, help="Bề ngang trên tờ in thử của khổ rộng 1080 px.")] = 390,
    docs: Annotated[bool, typer.Option("--docs", help="Vẽ lại các tờ in thử trong docs/proofs của bản mã nguồn này.")] = False,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """In thử: mọi khổ, dữ liệu dài nhất, thường gặp, ngắn nhất, mọi bảng màu trên một tờ; khoanh đỏ chỗ chưa đúng."""
    from desk.designing import open_studio, template_names
    from desk.trials import Wanted
    from studio.proof import PHONE, Scale

    if docs:
        return _draw_gallery()
    place = find_place(workspace)
    names = template_names(place) if every else tuple(templates or ())
    if not names:
        raise BadInput(Problem(rule="no-template", message="hãy cho mã mẫu, ví dụ: ./loa proof infographic/steps, hoặc --all"))
    studio = open_studio(place, names)
    wanted = Wanted(sizes=size or (), themes=theme or (), samples=sample or ())
    sheets = _sheets(names, out)
    for path in sheets.values():
        refuse_unwritable(path.parent, "--out")
    scale = Scale(width=PHONE, each=True) if phone else Scale(width=width)
    found = _prove(studio, wanted, sheets, scale)
    return _say_outcome(found, sheets, as_json=as_json)


def _draw_gallery() -> int:
    """Draw the sheets of the documentation, all of them: the page tells the version of each."""
    from desk.designing import open_studio, template_names
    from desk.gallery import PAGE, SCALE, WANTED, forget_others, page_of, sheets_in

    place = Place(root=HOUSE)
    names = template_names(place)
    studio = open_studio(place, names)
    found = _prove(studio, WANTED, sheets_in(GALLERY, names), SCALE)
    forget_others(GALLERY, names)
    write_output(GALLERY / PAGE, page_of(studio.templates).encode(), "--docs")
    return _say_outcome(found, sheets_in(GALLERY, names), as_json=False)


def _sheets(names: Sequence[str], out: Path | None) -> dict[str, Path]:
    """Return the file of each template's sheet; one file cannot hold several."""
    if out is not None and out.suffix.lower() in (".png", ".jpg", ".jpeg"):
        if len(names) > 1:
            raise BadInput(Problem(rule="one-file", key="--out", message="nhiều mẫu cần một thư mục, không phải một tệp ảnh"))
        return {names[0]: out}
    folder = out or Path("proofs")
    return {name: folder / f"{name.replace('/', '-')}.png" for name in names}


def _prove(studio: Studio, wanted: Wanted, sheets: Mapping[str, Path], scale: Scale) -> dict[str, Findings]:
    from desk.commands.bars import SHEETS, bars_beside
    from desk.proofing import make_all, write_sheet
    from desk.trials import trials
    from scheduler.engines.embedded import EmbeddedEngine

    found = trials(studio, wanted)
    engine = EmbeddedEngine()
    with bars_beside(SHEETS) as report:
        try:
            made = make_all(studio, found, engine, lambda done, total: report("look", done, total))
        finally:
            engine.stop()
        written = {}
        for done, (name, path) in enumerate(sheets.items()):
            report("sheets", done, len(sheets))
            with writing(path, "--out"):
                written[name] = write_sheet(studio, [trial for trial in found if trial.template.id == name], made, path, scale)
    return written


def _say_outcome(found: Mapping[str, Findings], sheets: Mapping[str, Path], *, as_json: bool) -> int:
    """Say what was written and what is wrong; the status is 1 when one of the problems is an error."""
    if as_json:
        print_json([{"template": name, "sheet": str(sheets[name]), "problems": one.values()} for name, one in found.items()])
    else:
        for name, one in found.items():
            typer.echo(str(sheets[name]))
            for line in one.lines():
                typer.echo(line, err=True)
    return 1 if any(one.failed for one in found.values()) else 0
