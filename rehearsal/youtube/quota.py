"""The daily quota: uploads have their own bucket, everything else shares one; both are full again at midnight in California."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from rehearsal.journal import Table
from rehearsal.youtube.error import ApiError

PACIFIC = ZoneInfo("America/Los_Angeles")
INSERTS_A_DAY, UNITS_A_DAY = 100, 10_000
READ, CAPTIONS_LIST, WRITE, CAPTIONS_INSERT = 1, 50, 50, 400


class Quota:
    """Counts units per Pacific day."""

    def __init__(self, table: Table[int], now: Callable[[], datetime]) -> None:
        self._used = table
        self._now = now

    def spend(self, units: int, *, bucket: str = "units") -> None:
        """Use units of today, or refuse."""
        most = INSERTS_A_DAY if bucket == "inserts" else UNITS_A_DAY
        key = f"{self._now().astimezone(PACIFIC):%Y-%m-%d} {bucket}"
        used = (self._used.get(key) or 0) + units
        if used > most:
            message = "The request cannot be completed because you have exceeded your quota."
            raise ApiError(403, "quotaExceeded", message, domain="youtube.quota")
        self._used.put(key, used)
