"""A rehearsal as a person sees it: a bar for each long step, the figures, what went wrong, and what needs a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.bars import bars
from desk.commands.demo import STEPS, be_sure_of, comment_values
from desk.commands.options import AsJson, End, Start, Workspace, print_json, read_period
from desk.place import Place, find_place
from editorial.clock import OFFICE_ZONE
from editorial.delivery import HoldReason
from editorial.problem import BadInput, Problem

if TYPE_CHECKING:
    from datetime import date, datetime

    from rich.console import Console

    from desk.rehearsing import Rehearsal
    from rehearsal.faults import Strike
    from scheduler.judgement import Judgement, Waiting, WaitingComment

Seed = Annotated[
    str | None, typer.Option("--faults", help="Số hạt giống của sự cố: cùng số thì cùng sự cố; bỏ trống thì không có sự cố nào.")
]
LARGEST_SEED = 2**63 - 1
FAULTS = {  # what each fault is called, by its name
    "drop_response_after_commit": "đã nhận bài nhưng mất trả lời",
    "5xx_after_commit": "đã nhận bài nhưng báo lỗi máy chủ",
    "5xx_before_commit": "máy chủ lỗi, không nhận gì",
    "timeout_mid_body": "trả lời đứt giữa chừng",
    "slow_commit": "báo lỗi rồi bài mới hiện sau",
    "expire_token_now": "quyền truy cập hết hiệu lực",
    "rate_limit_next": "bị giới hạn số lần gọi",
    "html_error_page": "trang lỗi HTML của cổng mạng",
    "duplicate_detect": "nền tảng báo trùng nội dung",
    "insert_then_fail": "đã tạo bài nhưng từ chối siêu dữ liệu",
    "429_after_commit": "đã nhận bài nhưng bảo chờ rồi gửi lại",
    "clock_offset": "đồng hồ nền tảng lệch",
}
REASONS = {
    HoldReason.LATE: "quá giờ",
    HoldReason.UNAPPROVED: "chưa duyệt",
    HoldReason.AMBIGUOUS: "chưa rõ",
    HoldReason.DRIFT: "khác bản duyệt",
    HoldReason.BLACKOUT: "quốc tang",
    HoldReason.HALT: "tạm dừng",
    HoldReason.AUTH: "mất kết nối",
    HoldReason.QUOTA: "hết hạn mức",
    HoldReason.POISON: "hỏng nhiều lần",
}
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

    period, seed, place = read_period(start, end), read_seed(faults), find_place(workspace)
    if serve and not as_json:
        be_sure_of(port)
    told = Console(stderr=as_json)  # with --json, standard output holds the one object and nothing else
    with bars(told, STEPS) as report:
        from desk.rehearsing import rehearse as run_rehearsal

        outcome = run_rehearsal(place, *period, seed, report)
    if as_json:
        print_json(rehearsal_values(outcome, period, seed), lines=True)
    else:
        _print(outcome, told)
    if serve and not as_json:
        _serve(place, port)
    return 0 if outcome.judgement.ok else 1


def read_seed(text: str | None) -> int | None:
    """Return the seed; raise BadInput when it is no whole number."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST_SEED)) or int(text) > LARGEST_SEED:
        message = f"“{text}” không phải là số nguyên từ 0 đến {LARGEST_SEED}; ví dụ --faults 7"
        raise BadInput(Problem(rule="bad-seed", key="--faults", message=message))
    return int(text)


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
        table.add_row(Text(each.post_key), _local(each.due_at), seen, Text(f"{_reason(each)}: {each.why}"))
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


def _reason(each: Waiting) -> str:
    return REASONS[each.reason] if each.reason else "nền tảng từ chối"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"


def rehearsal_values(outcome: Rehearsal, period: tuple[date, date], seed: int | None) -> dict[str, object]:
    """Return a rehearsal as JSON has it; the same seed gives the same values but for `seconds`, `steps` and `rendered`."""
    judgement = outcome.judgement
    figures = asdict(judgement.figures())
    return {
        "from": period[0].isoformat(),
        "to": period[1].isoformat(),
        "seed": seed,
        **figures,
        "faults": len(outcome.strikes),
        "strangers": len(judgement.proof.strangers),
        "altered": len(judgement.proof.altered_keys),
        "ok": judgement.ok,
        "channels": {channel: asdict(judgement.figures(channel)) for channel in judgement.channels},
        "people": [_waiting_values(each) for each in judgement.waiting],
        "lost_posts": [each.post_key for each in judgement.lost],
        "duplicate_posts": list(judgement.proof.duplicate_keys),
        "altered_posts": list(judgement.proof.altered_keys),
        "stuck_posts": [{"post": each.post_key, "state": each.state.value, "why": each.detail} for each in judgement.stuck],
        "strange_posts": [{"channel": each.channel, "url": each.url} for each in judgement.proof.strangers],
        "comments": {
            **comment_values(judgement.proof.comments),
            "stuck": len(judgement.stuck_comments),
            "needs_person": len(judgement.waiting_comments),
            "people": [_comment_values(each) for each in judgement.waiting_comments],
        },
        "strikes": [_strike_values(each) for each in outcome.strikes],
        "connected_again": list(outcome.connected_again),
        "renditions": outcome.renditions,
        "rendered": outcome.rendered,
        "seconds": round(outcome.seconds, 2),
        "steps": {step: round(seconds, 2) for step, seconds in outcome.step_seconds.items()},
    }


def _comment_values(each: WaitingComment) -> dict[str, object]:
    return {"post": each.post_key, "state": each.state.value, "why": each.why}


def _waiting_values(each: Waiting) -> dict[str, object]:
    return {
        "post": each.post_key,
        "channel": each.channel,
        "due": each.due_at.isoformat(),
        "state": each.state.value,
        "reason": each.reason.value if each.reason else None,
        "why": each.why,
        "public": each.public,
    }


def _strike_values(strike: Strike) -> dict[str, object]:
    return {
        "platform": strike.platform,
        "fault": strike.armed.fault.value,
        "at": strike.at.isoformat(),
        "call": strike.call,
        "request": strike.request_id,
    }
