"""What has changed under what was handed in or signed, and what nobody signed in time: noticed, recorded and told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from desk.approving import changes_since_signed, posts_to_come, void_what_changed
from desk.rendering import HowFar
from desk.triage import UNSENT
from desk.workbench import Workbench
from editorial.changes import Change
from editorial.role import MACHINE
from editorial.workflow import OPEN_STAGES, UNDER_WAY, Action, Progress, Stage
from scheduler.engines.contract import Engine


class Finding(Enum):
    """What became of an entry; the value says what to do."""

    VOID = "nội dung đã đổi sau khi trình hoặc duyệt, phê duyệt cũ hết hiệu lực; hãy trình và duyệt lại"
    MOVED = "lịch đổi giờ của bài đã duyệt; giờ cũ vẫn giữ, hãy dời (./loa move) hoặc trình lại"
    EXPIRED = "đã quá giờ đăng mà chưa duyệt xong; muốn đăng thì chọn giờ khác rồi trình lại"
    GONE = "không còn trong content/ mà đã trình hoặc duyệt; bài của mục không được đăng nữa, trả lại tệp hoặc ./loa withdraw"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What was noticed about one entry, with every field that reads otherwise."""

    entry: str
    what: Finding
    changes: tuple[Change, ...] = ()

    def __str__(self) -> str:
        return f"{self.entry}: {self.what.value}"


def notice(
    bench: Workbench, engine: Engine, progress: HowFar | None = None, *, changed: Collection[str] | None = None
) -> tuple[Notice, ...]:  # fmt: skip
    """Take back what was signed with other bytes, let expire what was not signed in time, and return all of it.

    `changed` are the entries that may read otherwise than when this was asked last, where that is known.
    """
    found = (_look_at(bench, each, engine, progress, changed) for each in _not_all_out(bench))
    return tuple(notice for notice in found if notice is not None)


def _not_all_out(bench: Workbench) -> Iterator[Progress]:
    """Yield where those entries stand of which something may still be signed or go out: of a large office they are few."""
    workflow, ledger = bench.store.workflow, bench.store.deliveries
    yield from workflow.at((OPEN_STAGES | UNDER_WAY) - {Stage.SCHEDULED})
    unsent = ledger.entries_in(UNSENT)
    written = workflow.among(bench.content.entries.keys() | unsent, Stage.SCHEDULED)
    out = ledger.keys_of([each.entry for each in written if each.entry not in unsent])
    for each in written:
        if each.entry in unsent or any(slot.key not in out for slot in bench.workspace.plan.of(each.entry)):
            yield each


def _look_at(
    bench: Workbench, before: Progress, engine: Engine, progress: HowFar | None, changed: Collection[str] | None
) -> Notice | None:  # fmt: skip
    if before.entry not in bench.content.entries:
        return _gone(bench, before)
    if before.stage in UNDER_WAY and changed is not None and before.entry not in changed:
        return None
    if before.stage in OPEN_STAGES and _is_over(bench, before.entry):
        revision = bench.content.entries[before.entry].revision
        bench.store.workflow.take(before.entry, Action.EXPIRE, MACHINE, revision=revision)
        return Notice(entry=before.entry, what=Finding.EXPIRED)
    return _changed(bench, before, engine, progress) if before.stage in UNDER_WAY else None


def _changed(bench: Workbench, before: Progress, engine: Engine, progress: HowFar | None) -> Notice | None:
    posts = posts_to_come(bench, before.entry, engine, progress)
    if not posts and before.stage is Stage.SCHEDULED:
        return None  # everything is out
    if before.revision == bench.content.entries[before.entry].revision:
        moved = changes_since_signed(bench, before.entry, posts)
        if moved and all(change.field == "due_at" for change in moved):
            return Notice(entry=before.entry, what=Finding.MOVED, changes=moved)
    changes = void_what_changed(bench, before.entry, posts)
    is_void = bench.store.workflow.of(before.entry).stage is Stage.DRAFT
    return Notice(entry=before.entry, what=Finding.VOID, changes=changes) if is_void else None


def _gone(bench: Workbench, before: Progress) -> Notice | None:
    """An entry whose file is away is not signed by anybody any more: what of it has not gone out does not."""
    if before.stage not in UNDER_WAY:
        return None
    why = "tệp của mục không còn trong content/"
    bench.store.workflow.take(before.entry, Action.VOID, MACHINE, revision=before.revision, why=why)
    return Notice(entry=before.entry, what=Finding.GONE)


def _is_over(bench: Workbench, entry: str) -> bool:
    """Tell whether every moment of the entry has passed; one without any is not over."""
    moments = [slot.at for slot in bench.workspace.plan.of(entry)]
    return bool(moments) and max(moments) < bench.clock.now()


def void_until_now(bench: Workbench) -> tuple[Notice, ...]:
    """Return the entries that lost what was signed, as long as nobody has taken a step with them since."""
    drafts = (progress.entry for progress in bench.store.workflow.at([Stage.DRAFT]))
    known = (entry for entry in drafts if entry in bench.content.entries)
    return tuple(Notice(entry=entry, what=Finding.VOID) for entry in known if _was_voided(bench, entry))


def _was_voided(bench: Workbench, entry: str) -> bool:
    steps = bench.store.workflow.steps(entry)
    return bool(steps) and steps[-1].action is Action.VOID
