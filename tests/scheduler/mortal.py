"""A publisher whose process may die in the call."""

from __future__ import annotations

from datetime import timedelta

from editorial.outcome import OutcomeUnknown, Pending, Receipt
from editorial.post import Post
from publishers.contract import Handles
from tests.scheduler.fake_platform import SETTLE, FakePublisher


class Killed(BaseException):
    """The worker's process ends here, without another line of its code."""


class MortalPublisher(FakePublisher):
    """A publisher whose process may die in the call, and whose platform may accept late."""

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        fault = self.platform.faults[0] if self.platform.faults else ""
        if fault not in ("die-before", "die-after", "late"):
            return super().publish(post, key=key, handles=handles)
        self.platform.next_fault()
        self.platform.before_call(post)
        if fault == "die-before":
            raise Killed
        if fault == "die-after":
            self.platform.accept(post)
            raise Killed
        self.platform.lag = SETTLE * 0.8
        self.platform.accept(post)
        self.platform.lag = timedelta()
        raise OutcomeUnknown("read timeout")
