"""Tell open pages which deliveries have changed, as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from store.delivery_list import DeliveryList

BEAT = 1.0  # seconds between two looks at the ledger
LOOKS = 300  # then the page asks again, and is asked in turn who it is


@dataclass(frozen=True, kw_only=True)
class Change:
    """Deliveries that changed; `upto` numbers the last change, so that whoever lost the connection can ask on from there."""

    upto: int
    deliveries: tuple[int, ...]


class Live:
    """What changes in the ledger, for any number of pages that listen.

    `ending` tells when the desk closes: a page that listens must not keep it open.
    """

    def __init__(self, ending: Callable[[], bool] = lambda: False, beat: float = BEAT) -> None:
        self._ending = ending
        self._beat = beat

    async def since(self, deliveries: DeliveryList, upto: int) -> AsyncIterator[Change | None]:
        """Yield what changes after `upto`; None at each look that found nothing, so that a page that has gone is noticed."""
        last = upto
        for _ in range(LOOKS):
            if self._ending():
                return
            newest = await run_in_threadpool(deliveries.newest_passage)
            if newest > last:
                yield Change(upto=newest, deliveries=await run_in_threadpool(deliveries.changed_since, last))
                last = newest
            else:
                yield None
            await asyncio.sleep(self._beat)
