"""A step that is about an entry's very bytes, as commands and pages take it: made anew, held against what was seen, and taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desk import approving
from desk.rendering import HowFar
from desk.workbench import Workbench
from editorial.approval import package_digest
from editorial.changes import Change, package_changes
from editorial.post import Post
from editorial.problem import BadInput, Problem
from editorial.role import Person
from editorial.workflow import Action
from scheduler.engines.contract import Engine
from store.store import Store
from store.workflow import StepTaken

WITH_BYTES = frozenset({Action.SUBMIT, Action.CHECK, Action.APPROVE, Action.SCHEDULE})


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a person wants to do, and what they have seen: the version, and the digest of the posts where a page showed them."""

    action: Action
    person: Person
    version: int | None
    why: str
    digest: str = ""


class Outdated(BadInput):
    """Something has changed since the person looked: what reads otherwise, and which steps others have taken meanwhile."""

    def __init__(self, problem: Problem, changes: tuple[Change, ...], steps: tuple[StepTaken, ...]) -> None:
        super().__init__(problem)
        self.changes = changes
        self.steps = steps


def take_with_bytes(bench: Workbench, entry: str, step: Step, engine: Engine, progress: HowFar | None = None) -> None:
    """Take the step with the posts as they would go out now; raise Outdated where they, or the version, are not what was seen."""
    posts = approving.posts_to_come(bench, entry, engine, progress)
    if not posts:
        message = f"mục “{entry}” không còn bài nào chưa đăng; muốn nói lại điều đã rút, hãy viết một mục mới"
        raise BadInput(Problem(rule="nothing-to-publish", message=message))
    if step.digest:
        ask_as_seen(bench.store, entry, posts, step)
    _TAKE[step.action](bench, entry, posts, step)


def ask_as_seen(store: Store, entry: str, posts: tuple[Post, ...], step: Step) -> None:
    """Raise Outdated, with every field, where the posts read otherwise than those that the person has seen."""
    since = steps_since(store, entry, step.version)
    if package_digest(posts) != step.digest:
        message = "nội dung, hình, giờ hoặc kênh đã đổi từ lúc bạn mở trang; hãy xem chỗ đã đổi rồi quyết định lại"
        changes = package_changes(_seen(store, entry, step.digest), posts)
        raise Outdated(Problem(rule="changed-since", message=f"{entry}: {message}"), changes, since)
    if since:
        message = "có người vừa đổi mục này sau khi bạn mở; hãy mở lại, xem thay đổi rồi làm lại"
        raise Outdated(Problem(rule="stale-write", message=f"{entry}: {message}"), (), since)


def steps_since(store: Store, entry: str, version: int | None) -> tuple[StepTaken, ...]:
    """Return the steps that were taken after the version that somebody has seen: each makes the version one greater."""
    return store.workflow.steps(entry)[version:] if version is not None else ()


def _seen(store: Store, entry: str, digest: str) -> tuple[Post, ...]:
    found = next((each for each in reversed(store.submissions.of(entry)) if each.digest == digest), None)
    return store.submissions.posts(found.id) if found else ()


def _submit(bench: Workbench, entry: str, posts: tuple[Post, ...], step: Step) -> None:
    late = approving.past_due_of(bench, entry, posts)
    if late:  # nobody can approve it, and it would expire in silence
        raise BadInput(*late)
    approving.submit(bench, entry, posts, step.person, version=step.version)


def _check(bench: Workbench, entry: str, posts: tuple[Post, ...], step: Step) -> None:
    approving.check_facts(bench, entry, posts, step.person, version=step.version, why=step.why)


def _approve(bench: Workbench, entry: str, posts: tuple[Post, ...], step: Step) -> None:
    approving.sign(bench, entry, posts, step.person, version=step.version, why=step.why)


def _schedule(bench: Workbench, entry: str, posts: tuple[Post, ...], step: Step) -> None:
    approving.schedule(bench, entry, posts, step.person, version=step.version)


_TAKE: Mapping[Action, Callable[[Workbench, str, tuple[Post, ...], Step], None]] = {
    Action.SUBMIT: _submit,
    Action.CHECK: _check,
    Action.APPROVE: _approve,
    Action.SCHEDULE: _schedule,
}
