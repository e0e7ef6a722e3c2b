"""Whether the database has answered: a beat that had nothing to ask must not pass for one that found it well again."""

from __future__ import annotations

import threading


class _Answers(threading.local):
    count = 0


_ANSWERS = _Answers()


def answered() -> None:
    """Note that the database has just answered this thread."""
    _ANSWERS.count += 1


def answers() -> int:
    """Return how often any database has answered this thread: a number that only grows."""
    return _ANSWERS.count
