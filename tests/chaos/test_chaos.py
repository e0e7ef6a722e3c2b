"""A thousand deliveries on each database while everything breaks; the stand-ins' ledgers say what the public saw."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.faults import Blow
from tests.chaos.worker import STEPS
from tests.scheduler.rabbitmq_node import broker
from tests.store.postgres_cluster import the_cluster

ROOT = Path(__file__).parents[2]
DELIVERIES = 1000
SEED = 20_261_130
PATIENCE = 900


@pytest.mark.skipif(not os.environ.get("CI") and not os.environ.get("LOA_CHAOS"), reason="takes minutes; LOA_CHAOS=1 runs it")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_doubled_or_stuck_while_everything_breaks(database: str) -> None:
    more = _needed(database)
    command = [sys.executable, "-m", "tests.chaos", "--json", "--seed", str(SEED), "--deliveries", str(DELIVERIES), *more]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    found = json.loads(ended.stdout)
    told = {name: found[name] for name in ("lost", "duplicate", "stuck", "early", "false")}
    assert not any(told.values()), "\n".join([str(told), str(found["person"]), str(found["faults"]), *found["stood_still"]])
    assert ended.returncode == 0
    assert found["planned"] == DELIVERIES
    assert found["public"] + len([each for each in found["person"] if not each["public"]]) == DELIVERIES
    assert len(found["person"]) <= DELIVERIES * 0.05, "a person is asked where it cannot be known, not out of habit"
    assert len(found["channels"]) == 6
    assert found["faults"][Blow.KILL.value] >= 1
    assert sum(found["faults"].get(f"kill -9 after {step}", 0) for step in STEPS) >= len(STEPS)


def _needed(database: str) -> list[str]:
    """Return what the driver is told; skip where a server is missing, which CI may not."""
    if database == "sqlite":
        return []
    if isinstance(missing := the_cluster(), str):
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    broker()
    return ["--database", "postgresql", "--broker"]
