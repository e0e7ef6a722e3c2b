"""How one shot gives way to the next."""

from __future__ import annotations

from dataclasses import dataclass

from studio.colour import Colour

_BLACK = Colour(0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A way over: `side` is where the next shot comes from, `colour` what a dip goes through."""

    move: str = "crossfade"
    side: str = "right"
    colour: Colour = _BLACK


CROSSFADE = Transition()
