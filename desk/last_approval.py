"""What was approved last, whether it still stands, and how the entry differs from it now."""

from __future__ import annotations

from dataclasses import dataclass

from desk.approving import changes_of_entry, changes_since_signed
from desk.triage import may_go
from desk.workbench import Workbench
from editorial.changes import Change, package_changes
from editorial.correction import split_key
from editorial.post import Post
from editorial.workflow import Action
from store.approvals import Signature


@dataclass(frozen=True, kw_only=True)
class LastApproval:
    """The newest approval of an entry with the posts that it signed, and every field that reads otherwise now."""

    signature: Signature
    posts: tuple[Post, ...]
    changes: tuple[Change, ...]

    @property
    def stands(self) -> bool:
        """Tell whether it has not ended."""
        return self.signature.ended_at is None


def last_approval(bench: Workbench, entry: str, posts: tuple[Post, ...]) -> LastApproval | None:
    """Return the newest approval of an entry, compared with its posts as they would go out now; None where there was none."""
    signature = bench.store.approvals.newest(entry)
    if signature is None:
        return None
    signed = bench.store.approvals.posts(signature.approval)
    changes = _changes(bench, entry, signature, signed, posts)
    of_entry = changes_of_entry(bench, entry, _revision_signed(bench, entry), shown=bool(changes))
    return LastApproval(signature=signature, posts=signed, changes=(*changes, *of_entry))


def _changes(
    bench: Workbench, entry: str, signature: Signature, signed: tuple[Post, ...], posts: tuple[Post, ...]
) -> tuple[Change, ...]:  # fmt: skip
    if signature.ended_at is None:
        return changes_since_signed(bench, entry, posts)
    to_come = [post for post in signed if split_key(post.key)[1] == 1 and may_go(bench.store, post.key)]
    return package_changes(to_come, posts)


def _revision_signed(bench: Workbench, entry: str) -> str:
    """Return what the entry said when somebody last approved it; empty where nobody has, as in an emergency."""
    signed = [step.revision for step in bench.store.workflow.steps(entry) if step.action is Action.APPROVE]
    return signed[-1] if signed else ""
