"""What was approved last, whether it still stands, and how the entry differs from it now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from desk.approving import changes_of_entry, changes_since_signed
from desk.triage import may_go
from desk.workbench import Workbench
from editorial.changes import Change, package_changes
from editorial.correction import split_key
from editorial.post import Post
from editorial.workflow import Action
from store.approvals import Signature
from store.store import Store


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


def approval_kept(store: Store, entry: str) -> LastApproval | None:
    """Return the newest approval of an entry as it was kept, compared with nothing; None where there was none."""
    signature = store.approvals.newest(entry)
    if signature is None:
        return None
    return LastApproval(signature=signature, posts=store.approvals.posts(signature.approval), changes=())


def last_approval(bench: Workbench, entry: str, posts: tuple[Post, ...]) -> LastApproval | None:
    """Return the newest approval of an entry, compared with its posts as they would go out now; None where there was none."""
    kept = approval_kept(bench.store, entry)
    if kept is None:
        return None
    changes = _changes(bench, entry, kept.signature, kept.posts, posts)
    of_entry = changes_of_entry(bench, entry, _revision_signed(bench, entry), shown=bool(changes))
    return replace(kept, changes=(*changes, *of_entry))


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
