"""What all charts share: rows to show, how they look, and what was drawn of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from studio.colour import Colour
from studio.display import Box, Drawing, Shape
from studio.lettering import Hand


@dataclass(frozen=True, kw_only=True)
class Datum:
    """One row of a chart: what it is called, its value in figures as readers see it, and the number that it is."""

    label: str
    value: str
    amount: float
    highlight: bool = False


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a chart looks; lengths in px, `value_scale` is how much larger than labels values are set."""

    label: Hand
    value: Hand
    value_scale: float
    colour: Colour
    highlight: Colour
    track: Colour
    gap: float
    unit: float
    whole: float = 100.0
    from_zero: bool = True
    horizontal: bool | None = None
    centre: str = ""

    def ink(self, row: Datum) -> Colour:
        """Return the colour of a row's mark."""
        return self.highlight if row.highlight else self.colour


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One drawing of a chart, the row that it belongs to (None: to all), and the side from which it grows in a clip."""

    drawing: Drawing
    row: int | None = None
    grows_from: str | None = None


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A drawn chart, and whether its texts fit."""

    marks: tuple[Mark, ...]
    fits: bool


Draw = Callable[[Sequence[Datum], Box, Look, float], Graph]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A straight scale that holds zero: a length on it is in proportion to the number."""

    low: float
    high: float

    @classmethod
    def over(cls, amounts: Iterable[float]) -> Axis:
        """Return the scale from zero to the farthest number on either side."""
        kept = (0.0, *amounts)
        return cls(low=min(kept), high=max(kept))

    def share(self, amount: float) -> float:
        """Return where a number lies: 0 at the low end, 1 at the high end."""
        return (amount - self.low) / ((self.high - self.low) or 1.0)


def bar(left: float, top: float, width: float, height: float, colour: Colour, radius: float = 0.0) -> Shape:
    """Return a filled rectangle."""
    return Shape(box=Box(left=left, top=top, width=width, height=height), fill=colour, radius=radius)


def faded(colour: Colour, share: float) -> Colour:
    """Return a colour at a share of its opacity."""
    return colour._replace(alpha=round(colour.alpha * share))


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour that lies a share of the way from one to another."""
    return Colour(*(round(start + (end - start) * share) for start, end in zip(one, other, strict=True)))


def largest_size_that_fits(draw: Callable[[float], Graph], sizes: tuple[float, float]) -> Graph:
    """Return what is drawn with the largest type, from the largest to the smallest size, at which all its texts fit."""
    high, low = max(1, int(sizes[0])), max(1, int(min(sizes)))
    graph = draw(high)
    if graph.fits:
        return graph
    best = draw(low)
    while best.fits and low + 1 < high:
        middle = (low + high) // 2
        tried = draw(middle)
        if tried.fits:
            low, best = middle, tried
        else:
            high = middle
    return best
