"""A rehearsal as a person sees it: a bar for each long step, the figures, what went wrong, and what needs a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.bars import bars
from desk.commands.demo import be_sure_of
from desk.commands.options import AsJson, End, Start, Workspace, print_json, read_period
from desk.place import Place, find_place
from desk.rehearsal_words import FAULTS, STEPS, why_words
from desk.seed import read_seed
from editorial.clock import OFFICE_ZONE

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from desk.rehearsing import Rehearsal
    from scheduler.judgement import Judgement

Seed = Annotated[
    str | None, typer.Option("--faults", help="Số hạt giống của sự cố: cùng số thì cùng sự cố; bỏ trống thì không có sự cố nào.")
]
HEADINGS = ("Kế hoạch", "Đã đăng", "Đối chiếu", "Sổ ngoài", "Trùng", "Thất lạc", "Kẹt", "Cần người")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rehearse")(rehearse)


def rehearse(
    start: Start,
    end: End,
    faults: Seed = None,
    as_json: AsJson = False,
    serve: Annotated[bool, typer.Option("--serve", help="Mở bàn làm việc trên kết quả diễn tập sau khi chạy xong.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Cổng của bàn làm việc.")] = 8000,
    workspace: Workspace = None,
) -> int:
    """Diễn tập một khoảng ngày trên bản giả lập các nền tảng, có sự cố, rồi đối chiếu kế hoạch, sổ của Loa và sổ công khai."""
    from rich.console import Console

    period, seed, place = read_period(start, end), None if faults is None else read_seed(faults), find_place(workspace)
    if serve and not as_json:
        be_sure_of(port)
    told = Console(stderr=as_json)  # with --json, standard output holds the one object and nothing else
    with bars(told, STEPS) as report:
        from desk.rehearsing import rehearse as run_rehearsal

        outcome = run_rehearsal(place, *period, seed, report)
    if as_json:
        from desk.rehearsal_values import rehearsal_values

        print_json(rehearsal_values(outcome, period, seed), lines=True)
    else:
        _print(outcome, told)
    if serve and not as_json:
        _serve(place, port)
    return 0 if outcome.judgement.ok else 1


def _serve(place: Place, port: int) -> None:
    from desk.commands.serving import serve_memory
    from desk.rehearsing import MEMORY

    serve_memory(place, place.memory / MEMORY, port)


def _print(outcome: Rehearsal, console: Console) -> None:
    judgement = outcome.judgement
    if not outcome.slots:
        console.print("Khoảng ngày này không có bài nào để diễn tập; xem ./loa plan với cùng --from, --to.")
        return
    _print_figures(judgement, console)
    _print_faults(outcome, console)
    if judgement.waiting:
        _print_waiting(judgement, console)
    _print_failures(judgement, console)
    _print_comments(judgement, console)
    made = f"{outcome.renditions} ảnh và clip ({outcome.rendered} dựng mới)"
    console.print(f"{made} · {outcome.seconds:.1f} giây")
    if judgement.ok:
        console.print("[bold green]Đạt:[/] không bài nào trùng, thất lạc hay bị kẹt.")


def _print_figures(judgement: Judgement, console: Console) -> None:
    from rich.table import Table

    console.print("Kết quả diễn tập", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")  # nine columns on a terminal of eighty
    table.add_column("Kênh", overflow="fold")
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    for channel in judgement.channels:
        table.add_row(channel, *(str(figure) for figure in astuple(judgement.figures(channel))))
    table.add_row("Cộng", *(str(figure) for figure in astuple(judgement.figures())), style="bold")
    console.print(table)


def _print_faults(outcome: Rehearsal, console: Console) -> None:
    if not outcome.strikes:
        console.print("Không có sự cố nào.")
        return
    kinds = Counter(strike.armed.fault.value for strike in outcome.strikes)
    named = " · ".join(f"{FAULTS[kind]} {count}" for kind, count in kinds.most_common())
    console.print(f"{len(outcome.strikes)} sự cố: {named}")
    if outcome.connected_again:
        channels = ", ".join(f"{channel} {count} lần" for channel, count in Counter(outcome.connected_again).items())
        console.print(f"Người trực đã kết nối lại: {channels} (45 phút sau khi mất quyền truy cập)")


def _print_waiting(judgement: Judgement, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print("Cần người quyết định", style="bold")
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Bài", overflow="fold", ratio=3)
    table.add_column("Hẹn đăng", width=10)
    table.add_column("Trên kênh", width=9)
    table.add_column("Vì sao", overflow="fold", ratio=4)
    for each in judgement.waiting:
        seen = "đã có" if each.public else "chưa có"
        table.add_row(Text(each.post_key), _local(each.due_at), seen, Text(f"{why_words(each.reason)}: {each.why}"))
    console.print(table)


def _print_comments(judgement: Judgement, console: Console) -> None:
    from rich.text import Text

    proof = judgement.proof.comments
    if not (proof.planned or proof.ledger):
        return
    figures = f"kế hoạch {proof.planned} · đã nói {proof.said} · sổ ngoài {proof.ledger} · trùng {len(proof.duplicate_keys)}"
    console.print(f"Bình luận đầu: {figures} · thất lạc {len(proof.lost_keys)} · cần người {len(judgement.waiting_comments)}")
    for each in judgement.waiting_comments:
        console.print(Text(f"  {each.post_key}: {each.why or 'chờ bài của nó lên kênh'}"))


def _print_failures(judgement: Judgement, console: Console) -> None:
    from rich.text import Text

    lines = [f"Thất lạc: {each.post_key}" for each in judgement.lost]
    lines += [f"Đăng trùng: {key}" for key in judgement.proof.duplicate_keys]
    lines += [f"Khác bản duyệt: {key}" for key in judgement.proof.altered_keys]
    lines += [f"Còn kẹt: {each.post_key} ({each.state.value}; {each.detail})" for each in judgement.stuck]
    lines += [f"Không có trong kế hoạch: {each.channel} {each.url}" for each in judgement.proof.strangers]
    lines += _comment_failures(judgement)
    for line in lines:
        console.print(Text(line, style="bold red"))
    if lines:
        console.print("[bold red]Chưa đạt.[/] Chạy lại với cùng số --faults sẽ gặp lại kết quả này; dữ liệu ở .loa/rehearsal.")


def _comment_failures(judgement: Judgement) -> list[str]:
    proof = judgement.proof.comments
    return [
        *(f"Bình luận thất lạc: {key}" for key in proof.lost_keys),
        *(f"Bình luận trùng: {key}" for key in proof.duplicate_keys),
        *(f"Bình luận còn kẹt: {each.post_key} ({each.state.value}; {each.why})" for each in judgement.stuck_comments),
        *(f"Bình luận không có trong kế hoạch: {each.channel} “{each.text}”" for each in proof.strangers),
    ]


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"
