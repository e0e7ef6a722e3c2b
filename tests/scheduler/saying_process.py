"""A worker in a process of its own that says first comments: `python -m tests.scheduler.saying_process DB TOWN PAGE HOW`.

HOW is `before` or `after` (kill -9 right before the call that says the comment, or right after the platform has taken it).
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta

from editorial.clock import SimulatedClock
from editorial.outcome import Receipt
from publishers.contract import Account
from publishers.facebook.publisher import FacebookPublisher
from scheduler.dispatch import Dispatcher
from store.store import Store
from tests.publishers.bench import HANOI_MORNING


class MortalPage(FacebookPublisher):
    """A page whose worker dies around the call that says a comment."""

    how = "before"

    def answer(self, receipt: Receipt, text: str, *, to: str | None = None) -> str:
        if self.how == "after":
            super().answer(receipt, text, to=to)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("a dead process goes on")


def main(database: str, town: str, page: str, how: str) -> None:
    """Say what is due; this process does not come back."""
    clock = SimulatedClock(HANOI_MORNING)
    with Store.open(database, clock=clock) as store:
        secrets = store.secrets.of("facebook")
        account = Account(channel="facebook", base_url=town, settings={"page_id": page}, secrets=secrets, now=clock.now,
                          deadline=timedelta(seconds=20))  # fmt: skip
        MortalPage.how = how
        dispatcher = Dispatcher(store, {"facebook": MortalPage(account)}, clock, owner="máy-1", slots=1)
        dispatcher.recover()
        dispatcher.tick()


if __name__ == "__main__":
    main(*sys.argv[1:])
