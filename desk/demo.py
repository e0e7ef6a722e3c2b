"""The demo: a whole quarter from the workspace's files to verified posts, against the rehearsal's stand-ins.

A run that was cut short goes on where it stopped: deliveries, attempts and handles are in the database, and what the public saw
is in the town's journal. A finished run is followed by a new one from the start, with everything rendered already in the cache.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desk.crew import crew_of
from desk.occupation import occupy
from desk.period import Period, Planned, Report, connected, open_town, proof_of
from desk.place import Place
from desk.rehearsal_accounts import Rehearsed
from desk.workbench import Workbench, open_workbench
from desk.workspace import Workspace
from editorial.clock import SimulatedClock
from editorial.delivery import HoldReason
from editorial.plan import PlannedSlot
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.proof import Proof
from scheduler.simulation import run_quarter
from store.audit_head import heads_beside

FIRST_DAY, LAST_DAY = date(2026, 10, 1), date(2026, 12, 31)


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
        self._period = Period(place=place, first=FIRST_DAY, last=LAST_DAY, report=report)
        self._planned = planned
        self._sent_again = 0

    @property
    def memory(self) -> Path:
        """Return where the demo remembers: apart from the office's own database."""
        return self._place.memory / "demo"

    def run(self) -> Outcome:
        """Run the demo to its proof; raise BadInput when the workspace is not fit to be published."""
        workspace = self._period.read()
        with occupy(self.memory):
            return self._from_where_it_stopped(workspace)

    def _from_where_it_stopped(self, workspace: Workspace) -> Outcome:
        resumed = self._make_room()
        clock = SimulatedClock(self._period.start)
        with open_workbench(self._place, self.memory, clock, workspace) as bench:
            clock.move_to(max(clock.now(), bench.store.deliveries.last_touched() or clock.now()))
            return self._quarter(bench, clock, resumed)

    def _quarter(self, bench: Workbench, clock: SimulatedClock, resumed: bool) -> Outcome:
        slots = bench.plan(FIRST_DAY, LAST_DAY)
        self._planned(bench.workspace, slots)
        engine = EmbeddedEngine()
        try:
            made = self._period.render(bench.workspace, slots, engine)
            self._period.approve(bench, slots, made)
            proof = self._period.timed("publish", lambda: self._publish(bench, clock, engine))
        finally:
            engine.stop()
        bench.store.deliveries.forget_gates()  # the desk goes by the machine's clock, which is behind the quarter's end
        self._finished.touch()  # also where the proof fails: only a run that was cut short is gone on with
        return Outcome(
            proof=proof,
            sent_again=self._sent_again,
            slots=slots,
            renditions=len(made),
            rendered=sum(not rendition.cached for rendition in made.values()),
            resumed=resumed,
            seconds=self._period.seconds,
            step_seconds=dict(self._period.steps),
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

    def _publish(self, bench: Workbench, clock: SimulatedClock, engine: Engine) -> Proof:
        town = open_town(self.memory, clock)
        with connected(bench, town, self.memory / "site") as rehearsed:
            self._live_through(bench, clock, rehearsed, engine)
            while self._send_again_what_is_not_there(bench, proof_of(bench.store, town, rehearsed)):
                self._live_through(bench, clock, rehearsed, engine)
            return proof_of(bench.store, town, rehearsed)

    def _live_through(self, bench: Workbench, clock: SimulatedClock, rehearsed: Rehearsed, engine: Engine) -> None:
        """Publish the quarter; cut short, take no more work and finish the calls that are under way."""
        rule = bench.content.office.release_rule()
        dispatcher = Dispatcher(bench.store, rehearsed.publishers, clock, owner="demo", submit=engine.submit, rule=rule)
        try:
            run_quarter(bench.store, dispatcher, engine, clock=clock, until=self._period.end, progress=self._period.delivered)
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
