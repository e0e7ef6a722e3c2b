"""Colours and gradients as designers name them, and as the renderer paints them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

_WRITTEN = re.compile(r"^(?P<name>#[0-9a-fA-F]{6}|[a-z][a-z0-9_]*)(?:/(?P<opacity>\d{1,3})%)?$")


class Colour(NamedTuple):
    """A colour in sRGB; each part is 0 to 255."""

    red: int
    green: int
    blue: int
    alpha: int = 255


@dataclass(frozen=True, kw_only=True)
class Gradient:
    """A change of colour over a box: along an angle (CSS degrees), or outward from a centre (fractions of the box)."""

    stops: tuple[tuple[float, Colour], ...]
    angle: float = 180.0
    centre: tuple[float, float] | None = None
    reach: float = 0.7


Fill = Colour | Gradient


def parse_colour(written: str, roles: Mapping[str, Colour]) -> Colour:
    """Return the colour of `primary`, `primary/60%`, `#c8102e` or `#c8102e/60%`; raise KeyError when there is none."""
    match = _WRITTEN.match(written)
    if match is None:
        raise KeyError(written)
    name = match["name"]
    colour = _hex(name) if name.startswith("#") else roles[name]
    if match["opacity"] is None:
        return colour
    return colour._replace(alpha=round(colour.alpha * min(100, int(match["opacity"])) / 100))


def _hex(written: str) -> Colour:
    return Colour(*(int(written[start : start + 2], 16) for start in (1, 3, 5)))
