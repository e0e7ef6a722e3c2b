"""Where an entry stands on its way to the schedule, the next step, and what has changed since it was approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.acting import acting
from desk.commands.bars import rendering_bar
from desk.commands.memory import Memory, memory_clock, memory_folder, open_kept_memory, open_memory
from desk.commands.options import AsJson, Workspace, print_json
from desk.place import Place, find_place
from editorial.clock import OFFICE_ZONE
from editorial.problem import BadInput, Problem
from editorial.workflow import ACTION_WORDS, NEEDED, STAGE_WORDS, Action, Progress, Stage, seen_now

if TYPE_CHECKING:
    from desk.deciding import Step
    from desk.last_approval import LastApproval
    from desk.noticing import Notice
    from desk.revisions import Revision
    from desk.workbench import Workbench
    from editorial.changes import Change
    from scheduler.engines.contract import Engine
    from store.workflow import StepTaken

WITHOUT_FILE = frozenset({Action.COMMENT, Action.REQUEST_CHANGES, Action.REJECT, Action.VOID})  # nothing is made of it
GONE = "tệp không còn trong content/"


def register(app: typer.Typer) -> None:
    """Add the commands of this family."""
    app.command("workflow")(workflow)
    app.command("changes")(changes)
    app.command("sync")(sync)


def workflow(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung; bỏ trống để xem mọi mục.")] = "",
    do: Annotated[Action | None, typer.Option("--do", help="Bước muốn làm; bỏ trống để xem.")] = None,
    by: Annotated[str, typer.Option("--by", help="Mã người, trong content/office.yaml.")] = "",
    why: Annotated[str, typer.Option("--why", help="Lý do hoặc lời góp ý.")] = "",
    version: Annotated[int | None, typer.Option("--version", help="Phiên bản đã xem; ai đổi sau đó thì bị từ chối.")] = None,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """Xem một mục đang ở bước nào, hoặc làm bước tiếp theo."""
    place = find_place(workspace)
    if do is None and (by or why or version is not None):
        raise BadInput(Problem(rule="usage", key="--do", message="--by, --why và --version chỉ dùng cùng --do"))
    if not entry:
        return _list(place, memory, do, as_json)
    revision = _revision(place, memory, entry)
    if do is not None:
        from desk.deciding import WITH_BYTES, Step

        _ask_possible(entry, do, is_gone=revision is None)
        person = acting(place.root, by, NEEDED[do])
        if do in WITH_BYTES:
            _take_with_bytes(place, memory_folder(place, memory), entry, Step(action=do, person=person, version=version, why=why))
        else:
            with open_memory(place, memory, memory_clock(place, memory)) as store:
                said = revision or store.workflow.of(entry).revision
                store.workflow.take(entry, do, person, revision=said, version=version, why=why)
    with open_memory(place, memory) as store:
        progress, steps = store.workflow.of(entry), store.workflow.steps(entry)
    if as_json:
        print_json(_values(seen_now(progress, revision or progress.revision), steps) | {"gone": revision is None})
    else:
        _print(seen_now(progress, revision or progress.revision), steps, is_gone=revision is None)
    return 0


def _revision(place: Place, memory: str | None, entry: str) -> str | None:
    """Return what an entry says; None where its file is gone and the memory knows it. Raise BadInput where neither does."""
    from store.workspace_files import read_content

    entries = read_content(place.root).entries
    if entry in entries:
        return entries[entry].revision
    with open_kept_memory(place, memory) as store:
        if store is None or not store.workflow.steps(entry):
            raise BadInput(Problem(rule="unknown-entry", message=f"không có mục nội dung “{entry}” trong content/"))
    return None


def _ask_possible(entry: str, do: Action, *, is_gone: bool) -> None:
    """Raise BadInput for what another command does, and for what needs the entry's file where it is gone."""
    if do is Action.EXPIRE:
        message = "mục tự hết hạn khi giờ đăng cuối đã qua; hãy chạy ./loa sync, hoặc dùng --do void để thôi đăng"
        raise BadInput(Problem(rule="machine-step", key="--do", message=message))
    if do is Action.EMERGENCY:
        raise BadInput(Problem(rule="usage", key="--do", message="đăng khẩn cấp bằng ./loa emergency publish"))
    if do is Action.WITHDRAW:
        raise BadInput(Problem(rule="usage", key="--do", message="rút một mục bằng ./loa withdraw; hai người cùng ký"))
    if is_gone and do not in WITHOUT_FILE:
        message = f"tệp của “{entry}” không còn trong content/; hãy trả lại tệp, hoặc kết thúc mục bằng ./loa withdraw"
        raise BadInput(Problem(rule="no-file", key="--do", message=message))


def _list(place: Place, memory: str | None, do: Action | None, as_json: bool) -> int:
    """Print where every entry stands with which anybody has done anything."""
    from store.workspace_files import read_content

    if do is not None:
        raise BadInput(Problem(rule="usage", key="--do", message="cần mã mục nội dung để làm một bước"))
    entries = read_content(place.root).entries
    with open_memory(place, memory) as store:
        found = [seen_now(each, entries[each.entry].revision) if each.entry in entries else each for each in store.workflow.all()]
    if as_json:
        print_json([{"entry": each.entry, "stage": each.stage.value, "version": each.version} for each in found])
    for each in found if not as_json else ():
        gone = "" if each.entry in entries else f" ({GONE})"
        typer.echo(f"{each.entry}: {STAGE_WORDS[each.stage]}{gone}")
    if not found and not as_json:
        typer.echo("Chưa mục nào được trình.")
    return 0


def changes(
    entry: Annotated[str, typer.Argument(help="Mã mục nội dung.")],
    as_list: Annotated[bool, typer.Option("--list", help="Liệt kê các bản đã trình, có số thứ tự.")] = False,
    start: Annotated[int | None, typer.Option("--from", help="So từ bản số mấy (xem --list).")] = None,
    end: Annotated[int | None, typer.Option("--to", help="Đến bản số mấy; bỏ trống là bản mới nhất.")] = None,
    memory: Memory = None,
    as_json: AsJson = False,
    workspace: Workspace = None,
) -> int:
    """So nội dung bây giờ với bản đã duyệt gần nhất, hoặc hai bản đã trình với nhau (--from, --to), từng trường một."""
    from desk.last_approval import approval_kept

    place = find_place(workspace)
    if as_list and (start, end) != (None, None):
        raise BadInput(Problem(rule="usage", key="--list", message="--list không dùng cùng --from và --to"))
    if as_list or start is not None or end is not None:
        return _revisions(place, entry, memory, (start, end), as_json)
    is_gone = _revision(place, memory, entry) is None
    with open_memory(place, memory) as store:
        kept = approval_kept(store, entry)
    found = kept if kept is None or is_gone else _last_approval(place, memory_folder(place, memory), entry)
    if as_json:
        print_json(_approval_values(found) | {"gone": is_gone})
    elif found is None:
        typer.echo(f"Chưa bản nào của {entry} được duyệt; chưa có gì để so.")
    else:
        _print_approval(found, is_gone=is_gone)
    return 0


def _revisions(place: Place, entry: str, memory: str | None, which: tuple[int | None, int | None], as_json: bool) -> int:
    """Print the revisions that were handed in, or how two of them differ; the entry's file may be gone."""
    from desk.revisions import changes_between, numbered, revisions_of

    with open_memory(place, memory) as store:
        found = revisions_of(store, entry)
    if not found:
        _revision(place, memory, entry)
        typer.echo("[]" if as_json else f"Chưa bản nào của {entry} được trình.")
        return 0
    if which == (None, None):
        _print_revisions(found, as_json)
        return 0
    after = numbered(found, which[1] if which[1] is not None else len(found), "--to")
    before = numbered(found, which[0] if which[0] is not None else max(after.number - 1, 1), "--from")
    changed = changes_between(entry, before, after)
    if as_json:
        print_json({"from": before.number, "to": after.number, "changes": [vars(change) for change in changed]})
        return 0
    _print_changes(changed)
    if not changed:
        typer.echo(f"Bản {before.number} và bản {after.number} đọc như nhau.")
    return 0


def _print_revisions(found: tuple[Revision, ...], as_json: bool) -> None:
    if as_json:
        print_json([{"number": each.number, "at": each.at.isoformat(), "who": each.who, "action": each.action.value,
                     "revision": each.revision, "posts": [post.key for post in each.posts]} for each in found])  # fmt: skip
        return
    for each in found:
        typer.echo(f"{each.number}. {_clock(each.at)} {each.who}: {ACTION_WORDS[each.action]}, mã {each.revision[:12]}")


def sync(memory: Memory = None, as_json: AsJson = False, workspace: Workspace = None) -> int:
    """Tìm mục đã trình hoặc đã duyệt mà nay đọc khác, và mục đã quá giờ: phê duyệt cũ hết hiệu lực."""
    from desk.noticing import notice

    place = find_place(workspace)
    with _posts_of(place, memory_folder(place, memory)) as (bench, engine), rendering_bar() as bar:
        found = notice(bench, engine, bar)
    if as_json:
        print_json([_notice_values(each) for each in found])
        return 1 if found else 0
    for each in found:
        typer.echo(each)
        _print_changes(each.changes)
    if not found:
        typer.echo("Mọi thứ vẫn như đã trình và đã duyệt.")
    return 1 if found else 0


def _take_with_bytes(place: Place, folder: Path, entry: str, step: Step) -> None:
    """Take a step that is about the very posts: they are made anew and compared with what was handed in."""
    from desk.deciding import take_with_bytes

    with _posts_of(place, folder) as (bench, engine), rendering_bar() as bar:
        take_with_bytes(bench, entry, step, engine, bar)


def _last_approval(place: Place, folder: Path, entry: str) -> LastApproval | None:
    from desk.approving import posts_to_come
    from desk.last_approval import last_approval

    with _posts_of(place, folder) as (bench, engine), rendering_bar() as bar:
        return last_approval(bench, entry, posts_to_come(bench, entry, engine, bar))


@contextmanager
def _posts_of(place: Place, folder: Path) -> Iterator[tuple[Workbench, Engine]]:
    from desk.carrying_out import office_bench
    from scheduler.engines.embedded import EmbeddedEngine

    engine = EmbeddedEngine()
    try:
        with office_bench(place, folder) as bench:
            yield bench, engine
    finally:
        engine.stop()


def _print_changes(found: Iterable[Change]) -> None:
    for change in found:
        typer.echo(f"{change.post} {change.field}:\n  - {change.before}\n  + {change.after}")


def _print_approval(found: LastApproval, *, is_gone: bool) -> None:
    approval, ended = found.signature.approval, found.signature.ended_at
    when = _clock(approval.at)
    typer.echo(f"{approval.approver} đã duyệt lúc {when} ({approval.author} trình), mã {approval.digest[:12]}, gồm:")
    for post in found.posts:
        typer.echo(f"  {post.key}: {_clock(post.due_at)}")
    if ended is not None:
        typer.echo(f"Phê duyệt hết hiệu lực lúc {_clock(ended)}, bởi {found.signature.ended_by}: {found.signature.why}")
    if is_gone:
        typer.echo(f"{GONE[0].upper()}{GONE[1:]} nên không so với bây giờ được; các bản đã trình: --list, --from, --to.")
        return
    _print_changes(found.changes)
    if not found.changes:
        typer.echo("Không có gì khác bản đã duyệt." if found.stands else "Nội dung bây giờ vẫn như bản đã duyệt đó.")


def _approval_values(found: LastApproval | None) -> dict[str, object]:
    if found is None:
        return {"approval": None, "changes": []}
    signature, approval = found.signature, found.signature.approval
    ended = {"at": signature.ended_at.isoformat(), "by": signature.ended_by, "why": signature.why} if signature.ended_at else None
    values = {"digest": approval.digest, "author": approval.author, "approver": approval.approver, "at": approval.at.isoformat(),
              "posts": [post.key for post in found.posts], "ended": ended}  # fmt: skip
    return {"approval": values, "changes": [vars(change) for change in found.changes]}


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(OFFICE_ZONE):%H:%M %d/%m/%Y}"


def _notice_values(notice: Notice) -> dict[str, object]:
    return {
        "entry": notice.entry,
        "what": notice.what.name.lower(),
        "message": str(notice),
        "changes": [vars(change) for change in notice.changes],
    }


def _print(progress: Progress, steps: tuple[StepTaken, ...], *, is_gone: bool) -> None:
    typer.echo(f"{progress.entry}: {STAGE_WORDS[progress.stage]} (phiên bản {progress.version})")
    if is_gone:
        over = progress.stage in (Stage.WITHDRAWN, Stage.REJECTED)
        typer.echo(f"  {GONE}{'' if over else f': hãy trả lại tệp, hoặc kết thúc mục bằng ./loa withdraw {progress.entry}'}")
    for step in steps:
        said_why = f" - {step.why}" if step.why else ""
        typer.echo(f"  {step.at.astimezone(OFFICE_ZONE):%d/%m/%Y %H:%M} {step.who}: {ACTION_WORDS[step.action]}{said_why}")


def _values(progress: Progress, steps: tuple[StepTaken, ...]) -> dict[str, object]:
    return {
        "entry": progress.entry,
        "stage": progress.stage.value,
        "revision": progress.revision,
        "version": progress.version,
        "author": progress.author,
        "steps": [
            {"action": step.action.value, "from": step.start.value, "to": step.end.value, "who": step.who, "why": step.why,
             "revision": step.revision, "at": step.at.isoformat()}
            for step in steps
        ],
    }  # fmt: skip
