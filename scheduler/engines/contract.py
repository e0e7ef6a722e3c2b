"""What an engine promises: threads for publishing, processes for rendering, and a beat. It knows nothing of deliveries.

The store is the schedule and the truth: an engine that loses a ticket or hands it out twice costs lateness, never a post.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True)
class Beat:
    """Something to do again and again; it never overlaps itself, and a beat that was missed is not made up for."""

    name: str
    every: timedelta
    run: Callable[[], object]


class Engine(ABC):
    """Who runs what."""

    @abstractmethod
    def start(self, beats: Iterable[Beat]) -> None:
        """Begin to run the beats; each runs once at once."""

    @abstractmethod
    def submit(self, work: Callable[[], None], *, urgent: bool = False) -> None:
        """Run the work in a publishing thread, urgent work in one kept free; what it raises is logged and stops nothing else."""

    @abstractmethod
    def render(
        self, function: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Made]:  # fmt: skip
        """Run a module-level function in a rendering process; publishing never waits for it."""

    @abstractmethod
    def wait_idle(self) -> None:
        """Return when no submitted work is left."""

    @abstractmethod
    def stop(self) -> None:
        """Stop the beats, finish what is in hand and let go of threads and processes; safe to repeat."""
