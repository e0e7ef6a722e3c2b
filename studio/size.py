"""The canvas sizes that templates may offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

UNITS_ON_SHORT_SIDE = 1080  # a plain length is 1/1080 of the canvas's short side


@dataclass(frozen=True, kw_only=True)
class Margins:
    """The rim that platforms may cover, in units."""

    top: float
    right: float
    bottom: float
    left: float

    def changed(self, sides: Mapping[str, float]) -> Margins:
        """Return the margins with some sides replaced."""
        return replace(self, **sides)


@dataclass(frozen=True, kw_only=True)
class Size:
    """A canvas in px."""

    width: int
    height: int
    margins: Margins

    @property
    def unit(self) -> float:
        """Return how many px a unit is."""
        return min(self.width, self.height) / UNITS_ON_SHORT_SIDE


def _even(margin: float) -> Margins:
    return Margins(top=margin, right=margin, bottom=margin, left=margin)


SIZES: Mapping[str, Size] = {
    "square": Size(width=1080, height=1080, margins=_even(64)),
    "portrait": Size(width=1080, height=1350, margins=_even(64)),
    # TikTok, Reels and Stories draw their own buttons over the top and bottom of a tall clip
    "story": Size(width=1080, height=1920, margins=Margins(top=220, right=64, bottom=320, left=64)),
    "wide": Size(width=1920, height=1080, margins=_even(72)),
    "link": Size(width=1200, height=630, margins=_even(72)),
}
