"""The audit log: is it whole, and what does it say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.memory import Memory, chosen_memory, no_memory, open_folder, open_memory
from desk.commands.options import AsJson, Workspace, print_json
from desk.commands.output import write_output
from desk.deed_words import Kind
from desk.place import find_place
from desk.records import is_kept
from editorial.clock import OFFICE_ZONE
from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from store.audit_chain import Break, Link
    from store.audit_witness import LogReport, Testimony
    from store.invariants import Violation
    from store.signatures import Contradiction

MOST_ROWS = 2**53
audit = typer.Typer(name="audit", help="Nhật ký: ai làm gì, lúc nào; kiểm tra và xuất.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    audit.command("verify")(verify)
    audit.command("export")(export)
    audit.command("list")(show)
    app.add_typer(audit)


def verify(
    against: Annotated[Path | None, typer.Option("--export", help="Tệp đã xuất trước đây, để đối chiếu.")] = None,
    head: Annotated[str | None, typer.Option("--head", help="Mã dòng cuối đã ghi lại trước đây, 64 chữ số hệ 16.")] = None,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Đọc lại toàn bộ nhật ký và tìm dòng bị sửa, bị xóa, bị chèn hoặc bị đổi chỗ."""
    from store.audit_export import read_export

    folder = chosen_memory(find_place(workspace), memory)
    report = _report(folder, read_export(against) if against else None, _digest(head) if head is not None else None)
    contradictions, violations = _contradictions(folder), _violations(folder)
    if as_json:
        print_json(_values(report, contradictions, violations))
    else:
        _print(report)
        _print_contradictions(contradictions)
        _print_violations(violations)
    return 0 if report.ok and not contradictions and not violations else 1


def export(
    out: Annotated[Path, typer.Option("--out", help="Tệp nhận nhật ký, mỗi dòng một việc (JSON lines).")],
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Xuất nhật ký ra tệp, kèm mã nối của từng dòng để đối chiếu về sau."""
    from store.audit_export import exported

    with open_memory(find_place(workspace), memory) as store:
        links = store.audit.links()
    write_output(out, exported(links).encode(), "--out")
    typer.echo(f"Đã ghi {len(links)} dòng vào {out}")
    if links:
        typer.echo(f"Mã dòng cuối: {links[-1].sha256}")
    return 0


def show(
    by: Annotated[str | None, typer.Option("--by", help="Chỉ việc của một người: mã trong content/office.yaml.")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Chỉ một loại việc.")] = None,
    before: Annotated[int | None, typer.Option("--before", min=1, max=MOST_ROWS, help="Các việc trước dòng này.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Nhiều nhất bao nhiêu việc.")] = 50,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Liệt kê việc đã làm, mới nhất trước: ai, làm gì, với gì, vì sao."""
    from desk.audit_reader import LogFilters, read_deeds
    from store.workspace_files import read_office

    place = find_place(workspace)
    office = read_office(place.root)
    with open_memory(place, memory) as store:
        found = read_deeds(store, office, LogFilters(person=by, kind=kind), before=before, limit=limit)
    if as_json:
        deeds = [{"row": each.number, "at": each.at.isoformat(), "who": each.by, "action": each.action, "subject": each.subject,
                  "detail": each.why} for each in found.lines]  # fmt: skip
        print_json({"deeds": deeds, "older": found.older})
        return 0
    for each in found.lines:
        at = f"{each.at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"
        typer.echo(f"{each.number}. {at} {each.who} {each.what}: {each.whom}{f' ({each.why})' if each.why else ''}")
    if found.older:
        typer.echo(f"Còn việc cũ hơn: --before {found.older}")
    return 0


def _report(folder: Path, exported: tuple[Link, ...] | None, noted: str | None) -> LogReport:
    """Return what the log and its witnesses say; a log that is gone speaks through its witnesses alone."""
    from store.audit import lost_log
    from store.audit_head import heads_beside

    lost = lost_log(heads_beside(folder), export=exported, noted=noted)
    if not is_kept(folder):
        if not lost.witnessed:
            raise BadInput(no_memory("chưa có sổ nào để kiểm tra; nếu trước đây đã có, hãy khôi phục bản sao lưu"))
        return lost
    try:
        with open_folder(folder) as store:
            return store.audit.verify(export=exported, noted=noted)
    except BadInput:
        if not lost.witnessed:
            raise
        return lost


def _contradictions(folder: Path) -> tuple[Contradiction, ...]:
    """Return what was signed and reads otherwise now; nothing where there is no database to read."""
    if not is_kept(folder):
        return ()
    try:
        with open_folder(folder) as store:
            return store.signatures.contradictions()
    except BadInput:
        return ()


def _violations(folder: Path) -> tuple[Violation, ...]:
    """Return what does not hold in the ledger of deliveries; nothing where there is no database to read."""
    if not (folder / "loa.sqlite").is_file():
        return ()
    try:
        with open_folder(folder) as store:
            return store.invariants.broken()
    except BadInput:
        return ()


def _digest(text: str) -> str:
    written = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", written, re.ASCII):
        message = f"“{text}” không phải là mã dòng cuối: cần đủ 64 chữ số hệ 16, như ./loa audit verify đã in"
        raise BadInput(Problem(rule="bad-head", key="--head", message=message))
    return written


def _print(report: LogReport) -> None:
    rows = report.chain.rows
    if report.ok:
        typer.echo(f"Nhật ký nguyên vẹn: {rows} dòng." if rows else "Nhật ký còn trống.")
    else:
        typer.echo(f"Nhật ký không còn nguyên vẹn ({rows} dòng):" if report.breaks else _UNWITNESSED, err=True)
    for broken in report.breaks:
        typer.echo(f"  {_break_line(broken)}", err=True)
    for line in _proofs(report):
        typer.echo(f"  {line}")
    if rows and not report.breaks:
        typer.echo(f"Mã dòng cuối (dòng {rows}): {report.chain.head}")
        typer.echo(_ADVICE)


def _print_contradictions(found: tuple[Contradiction, ...]) -> None:
    if not found:
        typer.echo("Phê duyệt, quyết định, bước xử lý, biên nhận và mọi bản lưu của bài: đúng như đã ký và đã ghi.")
        return
    typer.echo(f"Có {len(found)} chỗ không còn đúng như đã ký; bài như thế không được đăng, hãy trình và duyệt lại:", err=True)
    for each in found:
        typer.echo(f"  {each.subject}: {each.what}", err=True)


def _print_violations(found: tuple[Violation, ...]) -> None:
    if not found:
        typer.echo("Sổ gửi bài: mỗi bài một lượt, mỗi lần gọi đều được ghi trước, không bài nào gửi khi chưa duyệt (I1-I8).")
        return
    typer.echo(f"Sổ gửi bài có {len(found)} chỗ không đúng; hãy tạm dừng (./loa pause) và xem từng bài trên kênh:", err=True)
    for each in found:
        typer.echo(f"  {each.invariant} {each.subject}: {each.what}", err=True)


_UNWITNESSED = (
    "Chưa chứng minh được: các dòng khớp nhau, nhưng không có gì ngoài cơ sở dữ liệu để đối chiếu. "
    "Tệp đối chứng không còn, hoặc chưa có vì sổ do bản Loa cũ ghi; hãy đưa --export hoặc --head đã giữ."
)
_ADVICE = (
    "Hãy ghi mã này ra nơi khác, hoặc giữ bản xuất ở máy khác: ai sửa được cả cơ sở dữ liệu lẫn tệp đối chứng thì viết lại "
    "được cả hai, và chỉ mã hay bản xuất giữ bên ngoài (--head, --export) mới cho thấy điều đó."
)


def _proofs(report: LogReport) -> Iterator[str]:
    """Yield what each way of checking has shown, and how far it reaches."""
    if not report.chain.breaks and report.chain.rows:
        yield "Chuỗi mã: các dòng khớp nhau, không dòng nào ở giữa bị sửa, chèn, bỏ hay đổi chỗ."
    for each in report.testimonies:
        if each.ok and each.rows:
            later = "" if each.newest == report.chain.rows else f" Cách này không biết gì về các dòng sau dòng {each.newest}."
            yield _WORDS[each.kind.value].format(rows=each.rows, newest=each.newest) + later


_WORDS = {
    "heads": "Tệp đối chứng: khớp {rows} mốc; từ lúc ghi mốc, các dòng đến dòng {newest} không bị viết lại hay cắt bớt.",
    "export": "Bản xuất: khớp {rows} dòng; từ lúc xuất, các dòng đến dòng {newest} không bị viết lại hay cắt bớt.",
    "noted": "Mã ghi lại: là mã của dòng {newest}; từ lúc ghi mã, các dòng đến đó không bị viết lại hay cắt bớt.",
}


def _break_line(broken: Break) -> str:
    return f"dòng {broken.number}: {broken.what}" if broken.number else broken.what


def _values(
    report: LogReport, contradictions: tuple[Contradiction, ...], violations: tuple[Violation, ...]
) -> dict[str, object]:  # fmt: skip
    breaks = [{"row": broken.number, "what": broken.what} for broken in report.breaks]
    witnesses = [_witness(each) for each in report.testimonies]
    signed = [{"subject": each.subject, "what": each.what} for each in contradictions]
    broken = [{"invariant": each.invariant, "subject": each.subject, "what": each.what} for each in violations]
    ok = report.ok and not contradictions and not violations
    return {"ok": ok, "rows": report.chain.rows, "head": report.chain.head, "breaks": breaks, "witnesses": witnesses,
            "contradictions": signed, "invariants": broken}  # fmt: skip


def _witness(each: Testimony) -> dict[str, object]:
    return {"kind": each.kind.value, "ok": each.ok, "rows": each.rows, "newest": each.newest}
