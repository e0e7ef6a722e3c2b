"""What the project has used of its day's quota: counted as the calls are made, since YouTube tells only when it is used up.

Uploads have a bucket of their own, everything else shares one; both are full again at midnight in California.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from editorial.outcome import RateLimited
from publishers.allowance import Allowance
from publishers.contract import Account, Notes

PACIFIC = ZoneInfo("America/Los_Angeles")
UNITS, UPLOADS = "units", "uploads"
# Since 1 June 2026; a project whose quota was raised says so in its settings.
DAILY: Mapping[str, int] = {UNITS: 10_000, UPLOADS: 100}
SETTINGS: Mapping[str, str] = {UNITS: "daily_units", UPLOADS: "daily_uploads"}
WORDS: Mapping[str, str] = {UPLOADS: "lần tải clip lên trong ngày", UNITS: "đơn vị gọi API trong ngày"}
# Kept back from new posts, so that those on their way can be looked for, and live ones corrected and taken down: ten of each.
RESERVE = 1_000

READ, WRITE = 1, 50
COSTS: Mapping[str, int] = {"captions.list": 50, "captions.insert": 400, "captions.update": 450}
READS = ("list",)


# Units that a process counts before it writes them down: a write for each call would cost more than the call. What a crash
# forgets of them is less than the reserve.
MOST_UNWRITTEN = 500


class Quota:
    """The day's counts of a project, over all channels that use it, all processes and restarts; `notes` returns the project's."""

    def __init__(self, account: Account, notes: Callable[[], Notes]) -> None:
        self._account = account
        self._notes = notes
        self._lock = threading.Lock()
        self._unwritten: Counter[str] = Counter()

    def spend(self, method: str) -> None:
        """Count one call: `videos.list`; failed ones cost as much."""
        if method == "videos.insert":
            self._notes().add(self._name(UPLOADS), 1)
            return
        name = self._name(UNITS)
        with self._lock:
            self._unwritten[name] += cost(method)
            ripe = self._unwritten.pop(name) if self._unwritten[name] >= MOST_UNWRITTEN else 0
        if ripe:
            self._notes().add(name, ripe)

    def used_up(self, bucket: str) -> None:
        """Believe YouTube when it says that nothing is left: something else uses the project too."""
        missing = self.most(bucket) - self.used(bucket)
        if missing > 0:
            self._notes().add(self._name(bucket), missing)

    def used(self, bucket: str) -> int:
        """Return what has been used today."""
        name = self._name(bucket)
        return int(self._notes().get(name) or 0) + self._unwritten[name]

    def percent(self) -> dict[str, int]:
        """Return how much of each bucket is used."""
        return {bucket: self.used(bucket) * 100 // self.most(bucket) for bucket in DAILY}

    def ask(self, *methods: str) -> None:
        """Raise RateLimited until midnight in California where the day has no room for these calls and the reserve."""
        units = sum(cost(method) for method in methods if method != "videos.insert")
        uploads = methods.count("videos.insert")
        short = self.used(UNITS) + units + RESERVE > self.most(UNITS) or self.used(UPLOADS) + uploads > self.most(UPLOADS)
        if short:
            reason = "hạn mức YouTube của ngày không còn đủ cho một clip nữa; phần còn lại để dành sửa và gỡ bài"
            wait = until_midnight_pacific(self._account.now())
            raise RateLimited(reason, wait=wait, code="quota-reserve", of_app=True)

    def most(self, bucket: str) -> int:
        """Return what the project may use a day."""
        return int(self._account.settings.get(SETTINGS[bucket]) or DAILY[bucket])

    def _name(self, bucket: str) -> str:
        return f"quota.{self._account.now().astimezone(PACIFIC):%Y-%m-%d}.{bucket}"


def allowances(account: Account, app_notes: Notes) -> tuple[Allowance, ...]:
    """Return what the project has used of today's buckets, as far as it is written down."""
    quota, resets_at = Quota(account, lambda: app_notes), account.now() + until_midnight_pacific(account.now())
    return tuple(
        Allowance(what=words, used=quota.used(bucket), most=quota.most(bucket), resets_at=resets_at)
        for bucket, words in WORDS.items()
    )


def cost(method: str) -> int:
    """Return what a call costs of the shared bucket, in units."""
    return COSTS.get(method) or (READ if method.rpartition(".")[2] in READS else WRITE)


def until_midnight_pacific(now: datetime) -> timedelta:
    """Return how long until the daily quota opens again."""
    local = now.astimezone(PACIFIC)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.astimezone(ZoneInfo("UTC")) - now.astimezone(ZoneInfo("UTC"))
