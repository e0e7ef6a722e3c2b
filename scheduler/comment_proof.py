"""The proof of the first comments: what was planned, what the store says, and what the public could read below the posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from editorial.after_step import AfterStep, StepState
from editorial.likeness import plain_words
from store.store import Store


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One comment in the office's name, from somebody who does not know the store: a platform's own list."""

    channel: str
    id: str
    post: str  # the platform's id of what it stands below
    text: str


@dataclass(frozen=True, kw_only=True)
class CommentProof:
    """The proof of the comments of a period. `strangers` were said in the office's name, and no step explains them.

    What a person has said by hand, and what nobody wants any more, is not planned.
    """

    planned: int = 0
    said: int = 0  # by the store
    ledger: int = 0  # comments that the public could read
    duplicate_keys: tuple[str, ...] = ()
    lost_keys: tuple[str, ...] = ()  # said by the store, and nobody could read them
    strangers: tuple[Remark, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether everything planned was said exactly once."""
        return self.planned == self.said == self.ledger and self.clean

    @property
    def clean(self) -> bool:
        """Tell whether nothing was said twice, lost, or said that nobody planned."""
        return not (self.duplicate_keys or self.lost_keys or self.strangers)


def prove_comments(
    store: Store, remarks: Iterable[Remark], *, since: datetime | None = None, until: datetime | None = None
) -> CommentProof:  # fmt: skip
    """Hold steps and what the platforms list against one another, for posts due in a period, `until` not included."""
    seen = tuple(remarks)
    due = frozenset(delivery.id for delivery in store.deliveries.list(since=since, until=until))
    wanted = [step for step in store.steps.list() if step.delivery in due and step.state is not StepState.DROPPED]
    steps = [step for step in wanted if not step.by_hand]
    owners = [_owner(store, steps, remark) for remark in seen]
    rows = Counter(key for key in owners if key is not None)
    said = [step.post_key for step in steps if step.state is StepState.SAID]
    return CommentProof(
        planned=len(steps),
        said=len(said),
        ledger=len(seen),
        duplicate_keys=tuple(sorted(key for key, count in rows.items() if count > 1)),
        lost_keys=tuple(key for key in said if not rows[key]),
        strangers=tuple(remark for remark, key in zip(seen, owners, strict=True) if key is None),
    )


def _owner(store: Store, steps: list[AfterStep], remark: Remark) -> str | None:
    """Return whose a comment is: by the platform's id, else by its words below that very post."""
    here = [step for step in steps if step.channel == remark.channel]
    by_id = next((step.post_key for step in here if step.remote_id == remark.id), None)
    return by_id or next((step.post_key for step in here if _says(store, step, remark)), None)


def _says(store: Store, step: AfterStep, remark: Remark) -> bool:
    receipt = store.deliveries.get(step.delivery).receipt
    below = receipt is not None and receipt.remote_id == remark.post
    return below and any(plain_words(call.text) == plain_words(remark.text) for call in store.steps.attempts(step.id))
