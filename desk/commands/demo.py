"""The demo as a person sees it: a progress bar for each long step, the plan, and the proof."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.bars import bars
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import Place, find_place
from desk.rehearsal_words import STEPS

if TYPE_CHECKING:
    from rich.console import Console

    from desk.demo import Outcome
    from desk.workspace import Workspace as ReadWorkspace
    from editorial.plan import PlannedSlot


def register(app: typer.Typer) -> None:
    """Add the demo."""
    app.command("demo")(demo)


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Mở bàn làm việc sau khi chạy xong.")] = True,
    as_json: AsJson = False,
    workspace: Workspace = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Cổng của bàn làm việc.")] = 8000,
) -> int:
    """Chạy thử trọn quý IV/2026: lập kế hoạch, dựng, duyệt, đăng lên bản diễn tập và đối chiếu từng bài."""
    from rich.console import Console

    place = find_place(workspace)
    opens = serve and not as_json
    if opens:
        be_sure_of(port)
    told = Console(stderr=as_json)  # with --json, standard output holds the one object and nothing else
    outcome = _run(place, told, quiet=as_json)
    if as_json:
        print_json(outcome_values(outcome), lines=True)
    else:
        _print_proof(outcome, told)
    if not outcome.proof.ok:
        told.print("[bold red]Chưa đạt:[/] số bài kế hoạch, đã đăng và đã đối chiếu không khớp; mở ./loa serve để xem từng bài.")
        return 1
    if opens:
        from desk.commands.serving import serve_memory

        serve_memory(place, place.memory / "demo", port)
    return 0


def be_sure_of(port: int) -> None:
    """Refuse a port that is taken now, not after a minute of work."""
    from desk.serving import bind

    bind("127.0.0.1", port).close()


def _run(place: Place, told: Console, *, quiet: bool) -> Outcome:
    from desk.commands.planning import print_plan
    from desk.demo import Demo

    def planned(workspace: ReadWorkspace, slots: Sequence[PlannedSlot]) -> None:
        if not quiet:
            print_plan(slots, workspace, told)

    with bars(told, STEPS) as report:
        return Demo(place, report, planned).run()


def _print_proof(outcome: Outcome, console: Console) -> None:
    from rich.table import Table

    proof = outcome.proof
    table = Table(title="Bằng chứng", title_justify="left", header_style="bold")
    table.add_column("Kênh")
    for heading in ("Kế hoạch", "Đã đăng", "Đã đối chiếu", "Sổ công khai"):
        table.add_column(heading, justify="right")
    for channel, counts in proof.per_channel.items():
        table.add_row(channel, str(counts.planned), str(counts.published), str(counts.verified), str(counts.ledger))
    table.add_section()
    table.add_row("Cộng", str(proof.planned), str(proof.published), str(proof.verified), str(proof.ledger), style="bold")
    console.print(table)
    again = "tiếp nối lần chạy dở" if outcome.resumed else "chạy từ đầu"
    console.print(
        f"Trùng {proof.duplicates} · thất lạc {proof.lost} · {outcome.renditions} ảnh và clip"
        f" ({outcome.rendered} dựng mới) · {outcome.seconds:.1f} giây, {again}"
    )
    if (said := proof.comments).planned:
        console.print(
            f"Bình luận đầu: kế hoạch {said.planned} · đã nói {said.said} · sổ công khai {said.ledger}"
            f" · trùng {len(said.duplicate_keys)} · thất lạc {len(said.lost_keys)}"
        )
    if outcome.sent_again:
        console.print(f"{outcome.sent_again} bài bị ngắt giữa chừng: người trực đã mở kênh xem, chưa có bài, và cho gửi lại")


def outcome_values(outcome: Outcome) -> dict[str, object]:
    """Return the outcome as JSON has it."""
    from desk.rehearsal_values import comment_values

    proof = outcome.proof
    return {
        "planned": proof.planned,
        "published": proof.published,
        "verified": proof.verified,
        "ledger": proof.ledger,
        "duplicates": proof.duplicates,
        "lost": proof.lost,
        "ok": proof.ok,
        "comments": comment_values(proof.comments),
        "renditions": outcome.renditions,
        "rendered": outcome.rendered,
        "sent_again": outcome.sent_again,
        "seconds": round(outcome.seconds, 2),
        "resumed": outcome.resumed,
        "channels": {
            channel: {
                "planned": counts.planned,
                "published": counts.published,
                "verified": counts.verified,
                "ledger": counts.ledger,
            }
            for channel, counts in proof.per_channel.items()
        },
        "steps": {step: round(seconds, 2) for step, seconds in outcome.step_seconds.items()},
    }
