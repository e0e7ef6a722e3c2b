"""Posts with a first comment, published to the platforms' stand-ins over real HTTP; the stand-ins' own lists are the judge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from editorial.after_step import AfterStep
from editorial.clock import SimulatedClock
from editorial.delivery import Delivery
from editorial.first_comment import FirstComment, Link
from editorial.post import Post
from publishers.contract import Publisher
from publishers.registry import open_publisher
from rehearsal.town import Town
from scheduler.dispatch import Dispatcher
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.simulation import run_quarter
from store.store import Store
from tests.publishers.bench import HANOI_MORNING, a_post, account_at, picture, serving
from tests.store.fresh_database import fresh_database
from tests.store.ledger_posts import approval

CHANNELS = {"web_portal": "wordpress", "facebook": "facebook"}
LINKED = "Toàn văn trên Cổng: {{ post.web_portal }}"
CALL = timedelta(seconds=20)  # a busy machine is no lost answer
PLAIN = "Đường dây nóng: 1022."


@dataclass(kw_only=True)
class Talked:
    """A town with a portal and a page, and an office that publishes to both."""

    clock: SimulatedClock
    town: Town
    store: Store
    publishers: dict[str, Publisher]
    folder: Path
    url: str  # of the database

    def dispatcher(self, owner: str = "máy-1") -> Dispatcher:
        return Dispatcher(self.store, self.publishers, self.clock, owner=owner, slots=1, random=Random(7),
                          elapsed=lambda: self.clock.now().timestamp())  # fmt: skip

    def live_on(self, span: timedelta = timedelta(hours=1), owner: str = "máy-1") -> None:
        engine = EmbeddedEngine(threads=1)
        run_quarter(self.store, self.dispatcher(owner), engine, clock=self.clock, until=self.clock.now() + span)
        engine.stop()

    def plan(self, channel: str = "facebook", comment: str = "", number: int = 0, *, later: timedelta = timedelta()) -> Post:
        ready = self.post(channel, comment, number, later=later)
        self.store.deliveries.plan(ready)
        self.store.approvals.save(approval([ready], at=self.clock.now()), [ready])
        return ready

    def post(self, channel: str, comment: str, number: int = 0, *, later: timedelta = timedelta()) -> Post:
        made = a_post(channel, (picture(self.folder),), number)
        links = (Link(channel="web_portal", post=f"{made.entry}.web_portal.2026"),) if "{{" in comment else ()
        said = FirstComment(text=comment, links=links) if comment else None
        return replace(made, first_comment=said, due_at=made.due_at + later)

    def delivery(self, post: Post) -> Delivery:
        found = self.store.deliveries.by_key(post.key)
        assert found is not None
        return found

    def step(self, post: Post) -> AfterStep:
        found = self.store.steps.of(self.delivery(post).id)
        assert found is not None
        return found

    def outcomes(self, post: Post) -> list[str | None]:
        return [attempt.outcome for attempt in self.store.steps.attempts(self.step(post).id)]

    def said(self) -> list[str]:
        """Return what the public reads below the page's posts."""
        return [remark.text for remark in self.town.remarks("facebook")]


@contextmanager
def talked(folder: Path, database: str) -> Iterator[Talked]:
    clock, url = SimulatedClock(HANOI_MORNING), fresh_database(folder, database)
    with (
        Town(clock=clock.now) as town,
        Store.open(url, clock=clock, media_folder=folder) as store,
        serving(folder) as media_url,
    ):
        publishers: dict[str, Publisher] = {}
        for channel in CHANNELS:
            account = account_at(town, channel, media_url)
            store.secrets.of(channel).replace(account.secrets.values)  # type: ignore[attr-defined]
            publishers[channel] = open_publisher(channel, replace(account, secrets=store.secrets.of(channel), deadline=CALL))
        yield Talked(clock=clock, town=town, store=store, publishers=publishers, folder=folder, url=url)
        for publisher in publishers.values():
            publisher.close()
