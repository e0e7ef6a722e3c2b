"""The others' ways to make the same clip and picture, and how much a process costs: seconds, processor time, memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from desk.place import HOUSE
from studio.trial import CLIP, POSTER, open_trial

MOVIEPY = "2.2.1"
NO_CHROMIUM = 3  # exit status


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a process cost, its children included (but for memory), and the JSON lines that it printed."""

    wall: float
    cpu: float
    peak_mb: float
    lines: list[Mapping[str, float]]
    status: int


def spend(arguments: Sequence[str], *, python: str = sys.executable, words: str = "") -> Spent:
    """Run Python on something in the house and return what it cost; raise RuntimeError where it fails."""
    start = perf_counter()
    # whoever starts Python a second time finds its modules compiled
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPATH": str(HOUSE)}
    process = subprocess.Popen(
        [python, "-P", *arguments], cwd=HOUSE, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(words)
    process.stdin.close()
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.stdout.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, NO_CHROMIUM):
        raise RuntimeError(f"{' '.join(arguments[:3])}: {process.returncode}")
    return Spent(
        wall=perf_counter() - start,
        cpu=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / 1024,
        lines=[json.loads(line) for line in printed.splitlines()],
        status=process.returncode,
    )


@dataclass(frozen=True, kw_only=True)
class Rivals:
    """The scripts of the others, and the folder outside the repository in which MoviePy's environment is kept."""

    scripts: Path
    environments: Path

    def moviepy_round(self, root: Path, ours: Callable[[], Spent]) -> Iterator[Mapping[str, float]]:
        """Render the clip by us, by MoviePy, by us again; nothing where MoviePy cannot be installed."""
        python = self._moviepy_python()
        if python is None:
            return
        data = json.dumps(open_trial(root).data(CLIP))
        before = ours()
        theirs = spend([str(self.scripts / "moviepy_clip.py"), str(root), str(root / "moviepy.mp4")], python=python, words=data)
        after = ours()
        yield {
            "moviepy": theirs.wall,
            "moviepy_cpu": theirs.cpu,
            "moviepy_mb": theirs.peak_mb,
            "clip": (before.wall + after.wall) / 2,
            "clip_cpu": (before.cpu + after.cpu) / 2,
        }

    def chromium_run(self, root: Path, runs: int) -> Sequence[Mapping[str, float]]:
        """Return the seconds of the poster in a warm Chromium; nothing where there is none."""
        poster = json.dumps(open_trial(root).data(POSTER))
        return spend([str(self.scripts / "chromium_poster.py"), str(root), str(runs)], words=poster).lines

    def _moviepy_python(self) -> str | None:
        folder = self.environments / f"moviepy-{MOVIEPY}"
        python = folder / "bin" / "python"
        if not (folder / "ready").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            install = [str(python), "-P", "-m", "pip", "install", "--quiet", f"moviepy=={MOVIEPY}"]
            for command in ([sys.executable, "-P", "-m", "venv", str(folder)], install):
                if subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
                    return None
            (folder / "ready").touch()
        return str(python)
