"""Whether the audit log holds, for pages that are opened often: all of it is read once, and then what has come since."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.rendering import HowFar
from editorial.clock import Clock
from store.audit import AuditLog
from store.audit_chain import ChainReport
from store.audit_head import Head
from store.audit_witness import LogReport

FRESH = timedelta(days=1)  # for so long a whole reading is gone on from


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the last reading of the whole log found, and when; `on` is what was found since, row by row."""

    at: datetime
    report: LogReport
    on: ChainReport | None = None

    @property
    def rows(self) -> int:
        """Return how many rows the log has."""
        return self.report.chain.rows + self.newer

    @property
    def newer(self) -> int:
        """Return how many of them came after the whole log was read."""
        return self.on.rows if self.on else 0

    @property
    def head(self) -> str:
        """Return the digest of the newest row."""
        return (self.on or self.report.chain).head


class LogCheck:
    """What one open desk knows of its log. Safe to ask from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Checked | None = None

    def read_all(self, audit: AuditLog, clock: Clock, tell: HowFar) -> Checked:
        """Read the whole log over, as ./loa audit verify does."""
        at = clock.now()
        found = Checked(at=at, report=audit.verify(tell=tell))
        with self._lock:
            self._last = found
        return found

    def read_on(self, audit: AuditLog, clock: Clock) -> Checked | None:
        """Return what is known with what has come since; None where the whole log has to be read first.

        What was broken stays so until the whole is read again: a row that was put back must not look like one never changed.
        """
        with self._lock:
            last = self._last
            if last is None or not timedelta() <= clock.now() - last.at < FRESH:
                return None
            if last.report.breaks or (last.on and last.on.breaks):
                return last
            whole, on = last.report.chain, last.on
            seen = Head(number=whole.rows + (on.rows if on else 0), sha256=last.head)
            more = audit.verify_on(seen)
            rows = more.rows + (on.rows if on else 0)
            self._last = Checked(at=last.at, report=last.report, on=ChainReport(rows=rows, head=more.head, breaks=more.breaks))
            return self._last
