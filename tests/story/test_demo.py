"""The main job, as a person starts it: a process of its own, cut short in the middle, and started again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desk.occupation import occupy
from desk.records import records_file
from editorial.clock import SystemClock
from store.store import Store
from tests.story.workspace import HOUSE, make_workspace

COUNTS = ("planned", "published", "verified", "ledger")
PATIENCE = 180  # seconds until a demo that says nothing is given up


def start(root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "desk", "demo", "--no-serve", "--json", "--workspace", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    return subprocess.Popen(
        command, cwd=HOUSE, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def finish(root: Path) -> dict[str, object]:
    process = start(root)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def published(root: Path) -> int:
    """Return how many lines the stand-ins' journals hold: more than none means that publishing is under way."""
    journals = (root / ".loa" / "demo" / "town").glob("*.jsonl")
    return sum(path.read_bytes().count(b"\n") for path in journals)


def cut_short(root: Path, how: signal.Signals, after: int) -> int:
    """Start the demo, end its process group by a signal once the stand-ins have written `after` lines; return its status."""
    shutil.rmtree(root / ".loa" / "demo", ignore_errors=True)
    process = start(root)
    deadline = time.monotonic() + PATIENCE
    while published(root) < after and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert process.poll() is None, "the demo ended before it could be cut short"
    os.killpg(process.pid, how)
    process.communicate(timeout=PATIENCE)
    return process.returncode


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("office"))


def test_the_demo_proves_itself_and_then_renders_nothing_again(office: Path) -> None:
    first, second = finish(office), finish(office)
    for outcome in (first, second):
        assert len({outcome[name] for name in COUNTS}) == 1
        assert outcome["planned"] == 22
        assert (outcome["duplicates"], outcome["lost"]) == (0, 0)
        assert outcome["channels"]["telegram"] == dict.fromkeys(COUNTS, 5)
    with Store.open(f"sqlite:///{records_file(office / '.loa/demo')}", clock=SystemClock()) as left:
        assert left.channel_figures.gates() == {}, "no channel of the desk waits for a moment of the quarter"
    assert second["rendered"] == 0
    assert second["renditions"] == first["renditions"]


@pytest.mark.parametrize(("how", "after"), [(signal.SIGINT, 25), (signal.SIGKILL, 40), (signal.SIGKILL, 90)])
def test_a_demo_that_is_cut_short_is_finished_without_a_duplicate(office: Path, how: signal.Signals, after: int) -> None:
    status = cut_short(office, how, after)
    assert status == (130 if how is signal.SIGINT else -signal.SIGKILL)
    outcome = finish(office)
    assert outcome["resumed"] is True
    assert len({outcome[name] for name in COUNTS}) == 1
    assert (outcome["duplicates"], outcome["lost"]) == (0, 0)


def test_a_second_demo_waits_for_nobody_and_harms_nothing(office: Path) -> None:
    with occupy(office / ".loa" / "demo"):
        process = start(office)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (2, "")
    assert "đang dùng" in err.splitlines()[-1]
