"""The display list: everything that will be painted, with its place and its motion, and nothing left to decide.

All lengths are px of the canvas. Every value is frozen and hashable: a painted sprite is kept under what it was painted from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from editorial.problem import Problem
from studio.colour import Colour, Fill


@dataclass(frozen=True, kw_only=True)
class Box:
    """A place on the canvas."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Return the bottom edge."""
        return self.top + self.height

    def whole(self) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom on whole px, at least one px large."""
        left, top = round(self.left), round(self.top)
        return left, top, max(left + 1, round(self.right)), max(top + 1, round(self.bottom))


@dataclass(frozen=True, kw_only=True)
class Border:
    """A line inside the edge of a shape."""

    colour: Colour
    width: float


@dataclass(frozen=True, kw_only=True)
class Shadow:
    """A blurred copy underneath."""

    colour: Colour
    blur: float
    x: float
    y: float


class Outline(Enum):
    """The edge of a shape."""

    RECTANGLE = "rect"  # with rounded corners when there is a radius
    ELLIPSE = "ellipse"  # touches its box
    POLYGON = "polygon"  # through its points


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A filled shape."""

    box: Box
    outline: Outline = Outline.RECTANGLE
    fill: Fill | None = None
    radius: float = 0.0
    border: Border | None = None
    shadow: Shadow | None = None
    points: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A photo or drawing fitted into a box."""

    box: Box
    path: Path
    digest: str
    fit: str
    focus: tuple[float, float]
    inks: tuple[tuple[str, Colour], ...] = ()  # brand colours that an SVG asks for by name
    tint: Colour | None = None
    scrim: Fill | None = None
    blur: float = 0.0
    radius: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Run:
    """Letters of one colour on a baseline."""

    text: str
    x: float
    y: float
    colour: Colour


@dataclass(frozen=True, kw_only=True)
class Words:
    """Set lines of type; `x`, `y` of each run are whole px from the canvas corner."""

    box: Box
    runs: tuple[Run, ...]
    font: Path
    size: int
    tracking: float = 0.0
    shadow: Shadow | None = None


@dataclass(frozen=True, kw_only=True)
class Code:
    """A QR code."""

    box: Box
    content: str
    colour: Colour
    background: Colour
    quiet: int


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """A line of one width through points, round at its ends and corners."""

    box: Box
    points: tuple[tuple[float, float], ...]
    width: float
    colour: Colour


Drawing = Shape | Picture | Words | Code | Stroke


@dataclass(frozen=True, kw_only=True)
class Motion:
    """One coming or going; `start` counts from the scene's start, and `entering` tells which way it runs."""

    entering: bool
    move: str
    ease: str
    start: float
    seconds: float
    dx: float
    dy: float
    box: Box
    points: tuple[tuple[float, float], ...] = ()  # of a path: offsets, the last one (0, 0)


@dataclass(frozen=True, kw_only=True)
class KenBurns:
    """A zoom over a whole scene toward a focus in fractions of the picture's box."""

    start: float
    end: float
    focus: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Counter:
    """The drawings of a running figure or of text being typed, one for each frame; the last is the text at rest."""

    steps: tuple[Words, ...]
    delay: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bar that grows with the clip: the bar when full, and whether it grows along x."""

    full: Shape
    horizontal: bool


@dataclass(frozen=True, kw_only=True)
class Reel:
    """A moving picture in the place of a drawing: a file of pictures, one for each frame; the last one stays."""

    path: Path
    left: int
    top: int
    frames: int


@dataclass(frozen=True, kw_only=True)
class Item:
    """One drawing with its opacity and motion; `live` items change in ways that motion cannot say."""

    id: str
    drawing: Drawing
    opacity: float = 1.0
    motions: tuple[Motion, ...] = ()
    live: KenBurns | Counter | Bar | Reel | None = None
    asked: int = 0  # px of type that the designer asked for; 0 where nothing is set in type
    locked: bool = False


@dataclass(frozen=True, kw_only=True)
class DisplayList:
    """A picture: items from back to front."""

    width: int
    height: int
    items: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()
    safe: Box | None = None  # what no platform covers and no frame cuts; None where nobody asked
