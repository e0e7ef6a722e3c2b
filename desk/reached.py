"""How far each entry has come on the way to its post, by the office's own records."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from editorial.lead_time import Stage
from editorial.workflow import Stage as Workflow
from store.store import Store

DONE = {
    Workflow.IN_REVIEW: Stage.DESIGN,
    Workflow.FACT_CHECKED: Stage.FACT_CHECK,
    Workflow.APPROVED: Stage.APPROVAL,
    Workflow.SCHEDULED: Stage.APPROVAL,
    Workflow.WITHDRAWN: Stage.APPROVAL,  # nothing of it is wanted any more
}


def reached_in(store: Store, entries: Collection[str]) -> Mapping[str, Stage]:
    """Return how far each of these entries has come; one that is not in the records has not begun.

    Handed in means that words and pictures are made; approved means everything is. A draft anew has everything before it again.
    """
    under_way = {entry: DONE[stage] for entry, stage in store.workflow.stages(entries).items() if stage in DONE}
    return under_way | dict.fromkeys(store.approvals.signed_entries(entries), Stage.APPROVAL)
