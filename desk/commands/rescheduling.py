"""Move an entry to another day or hour, and begin a new one: what the calendar's page does, by command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.acting import acting
from desk.commands.memory import Memory, memory_clock, memory_folder
from desk.commands.options import AsJson, Workspace, print_json
from desk.commands.silence import read_moment
from desk.place import find_place
from editorial.clock import OFFICE_ZONE
from editorial.entry import Form
from editorial.role import Right
from editorial.tone import Tone

if TYPE_CHECKING:
    from desk.consequences import Consequence
    from desk.rescheduling import Rescheduling
    from editorial.plan import PlannedSlot

SIGNS = {"stop": "✗", "warn": "!", "note": "·"}


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("reschedule")(reschedule)
    app.command("new-entry")(new_entry)


def reschedule(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung.")],
    to: Annotated[str, typer.Option("--to", help="Giờ mới của kênh đi đầu, dạng 2026-11-27T08:00; kênh khác giữ khoảng cách.")],
    channel: Annotated[list[str] | None, typer.Option("--channel", help="Chỉ dời kênh này; ghi nhiều lần được.")] = None,
    fixed: Annotated[bool, typer.Option("--fixed", help="Ghi thành ngày cố định, không tính theo mốc nữa.")] = False,
    do: Annotated[bool, typer.Option("--do", help="Làm thật; không có thì chỉ cho xem hệ quả.")] = False,
    by: Annotated[str, typer.Option("--by", help="Mã người dời, trong content/office.yaml.")] = "",
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Dời một mục sang giờ khác trong tệp của nó; cho xem hệ quả trước, --do để làm."""
    from desk.rescheduling import Wish, carry_out, think_through
    from desk.workbench import open_workbench

    place, moment = find_place(workspace), read_moment(to, "--to").astimezone(OFFICE_ZONE)
    person = acting(place.root, by, Right.WRITE) if do else None
    with open_workbench(place, memory_folder(place, memory), memory_clock(place, memory)) as bench:
        thought = think_through(bench, Wish(entry=entry, channels=tuple(channel or ()), to=moment, keeps_anchor=not fixed))
        if person is not None:
            carry_out(bench, thought, person)
    if as_json:
        print_json(_values(thought, done=do))
    else:
        _print(thought, done=do)
    return 1 if thought.stops else 0


def new_entry(
    id: Annotated[str, typer.Argument(help="Mã mục, cũng là tên tệp, ví dụ tet-pho-co-2027.")],
    headline: Annotated[str, typer.Option("--headline", help="Tiêu đề.")],
    summary: Annotated[str, typer.Option("--summary", help="Một câu tóm tắt.")],
    when: Annotated[str, typer.Option("--when", help="Quy tắc ngày, ví dụ trung_thu/2027-3d@08:00.")],
    group: Annotated[str, typer.Option("--group", help="Nhóm nội dung, ví dụ 1.7.")],
    axis: Annotated[str, typer.Option("--axis", help="Trục.")],
    unit: Annotated[str, typer.Option("--unit", help="Đơn vị.")],
    channel: Annotated[list[str], typer.Option("--channel", help="Kênh; ghi nhiều lần được.")],
    by: Annotated[str, typer.Option("--by", help="Mã người soạn, trong content/office.yaml.")],
    tone: Annotated[Tone, typer.Option("--tone", help="Không khí.")] = Tone.NEUTRAL,
    form: Annotated[Form, typer.Option("--form", help="Hình thức.")] = Form.COMMUNICATION,
    campaign: Annotated[str, typer.Option("--campaign", help="Chiến dịch.")] = "",
    memory: Memory = None,
    workspace: Workspace = None,
) -> int:
    """Tạo tệp của một mục mới, đã kiểm tra như mọi mục khác."""
    from desk.new_entry import Draft, begin_entry, write_entry
    from desk.workbench import open_workbench

    place = find_place(workspace)
    person = acting(place.root, by, Right.WRITE)
    draft = Draft(id=id, headline=headline, summary=summary, when=when, group=group, axis=axis, unit=unit, tone=tone.value,
                  form=form.value, campaign=campaign, channels=tuple(channel))  # fmt: skip
    with open_workbench(place, memory_folder(place, memory), memory_clock(place, memory)) as bench:
        begun = begin_entry(bench, draft)
        write_entry(bench, begun, person)
    typer.echo(f"Đã tạo content/{id}.md")
    for slot in begun.slots:
        typer.echo(f"  {_line(slot)}")
    _print_consequences(begun.consequences)
    return 0


def _print(thought: Rescheduling, *, done: bool) -> None:
    typer.echo(f"{thought.entry.id}: {'đã dời' if done else 'sẽ dời'}")
    for shift in thought.shifts:
        typer.echo(f"  {_line(shift.before)} → {_line(shift.after)}")
    for name, (old, new) in thought.rules.items():
        typer.echo(f"  {'moments.' + name if name else 'when'}: {old or '(theo when)'} → {new or '(theo when)'}")
    _print_consequences(thought.consequences)
    if not done and not thought.stops:
        typer.echo("Chưa làm gì; thêm --do --by MÃ để dời.")


def _print_consequences(found: tuple[Consequence, ...]) -> None:
    for each in found:
        typer.echo(f"{SIGNS[each.weight]} {each.words}")


def _line(slot: PlannedSlot) -> str:
    return f"{slot.channel} {slot.at:%H:%M %d/%m/%Y}" + (" (dự kiến)" if slot.provisional else "")


def _values(thought: Rescheduling, *, done: bool) -> dict[str, object]:
    moves = ((each.before.key, each.before.at, each.after.at) for each in thought.shifts)
    follows = ((each.kind.value, each.weight, each.words) for each in thought.consequences)
    return {
        "entry": thought.entry.id,
        "done": done,
        "rules": {name or "when": {"before": old, "after": new} for name, (old, new) in thought.rules.items()},
        "moves": [{"key": key, "from": before.isoformat(), "to": after.isoformat()} for key, before, after in moves],
        "consequences": [{"kind": kind, "weight": weight, "message": words} for kind, weight, words in follows],
    }
