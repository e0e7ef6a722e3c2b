"""Does this machine render right, and what does it need?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place

if TYPE_CHECKING:
    from desk.doctor import Finding


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Khám máy này: chữ, phông, bộ nén, màu, kho dữ liệu, ổ đĩa; nói rõ việc cần làm."""
    from desk.doctor import examine

    found = []
    for finding in examine(find_place(workspace)):
        found.append(finding)
        if not as_json:
            typer.echo(_line(finding))
    well = all(finding.well for finding in found)
    if as_json:
        print_json({"ok": well, "checks": [_values(finding) for finding in found]})
    else:
        typer.echo("Máy này dựng ảnh và clip đúng." if well else "Có việc cần làm, xem các dòng có dấu ✗.")
    return 0 if well else 1


def _line(finding: Finding) -> str:
    line = f"{'✓' if finding.well else '✗'} {finding.what:<16} {finding.seen}"
    return line if finding.well else f"{line}\n  → {finding.advice}"


def _values(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id, "ok": finding.well, "what": finding.what, "seen": finding.seen, "advice": finding.advice or None,
    }  # fmt: skip
