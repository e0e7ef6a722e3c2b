"""What tests of writing share: an office whose files are as they were again afterwards, and errands that may draw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.errands import Errands
from desk.workbench import Workbench, open_workbench
from desk.workspace import Workspace
from editorial.clock import SystemClock
from scheduler.engines.embedded import EmbeddedEngine


@contextmanager
def content_kept(workspace: Workspace, memory: Path) -> Iterator[Workbench]:
    """Open the office with a memory of its own; leave its content as it was."""
    content = workspace.place.root / "content"
    before = {path: path.read_bytes() for path in content.glob("*.md")}
    with open_workbench(workspace.place, memory, SystemClock(), workspace) as bench:
        yield bench
    for path, words in before.items():
        path.write_bytes(words)


@contextmanager
def drawing_errands() -> Iterator[Errands]:
    """Give errands that have one process to draw with."""
    errands, engine = Errands(), EmbeddedEngine(threads=1)
    errands.use(engine)
    yield errands
    errands.stop()
    engine.stop()
