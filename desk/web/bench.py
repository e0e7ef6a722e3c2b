"""What the pages need of an office at work; desk.workbench.Workbench has it all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

from editorial.calendar import Catalogue
from editorial.clock import Clock
from editorial.plan import Plan, PlannedSlot
from editorial.workspace import Content
from publishers.manifest import Manifest
from store.media import MediaStore
from store.store import Store


class Bench(Protocol):
    """One office: what people wrote, what Loa remembers, and the clock it goes by."""

    @property
    def root(self) -> Path:
        """Return the workspace's folder."""

    @property
    def content(self) -> Content:
        """Return what content/ says."""

    @property
    def catalogue(self) -> Catalogue:
        """Return the calendar."""

    @property
    def manifests(self) -> Mapping[str, Manifest]:
        """Return the facts of each channel's platform."""

    @property
    def store(self) -> Store:
        """Return what Loa remembers."""

    @property
    def media(self) -> MediaStore:
        """Return the approved pictures and clips."""

    @property
    def clock(self) -> Clock:
        """Return the clock."""

    @property
    def whole_plan(self) -> Plan:
        """Return every slot of every entry."""

    def plan(self, start: date, end: date) -> tuple[PlannedSlot, ...]:
        """Return the slots from `start` to `end`, both days included."""

    def slots_of(self, entry: str) -> tuple[PlannedSlot, ...]:
        """Return every slot of one entry."""

    def reread(self, entry: str) -> Bench:
        """Return the bench with one entry's file, or a series', read anew."""
