"""Addresses that are told what changes, how far each has been told, and what there is to tell next."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from editorial.clock import Clock
from store.audit import SCHEDULER, Deed, note
from store.database import Database, new_id
from store.moment import NEVER
from store.schema import DELIVERIES, PASSAGES, WEBHOOK_CALLS, WEBHOOKS, WORKFLOW_STEPS
from store.vault import Vault, webhook_place
from store.webhook_calls import PING, WebhookCall, calls_by_webhook, keep_call

SECRET_MARK = "whsec_"  # as standardwebhooks.com has it
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
LONGEST_TROUBLE = timedelta(hours=48)  # after which nobody is asked any more, and a person has to look
MOST_DETAIL = 300  # letters


class News(Enum):
    """Kinds of change that an address may be told of."""

    DELIVERY = "delivery.changed"
    ENTRY = "entry.changed"


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """One address. `failing_since` is set while it takes nothing, `stopped_at` once that went on for too long.

    `off_at` is set while a person has turned it off.
    `sealed` is the key of its signatures as it is kept: `WebhookTable.secret` opens it.
    """

    id: int
    url: str
    sealed: str = field(repr=False)
    kinds: tuple[News, ...]
    passage: int
    step: int
    failures: int
    failing_since: datetime | None
    next_at: datetime
    told_at: datetime | None
    stopped_at: datetime | None
    off_at: datetime | None
    detail: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that changed. `number` is its row's, and so the same each time that it is told."""

    kind: News
    number: int
    at: datetime
    entry: str
    start: str
    end: str
    action: str = ""  # of an entry
    delivery: int = 0
    post_key: str = ""
    channel: str = ""


class WebhookTable:
    """Webhooks. What is to be told is not copied anywhere: it is read where it happened."""

    def __init__(self, database: Database, clock: Clock, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault

    def add(self, url: str, kinds: tuple[News, ...], *, by: str) -> Webhook:
        """Tell an address what changes from now on; raise Unopened where the key of its signatures cannot be encrypted."""
        now = self._clock.now()
        secret = SECRET_MARK + base64.b64encode(secrets.token_bytes(32)).decode()
        with self._database.write() as connection:
            made = connection.execute(insert(WEBHOOKS).values(
                url=url, secret="", kinds=" ".join(kind.value for kind in kinds), passage=_newest(connection, PASSAGES.c.id),
                step=_newest(connection, WORKFLOW_STEPS.c.id), failures=0, next_at=now, detail="", made_by=by, made_at=now,
            ))  # fmt: skip
            id = new_id(made)
            sealed = self._vault.encrypt(connection, secret, *webhook_place(id, url))
            connection.execute(update(WEBHOOKS).filter_by(id=id).values(secret=sealed))
            note(connection, Deed(who=by, action="webhook", subject=f"webhook:{id}", detail=url, at=now))
            row = connection.execute(select(WEBHOOKS).filter_by(id=id)).one()
        return _webhook(row)

    def secret(self, webhook: Webhook) -> str:
        """Return the key of a webhook's signatures; raise Unopened where this machine has not the vault's key."""
        return self._vault.decrypt(webhook.sealed, *webhook_place(webhook.id, webhook.url))

    def all(self) -> tuple[Webhook, ...]:
        """Return every webhook, oldest first."""
        with self._database.read() as connection:
            return tuple(_webhook(row) for row in connection.execute(select(WEBHOOKS).order_by(WEBHOOKS.c.id)))

    def get(self, id: int) -> Webhook:
        """Return a webhook; raise KeyError when there is none."""
        found = next((each for each in self.all() if each.id == id), None)
        if found is None:
            raise KeyError(id)
        return found

    def due(self) -> tuple[Webhook, ...]:
        """Return those that may be told something now."""
        now = self._clock.now()
        return tuple(each for each in self.all() if each.stopped_at is None and each.off_at is None and each.next_at <= now)

    def remove(self, id: int, *, by: str) -> None:
        """Tell an address nothing more, and forget its key and calls."""
        forgotten = delete(WEBHOOK_CALLS).filter_by(webhook=id)
        self._write(id, "webhook-removed", by, delete(WEBHOOKS).filter_by(id=id), forgotten)

    def turn_off(self, id: int, *, by: str) -> None:
        """Tell an address nothing until somebody resumes it; what changes meanwhile is told then. Safe to repeat."""
        off = update(WEBHOOKS).filter_by(id=id, off_at=None).values(off_at=self._clock.now())
        self._write(id, "webhook-off", by, off)

    def resume(self, id: int, *, by: str, skip: bool = False) -> None:
        """Tell an address again, from where it was told last; with `skip` from now on, and never what changed until then."""
        values: dict[str, Any] = {"failures": 0, "failing_since": None, "stopped_at": None, "off_at": None,
                                  "next_at": self._clock.now(), "detail": ""}  # fmt: skip
        if skip:  # within a write: nobody else is in the middle of one, so what is there is all that was until now
            newest = {"passage": select(func.max(PASSAGES.c.id)), "step": select(func.max(WORKFLOW_STEPS.c.id))}
            values |= {name: func.coalesce(query.scalar_subquery(), 0) for name, query in newest.items()}
        self._write(id, "webhook-skipped" if skip else "webhook-resumed", by, update(WEBHOOKS).filter_by(id=id).values(**values))

    def waiting(self, webhook: Webhook) -> int:
        """Return how many changes an address has not been told yet."""
        told = {News.DELIVERY: (PASSAGES.c.id, webhook.passage), News.ENTRY: (WORKFLOW_STEPS.c.id, webhook.step)}
        with self._database.read() as connection:
            asked = (select(func.count()).where(column > last) for column, last in (told[kind] for kind in webhook.kinds))
            return sum(int(connection.execute(query).scalar_one()) for query in asked)

    def _write(self, id: int, action: str, by: str, *statements: Any) -> None:
        with self._database.write() as connection:
            url = connection.execute(select(WEBHOOKS.c.url).filter_by(id=id)).scalar_one_or_none()
            if url is None:
                raise KeyError(id)
            for statement in statements:
                connection.execute(statement)
            note(connection, Deed(who=by, action=action, subject=f"webhook:{id}", detail=url, at=self._clock.now()))

    def news(self, webhook: Webhook, limit: int) -> tuple[Change, ...]:
        """Return what an address has not been told yet: of each kind so many at most, in the order in which it happened."""
        found: list[Change] = []
        upto = self._settled(webhook)
        with self._database.read() as connection:
            if (last := upto.get(News.DELIVERY, 0)) > webhook.passage:
                query = select(PASSAGES, DELIVERIES.c.post_key, DELIVERIES.c.entry, DELIVERIES.c.channel).join(DELIVERIES)
                query = query.where(PASSAGES.c.id > webhook.passage, PASSAGES.c.id <= last).order_by(PASSAGES.c.id)
                found += [_of_delivery(row) for row in connection.execute(query.limit(limit))]
            if (last := upto.get(News.ENTRY, 0)) > webhook.step:
                steps = select(WORKFLOW_STEPS).where(WORKFLOW_STEPS.c.id > webhook.step, WORKFLOW_STEPS.c.id <= last)
                found += [_of_entry(row) for row in connection.execute(steps.order_by(WORKFLOW_STEPS.c.id).limit(limit))]
        return tuple(found)

    def _settled(self, webhook: Webhook) -> dict[News, int]:
        """Return up to which number every change of each kind is there to be read.

        PostgreSQL numbers changes as they begin and shows them as they end: while a lower number is still being written, a higher
        one may be there. Whoever writes alone writes when nobody else does, so what is there then is all.
        """
        told = {News.DELIVERY: webhook.passage, News.ENTRY: webhook.step}
        with self._database.read() as connection:
            if all(_newest(connection, _NUMBERS[kind]) <= told[kind] for kind in webhook.kinds):
                return {}
        with self._database.write() as connection:
            return {kind: _newest(connection, _NUMBERS[kind]) for kind in webhook.kinds}

    def told(self, webhook: Webhook, change: Change) -> None:
        """Note that an address has taken a change."""
        column = WEBHOOKS.c.passage if change.kind is News.DELIVERY else WEBHOOKS.c.step
        values = {"failures": 0, "failing_since": None, "told_at": self._clock.now(), "detail": "", column.name: change.number}
        mine = update(WEBHOOKS).where(WEBHOOKS.c.id == webhook.id, column < change.number)
        with self._database.write_beside() as connection:
            connection.execute(mine.values(**values))
            keep_call(connection, webhook.id, change.kind.value, "", self._clock.now())

    def tried(self, webhook: Webhook, detail: str, *, by: str) -> None:
        """Note that a person has tried an address, and why it did not take that; empty where it did."""
        now = self._clock.now()
        with self._database.write() as connection:
            keep_call(connection, webhook.id, PING, detail[:MOST_DETAIL], now)
            note(connection, Deed(who=by, action="webhook-tried", subject=f"webhook:{webhook.id}", detail=webhook.url, at=now))

    def calls(self) -> Mapping[int, tuple[WebhookCall, ...]]:
        """Return the last calls of each webhook that was called, the newest first."""
        with self._database.read() as connection:
            return calls_by_webhook(connection)

    def failed(self, webhook: Webhook, change: Change, detail: str) -> bool:
        """Note that an address took nothing, and when it is asked again; tell whether it is given up."""
        now, failures = self._clock.now(), webhook.failures + 1
        since = webhook.failing_since or now
        stops = now - since >= LONGEST_TROUBLE
        values = {
            "failures": failures, "failing_since": since, "detail": detail[:MOST_DETAIL], "stopped_at": now if stops else None,
            "next_at": NEVER if stops else now + _wait(webhook.id, failures),
        }  # fmt: skip
        with self._database.write() as connection:
            connection.execute(update(WEBHOOKS).filter_by(id=webhook.id).values(**values))
            keep_call(connection, webhook.id, change.kind.value, detail[:MOST_DETAIL], now)
            if stops:
                words = f"{webhook.url}: {detail[:MOST_DETAIL]}"
                deed = Deed(who=SCHEDULER, action="webhook-stopped", subject=f"webhook:{webhook.id}", detail=words, at=now)
                note(connection, deed)
        return stops


_NUMBERS = {News.DELIVERY: PASSAGES.c.id, News.ENTRY: WORKFLOW_STEPS.c.id}


def _wait(id: int, failures: int) -> timedelta:
    """Return how long an address is left alone: longer each time, and not all at once after an outage that many share."""
    longest: timedelta = min(LONGEST_WAIT, FIRST_WAIT * int(3 ** min(failures - 1, 8)))
    return longest * Random(f"{id}/{failures}").uniform(0.8, 1.2)


def _newest(connection: Connection, column: Any) -> int:
    return int(connection.execute(select(func.max(column))).scalar_one() or 0)


def _of_delivery(row: Row[Any]) -> Change:
    return Change(
        kind=News.DELIVERY, number=row.id, at=row.at, entry=row.entry, start=row.start, end=row.end, delivery=row.delivery,
        post_key=row.post_key, channel=row.channel,
    )  # fmt: skip


def _of_entry(row: Row[Any]) -> Change:
    return Change(
        kind=News.ENTRY, number=row.id, at=row.at, entry=row.entry, start=row.start, end=row.end, action=row.action
    )  # fmt: skip


def _webhook(row: Row[Any]) -> Webhook:
    known = {kind.value: kind for kind in News}
    return Webhook(
        id=row.id, url=row.url, sealed=row.secret, kinds=tuple(known[each] for each in row.kinds.split() if each in known),
        passage=row.passage, step=row.step, failures=row.failures, failing_since=row.failing_since, next_at=row.next_at,
        told_at=row.told_at, stopped_at=row.stopped_at, off_at=row.off_at,
        detail=row.detail, made_by=row.made_by, made_at=row.made_at,
    )  # fmt: skip
