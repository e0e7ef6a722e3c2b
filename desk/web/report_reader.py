"""Gather a quarter's report from the plan and the ledger: two questions to the store, whatever the quarter holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from desk.web.moment_words import moment_words
from desk.web.month import Quarter
from desk.web.outlook import Outlook
from desk.web.quarter_place import beside
from desk.web.views.report import NOT_PLANNED, ReportPage, Story, Table, figures
from editorial.clock import OFFICE_ZONE
from editorial.correction import split_key
from editorial.delivery import Delivery

GONE = "Mục không còn trong nội dung"


def read_report(outlook: Outlook, quarter: Quarter) -> ReportPage:
    """Return the report of a quarter as the ledger stands now."""
    now, office = outlook.bench.clock.now(), outlook.bench.content.office
    since = datetime.combine(quarter.first, time.min, OFFICE_ZONE)
    until = datetime.combine(quarter.last + timedelta(days=1), time.min, OFFICE_ZONE)
    stories = _stories(outlook, quarter, since, until)
    states = outlook.bench.store.deliveries.states(since=since, until=until)
    going = [signed for _, state, signed in states if state not in NOT_PLANNED]
    before, after = beside(quarter)

    def table(id: str, name: str, names: Mapping[str, str], of: Callable[[Story], str]) -> Table:
        known = {**names, **{key: GONE for story in stories if (key := of(story)) not in names}}
        rows = (figures(said, (story for story in stories if of(story) == key), now, id=key) for key, said in known.items())
        return Table(id=id, name=name, rows=tuple(row for row in rows if row.planned))

    return ReportPage(
        quarter=quarter,
        before=before,
        after=after,
        over=until <= now,
        whole=figures("Cả quý", stories, now),
        tables=(
            table("channels", "Kênh", {id: each.name for id, each in office.channels.items()}, lambda story: story.channel),
            table("units", "Đơn vị", {id: each.name for id, each in office.units.items()}, lambda story: story.unit),
            table("groups", "Nhóm nội dung", {id: f"{id} {each.name}" for id, each in office.groups.items()},
                  lambda story: story.group),
        ),
        signed=sum(going),
        deliveries=len(going),
        made=moment_words(now),
    )  # fmt: skip


def _stories(outlook: Outlook, quarter: Quarter, since: datetime, until: datetime) -> tuple[Story, ...]:
    """Return every post that the plan has in the quarter, or that was due in it."""
    store, entries = outlook.bench.store, outlook.bench.content.entries
    # What was put up anew, or moved since it was approved, may be due a while outside of the quarter.
    start, end = since - timedelta(days=31), until + timedelta(days=32)
    copies: dict[str, dict[int, Delivery]] = {}
    for delivery in store.deliveries.list(since=start, until=end):
        base, number = split_key(delivery.post_key)
        copies.setdefault(base, {})[number] = delivery
    put_right = {split_key(key)[0] for key in store.corrections.put_right(since=start, until=end)}
    slots = {slot.key: slot for slot in outlook.bench.plan(quarter.first, quarter.last)}
    due = {key for key, made in copies.items() if since <= made[min(made)].due_at < until}
    found = []
    for key in (*slots, *sorted(due - slots.keys())):
        made = tuple(copies[key][number] for number in sorted(copies[key])) if key in copies else ()
        name, channel = (slots[key].entry, slots[key].channel) if key in slots else (made[0].entry, made[0].channel)
        entry = entries.get(name)
        found.append(Story(
            channel=channel, unit=entry.unit if entry else "", group=entry.group if entry else "",
            tone=entry.tone if entry else None, due_at=made[0].due_at if made else slots[key].at, copies=made,
            put_right=key in put_right,
        ))  # fmt: skip
    return tuple(found)
