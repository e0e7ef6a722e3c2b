"""What needs one person now, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desk.web.views.review import TimeLeft

SHOWN = 12  # lines of a kind; the rest is on that kind's own page


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing to do: what it is about, where it is done, and how urgent it is where that is known."""

    headline: str
    link: str
    more: str
    left: TimeLeft | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Things to do of one kind; `count` counts those too that are not shown, `all` is where they are."""

    id: str
    title: str
    icon: str
    lines: tuple[Line, ...]
    count: int
    all: str


@dataclass(frozen=True, kw_only=True)
class InboxPage:
    """Everything that waits for somebody; `looks_on` where the person can do nothing at all."""

    name: str
    kinds: tuple[Kind, ...]
    looks_on: bool

    @property
    def count(self) -> int:
        """Return how many things there are to do."""
        return sum(kind.count for kind in self.kinds)


def kind(id: str, title: str, icon: str, lines: Iterable[Line], all: str) -> Kind:
    """Return a kind with the first of its lines."""
    found = tuple(lines)
    return Kind(id=id, title=title, icon=icon, lines=found[:SHOWN], count=len(found), all=all)
