"""How often a program may ask: a bucket for each token, filled again by the second."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from desk.api.problem_document import Refused, refusal

A_MINUTE = 600  # requests of one token, in one process of the desk


@dataclass
class _Bucket:
    left: float
    at: float


class Pace:
    """Count requests; safe to use from several threads."""

    def __init__(self, a_minute: int = A_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = a_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[int, _Bucket] = {}

    def wait(self, token: int) -> int:
        """Count a request of a token; return after how many seconds it may come again, 0 where it may now."""
        with self._lock:
            now = self._clock()
            bucket = self._buckets.setdefault(token, _Bucket(left=self._most, at=now))
            bucket.left = min(self._most, bucket.left + (now - bucket.at) * self._most / 60)
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                return 0
            return max(1, math.ceil((1 - bucket.left) * 60 / self._most))


def too_often(seconds: int) -> Refused:
    """Return what is said to a program that has to wait so many seconds."""
    message = f"mã truy cập này gọi quá nhiều; hãy chờ {seconds} giây rồi gọi lại"
    return refusal(429, "too-often", message, headers={"retry-after": str(seconds)})
