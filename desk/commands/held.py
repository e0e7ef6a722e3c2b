"""What is held, and what a person decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.acting import acting
from desk.commands.memory import Memory, Who, Why, memory_clock, open_memory, said
from desk.commands.options import AsJson, Workspace, print_json
from desk.commands.silence import read_moment
from desk.place import find_place
from editorial.clock import OFFICE_ZONE
from editorial.delivery import HoldReason
from editorial.problem import BadInput, Problem
from editorial.role import Right

if TYPE_CHECKING:
    from editorial.delivery import Delivery

PostKey = Annotated[str, typer.Argument(help="Mã bài hoặc số lượt đăng, xem ./loa held.")]

REASONS = {
    HoldReason.LATE: "quá giờ",
    HoldReason.UNAPPROVED: "chưa duyệt",
    HoldReason.AMBIGUOUS: "không rõ đã đăng chưa",
    HoldReason.DRIFT: "khác bản đã duyệt",
    HoldReason.BLACKOUT: "quốc tang",
    HoldReason.HALT: "tạm dừng",
    HoldReason.AUTH: "mất kết nối kênh",
    HoldReason.QUOTA: "hết hạn mức",
    HoldReason.POISON: "lỗi nhiều lần",
}


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("held")(held)
    app.command("release")(release)
    app.command("move")(move)
    app.command("drop")(drop)


def held(memory: Memory = None, as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Liệt kê bài đang bị giữ và vì sao."""
    from editorial.delivery import State

    with open_memory(find_place(workspace), memory) as store:
        found = store.deliveries.list(states=(State.HELD, State.FAILED))
        tones = {card.id: card.tone.value for card in store.entries.all()}
    if as_json:
        print_json([_values(each, tones.get(each.entry)) for each in found])
        return 0
    for each in found:
        why = REASONS[each.hold_reason] if each.hold_reason else "bị từ chối"
        typer.echo(f"[{each.id}] {each.due_at.astimezone(OFFICE_ZONE):%d/%m/%Y %H:%M}  {each.post_key}: {why}. {each.detail}")
    typer.echo("Thả: ./loa release MÃ · dời: ./loa move MÃ --to ... · bỏ: ./loa drop MÃ" if found else "Không có bài nào bị giữ.")
    return 0


def release(
    posts: Annotated[list[str], typer.Argument(help="Mã bài hoặc số lượt đăng; nhiều bài thì đăng giãn cách.")],
    by: Who,
    why: Why,
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Thả bài đang bị giữ; cùng một kênh thì cách nhau, không đăng dồn."""
    from desk import triage
    from store.workspace_files import read_office

    place = find_place(workspace)
    person = acting(place.root, by, Right.PAUSE)
    rule, clock = read_office(place.root).release_rule(), memory_clock(place, memory)
    with open_memory(place, memory) as store:
        reason, found = said(why, "--why"), {each.id: each for each in (triage.find_delivery(store, name) for name in posts)}
        for delivery in found.values():  # all of them, before the first goes: a command that is refused has done nothing
            triage.ask_release(store, delivery)
        for delivery in found.values():
            gone = triage.release(store, delivery, who=person.id, why=reason, now=clock.now(), rule=rule)
            apart = "" if gone.next_at <= clock.now() else ", cách bài khác của kênh"
            typer.echo(f"{gone.post_key}: sẽ đăng lúc {gone.next_at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}{apart}")
    return 0


def move(
    post: Annotated[str | None, typer.Argument(help="Mã bài; bỏ trống để chuyển cả sổ.")] = None,
    to: Annotated[
        str, typer.Option("--to", help="Giờ mới, dạng 2026-11-27T08:00; hoặc địa chỉ kho PostgreSQL trống, để chuyển cả sổ.")
    ] = "",
    by: Who = "",
    why: Why = "",
    media: Annotated[str, typer.Option("--media", help="Khi chuyển cả sổ: nơi giữ ảnh và clip chung, ví dụ s3://kho.")] = "",
    approved_by: Annotated[str, typer.Option("--approved-by", help="Người duyệt giờ mới, khác người dời.")] = "",
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Dời một bài chưa đăng sang giờ khác, giờ mới phải được duyệt; hoặc chuyển cả sổ sang kho PostgreSQL: --to postgresql://…"""
    if post is None and "://" in to:
        from desk.commands.moving import move_house

        return move_house(find_place(workspace), memory, to, media)
    if post is None:
        raise BadInput(Problem(rule="usage", message="thiếu <post>; hãy xem ./loa move --help"))
    from desk import triage
    from store.workspace_files import read_office

    place = find_place(workspace)
    person = acting(place.root, by, Right.PAUSE)
    approver = acting(place.root, approved_by, Right.APPROVE, "--approved-by").id if approved_by.strip() else ""
    clock, moment, rule = memory_clock(place, memory), read_moment(to, "--to"), read_office(place.root).release_rule()
    with open_memory(place, memory) as store:
        delivery = triage.find_delivery(store, post)
        gone = triage.move(
            store, delivery, moment, who=person.id, why=said(why, "--why"), approver=approver, now=clock.now(), rule=rule
        )  # fmt: skip
    waits = "" if approver else "; giờ mới chưa được duyệt, đến giờ mà chưa duyệt thì bài bị giữ lại"
    typer.echo(f"{gone.post_key}: dời sang {moment.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}{waits}")
    return 0


def drop(post: PostKey, by: Who, why: Why, memory: Memory = None, workspace: Workspace = None) -> int:
    """Bỏ một bài chưa đăng."""
    from desk import triage

    place = find_place(workspace)
    person = acting(place.root, by, Right.PAUSE)
    with open_memory(place, memory) as store:
        gone = triage.drop(store, triage.find_delivery(store, post), who=person.id, why=said(why, "--why"))
    typer.echo(f"{gone.post_key}: đã bỏ, sẽ không đăng")
    return 0


def _values(delivery: Delivery, tone: str | None) -> dict[str, object]:
    return {
        "id": delivery.id,
        "post": delivery.post_key,
        "entry": delivery.entry,
        "channel": delivery.channel,
        "state": delivery.state.value,
        "reason": delivery.hold_reason.value if delivery.hold_reason else None,
        "tone": tone,
        "due_at": delivery.due_at.isoformat(),
        "detail": delivery.detail,
    }
