"""Hold the wall clock against the time since boot: a clock that was set wrong must not send next week's posts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from editorial.clock import Clock, boot_time
from store.halts import ALL
from store.store import Store

WORTH_A_NOTE = 5.0  # seconds between two looks
TOO_FAR = 60.0
LOG = logging.getLogger(__name__)


class ClockWatch:
    """Look at both clocks again and again.

    A jump forward pauses everything until a person has looked. A jump back needs nothing, since states live in rows and no moment
    comes twice; and a machine that slept is late, which the grace of each post answers.
    """

    def __init__(self, store: Store, clock: Clock, elapsed: Callable[[], float] = boot_time) -> None:
        self._store = store
        self._clock = clock
        self._elapsed = elapsed
        self._now, self._since = clock.now(), elapsed()

    def look(self) -> datetime | None:
        """Return the moment that was looked at; None, with everything paused, when the clock has jumped forward since.

        Whoever decides what is due goes by this moment: the clock may jump right after the look. After a jump nobody decides
        anything by this look: somebody may have set the clock right and lifted the pause before that is done.
        """
        now, since = self._clock.now(), self._elapsed()
        jump = (now - self._now).total_seconds() - (since - self._since)
        self._now, self._since = now, since
        if abs(jump) > WORTH_A_NOTE:
            LOG.warning("the clock moved by %+.0f seconds against the time since boot", jump)
        if jump > TOO_FAR:
            why = f"đồng hồ máy vừa nhảy tới {jump:.0f} giây; hãy kiểm tra giờ của máy rồi bỏ tạm dừng"
            self._store.halts.set(ALL, why=why, who="scheduler")
            return None
        return now
