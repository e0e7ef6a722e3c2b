"""Claims for the threads of one process: whoever comes while another thread asks is served by the next question, all at once.

A crowd keeps every thread busy, and each of them would ask for its next piece of work in a transaction of its own.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from store.claims import Claim

MOST = 8  # claims of one transaction: others wait for their turn to write meanwhile

Ask = Callable[[int], Sequence[Claim]]


class ClaimCounter:
    """Hand out what one question finds to all threads that wait for it. `ask` takes up to so many pieces of work."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._asking = threading.Lock()  # one thread asks, for itself and for those who wait here
        self._lock = threading.Lock()
        self._waiting = 0
        self._ready: deque[Claim] = deque()
        self._questions = 0
        self._nothing_left = 0  # the newest question that found less than was wanted

    def take(self) -> Claim | None:
        """Return a claim for the calling thread, or None where there was nothing left when it asked."""
        with self._lock:
            self._waiting += 1
            before = self._questions
        with self._asking:
            wanted = self._wanted(before)
            found = self._ask(wanted) if wanted else ()
            with self._lock:
                if len(found) < wanted:
                    self._nothing_left = self._questions
                self._ready.extend(found)
                return self._ready.popleft() if self._ready else None

    def _wanted(self, before: int) -> int:
        """Return for how many threads to ask; none where somebody has asked for this one, or since it came found nothing left."""
        with self._lock:
            waiting, self._waiting = self._waiting, self._waiting - 1
            if self._ready or self._nothing_left > before:
                return 0
            self._questions += 1
            return min(waiting, MOST)
