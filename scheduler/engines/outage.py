"""A store that is away is told once when it goes and once when it is back, whatever asks it how often meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import Enum

from store.trouble import trouble

LOG = logging.getLogger(__name__)
WORK = "work"  # the name of what is not done again and again: when it is well again is known from the beats
BACK = "Sổ của Loa đã dùng lại được, Loa làm tiếp."


class Passed(Enum):
    """What a beat returns that did not run this time, and so knows nothing of the store."""

    OVER = "over"


class Outage:
    """Who has found the store away and not yet back. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failing: set[str] = set()

    def attempt(self, name: str, work: Callable[[], object]) -> None:
        """Do work that is done again; raise what it raises, unless the store is away."""
        try:
            found = work()
        except Exception as error:
            if not self.explains(error, name):
                raise
        else:
            self._passed_over(name) if found is Passed.OVER else self._well(name)

    def explains(self, error: Exception, name: str = WORK) -> bool:
        """Tell whether work failed because the store is away; people are told of the first."""
        why = trouble(error)
        if why is None:
            return False
        LOG.debug("%s failed", name, exc_info=error)
        with self._lock:
            first = not self._failing
            if first or name != WORK:
                self._failing.add(name)
            if first:  # under the lock: its line comes before the one that says that it is over
                LOG.error("Sổ của Loa: %s. Không bài nào mất, không bài nào đăng hai lần.", why)
        return True

    def _well(self, name: str) -> None:
        with self._lock:
            if name not in self._failing and self._failing != {WORK}:
                return  # not every beat asks the store
            self._failing -= {name, WORK}
            if not self._failing:
                LOG.warning(BACK)

    def _passed_over(self, name: str) -> None:
        """Wait for this one no more, since another process may have its beat; somebody has to see that the store is back."""
        with self._lock:
            if len(self._failing) > 1:
                self._failing.discard(name)
