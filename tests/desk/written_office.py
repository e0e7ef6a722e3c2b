"""A small office on disk, as people write it: files that can be changed, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from desk.place import Place
from desk.records import records_file
from desk.workbench import Workbench, open_workbench
from editorial.approval import approve
from editorial.clock import SimulatedClock
from editorial.message import Variant
from editorial.post import Post
from editorial.role import Person
from editorial.workflow import Action
from tests.store.fresh_database import lay_empty
from tests.story.workspace import make_workspace

NOW = datetime(2026, 9, 28, 2, 0, tzinfo=UTC)  # nine in the morning in Hanoi
ENTRIES = ("giai-phong-thu-do", "phu-nu-viet-nam", "ngay-phap-luat", "quoc-khanh")


def open_written_office(
    folder: Path, entries: Iterable[str] = ENTRIES, *, texts: Mapping[str, str] | None = None, now: datetime = NOW
) -> Workbench:  # fmt: skip
    """Return the office of these sample entries, and of those that `texts` writes, by id."""
    root = folder / "office"
    root.mkdir(parents=True)
    make_workspace(root, entries)
    for id, text in (texts or {}).items():
        (root / "content" / f"{id}.md").write_text(text, encoding="utf-8")
    lay_empty(records_file(root / ".loa" / "office"))
    return open_workbench(Place(root=root), root / ".loa" / "office", SimulatedClock(now))


def person(bench: Workbench, id: str) -> Person:
    """Return one of the sample office's people."""
    return bench.content.office.people[id]


def sign(bench: Workbench, entry: str) -> None:
    """Take an entry the whole way to its schedule, with posts that say nothing and have no picture."""
    posts = tuple(_post(bench, slot.key, slot.channel, entry, slot.at.astimezone(UTC)) for slot in bench.workspace.plan.of(entry))
    approval = approve(posts, (), author="bien-tap", approver="duyet", at=bench.clock.now())
    bench.store.approvals.save(approval, posts)
    for post in posts:
        bench.store.deliveries.plan(post)
    revision = bench.content.entries[entry].revision
    steps = ((Action.SUBMIT, "bien-tap"), (Action.CHECK, "kiem-chung"), (Action.APPROVE, "duyet"), (Action.SCHEDULE, "duyet"))
    for action, who in steps:
        bench.store.workflow.take(entry, action, person(bench, who), revision=revision)


def _post(bench: Workbench, key: str, channel: str, entry: str, due_at: datetime) -> Post:
    variant = Variant(channel=channel, language="vi", title="Thử", text="Thử", html="", summary="Thử")
    return Post(key=key, entry=entry, channel=channel, variant=variant, media=(), due_at=due_at)


def markdown(id: str, when: str, *, channels: str = "[portal, facebook]", more: str = "", tone: str = "festive") -> str:
    """Return an entry's file."""
    return (
        f'---\nid: {id}\ngroup: "1.1"\naxis: thanh-uy\nunit: btgdv\ntone: {tone}\nwhen: {when}\n{more}channels: {channels}\n'
        f"headline: Bài thử {id}\nsummary: Một câu.\n---\nThân bài.\n"
    )
