"""Telegram's guidance for channels: twenty messages a minute, by the town's clock."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import ceil

from rehearsal.telegram.error import too_many

A_MINUTE = timedelta(minutes=1)
MESSAGES_A_MINUTE = 20


class Flood:
    """Counts the messages of each chat."""

    def __init__(self) -> None:
        self._sent: dict[int, deque[datetime]] = {}

    def admit(self, chat: int, now: datetime) -> None:
        """Count one more message, or say how long to wait."""
        sent = self._sent.setdefault(chat, deque())
        while sent and not now - A_MINUTE < sent[0] <= now:
            sent.popleft()
        if len(sent) >= MESSAGES_A_MINUTE:
            raise too_many(max(1, ceil((sent[0] + A_MINUTE - now).total_seconds())))
        sent.append(now)

    def forget(self) -> None:
        """Start counting anew."""
        self._sent.clear()
