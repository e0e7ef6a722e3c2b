"""Rehearse a period of the office's plan on the stand-ins, faults drawn from a seed, and compare plan, store and ledger.

One process, one thread, one clock: the same seed over the same workspace is the same run to the last call. Nobody decides about
what is held, so that the result names it; only a channel whose access died is connected again, as the person on duty would do.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from desk.crew import crew_of
from desk.occupation import occupy
from desk.period import Period, Planned, Report, connected, open_town, proof_of
from desk.place import Place
from desk.rehearsal_accounts import Rehearsed, connect_again
from desk.workbench import Workbench, open_workbench
from editorial.clock import SimulatedClock
from editorial.delivery import HoldReason
from editorial.plan import PlannedSlot
from rehearsal.draw import Drawn, draw
from rehearsal.faults import Strike
from scheduler.dispatch import Dispatcher
from scheduler.engines.contract import Engine
from scheduler.engines.embedded import EmbeddedEngine
from scheduler.judgement import Judgement, judge
from scheduler.simulation import Progress, run_quarter
from store.audit_head import heads_beside
from store.halts import Halt, channel_scope

MEMORY = "rehearsal"
PROCESSING = timedelta(seconds=45)  # until an article or a clip is ready on the platforms
LIST_LAG = timedelta(seconds=40)  # until a Page lists a post that it took
CONNECTED_AT_MOST = 20  # times a channel
CONNECTED_AGAIN_AFTER = timedelta(minutes=45)  # from the pause until the person on duty has connected the channel again


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What a rehearsal came to. `rendered` counts only what was not in the cache.

    `connected_again` names a channel as often as it was connected again.
    """

    judgement: Judgement
    slots: tuple[PlannedSlot, ...]
    drawn: tuple[Drawn, ...]
    strikes: tuple[Strike, ...]
    connected_again: tuple[str, ...]
    renditions: int
    rendered: int
    seconds: float
    step_seconds: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A moment of a rehearsal that is under way: its own time, where the posts stand in its store, and what has struck so far."""

    now: datetime
    bench: Workbench
    strikes: Callable[[], tuple[Strike, ...]]


Lived = Callable[[Moment], None]


def rehearse(
    place: Place, first: date, last: date, seed: int | None, report: Report, planned: Planned = lambda workspace, slots: None
) -> Rehearsal:  # fmt: skip
    """Rehearse a period, both days included; without a seed nothing goes wrong. Raise BadInput for an unfit workspace.

    Each run starts anew in a memory of its own (`.loa/rehearsal`), which is left for people to look at.
    """
    with alone(place):
        return rehearse_in(place.memory / MEMORY, place, first, last, seed, report, planned)


def alone(place: Place) -> AbstractContextManager[None]:
    """Let no other rehearsal of this workspace run meanwhile; raise BadInput while one does."""
    return occupy(place.memory / MEMORY)


def rehearse_in(
    memory: Path, place: Place, first: date, last: date, seed: int | None, report: Report,
    planned: Planned = lambda workspace, slots: None, lived: Lived = lambda moment: None,
) -> Rehearsal:  # fmt: skip
    """Rehearse a period as `rehearse` does, in a memory that nobody else uses; what was in it is forgotten first.

    `planned` hears what will go out before anything is rendered, `lived` each time that something has happened.
    """
    period = Period(place=place, first=first, last=last, report=report)
    workspace = period.read()
    _forget(memory)
    clock = SimulatedClock(period.start)
    with open_workbench(place, memory, clock, workspace) as bench:
        slots = bench.plan(first, last)
        planned(workspace, slots)
        return _Run(period, bench, clock, slots, seed, memory, lived).to_the_end()


def _forget(memory: Path) -> None:
    if memory.exists():
        shutil.rmtree(memory)
    heads_beside(memory).place.unlink(missing_ok=True)  # another rehearsal, with a log of its own


class _Run:
    def __init__(
        self, period: Period, bench: Workbench, clock: SimulatedClock, slots: tuple[PlannedSlot, ...], seed: int | None,
        memory: Path, lived: Lived,
    ) -> None:  # fmt: skip
        self._period = period
        self._bench = bench
        self._clock = clock
        self._slots = slots
        self._seed = seed
        self._memory = memory
        self._lived = lived
        settings = {"facebook": {"list_lag": LIST_LAG}}
        self._town = open_town(memory, clock, processing=PROCESSING, settings=settings)
        self._connected_again: list[str] = []

    def to_the_end(self) -> Rehearsal:
        engine = EmbeddedEngine()
        try:
            made = self._period.render(self._bench.workspace, self._slots, engine)
            self._period.approve(self._bench, self._slots, made)
            judgement, drawn = self._period.timed("publish", lambda: self._publish(engine))
        finally:
            engine.stop()
        return Rehearsal(
            judgement=judgement,
            slots=self._slots,
            drawn=drawn,
            strikes=self._town.strikes(),
            connected_again=tuple(self._connected_again),
            renditions=len(made),
            rendered=sum(not rendition.cached for rendition in made.values()),
            seconds=self._period.seconds,
            step_seconds=dict(self._period.steps),
        )

    def _publish(self, engine: Engine) -> tuple[Judgement, tuple[Drawn, ...]]:
        with connected(self._bench, self._town, self._memory / "site") as rehearsed:
            drawn = self._arm(rehearsed.platforms)
            self._live_through(rehearsed, engine)
            proof = proof_of(self._bench.store, self._town, rehearsed)
        return judge(self._bench.store, proof, {slot.key: slot.channel for slot in self._slots}), drawn

    def _arm(self, platforms: Mapping[str, str]) -> tuple[Drawn, ...]:
        if self._seed is None:
            return ()
        moments = ((platforms.get(slot.channel), slot.at.astimezone(UTC)) for slot in self._slots)
        publications = [(platform, at) for platform, at in moments if platform]  # a site of plain files has no faults
        drawn = draw(self._seed, publications, self._town.faults_known)
        for each in drawn:
            self._town.arm(each.platform, each.armed)
        return drawn

    def _live_through(self, rehearsed: Rehearsed, engine: Engine) -> None:
        """Live through the period in this thread; a channel that is still cut off at its end is connected again before that."""
        dispatcher = Dispatcher(
            self._bench.store, rehearsed.publishers, self._clock, owner=MEMORY, slots=1, random=Random(self._seed or 0),
            elapsed=lambda: self._clock.now().timestamp(), rule=self._bench.content.office.release_rule(),
        )  # fmt: skip
        be_on_duty = partial(self._be_on_duty, rehearsed.platforms)
        while True:
            run_quarter(
                self._bench.store, dispatcher, engine, clock=self._clock, until=self._period.end,
                progress=self._tell, meanwhile=be_on_duty,
            )  # fmt: skip
            cut_off = self._cut_off(rehearsed.platforms)
            if not cut_off:
                return
            self._clock.move_to(max(self._clock.now(), *(halt.at + CONNECTED_AGAIN_AFTER for halt in cut_off.values())))
            be_on_duty(self._clock.now())

    def _tell(self, progress: Progress) -> None:
        self._period.delivered(progress)
        self._lived(Moment(now=progress.now, bench=self._bench, strikes=self._town.strikes))

    def _be_on_duty(self, platforms: Mapping[str, str], now: datetime) -> None:
        """Connect the channels again whose access died a while ago."""
        for channel, halt in self._cut_off(platforms).items():
            if halt.at + CONNECTED_AGAIN_AFTER <= now:
                connect_again(self._bench.content.office.channels[channel], self._bench.store, self._town)
                self._bench.store.halts.lift(halt.scope, who=crew_of(self._bench).on_duty.id)
                self._connected_again.append(channel)

    def _cut_off(self, platforms: Mapping[str, str]) -> dict[str, Halt]:
        """Return the channels that wait to be connected again; one for which that never helps is left to people."""
        standing = [halt for halt in self._bench.store.halts.standing() if halt.reason is HoldReason.AUTH]
        found = {halt.scope.removeprefix(channel_scope("")): halt for halt in standing}
        return {
            channel: halt for channel, halt in found.items()
            if channel in platforms and self._connected_again.count(channel) < CONNECTED_AT_MOST
        }  # fmt: skip
