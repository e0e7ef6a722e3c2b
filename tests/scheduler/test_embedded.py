"""The engine of one process."""

from __future__ import annotations

import itertools
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.engines import renderers
from scheduler.engines.contract import Beat
from scheduler.engines.embedded import EmbeddedEngine
from studio.workfolder import work_folder


@pytest.fixture
def engine() -> Iterator[EmbeddedEngine]:
    made = EmbeddedEngine(threads=2, processes=1)
    yield made
    made.stop()


def test_it_is_idle_only_when_all_submitted_work_is_done(engine: EmbeddedEngine) -> None:
    gate, done = threading.Event(), list[int]()

    def work() -> None:
        gate.wait(10)
        done.append(1)

    for _ in range(5):
        engine.submit(work)
    gate.set()
    engine.wait_idle()
    assert len(done) == 5


def test_work_that_fails_is_logged_and_stops_nothing(engine: EmbeddedEngine, caplog: pytest.LogCaptureFixture) -> None:
    done = list[int]()
    with caplog.at_level(logging.ERROR):
        engine.submit(lambda: 1 // 0)  # type: ignore[arg-type,return-value]
        engine.submit(lambda: done.append(1))
        engine.wait_idle()
    assert done == [1]
    assert "ZeroDivisionError" in caplog.text


def test_a_beat_runs_again_and_again(engine: EmbeddedEngine) -> None:
    thrice, beats = threading.Event(), list[int]()

    def beat() -> None:
        beats.append(1)
        if len(beats) >= 3:
            thrice.set()

    engine.start([Beat(name="tick", every=timedelta(milliseconds=10), run=beat)])
    assert thrice.wait(10)


def test_rendering_happens_in_another_process(engine: EmbeddedEngine) -> None:
    assert engine.render(os.getpid).result(30) != os.getpid()


RENDER_AND_WAIT = """
import os, sys, threading
from scheduler.engines.embedded import EmbeddedEngine
engine = EmbeddedEngine(threads=1, processes=2)
print(*{made.result(60) for made in [engine.render(os.getpid) for _ in range(8)]}, flush=True)
threading.Event().wait()
"""


def test_workers_end_with_a_process_that_was_killed() -> None:
    place = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", RENDER_AND_WAIT], stdout=subprocess.PIPE, cwd=place) as killed:
        assert killed.stdout is not None
        workers = [int(word) for word in killed.stdout.readline().split()]
        killed.kill()
        try:
            killed.communicate(timeout=30)  # the pipe is shut when the last of them is gone
        except subprocess.TimeoutExpired:
            for worker in workers:
                os.kill(worker, signal.SIGTERM)
            pytest.fail("a worker waits for a process that is gone")


def test_work_submitted_after_the_stop_is_left_to_the_store() -> None:
    engine = EmbeddedEngine(threads=1)
    engine.stop()
    engine.submit(lambda: None)
    engine.wait_idle()
    engine.stop()


STARTING = """\
import os, signal
if __name__ == "__mp_main__":  # a worker process that is still starting when Ctrl-C reaches the whole group
    os.kill(os.getpid(), signal.SIGINT)
from scheduler.engines.embedded import EmbeddedEngine
if __name__ == "__main__":
    engine = EmbeddedEngine(processes=1)
    print(type(engine.render(abs, -1).exception()).__name__)
    engine.stop()
"""


def test_ctrl_c_while_a_worker_process_starts_ends_it_without_a_word(tmp_path: Path) -> None:
    script = tmp_path / "starting.py"
    script.write_text(STARTING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("BrokenProcessPool\n", "")


class Deaf:
    """Something whose end is busy when the signal comes; what is raised there is never heard of."""

    def __init__(self, first: signal.Signals) -> None:
        self._first = first

    def __del__(self) -> None:
        os.kill(os.getpid(), self._first)
        for _ in range(1000):
            pass


def end_while_working(cache: Path, first: signal.Signals, *, deaf: bool) -> None:
    folder = stack_of(cache)  # no block guards it yet, as when the signal comes just before one
    (folder / "half.png").touch()
    if deaf:
        Deaf(first)
    else:
        os.kill(os.getpid(), first)
    (cache / "went-on").touch()


def stack_of(cache: Path) -> Path:
    stack = ExitStack()
    STACKS.append(stack)
    return stack.enter_context(work_folder(cache))


STACKS = list[ExitStack]()


@pytest.mark.parametrize("deaf", [False, True])
@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_that_is_told_to_end_takes_its_work_away_wherever_it_is_told(
    tmp_path: Path, first: signal.Signals, deaf: bool, capfd: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    engine = EmbeddedEngine(processes=1)
    with pytest.raises(BrokenProcessPool):
        engine.render(end_while_working, tmp_path, first, deaf=deaf).result(60)
    engine.stop()
    assert [path.name for path in tmp_path.rglob("*")] == ["unfinished"]
    assert capfd.readouterr().err == ""


def write_on_and_on(cache: Path) -> None:
    """Keep putting files into a folder that somebody empties."""
    folder = stack_of(cache)

    def write() -> None:
        for number in itertools.count():
            with suppress(FileNotFoundError):
                (folder / str(number)).touch()

    threading.Thread(target=write, daemon=True).start()
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_worker_that_ends_leaves_no_folder_in_which_a_thread_still_writes(tmp_path: Path) -> None:
    engine = EmbeddedEngine(processes=1)
    with pytest.raises(BrokenProcessPool):
        engine.render(write_on_and_on, tmp_path).result(60)
    engine.stop()
    assert list((tmp_path / "unfinished").iterdir()) == []


def test_renderings_that_begin_at_once_share_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    made, both = list[int](), threading.Barrier(2)
    make = renderers._processes

    def noted(count: int) -> ProcessPoolExecutor:
        made.append(count)
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=0.5)  # a second pool is begun while the first one is
        return make(count)

    monkeypatch.setattr(renderers, "_processes", noted)
    pool = renderers.Renderers(1)
    with ThreadPoolExecutor(2) as threads:
        begun = [threads.submit(pool.render, os.getpid) for _ in range(2)]
        found = {each.result().result() for each in begun}
    pool.stop()
    assert (made, len(found)) == ([1], 1)
