"""An office whose designers work at the desk: templates of the test's own, people with every role, and an engine that draws."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desk.errands import Errands
from desk.place import Place
from desk.workbench import Workbench, open_workbench
from editorial.clock import SystemClock
from scheduler.engines.embedded import EmbeddedEngine
from tests.desk.small_studio import HOUSE, make_studio, write_card
from tests.desk.web.browser import Browser

DESIGNER, APPROVER, READER = "thiet-ke", "duyet", "nguoi-xem"
CARD = "infographic/card"


@dataclass
class DrawingOffice:
    """The office, and browsers at its desk."""

    root: Path
    bench: Workbench
    errands: Errands

    def browser(self, person: str = DESIGNER) -> Browser:
        """Return a browser of a new session."""
        return Browser(self.bench, person, errands=self.errands)

    @property
    def card(self) -> Path:
        """Return the folder of the template infographic/card."""
        return self.root / "templates" / CARD


@contextmanager
def drawing_office(folder: Path, processes: int = 1, engine: EmbeddedEngine | None = None) -> Iterator[DrawingOffice]:
    """Open an office with the template infographic/card, and close it with its engine; one that is given goes on drawing."""
    root = make_studio(folder)
    write_card(root)
    for name in ("calendars", "content/facts", "templates/caption"):
        shutil.copytree(HOUSE / name, root / name)
    own = engine or EmbeddedEngine(threads=1, processes=processes)
    errands = Errands()
    errands.use(own)
    with open_workbench(Place(root=root), root / ".loa" / "office", SystemClock()) as bench:
        try:
            yield DrawingOffice(root, bench, errands)
        finally:
            errands.stop()
            if engine is None:
                own.stop()
