"""Addresses that are told what changes: the list, a new one, a trial, and taking one away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.memory import Memory, Who, memory_clock, open_memory
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import find_place
from editorial.clock import OFFICE_ZONE

if TYPE_CHECKING:
    from desk.webhooks import Webhooks
    from editorial.role import Person
    from store.webhooks import Webhook

Number = Annotated[int, typer.Argument(metavar="SỐ", min=1, max=2**31 - 1, help="Số của webhook, trong ./loa webhooks list.")]
Url = Annotated[str, typer.Argument(metavar="URL", help="Địa chỉ https:// nhận lời báo.")]
Skip = Annotated[bool, typer.Option("--skip", help="Bỏ qua những gì chưa báo, chỉ báo từ bây giờ.")]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="delivery.changed hoặc entry.changed; ghi nhiều lần được, mặc định cả hai.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    webhooks = typer.Typer(help="Báo cho chương trình khác khi có gì đổi (webhook).", no_args_is_help=True)
    webhooks.command("list")(show)
    webhooks.command("add")(add)
    webhooks.command("test")(test)
    webhooks.command("off")(turn_off)
    webhooks.command("resume")(resume)
    webhooks.command("remove")(remove)
    app.add_typer(webhooks, name="webhooks")


def show(memory: Memory = None, as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Các địa chỉ được báo, báo đến đâu rồi, cái nào đang không gọi được."""
    with _webhooks(workspace, memory) as webhooks:
        found = [(each, webhooks.store.webhooks.waiting(each)) for each in webhooks.store.webhooks.all()]
    if as_json:
        print_json([_values(each, waiting) for each, waiting in found])
    else:
        for each, waiting in found:
            typer.echo(_line(each, waiting))
    return 0


def add(url: Url, by: Who, kind: Kinds = None, memory: Memory = None, workspace: Workspace = None) -> int:
    """Thêm một địa chỉ; khóa ký in một lần."""
    with _webhooks(workspace, memory) as webhooks:
        made = webhooks.add(url, kind or (), _acting(workspace, by))
        secret = webhooks.store.webhooks.secret(made)
    typer.echo(f"Webhook {made.id}: báo {', '.join(each.value for each in made.kinds)} cho {made.url}")
    typer.echo(f"Khóa ký, Loa không in lại: {secret}")
    return 0


def test(number: Number, by: Who, memory: Memory = None, workspace: Workspace = None) -> int:
    """Gửi thử một lời báo và cho biết máy nhận trả lời ra sao."""
    with _webhooks(workspace, memory) as webhooks:
        why = webhooks.test(number, _acting(workspace, by))
    typer.echo(f"Không gửi được: {why}." if why else "Máy nhận đã nhận.")
    return 1 if why else 0


def turn_off(number: Number, by: Who, memory: Memory = None, workspace: Workspace = None) -> int:
    """Tắt một webhook: không báo gì cho đến khi resume, và khi ấy báo tiếp từ chỗ đã báo, hoặc từ lúc ấy (--skip)."""
    with _webhooks(workspace, memory) as webhooks:
        webhooks.turn_off(number, _acting(workspace, by))
    typer.echo(f"Đã tắt webhook {number}; bật lại: ./loa webhooks resume {number}")
    return 0


def resume(number: Number, by: Who, skip: Skip = False, memory: Memory = None, workspace: Workspace = None) -> int:
    """Cho chạy lại một webhook đã dừng hay đã tắt; báo tiếp từ chỗ đã báo, hoặc chỉ từ bây giờ (--skip)."""
    with _webhooks(workspace, memory) as webhooks:
        missed = webhooks.resume(number, _acting(workspace, by), skip=skip)
    if skip:
        typer.echo(f"Webhook {number} chạy lại từ bây giờ; bỏ qua {missed} thay đổi chưa báo.")
    else:
        typer.echo(f"Webhook {number} chạy lại; báo tiếp {missed} thay đổi chưa báo.")
    return 0


def remove(number: Number, by: Who, memory: Memory = None, workspace: Workspace = None) -> int:
    """Bỏ một địa chỉ."""
    with _webhooks(workspace, memory) as webhooks:
        webhooks.remove(number, _acting(workspace, by))
    typer.echo(f"Đã bỏ webhook {number}.")
    return 0


@contextmanager
def _webhooks(workspace: Path | None, memory: str | None) -> Iterator[Webhooks]:
    from desk.webhooks import Webhooks

    place = find_place(workspace)
    clock = memory_clock(place, memory)
    with open_memory(place, memory, clock) as store:
        yield Webhooks(store=store, clock=clock)


def _acting(workspace: Path | None, id: str) -> Person:
    from desk.commands.acting import acting
    from editorial.role import Right

    return acting(find_place(workspace).root, id, Right.MANAGE)


def _line(webhook: Webhook, waiting: int) -> str:
    told = f"báo lần cuối {webhook.told_at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}" if webhook.told_at else "chưa báo gì"
    state = ""
    if webhook.off_at:
        state = f"; đã tắt {webhook.off_at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}, {_again(webhook, waiting)}"
    elif webhook.stopped_at:
        at = f"{webhook.stopped_at.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"
        state = f"; ĐÃ DỪNG {at} ({webhook.detail}): sửa máy nhận, {_again(webhook, waiting)}"
    elif webhook.failing_since:
        at = f"{webhook.failing_since.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"
        state = f"; chưa gọi được từ {at}, {webhook.failures} lần ({webhook.detail}), Loa tự thử lại"
    return f"{webhook.id}: {webhook.url} – {', '.join(each.value for each in webhook.kinds)}; {told}{state}"


def _again(webhook: Webhook, waiting: int) -> str:
    """Return how an address that rests is told again."""
    command = f"./loa webhooks resume {webhook.id}"
    missed, skip = f"{waiting} thay đổi chưa báo; ", f", bỏ qua chúng: {command} --skip"
    return f"{missed if waiting else ''}bật lại: {command}{skip if waiting else ''}"


def _values(webhook: Webhook, waiting: int) -> dict[str, object]:
    moments = {"failing_since": webhook.failing_since, "told_at": webhook.told_at, "stopped_at": webhook.stopped_at,
               "off_at": webhook.off_at}  # fmt: skip
    return {
        "id": webhook.id, "url": webhook.url, "kinds": [each.value for each in webhook.kinds], "failures": webhook.failures,
        "detail": webhook.detail, "made_by": webhook.made_by, "waiting": waiting,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }  # fmt: skip
