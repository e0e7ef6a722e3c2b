"""Every revision of an entry that was handed in, and how any two of them differ, field by field, without rendering anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from editorial.changes import Change, package_changes, said_changes
from editorial.post import Post
from editorial.problem import BadInput, Problem
from editorial.workflow import Action
from store.store import Store

KEPT = frozenset({Action.SUBMIT, Action.EMERGENCY})  # with these an entry's words are kept


@dataclass(frozen=True, kw_only=True)
class Revision:
    """What was handed in, or published in an emergency: `said` is the entry then, empty where an older version kept none."""

    number: int  # from 1
    who: str
    at: datetime
    action: Action
    revision: str
    said: str
    posts: tuple[Post, ...]


def revisions_of(store: Store, entry: str) -> tuple[Revision, ...]:
    """Return an entry's revisions, oldest first; its file may be gone."""
    steps = [step for step in store.workflow.steps(entry) if step.action in KEPT]
    handed_in = iter(store.submissions.of(entry)[-sum(step.action is Action.SUBMIT for step in steps) or None :])
    made = []
    for number, step in enumerate(steps, start=1):
        submission = next(handed_in, None) if step.action is Action.SUBMIT else None
        posts = store.submissions.posts(submission.id) if submission else ()
        said = store.entries.said(entry, step.revision) or ""
        made.append(Revision(number=number, who=step.who, at=step.at, action=step.action, revision=step.revision,
                             said=said, posts=posts))  # fmt: skip
    return tuple(made)


def changes_between(entry: str, before: Revision, after: Revision) -> tuple[Change, ...]:
    """Return every field in which two revisions differ: of the posts where both kept them, and of the entry itself."""
    both = before.posts and after.posts
    posts = package_changes(before.posts, after.posts) if both else ()
    said = said_changes(entry, before.said, after.said, shown=bool(both)) if before.said and after.said else ()
    return (*posts, *said)


def numbered(revisions: Sequence[Revision], number: int, key: str) -> Revision:
    """Return one revision by its number; raise BadInput with what there is."""
    if not 1 <= number <= len(revisions):
        message = f"không có bản số {number}; mục này có {len(revisions)} bản đã trình, xem ./loa changes MÃ --list"
        raise BadInput(Problem(rule="unknown-revision", key=key, message=message))
    return revisions[number - 1]
