"""Hold the wall clock against the time since boot: a clock that was set wrong must not send next week's posts."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from editorial.clock import Clock, boot_name, boot_time
from store.halts import ALL
from store.store import Store

WORTH_A_NOTE = 5.0  # seconds between two looks
TOO_FAR = 60.0
MARK = "clock-mark"  # the setting that keeps what both clocks said
MARK_AGAIN = 3600.0  # seconds: a clock that is held right is moved by a little again and again
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What both clocks said at one moment since the machine was started; for whoever is started next."""

    boot: str
    now: datetime
    since: float  # seconds since boot

    def words(self) -> str:
        """Return it as it is kept."""
        return json.dumps({"boot": self.boot, "now": self.now.isoformat(), "since": self.since})

    def jump(self, later: Mark) -> float:
        """Return by how many seconds the wall clock has moved until later, beside the time that has passed."""
        return (later.now - self.now).total_seconds() - (later.since - self.since)


def _read(words: str, now: Mark) -> Mark | None:
    """Return the mark that was kept, where it is of this start of the machine: of another one no time since boot can be told."""
    try:
        kept = json.loads(words)
        mark = Mark(boot=str(kept["boot"]), now=datetime.fromisoformat(kept["now"]), since=float(kept["since"]))
    except (ValueError, KeyError, TypeError):
        return None
    same = mark.boot == now.boot != "" and mark.since <= now.since and mark.now.tzinfo is not None
    return mark if same else None


class ClockWatch:
    """Look at both clocks again and again.

    A jump forward pauses everything until a person has looked, also one from before this process was started. A jump back needs
    nothing, since states live in rows and no moment comes twice; and a machine that slept is late, which the grace of each post
    answers.
    """

    def __init__(
        self, store: Store, clock: Clock, elapsed: Callable[[], float] = boot_time, boot: Callable[[], str] = boot_name
    ) -> None:  # fmt: skip
        self._store = store
        self._clock = clock
        self._elapsed = elapsed
        self._boot = boot()
        self._started = self._see()
        self._last: Mark | None = None
        self._marked: Mark | None = None
        self._held_since = 0.0  # since boot; before it nothing is marked

    def look(self) -> datetime | None:
        """Return the moment that was looked at; None, with everything paused, when the clock has jumped forward since.

        Whoever decides what is due goes by this moment: the clock may jump right after the look. After a jump nobody decides
        anything by this look: somebody may have set the clock right and lifted the pause before that is done.
        """
        seen = self._see()
        before = self._last or _read(self._store.settings.get(MARK), seen) or self._started
        jump = before.jump(seen)
        if abs(jump) > WORTH_A_NOTE:
            LOG.warning("the clock moved by %+.0f seconds against the time since boot", jump)
        if jump > TOO_FAR:
            why = f"đồng hồ máy vừa nhảy tới {jump:.0f} giây; hãy kiểm tra giờ của máy rồi bỏ tạm dừng"
            self._store.halts.set(ALL, why=why, who="scheduler")
        self._keep(seen, jump)
        self._last = seen
        return None if jump > TOO_FAR else seen.now

    def _see(self) -> Mark:
        return Mark(boot=self._boot, now=self._clock.now(), since=self._elapsed())

    def _keep(self, seen: Mark, jump: float) -> None:
        """Mark what is seen at the start, after a jump that a person is told of, and now and then.

        A clock that went back is no measure for whoever is started next, until it has held for a while.
        """
        if jump < -TOO_FAR:
            self._held_since = seen.since + MARK_AGAIN
        old = self._marked is None or jump > TOO_FAR or seen.since - self._marked.since > MARK_AGAIN
        if old and seen.since >= self._held_since:
            self._store.settings.set(MARK, seen.words())
            self._marked = seen
