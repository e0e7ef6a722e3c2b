"""Tell the office's webhooks what changed: signed, in order, again until it is taken, and never to an address inside."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlsplit

from editorial.clock import OFFICE_ZONE, Clock
from editorial.outcome import PublishError
from publishers.outside import address_outside
from publishers.webhook.message import signed
from publishers.wire import Call, Wire
from store.store import Store
from store.vault import Unopened
from store.webhook_calls import PING
from store.webhooks import Change, News, Webhook

LOG = logging.getLogger(__name__)
DEADLINE = timedelta(seconds=10)  # of one call
AT_ONCE = 20  # changes of one webhook in one beat
LONGEST = 5.0  # seconds after which a beat begins no further call to one webhook
THREADS = 8
AGENT = "Loa webhooks"


class Teller:
    """Tell what is due; safe to call from one beat. `let_in` names hosts inside that may be told all the same."""

    def __init__(self, store: Store, clock: Clock, let_in: Collection[str] = ()) -> None:
        self._store = store
        self._clock = clock
        self._let_in = frozenset(let_in)

    def tell(self) -> int:
        """Tell every webhook what it has not been told; return how many changes were taken."""
        due = self._store.webhooks.due()
        if not due:
            return 0
        wire = Wire(DEADLINE)
        try:
            with ThreadPoolExecutor(min(THREADS, len(due)), thread_name_prefix="tell") as threads:
                return sum(threads.map(lambda each: self._tell(wire, each), due))
        finally:
            wire.close()

    def _tell(self, wire: Wire, webhook: Webhook) -> int:
        end = monotonic() + LONGEST
        taken = 0
        for change in self._store.webhooks.news(webhook, AT_ONCE):
            why = self._refusal(wire, webhook, message_id(change), message(change))
            if why:
                if self._store.webhooks.failed(webhook, change, why):
                    LOG.warning("webhook %s đã dừng sau nhiều ngày không gọi được: %s", webhook.id, why)
                return taken
            self._store.webhooks.told(webhook, change)
            taken += 1
            if monotonic() > end:
                break
        return taken

    def ping(self, webhook: Webhook, *, by: str) -> str:
        """Send a message that says nothing but that it came; return why it was not taken, "" where it was."""
        at = self._clock.now()
        wire = Wire(DEADLINE)
        try:
            body = {"type": PING, "at": _moment(at), "data": {}}
            why = self._refusal(wire, webhook, f"ping-{webhook.id}-{at:%Y%m%d%H%M%S}", body)
        finally:
            wire.close()
        self._store.webhooks.tried(webhook, why, by=by)
        return why

    def _refusal(self, wire: Wire, webhook: Webhook, id: str, said: object) -> str:
        body = json.dumps(said, ensure_ascii=False).encode()
        place = urlsplit(webhook.url)
        try:
            port = place.port or (443 if place.scheme == "https" else 80)
            at = address_outside(place.hostname or "", port, self._let_in)
            secret = self._store.webhooks.secret(webhook)
            headers = {**signed(body, id=id, at=self._clock.now(), secret=secret), "user-agent": AGENT}
            answer = wire.send(Call(method="POST", url=webhook.url, headers=headers, content=body, at=at))
        except Unopened as error:
            return error.problems[0].message
        except (PublishError, ValueError) as error:
            return str(error) or type(error).__name__
        return "" if answer.ok else f"máy nhận trả lời {answer.status}"


def message_id(change: Change) -> str:
    """Return what names a change for ever: whoever has seen it need not look at it again."""
    return f"{change.kind.value.partition('.')[0]}-{change.number}"


def message(change: Change) -> dict[str, object]:
    """Return what is said of a change: where, from what to what, and nobody's name."""
    data: dict[str, object] = {"entry": change.entry, "from": change.start, "to": change.end}
    if change.kind is News.DELIVERY:
        data |= {"delivery": change.delivery, "post": change.post_key, "channel": change.channel}
    else:
        data |= {"action": change.action}
    return {"type": change.kind.value, "at": _moment(change.at), "data": data}


def _moment(at: datetime) -> str:
    return at.astimezone(OFFICE_ZONE).isoformat(timespec="seconds")
