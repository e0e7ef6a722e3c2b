"""What an engine promises: threads for publishing, processes for rendering, tickets, and a beat. It knows nothing of deliveries.

The store is the schedule and the truth: an engine that loses a ticket or hands it out twice costs lateness, never a post.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")


class Lane(Enum):
    """Kinds of work that wait apart. What is urgent has threads of its own in every engine, on many machines every lane has."""

    URGENT = "urgent"  # what goes before everything routine
    PUBLISH = "publish"
    VERIFY = "verify"  # looking for what may have been sent, and reading back
    RENDER = "render"
    POLL = "poll"  # asking what has become of a ticket that a platform gave


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """Ask somebody to look for work of a lane; with a subject, to do that one thing: the recipe of a rendition, as JSON."""

    lane: Lane
    subject: str = ""


Look = Callable[[Ticket], object]


@dataclass(frozen=True, kw_only=True)
class Beat:
    """Something to do again and again; it never overlaps itself, and a beat that was missed is not made up for.

    Of the processes that share an office one alone has the clock and runs the beats, except those that are `everywhere`.
    """

    name: str
    every: timedelta
    run: Callable[[], object]
    everywhere: bool = False


class RendererDied(Exception):
    """A rendering has killed each process that it was given to: most often, the machine has no more memory for it."""

    def __init__(self, times: int) -> None:
        self.times = times
        super().__init__(f"the process that rendered died {times} times")


class Engine(ABC):
    """Who runs what."""

    @abstractmethod
    def start(self, beats: Iterable[Beat], look: Look | None = None) -> None:
        """Begin to run the beats, each once at once, and to hand `look` the tickets that reach this process.

        What a beat or a look raises is logged and stops nothing else; a store that is away is told once, and
        once when it is back. Without `look` no ticket is taken here.
        """

    @abstractmethod
    def offer(self, ticket: Ticket, count: int = 1) -> None:
        """Hand out so many tickets, to whoever is free first. One may be lost, and one may come twice."""

    @abstractmethod
    def submit(self, work: Callable[[], None], *, urgent: bool = False) -> None:
        """Run the work in a publishing thread, urgent work in one kept free; what it raises is logged and stops nothing else."""

    @abstractmethod
    def render(
        self, function: Callable[Given, Made], *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Made]:  # fmt: skip
        """Run a module-level function in a rendering process; publishing never waits for it.

        Where its process dies it is tried again alone, and given up with RendererDied when it dies there too; the others go on.
        """

    def render_anywhere(
        self, ticket: Ticket, find: Callable[[], Made | None], function: Callable[Given, Made],
        *args: Given.args, **kwargs: Given.kwargs,
    ) -> Future[Made]:  # fmt: skip
        """Have the rendering of a ticket done by whoever is free, and take what `find` finds; else run the function as `render`.

        What a rendering raises it raises here, since in the end it is tried here.
        """
        return self.render(function, *args, **kwargs)

    @abstractmethod
    def wait_idle(self) -> None:
        """Return when no submitted work and no look is under way in this process."""

    @abstractmethod
    def stop(self) -> None:
        """Stop the beats, finish what is in hand and let go of threads and processes; safe to repeat."""
