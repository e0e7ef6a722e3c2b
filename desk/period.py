"""A period of the office's plan as it is rehearsed: read, rendered, approved, and lived through against the stand-ins.

The demo and `./loa rehearse` are both made of these steps; each has a memory of its own, apart from the office's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TypeVar

from desk.approving import make_posts
from desk.crew import bring_to_schedule, crew_of
from desk.media_host import MediaHost
from desk.place import Place
from desk.rehearsal_accounts import Rehearsed, connect
from desk.rendering import render_all
from desk.triage import may_go
from desk.workbench import Workbench
from desk.workspace import Workspace, read_workspace, stop_on_errors
from editorial.clock import OFFICE_ZONE, Clock
from editorial.plan import PlannedSlot
from editorial.post import Post
from rehearsal.publication import Event
from rehearsal.town import Town
from scheduler.comment_proof import Remark
from scheduler.engines.contract import Engine
from scheduler.proof import Proof, Publication, prove
from scheduler.simulation import Progress
from store.store import Store
from studio.rendition import Rendition

Value = TypeVar("Value")
Report = Callable[[str, int, int], None]  # step, done, total
Planned = Callable[[Workspace, tuple[PlannedSlot, ...]], None]
BEFORE = timedelta(days=2)  # the clock starts when everything has been approved
AFTER = timedelta(days=2)  # and ends after the last read-back


@dataclass(frozen=True, kw_only=True)
class Period:
    """A period from `first` to `last`, both days included, and how far each step of its rehearsal has come."""

    place: Place
    first: date
    last: date
    report: Report
    began: float = field(default_factory=monotonic)
    steps: dict[str, float] = field(default_factory=dict)  # seconds a step

    @property
    def start(self) -> datetime:
        """Return where the simulated clock starts."""
        return datetime.combine(self.first - BEFORE, time(8), OFFICE_ZONE)

    @property
    def end(self) -> datetime:
        """Return until when everything due is done."""
        return datetime.combine(self.last + AFTER, time(8), OFFICE_ZONE)

    @property
    def seconds(self) -> float:
        """Return how long it has taken so far."""
        return monotonic() - self.began

    def read(self) -> Workspace:
        """Read the workspace; raise BadInput when it is not fit to be published."""
        workspace = self.timed("read", lambda: read_workspace(self.place))
        self.timed("check", lambda: stop_on_errors(workspace))
        return workspace

    def render(self, workspace: Workspace, slots: Iterable[PlannedSlot], engine: Engine) -> dict[str, Rendition]:
        """Render what the slots need and the cache lacks."""
        orders = workspace.production.orders(slots)
        return self.timed("render", lambda: render_all(workspace.studio, orders, engine, partial(self.report, "render")))

    def approve(self, bench: Workbench, slots: Iterable[PlannedSlot], made: dict[str, Rendition]) -> None:
        """Let one person hand every entry in, and others check and approve it."""
        self.timed("approve", lambda: self._approve(bench, make_posts(bench, slots, made)))

    def timed(self, step: str, work: Callable[[], Value]) -> Value:
        """Do a step, and keep how long it took."""
        began = monotonic()
        self.report(step, 0, 0)
        value = work()
        self.steps[step] = monotonic() - began
        return value

    def delivered(self, progress: Progress) -> None:
        """Tell how far the period is lived through."""
        self.report("publish", progress.done, progress.total)

    def _approve(self, bench: Workbench, posts: tuple[Post, ...]) -> None:
        crew = crew_of(bench)
        by_entry: dict[str, list[Post]] = {}
        for post in posts:
            by_entry.setdefault(post.entry, []).append(post)
        for done, (entry, together) in enumerate(by_entry.items(), start=1):
            bring_to_schedule(bench, entry, tuple(post for post in together if may_go(bench.store, post.key)), crew)
            self.report("approve", done, len(by_entry))


@contextmanager
def connected(bench: Workbench, town: Town, sites: Path) -> Iterator[Rehearsed]:
    """Open the town and connect every channel of the office to it; sites of plain files are written below `sites`."""
    with town, MediaHost(bench.media) as host:
        rehearsed = connect(bench.content.office.channels, bench.store, town, host.address, sites)
        try:
            yield rehearsed
        finally:
            rehearsed.close()


def proof_of(store: Store, town: Town, rehearsed: Rehearsed) -> Proof:
    """Hold plan, store and the stand-ins' own ledgers against one another."""
    return prove(store, seen_in(town, rehearsed), shown=partial(_shown, rehearsed), remarks=said_in(town, rehearsed))


def _shown(rehearsed: Rehearsed, post: Post) -> Post:
    publisher = rehearsed.publishers.get(post.channel)  # a channel that cannot be rehearsed has none
    return publisher.shown(post) if publisher else post


def open_town(
    memory: Path, clock: Clock, *, processing: timedelta = timedelta(), settings: Mapping[str, Mapping[str, object]] | None = None
) -> Town:  # fmt: skip
    """Return the stand-ins with what the public saw of them so far."""
    return Town(clock=clock.now, folder=memory / "town", processing=processing, settings=settings)


def seen_in(town: Town, rehearsed: Rehearsed) -> tuple[Publication, ...]:
    """Return every publication that the public saw, as the stand-ins' own ledgers have it."""
    shown = (
        Publication(channel=channel, remote_id=row.id, url=row.url, text=row.text, media=row.media_count)
        for channel, platform in rehearsed.platforms.items()
        for row in town.ledger(platform)
        if row.event is Event.PUBLISHED
    )
    return (*shown, *(page for channel, site in rehearsed.sites.items() for page in site.shown(channel)))


def said_in(town: Town, rehearsed: Rehearsed) -> tuple[Remark, ...]:
    """Return what was said below posts in the office's name and in answer to nobody, as the stand-ins list it."""
    return tuple(
        Remark(channel=channel, id=said.id, post=said.post, text=said.text)
        for channel, platform in rehearsed.platforms.items()
        for said in town.remarks(platform)
        if said.own and not said.parent
    )
