"""Any order of faults, crashes, pauses and edits: never twice, never lost in silence. Deliberate mistakes must be caught.

LOA_DEEP=1 looks longer (some minutes); LOA_MACHINE_ON=postgresql does it there. In CI each run is the same run.
"""

from __future__ import annotations

import itertools
import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.scheduler.hands import CHECKPOINTS
from tests.scheduler.machine import GOOD, SENDING, DraftMachine, Machine
from tests.scheduler.mutants import MUTANTS, Mutant

DEEP = bool(os.environ.get("LOA_DEEP"))
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
ENDS = ("die", "sleep", "halt", "edit", "withdraw")


def bounds(examples: int, steps: int = 8) -> settings:
    """Return settings under which each run is the same run, unless it is a deep one."""
    return settings(
        max_examples=examples * (100 if DEEP else 1), stateful_step_count=steps * (4 if DEEP else 1), deadline=None,
        derandomize=not DEEP, database=None, phases=(Phase.generate,), suppress_health_check=QUIET, report_multiple_bugs=False,
    )  # fmt: skip


@pytest.mark.parametrize("channel", GOOD)
def test_the_scheduler_never_posts_twice_and_loses_nothing(channel: str) -> None:
    run_state_machine_as_test(GOOD[channel], settings=bounds(6))


def test_the_scheduler_never_posts_twice_and_loses_nothing_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOA_MACHINE_ON", "postgresql")
    run_state_machine_as_test(Machine, settings=bounds(3))


@pytest.mark.parametrize("mutant", [name for name, mutant in MUTANTS.items() if mutant.told])
def test_a_deliberate_mistake_is_caught_by_the_story_that_is_told_of_it(mutant: str) -> None:
    tell_of(MUTANTS[mutant])
    with MUTANTS[mutant].alive(), pytest.raises(AssertionError, match="portal"):
        tell_of(MUTANTS[mutant])


def tell_of(mutant: Mutant) -> None:
    """Live through the one story in which the mistake shows, to its end."""
    stories = mutant.machine()
    stories.open()
    try:
        assert mutant.told is not None
        mutant.told(stories)
        stories.settle()
    finally:
        stories.store.close()


@pytest.mark.parametrize("mutant", [name for name, mutant in MUTANTS.items() if not mutant.told])
def test_a_deliberate_mistake_is_caught(mutant: str) -> None:
    with MUTANTS[mutant].alive(), pytest.raises(AssertionError):
        run_state_machine_as_test(MUTANTS[mutant].machine, settings=bounds(240, steps=2))  # it ends with the first that is caught


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("channel", ["one call", "two phases"])
def test_every_end_at_every_step_of_a_delivery_is_recovered_from(channel: str, end: str) -> None:
    machine = GOOD[channel]()
    machine.open()
    try:
        faults = machine.faults if DEEP else ("", "timeout-after", "timeout-before", "late") if end in ("die", "sleep") else ("",)
        for fault, checkpoint in itertools.product(faults, SENDING):
            machine.tell(end, fault, checkpoint)
    finally:
        machine.teardown()


def test_the_steps_are_the_ones_that_a_delivery_takes() -> None:
    machine = DraftMachine()
    machine.open()
    machine.plan_another()
    machine.begin(0)
    passed = []
    while (at := machine.hands[0].at) is not None:
        passed.append(at)
        machine.hands[0].go_on()
    machine.teardown()
    assert passed == [checkpoint for checkpoint in CHECKPOINTS if checkpoint != "look"]
