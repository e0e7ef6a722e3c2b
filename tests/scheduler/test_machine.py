"""Any order of faults, crashes, pauses and edits: never twice, never lost in silence. Deliberate mistakes must be caught."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.scheduler.machine import ForgetfulMachine, Machine, ResendMachine, SilenceMachine, SleepyMachine

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def bounds(examples: int, *phases: Phase) -> settings:
    """Return settings under which each run is the same run."""
    return settings(
        max_examples=examples, stateful_step_count=8, deadline=None, derandomize=True, database=None, phases=phases,
        suppress_health_check=QUIET, report_multiple_bugs=False,
    )  # fmt: skip


def test_the_scheduler_never_posts_twice_and_loses_nothing() -> None:
    run_state_machine_as_test(Machine, settings=bounds(12, Phase.generate))


@pytest.mark.parametrize("mistaken", [ResendMachine, SilenceMachine, ForgetfulMachine, SleepyMachine])
def test_a_deliberate_mistake_is_caught(mistaken: type[Machine]) -> None:
    with pytest.raises(AssertionError):
        run_state_machine_as_test(mistaken, settings=bounds(60, Phase.generate))
