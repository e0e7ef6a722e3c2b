"""A store that is away is told once when it goes and once when it is back, whatever asks it how often meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from enum import Enum

from store.answers import answers
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
        self._away = False
        self._failing: set[str] = set()  # the beats that have failed since, and have not asked again
        self._failures = 0

    def attempt(self, name: str, work: Callable[[], object]) -> None:
        """Do work that is done again; raise what it raises, unless the store is away."""
        failures, asked = self._failures, answers()
        try:
            found = work()
        except Exception as error:
            if not self.explains(error, name):
                raise
        else:
            self._passed(name, well=found is not Passed.OVER and answers() > asked and failures == self._failures)

    def explains(self, error: Exception, name: str = WORK) -> bool:
        """Tell whether work failed because the store is away; people are told of the first."""
        why = trouble(error)
        if why is None:
            return False
        LOG.debug("%s failed", name, exc_info=error)
        with self._lock:
            self._failures += 1
            if name != WORK:
                self._failing.add(name)
            if not self._away:  # under the lock: its line comes before the one that says that it is over
                LOG.error("Sổ của Loa: %s. Không bài nào mất, không bài nào đăng hai lần.", why)
            self._away = True
        return True

    def _passed(self, name: str, *, well: bool) -> None:
        """Wait for this beat no more; people are told where it is `well`: it has been answered since the last failure.

        One that asked nothing, or that another process has now, knows nothing of the store; somebody else will see it.
        """
        with self._lock:
            self._failing.discard(name)
            if well and self._away and not self._failing:
                self._away = False
                LOG.warning(BACK)
