"""Pauses as a line on the pages of what they hold."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 3  # pauses that a page names


@dataclass(frozen=True, kw_only=True)
class HaltLine:
    """A pause that stands, or is to come; `window` says when it begins and ends, empty where it lasts until it is lifted."""

    scope: str
    what: str
    why: str
    who: str
    since: str
    window: str
    to_come: bool


@dataclass(frozen=True, kw_only=True)
class HaltLines:
    """The pauses that a page names, those in force first, and how many others there are."""

    named: tuple[HaltLine, ...]
    others: int = 0

    @property
    def everything(self) -> bool:
        """Tell whether everything is paused now."""
        return any(each.scope == "all" and not each.to_come for each in self.named)


def halt_lines(found: tuple[HaltLine, ...]) -> HaltLines:
    """Return the first of them to be named: what holds everything now before all else."""
    ordered = sorted(found, key=lambda each: (each.to_come, each.scope != "all"))
    return HaltLines(named=tuple(ordered[:MOST]), others=max(0, len(ordered) - MOST))
