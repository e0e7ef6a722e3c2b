"""The two processes of a trial of silence: a scheduler that publishes, and somebody's pause from another process.

`python -m desk.silence_trial schedule URL ACCOUNT` until standard input ends; `... pause URL` answers each line with its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from desk.mourning import declare
from editorial.clock import OFFICE_ZONE, SystemClock
from editorial.delivery import Delivery
from publishers.contract import Account
from publishers.registry import open_publisher
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Beat
from scheduler.engines.embedded import EmbeddedEngine
from store.halts import ALL, channel_scope
from store.store import Store

CHANNEL, PUBLISHER = "portal", "web_portal"
BEAT = timedelta(seconds=1)  # as the desk's own
WAYS = ("mourning", "pause", "channel")


def schedule(store: Store, account: str) -> None:
    """Publish what is due until standard input ends."""
    base_url, settings = json.loads(account)
    given = Account(channel=CHANNEL, base_url=base_url, settings=settings, secrets=store.secrets.of(CHANNEL))
    publisher, engine = open_publisher(PUBLISHER, given), EmbeddedEngine()
    dispatcher = Dispatcher(store, {CHANNEL: publisher}, SystemClock(), owner="thử", submit=engine.submit)
    engine.start([Beat(name="dispatch", every=BEAT, run=dispatcher.tick)])
    answer("đã chạy")
    sys.stdin.read()
    dispatcher.stop()
    engine.stop()
    publisher.close()


def pause(store: Store) -> None:
    """Pause in the way that each line names, and answer with the moments before and after, and what it was too late for."""
    for line in sys.stdin:
        before = SystemClock().now()
        too_late = _ways(store, before)[line.strip()]()
        after = SystemClock().now()
        answer(json.dumps([before.isoformat(), after.isoformat(), [each.post_key for each in too_late]]))


def answer(line: str) -> None:
    """Tell the other process something at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _ways(store: Store, now: datetime) -> dict[str, Callable[[], tuple[Delivery, ...]]]:
    today = now.astimezone(OFFICE_ZONE).date()
    return {
        "mourning": lambda: declare(store, today, today, why="thử", who="bench"),
        "pause": lambda: store.halts.set(ALL, why="thử", who="bench"),
        "channel": lambda: store.halts.set(channel_scope(CHANNEL), why="thử", who="bench"),
    }


if __name__ == "__main__":
    with Store.open(sys.argv[2], clock=SystemClock()) as opened:
        if sys.argv[1] == "schedule":
            schedule(opened, sys.argv[3])
        else:
            pause(opened)
