"""First comments below posts: where each stands, and what a person decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.acting import acting
from desk.commands.memory import Memory, open_memory, said
from desk.commands.options import AsJson, Workspace, print_json
from desk.language import in_words
from desk.place import find_place
from editorial.problem import BadInput, Problem
from editorial.role import Right

if TYPE_CHECKING:
    from editorial.after_step import AfterStep
    from store.store import Store

Number = Annotated[int | None, typer.Argument(help="Số của bình luận, xem ./loa comments; bỏ trống để liệt kê.")]
Do = Annotated[str, typer.Option("--do", help="again (nói lại), by-hand (tôi đã nói bằng tay) hoặc drop (bỏ).")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("comments")(comments)


def comments(
    number: Number = None,
    do: Do = "",
    by: Annotated[str, typer.Option("--by", help="Mã người thực hiện, trong content/office.yaml.")] = "",
    why: Annotated[str, typer.Option("--why", help="Lý do, ghi vào nhật ký.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Cả những bình luận đã nói hoặc đã bỏ.")] = False,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Liệt kê bình luận đầu dưới các bài và quyết định về một bình luận: nói lại, đã nói bằng tay, hoặc bỏ."""
    from desk.after_steps import decide

    place = find_place(workspace)
    if (number is None) != (not do.strip()):
        raise BadInput(Problem(rule="usage", key="--do", message="số của bình luận và --do đi cùng nhau"))
    person = acting(place.root, by, Right.PAUSE).id if number is not None else ""
    with open_memory(place, memory) as store:
        if number is not None:
            shown: tuple[AfterStep, ...] = (decide(store, number, do.strip(), who=person, why=said(why, "--why")),)
        else:
            shown = _listed(store, everything)
        if as_json:
            print_json([comment_values(store, each) for each in shown])
        else:
            _print(store, shown)
    return 0


def _listed(store: Store, everything: bool) -> tuple[AfterStep, ...]:
    """Return the comments that are not over, or that a correction has made wrong; or all."""
    from desk.after_steps import is_out_of_date
    from store.step_passage import CARRIED

    found = store.steps.list()
    return tuple(each for each in found if everything or each.state not in CARRIED or is_out_of_date(store, each))


def _print(store: Store, shown: tuple[AfterStep, ...]) -> None:
    from desk.after_steps import KINDS, OUT_OF_DATE, choices, is_out_of_date, state_words

    for each in shown:
        stands = in_words(state_words(each, store.deliveries.get(each.delivery).state))
        typer.echo(f"[{each.id}] {each.post_key}: {in_words(KINDS[each.kind])}; {stands}")
        if each.text:
            typer.echo(f"    “{each.text}”")
        if is_out_of_date(store, each):
            typer.echo(f"    {in_words(OUT_OF_DATE)}")
        elif each.detail:
            typer.echo(f"    {each.detail}")
        if ways := choices(each):
            typer.echo(f"    ./loa comments {each.id} --do {'|'.join(ways)} --by MÃ --why '…'")
    if not shown:
        typer.echo(in_words("Không có bình luận nào đang chờ; xem cả những bình luận đã nói: ./loa comments --all"))


def comment_values(store: Store, step: AfterStep) -> dict[str, object]:
    """Return a comment as JSON has it."""
    from desk.after_steps import choices, is_out_of_date

    return {
        "id": step.id,
        "post": step.post_key,
        "entry": step.entry,
        "channel": step.channel,
        "kind": step.kind.value,
        "state": step.state.value,
        "reason": step.hold.value if step.hold else None,
        "text": step.text,
        "attempts": step.attempts,
        "comment": step.remote_id,
        "by_hand": step.by_hand,
        "said_at": step.said_at.isoformat() if step.said_at else None,
        "out_of_date": is_out_of_date(store, step),
        "detail": step.detail,
        "choices": list(choices(step)),
    }
