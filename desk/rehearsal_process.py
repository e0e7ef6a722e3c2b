"""A rehearsal in a process of its own: it is told on standard input what to rehearse, and watched through the files it writes.

It ends when that input does: a desk that goes takes its rehearsal along. What was not brought to an end leaves nothing behind but
the pictures and clips in the cache, which the office needs anyway.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

from desk.errands import failure
from desk.place import Place
from desk.rehearsal_shelf import Asked, Progress, Run, Shelf, Tally, begin_folder, fail, finish, read_asked, tell
from desk.rehearsal_values import rehearsal_values
from desk.rehearsing import Moment, alone, rehearse_in
from desk.workspace import Workspace
from editorial.delivery import PUBLIC, State
from editorial.plan import PlannedSlot
from editorial.problem import BadInput
from scheduler.judgement import WITH_A_PERSON

EVERY = 0.3  # seconds between two words of how far it is
NICE = 5  # behind the office's own publishing
STOPPED, OUTRUN = 130, 2
LIVED = "publish"  # the step in which the period is lived through
WORK = "work"  # the rehearsal's own memory, with what lies beside it: needed until the result is written
PUBLIC_SIDE = "town"  # what the public saw: kept with the result


class Watch:
    """Write down how far a rehearsal is, not more often than somebody could see."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._told = 0.0
        self._slots: tuple[PlannedSlot, ...] = ()
        self._progress = Progress(step="read")

    def planned(self, workspace: Workspace, slots: tuple[PlannedSlot, ...]) -> None:
        """Hear what will go out."""
        self._slots = slots
        self._count({})

    def report(self, step: str, done: int, total: int) -> None:
        """Hear how far a step is."""
        begins = step != self._progress.step
        self._progress = replace(self._progress, step=step, done=done, total=total)
        if begins or (step != LIVED and not self._is_early()):
            self._tell()

    def lived(self, moment: Moment) -> None:
        """Hear that something has happened on the simulated clock."""
        if self._is_early() or not self._slots:
            return
        moments = [slot.at for slot in self._slots]
        states = moment.bench.store.deliveries.states(since=min(moments), until=max(moments) + timedelta(minutes=1))
        self._count({key: state for key, state, _ in states})
        strikes = Counter(strike.armed.fault.value for strike in moment.strikes())
        self._progress = replace(self._progress, now=moment.now, strikes=dict(strikes))
        self._tell()

    def _count(self, states: Mapping[str, State]) -> None:
        days: dict[date, Tally] = {}
        channels: dict[str, Tally] = {}
        for slot in self._slots:
            state = states.get(slot.key)
            days[slot.day] = _counted(days.get(slot.day, Tally()), state)
            channels[slot.channel] = _counted(channels.get(slot.channel, Tally()), state)
        self._progress = replace(self._progress, days=days, channels=channels)

    def _is_early(self) -> bool:
        return monotonic() - self._told < EVERY

    def _tell(self) -> None:
        tell(self._run, self._progress)
        self._told = monotonic()


def _counted(tally: Tally, state: State | None) -> Tally:
    return Tally(
        planned=tally.planned + 1, public=tally.public + (state in PUBLIC), people=tally.people + (state in WITH_A_PERSON)
    )


def rehearse_kept(place: Place, asked: Asked) -> None:
    """Rehearse what was asked for, and keep its result; an interruption leaves nothing.

    Raise BadInput while another rehearsal runs.
    """
    shelf = Shelf(place)
    with alone(place):
        run = begin_folder(shelf.place_of(asked.id), asked)
        try:
            _rehearse(place, run)
        except BadInput as error:
            fail(run, tuple(str(problem) for problem in error.problems))
        except Exception as error:
            fail(run, (str(failure(error)),))
        finally:
            shutil.rmtree(run.folder / WORK, ignore_errors=True)
            if not run.over:
                shelf.delete(asked.id)
        shelf.keep()


def _rehearse(place: Place, run: Run) -> None:
    asked, watch = run.asked, Watch(run)
    memory = run.folder / WORK / "memory"
    outcome = rehearse_in(
        memory, place, asked.first, asked.last, asked.seed, watch.report, watch.planned, watch.lived
    )
    with suppress(FileNotFoundError):
        (memory / PUBLIC_SIDE).rename(run.town)
    finish(run, rehearsal_values(outcome, (asked.first, asked.last), asked.seed))


def _end_with_the_desk() -> None:
    """Wait until the desk lets go, then stop as by Ctrl-C, with every process that renders."""
    sys.stdin.read()
    os.killpg(0, signal.SIGINT)


def main() -> int:
    """Read what to rehearse, and rehearse it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever began the desk in the background had it ignored
    root, asked = Path(sys.stdin.readline().rstrip("\n")), read_asked(sys.stdin.readline())
    os.nice(NICE)
    threading.Thread(target=_end_with_the_desk, daemon=True).start()
    try:
        rehearse_kept(Place(root=root), asked)
    except BadInput:
        return OUTRUN
    except KeyboardInterrupt:
        return STOPPED
    return 0


if __name__ == "__main__":
    sys.exit(main())
