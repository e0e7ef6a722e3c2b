"""Emergency publishing: who may, what went out alone, and the review that has to follow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.acting import acting
from desk.commands.memory import Memory, Who, Why, memory_clock, memory_folder, open_memory, said
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place
from editorial.clock import OFFICE_ZONE
from editorial.delivery import SETTLED
from editorial.emergency import Verdict, right_for
from editorial.problem import BadInput, Problem
from editorial.role import Right

if TYPE_CHECKING:
    from editorial.emergency import EmergencyUse

emergency = typer.Typer(name="emergency", help="Đăng khẩn cấp: cấp quyền, đăng, hậu kiểm trong 24 giờ.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    emergency.command("grant")(grant)
    emergency.command("publish")(publish)
    emergency.command("review")(review)
    emergency.command("list")(list_uses)
    app.add_typer(emergency)


def grant(
    person: Annotated[str, typer.Argument(help="Mã người được cấp, trong content/office.yaml.")],
    by: Who,
    why: Why,
    hours: Annotated[float, typer.Option("--hours", help="Bao nhiêu giờ, nhiều nhất 24.")] = 4,
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Cấp quyền đăng khẩn cấp có thời hạn."""
    place = find_place(workspace)
    admin = acting(place.root, by, Right.MANAGE)
    acting(place.root, person, Right.EMERGENCY, "người được cấp")
    with open_memory(place, memory, memory_clock(place, memory)) as store:
        right = store.emergencies.grant(person, right_for(hours), granted_by=admin.id, why=said(why, "--why"))
    typer.echo(f"{person} được đăng khẩn cấp đến {right.expires_at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}")
    return 0


def publish(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung.")],
    by: Who,
    why: Why,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Đăng ngay một mục mà không chờ người duyệt; phải hậu kiểm trong 24 giờ."""
    from desk.carrying_out import carry_out, office_bench
    from desk.emergencies import not_out, publish_in_emergency
    from scheduler.engines.embedded import EmbeddedEngine

    place = find_place(workspace)
    folder = memory_folder(place, memory)
    with office_bench(place, folder) as bench:
        if entry not in bench.content.entries:
            raise BadInput(Problem(rule="unknown-entry", message=f"không có mục nội dung “{entry}” trong content/"))
        engine = EmbeddedEngine()
        try:
            use = publish_in_emergency(bench, entry, person=by, why=said(why, "--why"), engine=engine)
        finally:
            engine.stop()
        ledger = bench.store.deliveries
        carry_out(bench, folder, lambda: all(each.state in SETTLED for each in ledger.list(entry=entry)))
        states, left = {each.post_key: each.state.value for each in ledger.list(entry=entry)}, not_out(bench, entry)
    if as_json:
        print_json(_values(use) | {"deliveries": states, "not_out": list(left)})
    else:
        for key, state in states.items():
            typer.echo(f"  {key}: {state}")
        typer.echo(f"Đăng khẩn cấp số {use.id}; người khác phải hậu kiểm trước {_moment(use)}: ./loa emergency review {use.id}")
    for line in left:
        typer.echo(line, err=True)
    return 1 if left else 0


def review(
    id: Annotated[int, typer.Argument(help="Số lượt đăng khẩn cấp, xem ./loa emergency list.")],
    verdict: Annotated[Verdict, typer.Option("--verdict", help="upheld: đúng; corrected: có đính chính; withdrawn: phải rút.")],
    by: Who,
    why: Why,
    author: Annotated[str, typer.Option("--author", help="Với withdrawn: biên tập viên lập việc rút bài, để rút ngay.")] = "",
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Hậu kiểm một lượt đăng khẩn cấp; người đăng không tự hậu kiểm. Kết luận withdrawn mở việc rút bài."""
    place = find_place(workspace)
    reviewer = acting(place.root, by, Right.APPROVE)
    writer = acting(place.root, author, Right.WRITE, "--author").id if author else ""
    with open_memory(place, memory, memory_clock(place, memory)) as store:
        try:
            use = store.emergencies.review(id, verdict, reviewer=reviewer.id, found=said(why, "--why"))
        except (KeyError, OverflowError) as error:
            raise BadInput(Problem(rule="unknown-use", message=f"không có lượt đăng khẩn cấp số {id}")) from error
    typer.echo(f"Đã hậu kiểm lượt khẩn cấp số {use.id} ({use.entry}): {verdict.value}")
    return _withdraw(use, reviewer.id, writer, memory, workspace) if verdict is Verdict.WITHDRAWN else 0


def _withdraw(use: EmergencyUse, reviewer: str, writer: str, memory: str | None, workspace: Path | None) -> int:
    """Open the withdrawal that the review asks for: carried out where two people sign it here, else shown with the next step."""
    from desk.commands.correcting import withdraw
    from editorial.correction import Reason

    reason = use.found
    status = withdraw(use.entry, Reason.ERROR, reason, by=writer, approved_by=reviewer if writer else "", memory=memory,
                      workspace=workspace)  # fmt: skip
    if not writer:
        signed = f"--by BIÊN-TẬP --approved-by {reviewer}"
        typer.echo(f'Rút ngay bằng: ./loa withdraw {use.entry} --reason error --why "{reason}" {signed}')
    return status


def list_uses(memory: Memory = None, as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Liệt kê lượt đăng khẩn cấp; kết thúc với 1 khi có lượt quá hạn hậu kiểm."""
    place = find_place(workspace)
    with open_memory(place, memory) as store:
        uses = store.emergencies.uses()
    now = memory_clock(place, memory).now()
    if as_json:
        print_json([_values(use) | {"overdue": use.overdue(now)} for use in uses])
    else:
        if not uses:
            typer.echo("Chưa có lượt đăng khẩn cấp nào.")
        for use in uses:
            done = f"hậu kiểm: {use.verdict.value} ({use.reviewer})" if use.verdict else f"chờ hậu kiểm trước {_moment(use)}"
            typer.echo(f"[{use.id}] {use.entry}, {use.person}: {use.why}. {'QUÁ HẠN, ' if use.overdue(now) else ''}{done}")
    return 1 if any(use.overdue(now) for use in uses) else 0


def _moment(use: EmergencyUse) -> str:
    return f"{use.review_by.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"


def _values(use: EmergencyUse) -> dict[str, object]:
    return {
        "id": use.id,
        "entry": use.entry,
        "person": use.person,
        "why": use.why,
        "at": use.at.isoformat(),
        "review_by": use.review_by.isoformat(),
        "verdict": use.verdict.value if use.verdict else None,
        "reviewer": use.reviewer,
    }
