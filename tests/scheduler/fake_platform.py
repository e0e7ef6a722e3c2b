"""A platform in memory with faults to switch on, and a publisher for it: a test double of the network, nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from editorial.clock import Clock
from editorial.outcome import (
    Absent,
    CannotTell,
    Found,
    LivePost,
    OutcomeUnknown,
    Pending,
    RateLimited,
    Receipt,
    Refused,
    Sighting,
    Unauthorized,
    Unavailable,
)
from editorial.post import MediumKind, Post
from publishers.contract import Account, Follows, Handles, Prepares, Publisher, Reconciles, Verifies
from publishers.manifest import Limit, Manifest, MediaRule

SETTLE = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One publication that the public can see from `visible_at` on."""

    remote_id: str
    key: str
    title: str
    text: str
    media: int
    visible_at: datetime


@dataclass(kw_only=True)
class Platform:
    """What the platform holds. `faults` names what the next commit calls do, one each; `lag` is how late it shows posts."""

    clock: Clock
    faults: list[str] = field(default_factory=list)
    lag: timedelta = timedelta()
    readable: bool = True
    absence_is_proof: bool = True
    ledger: list[Shown] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    before_call: Callable[[Post], None] = lambda post: None
    words: Mapping[str, str] = field(default_factory=dict)  # what it shows instead of a post's own words, by key
    lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, post: Post) -> Receipt:
        with self.lock:
            remote_id = str(len(self.ledger) + 1)
            text = self.words.get(post.key, post.variant.text)
            shown = Shown(remote_id=remote_id, key=post.key, title=post.variant.title, text=text,
                          media=len(post.media), visible_at=self.clock.now() + self.lag)  # fmt: skip
            self.ledger.append(shown)
        return Receipt(remote_id=remote_id, url=f"https://example.vn/{remote_id}")

    def visible(self) -> list[Shown]:
        with self.lock:
            return [shown for shown in self.ledger if shown.visible_at <= self.clock.now()]

    def next_fault(self) -> str:
        with self.lock:
            return self.faults.pop(0) if self.faults else ""

    def count(self, key: str) -> int:
        return sum(shown.key == key for shown in self.ledger)


class NoSecrets:
    """The platform asks for none."""

    def get(self, name: str) -> str:
        raise Unauthorized(f"no {name}")

    def replace(self, values: Mapping[str, str]) -> None:
        raise Unauthorized("none to replace")

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()


def manifest(channel: str, *, proof: bool) -> Manifest:
    return Manifest(
        id=channel, name=channel, mark="TH", documentation="https://example.vn", checked=date(2026, 10, 1),
        texts={"text": Limit(most=1000, required=True)},
        media={MediumKind.IMAGE: MediaRule(most=4, media_types=("image/jpeg",), most_bytes=10**6, sizes=("square",))},
        absence_is_proof=proof, settle_seconds=int(SETTLE.total_seconds()),
    )  # fmt: skip


class FakePublisher(Publisher, Prepares, Follows, Reconciles, Verifies):
    """Publish to the platform in memory."""

    def __init__(self, platform: Platform, channel: str = "portal") -> None:
        self.manifest = manifest(channel, proof=platform.absence_is_proof)
        super().__init__(Account(channel=channel, base_url="memory:", settings={}, secrets=NoSecrets()))
        self.platform = platform

    def prepare(self, post: Post, *, key: str, handles: Handles) -> None:
        if handles.get("draft") is None:
            handles.save("draft", f"draft-of-{key}")

    def publish(self, post: Post, *, key: str, handles: Handles) -> Receipt | Pending:
        platform = self.platform
        platform.calls.append(key)
        platform.before_call(post)
        match platform.next_fault():
            case "":
                return platform.accept(post)
            case "timeout-after":
                platform.accept(post)
                raise OutcomeUnknown("read timeout")
            case "timeout-before":
                raise OutcomeUnknown("read timeout")
            case "crash-after":
                platform.accept(post)
                raise ZeroDivisionError("a mistake of the adapter")
            case "pending":
                return Pending(ticket=platform.accept(post).remote_id, ask_again_in=timedelta(seconds=10))
            case "pending-forgotten":
                platform.accept(post)
                return Pending(ticket="forgotten", ask_again_in=timedelta(seconds=10))
            case "refused":
                raise Refused("nội dung bị từ chối", code="400")
            case "unauthorized":
                raise Unauthorized("token đã hết hạn", code="190")
            case "rate":
                raise RateLimited("chậm lại", wait=timedelta(seconds=40))
            case "app-rate":
                raise RateLimited("ứng dụng gọi quá nhanh", wait=timedelta(seconds=40), of_app=True)
            case "app-quota":
                raise RateLimited("ứng dụng hết lượt trong ngày", wait=timedelta(hours=2), of_app=True)
            case "quota":
                raise RateLimited("hết lượt trong ngày", wait=timedelta(hours=2))
            case "unavailable":
                raise Unavailable("không kết nối được")
            case other:
                raise AssertionError(f"no fault is called {other}")

    def follow(self, pending: Pending, *, handles: Handles) -> Receipt | Pending:
        if pending.ticket == "forgotten":
            raise OutcomeUnknown("nền tảng không còn biết vé này")
        return Receipt(remote_id=pending.ticket, url=f"https://example.vn/{pending.ticket}")

    def find(self, post: Post, *, key: str, handles: Handles, since: datetime) -> Sighting:
        if not self.platform.readable:
            raise Unavailable("không đọc được")
        found = [shown for shown in self.platform.visible() if shown.key == key]
        if len(found) > 1:
            return CannotTell(why="hai bài giống nhau")
        if found:
            return Found(receipt=Receipt(remote_id=found[0].remote_id, url=f"https://example.vn/{found[0].remote_id}"))
        return Absent(proof=self.manifest.absence_is_proof)

    def read_back(self, receipt: Receipt) -> LivePost | None:
        if not self.platform.readable:
            raise Unavailable("không đọc được")
        for shown in self.platform.visible():
            if shown.remote_id == receipt.remote_id:
                return LivePost(remote_id=shown.remote_id, url=receipt.url, text=shown.text, title=shown.title, visible=True,
                                media_count=shown.media)  # fmt: skip
        return None

    def close(self) -> None:
        """Nothing to let go of."""
