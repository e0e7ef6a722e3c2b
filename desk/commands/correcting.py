"""Put right what is live: a changed fact, an entry taken back, and how far each copy has come."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.acting import acting
from desk.commands.memory import Memory, memory_folder, open_memory, said
from desk.commands.options import AsJson, Workspace, print_json
from desk.correction_words import MEANS, STATES, STUCK, WRONG
from desk.language import told
from desk.place import Place, find_place
from editorial.clock import OFFICE_ZONE
from editorial.correction import OPEN, ItemState, Kind, Means, Reason
from editorial.problem import BadInput, Problem
from editorial.role import Right

if TYPE_CHECKING:
    from desk.correcting import Draft
    from desk.workbench import Workbench
    from store.correction_list import Correction, CorrectionItem
    from store.store import Store

Author = Annotated[str, typer.Option("--by", help="Mã người soạn, trong content/office.yaml.")]
Approver = Annotated[str, typer.Option("--approved-by", help="Mã người duyệt, khác người soạn; bỏ trống để chỉ xem kế hoạch.")]

REASONS = {"error": "đăng nhầm", "superseded": "đã được thay thế", "withdrawn": "rút, giữ bài kèm thông báo"}


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("correct")(correct)
    app.command("withdraw")(withdraw)
    app.command("corrections")(corrections)


def correct(
    fact: Annotated[str, typer.Argument(help="Dữ kiện, ví dụ wards; dữ kiện riêng của một mục: mã-mục/tên.")],
    value: Annotated[str, typer.Option("--value", help="Giá trị mới: 1250, 12.5, 2026-09-25, 08:30 hoặc chữ.")],
    by: Author = "",
    approved_by: Approver = "",
    why: Annotated[str, typer.Option("--why", help="Lý do, ghi vào nhật ký và lời đính chính.")] = "",
    write: Annotated[bool, typer.Option("--write", help="Ghi giá trị mới vào tệp trong content/facts/.")] = False,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Đính chính một dữ kiện ở mọi nơi đã đăng; không có --approved-by thì chỉ in kế hoạch."""
    from desk.correcting import changed_fact, draft_correction

    place = find_place(workspace)
    folder = memory_folder(place, memory)
    with _bench(place, folder) as bench:
        old, _ = changed_fact(bench, fact, value)
        if not approved_by:
            _known(place, by)
            return _show_plan(bench, draft_correction(bench, fact, value, why, None), as_json)
        author, approver = _two(place, by, approved_by)
        signed, draft = _decided(bench, fact, value, why, (author, approver))
        if draft is not None:
            _tell_problems(draft)
        if write and "/" not in fact:
            _write(place, bench, fact, value)
        elif old is not None:
            _tell_file(place, fact)
        return _carry_out(bench, folder, signed, as_json)


def withdraw(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung.")],
    reason: Annotated[Reason, typer.Option("--reason", help="error: gỡ hẳn; superseded: thay; withdrawn: giữ, kèm thông báo.")],
    why: Annotated[str, typer.Option("--why", help="Lý do, người đọc sẽ thấy.")],
    by: Author = "",
    approved_by: Approver = "",
    link: Annotated[str, typer.Option("--link", help="Địa chỉ của bản thay thế (với superseded).")] = "",
    channel: Annotated[str | None, typer.Option("--channel", help="Chỉ rút trên kênh này; kênh khác vẫn giữ.")] = None,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Rút một mục đã đăng khỏi mọi kênh, hoặc một kênh; không có --approved-by thì chỉ in kế hoạch."""
    from desk.correcting import draft_withdrawal, sign

    place = find_place(workspace)
    folder = memory_folder(place, memory)
    with _bench(place, folder) as bench:
        if entry not in bench.content.entries and not bench.store.deliveries.list(entry=entry):
            raise BadInput(Problem(rule="unknown-entry", message=f"không có mục nội dung “{entry}”"))
        _ask_channel(bench, entry, channel)
        reasoned = said(why, "--why")
        _ask_address(link)
        draft = draft_withdrawal(bench, entry, reason, reasoned, link, channel or "")
        if not approved_by:
            _known(place, by)
            return _show_plan(bench, draft, as_json)
        author, approver = _two(place, by, approved_by)
        signed = bench.store.corrections.latest(Kind.WITHDRAWAL, draft.decision.subject, reason.value)
        if signed is None and not draft.decision.items and not draft.dropped:
            raise BadInput(Problem(rule="nothing-to-withdraw", message=f"mục “{entry}” không có bài nào đã đăng hay chờ đăng"))
        if signed is None or draft.decision.items or draft.dropped:
            signed = sign(bench, draft, author=author, approver=approver)
            _tell_problems(draft)
        if draft.dropped:
            typer.echo(f"Đã bỏ {len(draft.dropped)} bài chờ đăng của mục này.", err=True)
        return _carry_out(bench, folder, signed, as_json)


def corrections(
    done: Annotated[int | None, typer.Option("--done", help="Ghi rằng bản sao số này đã được làm tay trên kênh.")] = None,
    by: Annotated[str, typer.Option("--by", help="Mã người thực hiện, trong content/office.yaml.")] = "",
    why: Annotated[str, typer.Option("--why", help="Đã làm gì.")] = "",
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Liệt kê mọi quyết định đính chính, rút bài và từng bản sao đã làm đến đâu."""
    from store.errors import Lost

    place = find_place(workspace)
    if done is None and (by or why):
        raise BadInput(Problem(rule="usage", key="--done", message="--by và --why chỉ dùng cùng --done"))
    person = acting(place.root, by, Right.PAUSE).id if done is not None else ""
    with open_memory(place, memory) as store:
        if done is not None:
            try:
                store.corrections.done_by_hand(done, who=person, why=said(why, "--why"))
            except (KeyError, OverflowError, Lost) as error:
                message = f"bản sao số {done} không chờ làm tay; xem ./loa corrections"
                raise BadInput(Problem(rule="not-waiting", key="--done", message=message)) from error
        found = store.corrections.all()
        if as_json:
            print_json([_values(store, each) for each in found])
        else:
            _print_all(store, found)
    return 0


def _two(place: Place, by: str, approved_by: str) -> tuple[str, str]:
    """Return who wrote the correction and who signs it."""
    author = acting(place.root, by, Right.WRITE)
    return author.id, acting(place.root, approved_by, Right.APPROVE, "--approved-by").id


def _known(place: Place, by: str) -> None:
    """Refuse a stranger already where only the plan is shown."""
    if by:
        acting(place.root, by, Right.WRITE)


def _ask_channel(bench: Workbench, entry: str, channel: str | None) -> None:
    """Refuse a channel that the entry is not on."""
    known = sorted({each.channel for each in bench.store.deliveries.list(entry=entry)})
    if channel is not None and channel not in known:
        message = f"mục “{entry}” không có bài nào trên kênh “{channel}”; các kênh của mục: {', '.join(known) or '-'}"
        raise BadInput(Problem(rule="unknown-channel", key="--channel", message=message))


def _ask_address(link: str) -> None:
    """Refuse what readers could not follow."""
    if link and not re.fullmatch(r"https?://[^\s/]+\.\S+", link):
        message = f"“{link}” không phải là địa chỉ dạng https://hanoi.gov.vn/bai-moi"
        raise BadInput(Problem(rule="bad-address", key="--link", message=message))


def _bench(place: Place, folder: Path) -> AbstractContextManager[Workbench]:
    from desk.carrying_out import office_bench

    return office_bench(place, folder)


def _decided(
    bench: Workbench, fact: str, value: str, why: str, people: tuple[str, str]
) -> tuple[Correction | None, Draft | None]:
    from desk.proposing import decided
    from scheduler.engines.embedded import EmbeddedEngine

    engine = EmbeddedEngine()
    try:
        return decided(bench, fact, value, why, engine, author=people[0], approver=people[1])
    finally:
        engine.stop()


def _carry_out(bench: Workbench, folder: Path, signed: Correction | None, as_json: bool) -> int:
    from desk.carrying_out import carry_out

    if signed is None:
        if as_json:
            print_json({"items": []})
        else:
            typer.echo("Không có bản đã đăng nào nêu giá trị cũ; không có gì để đính chính.")
        return 0
    finished = carry_out(bench, folder)
    items = bench.store.corrections.items(signed.id)
    if as_json:
        print_json(_values(bench.store, signed) | {"left_to_desk": not finished})
    else:
        _print_items(bench.store, signed, items)
        if not finished:
            typer.echo("Bàn làm việc đang mở sẽ thực hiện quyết định này; theo dõi bằng ./loa corrections")
        elif any(item.state in OPEN for item in items):
            typer.echo("Chưa xong vì đang tạm dừng (./loa pauses). Khi đã bỏ tạm dừng, hãy chạy lại đúng lệnh này.")
    return 1 if any(item.state in WRONG or (finished and item.state in OPEN) for item in items) else 0


def _show_plan(bench: Workbench, draft: Draft, as_json: bool) -> int:
    if as_json:
        print_json(_plan_values(bench, draft))
        return 0
    decision = draft.decision
    value = REASONS[decision.value] if decision.kind is Kind.WITHDRAWAL else decision.value
    typer.echo(f"Kế hoạch cho “{decision.subject}” ({value}): {len(decision.items)} bản đã đăng")
    for item in decision.items:
        typer.echo(f"  {item.channel:<10} {item.post_key:<48} {MEANS[item.means]}: {', '.join(item.changes) or '-'}")
        if item.note:
            typer.echo(f"  {'':<10} ghi chú công khai: {item.note}")
        if item.why:
            typer.echo(f"  {'':<10} {item.why}; bài ở {_url(bench.store, item.delivery) or 'kênh'}")
    for each in draft.dropped:
        typer.echo(f"  {each.channel:<10} {each.post_key:<48} chưa đăng; sẽ bỏ")
    for post in decision.waiting:
        typer.echo(f"  {post.channel:<10} {post.key:<48} chưa đăng; sẽ đăng bản mới")
    _tell_problems(draft)
    typer.echo("Chưa làm gì. Thêm --by và --approved-by (hai người khác nhau) để thực hiện.")
    return 0


def _tell_problems(draft: Draft) -> None:
    for problem in draft.problems:
        typer.echo(str(told(problem)), err=True)


def _plan_values(bench: Workbench, draft: Draft) -> dict[str, object]:
    decision = draft.decision
    return {
        "kind": decision.kind.value,
        "subject": decision.subject,
        "value": decision.value,
        "old": str(draft.old.value) if draft.old else None,
        "items": [
            {"post": item.post_key, "channel": item.channel, "entry": item.entry, "means": item.means.value,
             "changes": list(item.changes), "note": item.note, "why": item.why, "url": _url(bench.store, item.delivery)}
            for item in decision.items
        ],
        "waiting": [post.key for post in decision.waiting],
        "dropped": [each.post_key for each in draft.dropped],
        "problems": [str(told(problem)) for problem in draft.problems],
        "dry_run": True,
    }  # fmt: skip


def _values(store: Store, signed: Correction) -> dict[str, object]:
    return {
        "id": signed.id,
        "kind": signed.kind.value,
        "subject": signed.subject,
        "value": signed.value,
        "author": signed.author,
        "approver": signed.approver,
        "at": signed.at.isoformat(),
        "digest": signed.digest,
        "items": [_item_values(store, item) for item in store.corrections.items(signed.id)],
        "dry_run": False,
    }


def _item_values(store: Store, item: CorrectionItem) -> dict[str, object]:
    again = store.deliveries.by_key(item.post_key) if item.means is Means.REPOST and item.post_key else None
    return {
        "id": item.id, "post": item.live_key, "channel": item.channel, "entry": item.entry, "means": item.means.value,
        "state": item.state.value, "new_post": item.post_key, "note": item.note, "changes": list(item.changes),
        "calls": item.calls, "detail": item.detail, "url": _url(store, again.id if again else item.delivery),
    }  # fmt: skip


def _url(store: Store, delivery: int) -> str | None:
    receipt = store.deliveries.get(delivery).receipt
    return receipt.url if receipt else None


def _print_all(store: Store, found: tuple[Correction, ...]) -> None:
    if not found:
        typer.echo("Chưa có quyết định đính chính hay rút bài nào.")
    for each in found:
        _print_items(store, each, store.corrections.items(each.id))


def _print_items(store: Store, signed: Correction, items: tuple[CorrectionItem, ...]) -> None:
    from scheduler.correct import GONE

    what = "Đính chính" if signed.kind is Kind.CORRECTION else "Rút bài"
    people = f"{signed.author} soạn, {signed.approver} duyệt"
    value = REASONS[signed.value] if signed.kind is Kind.WITHDRAWAL else signed.value
    day = signed.at.astimezone(OFFICE_ZONE)
    typer.echo(f"{what} số {signed.id}: {signed.subject} = {value} ({people}, {day:%d/%m/%Y})")
    for item in items:
        typer.echo(f"  [{item.id}] {item.channel:<10} {item.live_key:<46} {MEANS[item.means]}: {STATES[item.state]}")
        if item.detail and item.state is not ItemState.DONE:
            typer.echo(f"      {item.detail}")
            if item.state in STUCK:
                typer.echo(f"      bài ở {_url(store, item.delivery) or 'kênh'}")
        _tell_comment(store, item)
    if gone := [item for item in items if item.state is ItemState.DIFFERENT and GONE in item.detail]:
        what = f"./loa withdraw {gone[0].entry} --channel {gone[0].channel} --reason error"
        typer.echo(f"  Bài đã bị gỡ trên kênh thì ghi nhận: {what} --why 'vì sao' --by MÃ --approved-by MÃ")
    stuck = [item for item in items if item.state in STUCK]
    if stuck:
        typer.echo(f"  Đã tự làm trên kênh thì ghi lại: ./loa corrections --done {stuck[0].id} --by MÃ --why 'đã làm gì'")
    if any(item.state in WRONG for item in stuck):
        typer.echo("  Muốn Loa thử lại, hoặc ghi đè bài đã bị sửa trên kênh: chạy lại đúng lệnh đã lập quyết định này.")


def _tell_comment(store: Store, item: CorrectionItem) -> None:
    """Name the first comment below a copy that was put right and still says the old value."""
    from desk.after_steps import OUT_OF_DATE, is_out_of_date

    step = store.steps.of(item.delivery)
    if step is not None and item.state is ItemState.DONE and is_out_of_date(store, step):
        typer.echo(f"      “{step.text}”: {OUT_OF_DATE} (./loa comments {step.id} --do by-hand)")


def _write(place: Place, bench: Workbench, fact: str, value: str) -> None:
    from desk.correcting import changed_fact, written_value
    from store.fact_file import write_value

    _, new = changed_fact(bench, fact, value)
    line = write_value(place.root, new, written_value(new))
    typer.echo(f"Đã ghi {line.file}:{line.line} {line.text.strip()}", err=True)


def _tell_file(place: Place, fact: str) -> None:
    from store.fact_file import find_fact

    if "/" in fact:
        typer.echo(f"Nhớ sửa dữ kiện này trong content/{fact.partition('/')[0]}.md để các bài sau cũng đúng.", err=True)
        return
    line = find_fact(place.root, fact)
    typer.echo(f"Nhớ sửa {line.file}:{line.line} ({line.text.strip()}), hoặc chạy lại với --write.", err=True)
