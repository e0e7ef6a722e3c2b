"""Gather the deliveries page from what Loa remembers."""

from __future__ import annotations

from desk.web.moment_words import short_moment
from desk.web.outlook import Outlook
from desk.web.views.comment import CommentCard, comment_card, comment_line
from desk.web.views.deliveries import (
    DeliveriesPage,
    DeliveryDetail,
    DeliveryRow,
    Rows,
    attempt_row,
    counted,
    halt_line,
    heartbeat,
    passage_row,
    reading_row,
)
from desk.web.views.next_step import ways
from desk.web.views.standing import Filters
from desk.web.views.status import Status, states_of, status_of, status_of_state
from editorial.after_step import StepState
from editorial.delivery import Delivery
from store.errors import Tampered

PAGE = 100
PRESSING = frozenset({Status.FAILED, Status.HELD, Status.UNSURE})


def read_deliveries(outlook: Outlook, filters: Filters, page: int) -> DeliveriesPage:
    """Return one page of the deliveries that pass the filters; page 0 is the one that holds the present moment."""
    found = find_deliveries(outlook, filters)
    pages = max(1, -(-len(found) // PAGE))
    shown = min(page, pages) or _present_page(outlook, found)
    store = outlook.bench.store
    return DeliveriesPage(
        rows=_rows(outlook, found[(shown - 1) * PAGE : shown * PAGE]),
        counts=counted((status_of_state(state), count) for (_, state), count in store.deliveries.counts().items()),
        filters=filters,
        total=len(found),
        page=shown,
        pages=pages,
        heartbeat=heartbeat(outlook.heartbeat(), outlook.bench.clock.now(), store.deliveries.last_touched()),
        halts=tuple(halt_line(each, outlook.bench.content.office) for each in store.halts.standing()),
    )


def find_deliveries(outlook: Outlook, filters: Filters) -> tuple[Delivery, ...]:
    """Return the deliveries that pass the filters: those that need a person first, then by moment."""
    states = states_of(filters.status) if filters.status else ()
    if filters.status and not states:
        return ()
    listed = outlook.bench.store.deliveries.list(states=states, channel=filters.channel)
    groups = outlook.groups
    kept = (each for each in listed if filters.group is None or groups.get(each.entry) == filters.group)
    asked = {step.delivery for step in outlook.bench.store.steps.list(states=(StepState.HELD,))}
    return tuple(sorted(kept, key=lambda each: (status_of(each) not in PRESSING and each.id not in asked, each.due_at, each.id)))


def read_delivery(outlook: Outlook, id: int) -> DeliveryDetail:
    """Return a delivery with its history; raise KeyError when there is none."""
    store = outlook.bench.store
    delivery = store.deliveries.get(id)
    return DeliveryDetail(
        row=_rows(outlook, (delivery,))[0],
        key=delivery.post_key,
        digest=delivery.post_digest[:12],
        remote_id=delivery.receipt.remote_id if delivery.receipt else None,
        published=short_moment(delivery.published_at) if delivery.published_at else "",
        ways=ways(delivery),
        attempts=tuple(attempt_row(each) for each in store.attempts.of(id)),
        readings=tuple(reading_row(each) for each in store.readings.of(id)),
        passages=tuple(passage_row(each, outlook.bench.content.office) for each in store.deliveries.passages(id)),
        comment=read_comment(outlook, delivery),
    )


def read_comment(outlook: Outlook, delivery: Delivery) -> CommentCard | None:
    """Return what is known of the first comment below a delivery's post; None where it has none."""
    store, step = outlook.bench.store, outlook.bench.store.steps.of(delivery.id)
    if step is None:
        return None
    try:
        planned = store.posts.version(delivery.post_key, delivery.post_digest).first_comment
    except (KeyError, Tampered):
        planned = None
    return comment_card(store, step, planned, outlook.bench.content.office)


def _rows(outlook: Outlook, deliveries: tuple[Delivery, ...]) -> tuple[DeliveryRow, ...]:
    store, headlines = outlook.bench.store, outlook.headlines(each.entry for each in deliveries)
    steps = store.steps.list(deliveries=[each.id for each in deliveries])
    comments = {step.delivery: comment_line(store, step) for step in steps}
    rows = Rows(office=outlook.bench.content.office, headlines=headlines, comments=comments)
    unapproved = outlook.unapproved(deliveries)
    return tuple(rows.row(each, approved=each.post_key not in unapproved) for each in deliveries)


def _present_page(outlook: Outlook, found: tuple[Delivery, ...]) -> int:
    held = outlook.bench.store.steps.list(states=(StepState.HELD,), deliveries=[found[0].id] if found else [])
    if len(found) <= PAGE or held or status_of(found[0]) in PRESSING:
        return 1
    now = outlook.bench.clock.now()
    before = sum(each.due_at < now for each in found)
    return min(before, len(found) - 1) // PAGE + 1
