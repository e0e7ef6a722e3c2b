"""The audit log: is it whole, and what does it say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.memory import Memory, open_memory
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place
from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from store.audit_chain import ChainReport, Link

audit = typer.Typer(name="audit", help="Nhật ký: ai làm gì, lúc nào; kiểm tra và xuất.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    audit.command("verify")(verify)
    audit.command("export")(export)
    app.add_typer(audit)


def verify(memory: Memory = None, as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Đọc lại toàn bộ nhật ký và tìm dòng bị sửa, bị xóa, bị chèn hoặc bị đổi chỗ."""
    with open_memory(find_place(workspace), memory) as store:
        report = store.audit.verify()
    if as_json:
        print_json(_values(report))
    else:
        _print(report)
    return 0 if report.ok else 1


def export(
    out: Annotated[Path, typer.Option("--out", help="Tệp nhận nhật ký, mỗi dòng một việc (JSON lines).")],
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Xuất nhật ký ra tệp, kèm mã nối của từng dòng để đối chiếu về sau."""
    with open_memory(find_place(workspace), memory) as store:
        links = store.audit.links()
    lines = [json.dumps(_link_values(link), ensure_ascii=False) for link in links]
    try:
        out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        message = f"không ghi được tệp “{out}”; hãy chọn chỗ khác"
        raise BadInput(Problem(rule="cannot-write", key="--out", message=message)) from error
    typer.echo(f"Đã ghi {len(lines)} dòng vào {out}")
    return 0


def _print(report: ChainReport) -> None:
    if report.ok:
        typer.echo(f"Nhật ký nguyên vẹn: {report.rows} dòng, mã dòng cuối {report.head}")
        return
    typer.echo(f"Nhật ký không còn nguyên vẹn ({report.rows} dòng):", err=True)
    for broken in report.breaks:
        typer.echo(f"  dòng {broken.number}: {broken.what}", err=True)


def _values(report: ChainReport) -> dict[str, object]:
    breaks = [{"row": broken.number, "what": broken.what} for broken in report.breaks]
    return {"ok": report.ok, "rows": report.rows, "head": report.head, "breaks": breaks}


def _link_values(link: Link) -> dict[str, object]:
    moment = link.at if isinstance(link.at, str) else link.at.isoformat()
    return {"row": link.number, "at": moment, "who": link.who, "action": link.action, "subject": link.subject,
            "detail": link.detail, "prev": link.prev, "sha256": link.sha256}  # fmt: skip
