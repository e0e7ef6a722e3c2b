"""The canvas sizes that templates may offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

UNITS_ON_SHORT_SIDE = 1080  # a plain length is 1/1080 of the canvas's short side
PRINT_DPI = 300


@dataclass(frozen=True, kw_only=True)
class Margins:
    """The rim that is kept free, in units."""

    top: float
    right: float
    bottom: float
    left: float

    def changed(self, sides: Mapping[str, float]) -> Margins:
        """Return the margins with some sides replaced."""
        return replace(self, **sides)

    def union(self, other: Margins) -> Margins:
        """Return the larger margin of each side."""
        return Margins(
            top=max(self.top, other.top),
            right=max(self.right, other.right),
            bottom=max(self.bottom, other.bottom),
            left=max(self.left, other.left),
        )


@dataclass(frozen=True, kw_only=True)
class Size:
    """A canvas in px; `dpi` is there for paper only, which no clip can be shown on."""

    width: int
    height: int
    margins: Margins
    dpi: int | None = None

    @property
    def unit(self) -> float:
        """Return how many px a unit is."""
        return min(self.width, self.height) / UNITS_ON_SHORT_SIDE


def _even(margin: float) -> Margins:
    return Margins(top=margin, right=margin, bottom=margin, left=margin)


SIZES: Mapping[str, Size] = {
    "square": Size(width=1080, height=1080, margins=_even(64)),
    "portrait": Size(width=1080, height=1350, margins=_even(64)),
    "story": Size(width=1080, height=1920, margins=_even(64)),  # and what platforms cover of it: studio/safe.py
    "wide": Size(width=1920, height=1080, margins=_even(72)),
    "link": Size(width=1200, height=630, margins=_even(72)),
    # Paper: 64 units are 12 mm on A4 and 18 mm on A3, more than any office printer leaves white
    "a4": Size(width=2480, height=3508, margins=_even(64), dpi=PRINT_DPI),
    "a4-wide": Size(width=3508, height=2480, margins=_even(64), dpi=PRINT_DPI),
    "a3": Size(width=3508, height=4961, margins=_even(64), dpi=PRINT_DPI),
    # LED boards are built of modules of 64 x 64 lamps: a strip of 30 x 6 over a road, a sign of 12 x 18 on a square
    "led-wide": Size(width=1920, height=384, margins=_even(80)),
    "led-tall": Size(width=768, height=1152, margins=_even(48)),
}
