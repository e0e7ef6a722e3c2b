"""The last calls to each webhook: what was said, when, and why it was not taken. Looked at by people; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from store.schema import WEBHOOK_CALLS, WEBHOOKS

PING = "ping"  # what is said to try an address
KEPT = 10  # calls of each webhook


@dataclass(frozen=True, kw_only=True)
class WebhookCall:
    """One call. `said` is a kind of change, or PING; `detail` is empty where it was taken."""

    said: str
    detail: str
    at: datetime


def keep_call(connection: Connection, webhook: int, said: str, detail: str, at: datetime) -> None:
    """Keep a call and forget those that are too many; nothing is kept of a webhook that was removed meanwhile."""
    if connection.execute(select(WEBHOOKS.c.id).filter_by(id=webhook)).first() is None:
        return
    connection.execute(insert(WEBHOOK_CALLS).values(webhook=webhook, said=said, detail=detail, at=at))
    mine = select(WEBHOOK_CALLS.c.id).filter_by(webhook=webhook).order_by(WEBHOOK_CALLS.c.id.desc())
    last = connection.execute(mine.offset(KEPT).limit(1)).scalar_one_or_none()
    if last is not None:
        connection.execute(delete(WEBHOOK_CALLS).where(WEBHOOK_CALLS.c.webhook == webhook, WEBHOOK_CALLS.c.id <= last))


def calls_by_webhook(connection: Connection) -> Mapping[int, tuple[WebhookCall, ...]]:
    """Return the last calls of every webhook that was called, the newest first."""
    found: dict[int, list[WebhookCall]] = {}
    for row in connection.execute(select(WEBHOOK_CALLS).order_by(WEBHOOK_CALLS.c.id.desc())):
        found.setdefault(row.webhook, []).append(WebhookCall(said=row.said, detail=row.detail, at=row.at))
    return {webhook: tuple(calls) for webhook, calls in found.items()}
