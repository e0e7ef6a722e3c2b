"""A city for the fault tests: the real adapters over HTTP against the stand-ins, a store on either database, a clock by hand.

The judge is what the stand-ins' own ledgers say that the public saw; the store is only asked where a delivery stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from editorial.clock import SimulatedClock
from editorial.delivery import Delivery, HoldReason, State
from editorial.post import Post
from publishers.contract import Publisher
from publishers.registry import open_publisher
from rehearsal.faults import Fault
from rehearsal.publication import Event
from rehearsal.town import Town
from scheduler.dispatch import Dispatcher
from store.store import Store
from tests.publishers.bench import HANOI_MORNING, a_post, account_at, clip, picture, serving
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import approval

CHANNELS = ("web_portal", "facebook", "telegram", "zalo_oa", "youtube", "tiktok")
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Line:
    """Where a channel's call is met on the road: the stand-in, the method, a part of the address."""

    platform: str
    method: str
    path: str


# The one call of each channel that makes a post public, and the call by which it is looked for.
COMMIT = {
    "web_portal": Line(platform="wordpress", method="POST", path="/posts/"),
    "facebook": Line(platform="facebook", method="POST", path="/feed"),
    "telegram": Line(platform="telegram", method="POST", path="/sendPhoto"),
    "zalo_oa": Line(platform="zalo", method="POST", path="article/update"),
    "youtube": Line(platform="youtube", method="PUT", path="videos?part=status"),
    "tiktok": Line(platform="tiktok", method="PUT", path="/video/?upload_id="),
}
LOOK = {
    "web_portal": Line(platform="wordpress", method="GET", path="/posts/"),
    "facebook": Line(platform="facebook", method="GET", path="/published_posts"),
    "telegram": Line(platform="telegram", method="POST", path="/forwardMessage"),
    "zalo_oa": Line(platform="zalo", method="GET", path="article/getdetail"),
    "youtube": Line(platform="youtube", method="GET", path="videos?part=snippet"),
    "tiktok": Line(platform="tiktok", method="POST", path="/status/fetch/"),
}


@dataclass(frozen=True, kw_only=True)
class End:
    """How a delivery came out: what the store says, and how often the public saw it."""

    state: State
    public: int
    reason: HoldReason | None = None

    def __str__(self) -> str:
        held = f"held ({self.reason.value})" if self.reason else self.state.value
        return f"{held}, public {self.public}×"


ONCE = End(state=State.VERIFIED, public=1)


def asked(public: int, reason: HoldReason = HoldReason.AMBIGUOUS) -> End:
    """Return the end at which a person decides."""
    return End(state=State.HELD, reason=reason, public=public)


class Killed(BaseException):
    """The worker's process ends here, without another line of its code."""


class City:
    """Six channels of one office; every post of it says something of its own."""

    def __init__(
        self, folder: Path, store: Store, clock: SimulatedClock, town: Town, publishers: Mapping[str, Publisher]
    ) -> None:  # fmt: skip
        self.folder = folder
        self.store = store
        self.clock = clock
        self.town = town
        self.publishers = dict(publishers)
        self.first = self.worker("máy-1")

    def worker(self, owner: str, **more: object) -> Dispatcher:
        """Return one more worker process's part."""
        return Dispatcher(
            self.store, self.publishers, self.clock, owner=owner, lease=LEASE, random=Random(7), **more  # type: ignore[arg-type]
        )  # fmt: skip

    def post(self, channel: str, number: int = 0) -> Post:
        medium = clip(self.folder) if channel in ("youtube", "tiktok") else picture(self.folder)
        return replace(a_post(channel, (medium,), number), due_at=self.clock.now())

    def plan(self, *posts: Post) -> tuple[Delivery, ...]:
        """Schedule posts and have them approved."""
        planned = tuple(self.store.deliveries.plan(post) for post in posts)
        for post in posts:
            self.store.approvals.save(approval([post], at=self.clock.now()), [post])
        return planned

    def plan_all(self, channels: tuple[str, ...] = CHANNELS) -> None:
        """Schedule one post for each channel, due now."""
        self.plan(*(self.post(channel) for channel in channels))

    def arm(self, fault: Fault, line: Mapping[str, Line] = COMMIT, *, count: int = 1, seconds: float = 0.0) -> None:
        """Let a fault strike every channel's call of one kind."""
        for where in line.values():
            self.town.arm(where.platform, fault, path=where.path, method=where.method, count=count, seconds=seconds)

    def work(self, worker: Dispatcher | None = None) -> None:
        """Do what is due now; a worker that is killed leaves everything as it was at that moment."""
        worker = worker or self.first
        for _ in range(200):
            try:
                if not worker.tick():
                    return
            except Killed:
                worker._in_hand.clear()
                return
        raise AssertionError("there is no end to what is due")

    def live(self, span: timedelta = timedelta(hours=3), *workers: Dispatcher) -> None:
        """Live on, jumping from one thing to do to the next."""
        end = self.clock.now() + span
        while True:
            for worker in workers or (self.first,):
                self.work(worker)
            moment = self.store.deliveries.next_moment(self.first.station.ways)
            if moment is None or moment > end:
                break
            self.clock.move_to(max(moment, self.clock.now() + timedelta(seconds=1)))
        self.clock.move_to(max(end, self.clock.now()))

    def ends(self) -> dict[str, End]:
        """Return how the one delivery of each channel came out."""
        public = self.public()
        return {
            delivery.channel: End(state=delivery.state, reason=delivery.hold_reason, public=public[delivery.channel])
            for delivery in self.store.deliveries.list()
        }

    def public(self) -> Counter[str]:
        """Count, by channel, what the stand-ins ever made public."""
        return Counter(
            channel for channel, line in COMMIT.items() for row in self.town.ledger(line.platform) if row.event is Event.PUBLISHED
        )

    def delivery(self, channel: str) -> Delivery:
        (found,) = self.store.deliveries.list(channel=channel)
        return found


@contextmanager
def open_city(folder: Path, database: str, channels: tuple[str, ...] = CHANNELS) -> Iterator[City]:
    """Open a city with an empty memory on a database of this kind, or on the one at this address."""
    with ExitStack() as stack:
        clock = SimulatedClock(HANOI_MORNING)
        url = database if "://" in database else fresh_database(folder, database)
        store = stack.enter_context(Store.open(url, clock=clock, media_folder=folder))
        town = stack.enter_context(Town(clock=clock.now))
        media_url = stack.enter_context(serving(folder))
        publishers = {channel: _publisher(channel, store, town, media_url) for channel in channels}
        for publisher in publishers.values():
            stack.callback(publisher.close)
        yield City(folder, store, clock, town, publishers)


def _publisher(channel: str, store: Store, town: Town, media_url: str) -> Publisher:
    account = account_at(town, channel, media_url)
    store.secrets.of(channel).replace(account.secrets.values)  # type: ignore[attr-defined]
    return open_publisher(channel, replace(account, secrets=store.secrets.of(channel)))


def around_call(
    publisher: Publisher, *, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None
) -> None:  # fmt: skip
    """Let something happen once, just before or just after the commit call of this publisher."""
    call, once = publisher.publish, [True]

    def publish(post: Post, **more: object) -> object:
        strikes = once and once.pop()
        if strikes and before:
            before()
        answer = call(post, **more)  # type: ignore[arg-type]
        if strikes and after:
            after()
        return answer

    publisher.publish = publish  # type: ignore[method-assign,assignment]


def die() -> None:
    """End the worker's process."""
    raise Killed
