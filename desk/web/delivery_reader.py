"""Gather the deliveries page from what Loa remembers."""

from __future__ import annotations

from desk.web.delivery_stretch import Cursor, Stretches, wanted_by
from desk.web.halt_reader import office_halts
from desk.web.moment_words import short_moment
from desk.web.outlook import Outlook
from desk.web.views.comment import CommentCard, comment_card, comment_line
from desk.web.views.deliveries import (
    DeliveriesPage,
    DeliveryDetail,
    DeliveryRow,
    Rows,
    Strip,
    attempt_row,
    counted,
    heartbeat,
    passage_row,
    reading_row,
)
from desk.web.views.next_step import ways
from desk.web.views.standing import Filters
from desk.web.views.status import status_of_state
from editorial.delivery import Delivery
from store.errors import Tampered


def read_deliveries(
    outlook: Outlook, filters: Filters, *, after: Cursor | None = None, before: Cursor | None = None
) -> DeliveriesPage:  # fmt: skip
    """Return one page of the deliveries that pass the filters; without a place, what needs a person and what is near now."""
    stretches = find_stretches(outlook, filters)
    if after is not None:
        found = stretches.later_than(after)
    else:
        found = stretches.earlier_than(before) if before is not None else stretches.around_now()
    return DeliveriesPage(
        rows=_rows(outlook, found.deliveries),
        filters=filters,
        total=count_deliveries(outlook, filters),
        earlier=str(found.earlier or ""),
        later=str(found.later or ""),
        from_now=after is None and before is None,
        halts=office_halts(outlook),
    )


def read_strip(outlook: Outlook, filters: Filters) -> Strip:
    """Return how many deliveries stand where, and when the scheduler last ran."""
    tally = outlook.bench.store.delivery_tally
    return Strip(
        counts=counted((status_of_state(state), count) for (_, state), count in tally.counts().items()),
        filters=filters,
        heartbeat=heartbeat(outlook.heartbeat(), outlook.bench.clock.now(), tally.last_change()),
    )


def find_stretches(outlook: Outlook, filters: Filters) -> Stretches:
    """Return what finds the deliveries that pass the filters."""
    return Stretches(pages=outlook.bench.store.delivery_pages, wanted=wanted_by(filters), now=outlook.bench.clock.now())


def count_deliveries(outlook: Outlook, filters: Filters) -> int | None:
    """Return how many pass the filters; None where that is not known without looking at each."""
    wanted = wanted_by(filters)
    if wanted.group is not None:
        return None
    return sum(
        count for (channel, state), count in outlook.bench.store.delivery_tally.counts().items()
        if (wanted.states is None or state in wanted.states) and (wanted.channel is None or channel == wanted.channel)
    )  # fmt: skip


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
