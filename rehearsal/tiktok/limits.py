"""Calls a minute, by the town's clock: each address of the API has its own allowance for a token."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from rehearsal.tiktok.error import ApiError

A_MINUTE = timedelta(minutes=1)
CREATOR_INFO, INIT, STATUS = 20, 6, 30
READ = 600  # of the display API, whose allowance is not published


class Limits:
    """Counts the calls of each token to each address."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], deque[datetime]] = {}

    def admit(self, token: str, path: str, most: int, now: datetime) -> None:
        """Count one more call, or refuse it; TikTok does not say how long to wait."""
        calls = self._calls.setdefault((token, path), deque())
        while calls and not now - A_MINUTE < calls[0] <= now:
            calls.popleft()
        if len(calls) >= most:
            raise ApiError("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
        calls.append(now)

    def forget(self) -> None:
        """Start counting anew."""
        self._calls.clear()
