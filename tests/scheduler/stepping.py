"""A platform whose posts may show late, and publishers to it that can be stopped before and after each of their calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from editorial.outcome import Absent, Found, LivePost, OutcomeUnknown, Pending, Receipt, Sighting, Unavailable
from editorial.post import Post
from editorial.problem import Problem
from publishers.accompaniment import ASLEEP, current
from publishers.contract import Handles, Prepares
from tests.scheduler.fake_platform import SETTLE, FakePublisher, Platform
from tests.scheduler.hands import Hand

CALL = timedelta(seconds=30)  # the deadline of a call
# Than the error says, the platform shows the post: still within the deadline and a settle time, or long after both.
LATER = {"late": CALL + SETTLE * 0.8, "very-late": SETTLE * 20}


@dataclass(kw_only=True)
class SlowPlatform(Platform):
    """A platform with drafts, each shown once however often that is asked for."""

    drafts: dict[str, Post] = field(default_factory=dict)
    shown_drafts: dict[str, str] = field(default_factory=dict)  # draft -> remote id
    showing: str = ""  # the draft that the next accepted call shows
    answered: set[str] = field(default_factory=set)  # the posts of which a worker was told that they are public

    def accept(self, post: Post) -> Receipt:
        receipt = super().accept(post)
        if self.showing:
            self.shown_drafts[self.showing] = receipt.remote_id
        return receipt


class SteppingPublisher(FakePublisher):
    """A publisher of one call, whose worker can be stopped before and after it."""

    platform: SlowPlatform

    def __init__(self, platform: SlowPlatform, hand: Hand, *, settle: timedelta = SETTLE) -> None:
        super().__init__(platform)
        self.manifest = self.manifest.model_copy(update={"settle_seconds": int(settle.total_seconds())})
        self.hand = hand

    def check(self, post: Post) -> tuple[Problem, ...]:
        self.hand.pause("check")
        return super().check(post)

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        self.hand.calling = True
        try:
            self.hand.pause("call")
            self._before_the_first_byte()
            answer = self._call(post, key=key, handles=handles)
            if isinstance(answer, Receipt):
                self.platform.answered.add(key)
            return answer
        finally:
            self.hand.calling = False

    def _before_the_first_byte(self) -> None:
        going = current()
        if going is not None and not going.may_write():
            raise Unavailable("đã ngủ", code=ASLEEP)

    def _call(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        fault = self.platform.faults[0] if self.platform.faults else ""
        try:
            if fault in LATER:
                self.platform.next_fault()
                return self._late(post, LATER[fault])
            return super().publish(post, key=key, handles=handles)
        finally:
            self.hand.pause("answer")

    def _late(self, post: Post, lag: timedelta) -> Receipt:
        self.platform.before_call(post)
        self.platform.lag = lag
        self.platform.accept(post)
        self.platform.lag = timedelta()
        raise OutcomeUnknown("read timeout")

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        self.hand.pause("look")
        return super().find(post, key=key, handles=handles, since=since)

    def read_back(self, receipt: Receipt) -> LivePost | None:
        self.hand.pause("read")
        return super().read_back(receipt)


class DraftingPublisher(SteppingPublisher, Prepares):
    """A publisher of two phases: a draft that nobody sees, and one call that shows it by its id and may be repeated."""

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        if handles.get("draft") is None:
            self.hand.pause("draft")
            draft = f"draft-{len(self.platform.drafts) + 1}"
            self.platform.drafts[draft] = post
            self.hand.pause("kept")
            handles.save("draft", draft)

    def _call(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        draft = handles.get("draft") or ""
        if draft in self.platform.shown_drafts:
            return self._again(post, self.platform.shown_drafts[draft])
        self.platform.showing = draft
        return super()._call(post, key=key, handles=handles)

    def _again(self, post: Post, remote_id: str) -> Receipt:
        """Show once more what is shown: a platform that is asked by id does nothing twice, and says so."""
        self.platform.before_call(post)
        fault = self.platform.next_fault()
        self.hand.pause("answer")
        if "timeout" in fault:
            raise OutcomeUnknown("read timeout")
        return Receipt(remote_id=remote_id, url=f"https://example.vn/{remote_id}")

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        """Look at the draft that the store knows, and at no other."""
        self.hand.pause("look")
        if not self.platform.readable:
            raise Unavailable("không đọc được")
        remote_id = self.platform.shown_drafts.get(handles.get("draft") or "")
        if remote_id is None or remote_id not in {shown.remote_id for shown in self.platform.visible()}:
            return Absent(proof=True)
        return Found(receipt=Receipt(remote_id=remote_id, url=f"https://example.vn/{remote_id}"))
