"""The demo: a whole quarter from the workspace's files to verified posts, against the rehearsal's stand-ins.

A run that was cut short goes on where it stopped: deliveries, attempts and handles are in the database, and what the public saw
is in the town's journal. A finished run is followed by a new one from the start, with everything rendered already in the cache.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import TypeVar

from desk.approving import check_facts, make_posts, schedule, sign, standing, submit
from desk.media_host import MediaHost
from desk.occupation import occupy
from desk.place import Place
from desk.rehearsal_accounts import Rehearsed, connect
from desk.rendering import render_all
from desk.triage import may_go
from desk.workbench import Workbench, open_workbench
from desk.workspace import Workspace, read_workspace, stop_on_errors
from editorial.clock import OFFICE_ZONE, Clock, SimulatedClock
from editorial.delivery import HoldReason
from editorial.plan import PlannedSlot
from editorial.post import Post
from editorial.role import Person, Right, anyone_with
from editorial.workflow import Stage
from rehearsal.publication import Event
from rehearsal.town import Town
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.proof import Proof, Publication, prove
from scheduler.simulation import Progress, run_quarter
from store.audit_head import heads_beside
from studio.rendition import Rendition

Value = TypeVar("Value")

FIRST_DAY, LAST_DAY = date(2026, 10, 1), date(2026, 12, 31)
# The clock starts before the quarter, when everything has been approved, and ends after the last read-back.
START = datetime.combine(FIRST_DAY - timedelta(days=2), time(8), OFFICE_ZONE)
END = datetime.combine(LAST_DAY + timedelta(days=2), time(8), OFFICE_ZONE)

Report = Callable[[str, int, int], None]  # step, done, total
Planned = Callable[[Workspace, tuple[PlannedSlot, ...]], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the demo did. `rendered` counts only what was not in the cache.

    `sent_again` counts posts that were cut off in the very call on a channel that cannot be searched, and for which the person on
    duty looked at the channel and found nothing.
    """

    proof: Proof
    sent_again: int
    slots: tuple[PlannedSlot, ...]
    renditions: int
    rendered: int
    resumed: bool
    seconds: float
    step_seconds: dict[str, float]


class Demo:
    """One run of the demo over a workspace.

    `report` hears how far each long step has come, `planned` what will go out, before anything is rendered.
    """

    def __init__(self, place: Place, report: Report, planned: Planned = lambda workspace, slots: None) -> None:
        self._place = place
        self._report = report
        self._planned = planned
        self._began = monotonic()
        self._steps: dict[str, float] = {}
        self._sent_again = 0

    @property
    def memory(self) -> Path:
        """Return where the demo remembers: apart from the office's own database."""
        return self._place.memory / "demo"

    def run(self) -> Outcome:
        """Run the demo to its proof; raise BadInput when the workspace is not fit to be published."""
        workspace = self._timed("read", lambda: read_workspace(self._place))
        self._timed("check", lambda: stop_on_errors(workspace))
        with occupy(self.memory):
            return self._from_where_it_stopped(workspace)

    def _from_where_it_stopped(self, workspace: Workspace) -> Outcome:
        resumed = self._make_room()
        clock = SimulatedClock(START)
        with open_workbench(self._place, self.memory, clock, workspace) as bench:
            clock.move_to(max(clock.now(), bench.store.deliveries.last_touched() or clock.now()))
            return self._quarter(bench, clock, resumed)

    def _quarter(self, bench: Workbench, clock: SimulatedClock, resumed: bool) -> Outcome:
        slots = bench.plan(FIRST_DAY, LAST_DAY)
        self._planned(bench.workspace, slots)
        engine = EmbeddedEngine()
        try:
            made = self._timed("render", lambda: self._render(bench.workspace, slots, engine))
            self._timed("approve", lambda: self._approve(bench, make_posts(bench, slots, made)))
            proof = self._timed("publish", lambda: self._publish(bench, clock, engine))
        finally:
            engine.stop()
        self._finished.touch()  # also where the proof fails: only a run that was cut short is gone on with
        return Outcome(
            proof=proof,
            sent_again=self._sent_again,
            slots=slots,
            renditions=len(made),
            rendered=sum(not rendition.cached for rendition in made.values()),
            resumed=resumed,
            seconds=monotonic() - self._began,
            step_seconds=dict(self._steps),
        )

    @property
    def _finished(self) -> Path:
        return self.memory / "finished"

    def _make_room(self) -> bool:
        """Forget a finished run; tell whether an unfinished one goes on."""
        if self._finished.exists():
            shutil.rmtree(self.memory)
        if not self.memory.exists():
            heads_beside(self.memory).place.unlink(missing_ok=True)  # another rehearsal, with a log of its own
        return self.memory.exists()

    def _render(self, workspace: Workspace, slots: Iterable[PlannedSlot], engine: Engine) -> dict[str, Rendition]:
        orders = workspace.production.orders(slots)
        return render_all(workspace.studio, orders, engine, lambda done, total: self._report("render", done, total))

    def _approve(self, bench: Workbench, posts: tuple[Post, ...]) -> None:
        """Let one person hand every entry in, and others check and approve it."""
        crew = crew_of(bench)
        by_entry: dict[str, list[Post]] = {}
        for post in posts:
            by_entry.setdefault(post.entry, []).append(post)
        for done, (entry, together) in enumerate(by_entry.items(), start=1):
            bring_to_schedule(bench, entry, tuple(post for post in together if may_go(bench.store, post.key)), crew)
            self._report("approve", done, len(by_entry))

    def _publish(self, bench: Workbench, clock: SimulatedClock, engine: Engine) -> Proof:
        with open_town(self.memory, clock) as town, MediaHost(bench.media) as host:
            rehearsed = connect(bench.content.office.channels, bench.store, town, host.address, self.memory / "site")
            try:
                self._live_through(bench, clock, rehearsed, engine)
                while self._send_again_what_is_not_there(bench, _proof(bench, town, rehearsed)):
                    self._live_through(bench, clock, rehearsed, engine)
                return _proof(bench, town, rehearsed)
            finally:
                rehearsed.close()

    def _live_through(self, bench: Workbench, clock: SimulatedClock, rehearsed: Rehearsed, engine: Engine) -> None:
        """Publish the quarter; cut short, take no more work and finish the calls that are under way."""
        rule = bench.content.office.release_rule()
        dispatcher = Dispatcher(bench.store, rehearsed.publishers, clock, owner="demo", submit=engine.submit, rule=rule)
        try:
            run_quarter(bench.store, dispatcher, engine, clock=clock, until=END, progress=self._delivered)
        finally:
            dispatcher.stop()
            engine.wait_idle()

    def _send_again_what_is_not_there(self, bench: Workbench, proof: Proof) -> int:
        """Decide as the person on duty, who opens the channel to see: only that tells where a channel cannot be searched."""
        unclear = [each for each in bench.store.deliveries.list() if each.hold_reason is HoldReason.AMBIGUOUS]
        missing = [each for each in unclear if each.post_key in proof.lost_keys]
        for delivery in missing:
            bench.store.decisions.send_again(delivery.id, who=crew_of(bench).on_duty.id, why="đã mở kênh xem, chưa có bài này",
                                             rule=bench.content.office.release_rule())  # fmt: skip
        self._sent_again += len(missing)
        return len(missing)

    def _delivered(self, progress: Progress) -> None:
        self._report("publish", progress.done, progress.total)

    def _timed(self, step: str, work: Callable[[], Value]) -> Value:
        began = monotonic()
        self._report(step, 0, 0)
        value = work()
        self._steps[step] = monotonic() - began
        return value


@dataclass(frozen=True, kw_only=True)
class Crew:
    """The office's people who act in the demo."""

    editor: Person
    checker: Person
    approver: Person
    on_duty: Person


def crew_of(bench: Workbench) -> Crew:
    """Choose the people by their rights; raise BadInput where the office has nobody for a step."""
    people = bench.content.office.people
    editor = anyone_with(people, Right.WRITE)
    return Crew(
        editor=editor,
        checker=anyone_with(people, Right.CHECK_FACTS, besides=editor.id),
        approver=anyone_with(people, Right.APPROVE, besides=editor.id),
        on_duty=anyone_with(people, Right.EMERGENCY),
    )


def bring_to_schedule(bench: Workbench, entry: str, posts: tuple[Post, ...], crew: Crew) -> None:
    """Take every step that an entry lacks until its posts are scheduled; safe to repeat after a run that was cut short.

    What was withdrawn stays withdrawn.
    """
    stage = standing(bench, entry, posts).stage
    if not posts or stage is Stage.WITHDRAWN:
        return
    if stage not in (Stage.IN_REVIEW, Stage.FACT_CHECKED, Stage.APPROVED, Stage.SCHEDULED):
        submit(bench, entry, posts, crew.editor)
        stage = Stage.IN_REVIEW
    if stage is Stage.IN_REVIEW:
        check_facts(bench, entry, posts, crew.checker)
        stage = Stage.FACT_CHECKED
    if stage is Stage.FACT_CHECKED:
        sign(bench, entry, posts, crew.approver)
        stage = Stage.APPROVED
    if stage is Stage.APPROVED:
        schedule(bench, entry, posts, crew.approver)


def _proof(bench: Workbench, town: Town, rehearsed: Rehearsed) -> Proof:
    return prove(bench.store, seen_in(town, rehearsed), shown=lambda post: rehearsed.publishers[post.channel].shown(post))


def open_town(memory: Path, clock: Clock) -> Town:
    """Return the stand-ins with what the public saw of them so far."""
    return Town(clock=clock.now, folder=memory / "town")


def seen_in(town: Town, rehearsed: Rehearsed) -> tuple[Publication, ...]:
    """Return every publication that the public saw, as the stand-ins' own ledgers have it."""
    shown = (
        Publication(channel=channel, remote_id=row.id, url=row.url, text=row.text)
        for channel, platform in rehearsed.platforms.items()
        for row in town.ledger(platform)
        if row.event is Event.PUBLISHED
    )
    return (*shown, *(page for channel, site in rehearsed.sites.items() for page in site.shown(channel)))
