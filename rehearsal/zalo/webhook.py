"""Events that Zalo pushes to an application: signed, tried again on its own timetable, and given up after that."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from rehearsal import fetch
from rehearsal.call import JsonObject
from rehearsal.journal import Counter, Journal
from rehearsal.zalo.login import APP_ID, OA_ID, OA_SECRET_KEY

ANSWER_SECONDS = 2.0
AGAIN_AFTER = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1))


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event on its way; `tried` counts the calls made so far."""

    id: str
    body: str
    timestamp: str
    due: datetime
    tried: int = 0


class Webhook:
    """The one address that an application has registered; without it nothing is pushed."""

    def __init__(self, journal: Journal, counter: Counter, now: Callable[[], datetime]) -> None:
        self._events = journal.table("events", Event)
        self._address = journal.table("webhook", str)
        self._counter = counter
        self._now = now
        self._pushing = False

    @property
    def address(self) -> str:
        """Give the address; empty where there is none, or it was unsubscribed for not answering."""
        return self._address.get("url") or ""

    def register(self, url: str) -> None:
        """Push to this address from now on."""
        self._address.put("url", url)

    def happen(self, name: str, values: JsonObject) -> None:
        """Let something happen on the Official Account that its application is told of."""
        if not self.address:
            return
        timestamp = str(int(self._now().timestamp() * 1000))
        body: JsonObject = {"app_id": APP_ID, "oa_id": OA_ID, "event_name": name, "timestamp": timestamp, **values}
        id = f"{self._counter.next('event'):06d}"
        self._events.put(id, Event(id=id, body=json.dumps(body, ensure_ascii=False), timestamp=timestamp, due=self._now()))

    async def push(self) -> None:
        """Make the calls that are due; an address that stays silent through all of them is unsubscribed."""
        if self._pushing:  # while one is under way, other requests are served
            return
        self._pushing = True
        try:
            for event in self._events:
                if event.due <= self._now() and self.address:
                    await self._try(event)
        finally:
            self._pushing = False

    async def _try(self, event: Event) -> None:
        headers = {"X-ZEvent-Signature": f"mac={signature(event.body, event.timestamp)}"}
        if event.tried:
            headers["num_retry"] = str(event.tried)
        if await fetch.post(self.address, event.body.encode(), headers, seconds=ANSWER_SECONDS) == 200:
            self._events.drop(event.id)
        elif event.tried < len(AGAIN_AFTER):
            self._events.put(event.id, replace(event, tried=event.tried + 1, due=self._now() + AGAIN_AFTER[event.tried]))
        else:
            self._events.drop(event.id)
            self._address.drop("url")


def signature(body: str, timestamp: str) -> str:
    """Sign as Zalo does: a plain SHA-256, no HMAC, with the secret of the Official Account and not the application's."""
    return sha256(f"{APP_ID}{body}{timestamp}{OA_SECRET_KEY}".encode()).hexdigest()
