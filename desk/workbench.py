"""Everything wired together: what people wrote, what Loa remembers, and the clock it goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from desk.mourning import declare_from_calendar
from desk.place import Place
from desk.remembering import open_store
from desk.workspace import Workspace, read_workspace
from editorial.calendar import Catalogue
from editorial.clock import OFFICE_ZONE, Clock
from editorial.plan import Plan, PlannedSlot
from editorial.workspace import Content
from publishers.manifest import Manifest
from store.entry_text import read_entry_text
from store.media import MediaStore
from store.store import Store


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """One office at work."""

    workspace: Workspace
    store: Store
    media: MediaStore
    clock: Clock

    @property
    def root(self) -> Path:
        """Return the workspace's folder."""
        return self.workspace.place.root

    @property
    def content(self) -> Content:
        """Return what content/ says."""
        return self.workspace.content

    @property
    def catalogue(self) -> Catalogue:
        """Return the calendar."""
        return self.workspace.catalogue

    @property
    def manifests(self) -> Mapping[str, Manifest]:
        """Return the facts of each channel's platform."""
        return self.workspace.manifests

    @property
    def whole_plan(self) -> Plan:
        """Return every slot of every entry."""
        return self.workspace.plan

    def plan(self, start: date, end: date) -> tuple[PlannedSlot, ...]:
        """Return the slots from `start` to `end`, both days included."""
        return self.workspace.plan.between(start, end)

    def slots_of(self, entry: str) -> tuple[PlannedSlot, ...]:
        """Return every slot of one entry."""
        return self.workspace.plan.of(entry)

    def reread(self, entry: str) -> Workbench:
        """Return the bench with one entry's file, or a series', read anew."""
        from desk.drafting import knowing  # which is made for a bench

        return knowing(self, read_entry_text(self.root, entry).read())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.store.close()


def open_workbench(place: Place, memory: Path, clock: Clock, workspace: Workspace | None = None) -> Workbench:
    """Open the office whose database and media lie in `memory`, making them where there are none."""
    store, media = open_store(memory, clock)
    bench = Workbench(workspace=workspace or read_workspace(place), store=store, media=media, clock=clock)
    declare_from_calendar(store, bench.catalogue, clock.now().astimezone(OFFICE_ZONE).date())
    return bench
