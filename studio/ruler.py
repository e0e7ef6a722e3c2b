"""Lengths, colours and fills as written, turned into px and colours for one canvas and theme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.brand import Brand
from studio.colour import Colour, Fill, Gradient, parse_colour
from studio.display import Border, Box, Shadow
from studio.layer import BorderSpec, FillSpec, GradientSpec, Length, Padding, ShadowSpec, WordsStyle

_SMALLEST = 0.6  # of the largest size, where a designer gives no min_size


@dataclass(frozen=True, kw_only=True)
class Ruler:
    """Measure for one canvas and theme; `unit` is px in a unit."""

    brand: Brand
    roles: Mapping[str, Colour]
    unit: float

    def length(self, written: Length, whole: float) -> float:
        """Return a length in px; `whole` is what 100 % means."""
        if not isinstance(written, str):
            return written * self.unit
        if written.endswith("%"):
            return float(written[:-1]) / 100 * whole
        return self.brand.spaces[written] * self.unit

    def inside(self, padding: Padding, box: Box) -> Box:
        """Return the box without its padding."""
        top, right, bottom, left = self.sides(padding)
        width, height = box.width - left - right, box.height - top - bottom
        return Box(left=box.left + left, top=box.top + top, width=max(0.0, width), height=max(0.0, height))

    def sides(self, padding: Padding) -> tuple[float, float, float, float]:
        """Return padding as top, right, bottom, left in px."""
        parts = [self.length(part, 0.0) for part in (padding if isinstance(padding, list) else [padding])]
        if len(parts) == 4:
            return parts[0], parts[1], parts[2], parts[3]
        return parts[0], parts[-1], parts[0], parts[-1]

    def radius(self, written: Length) -> float:
        """Return a corner radius in px; `round` is more than any box needs."""
        if written == "round":
            return 1e6
        return self.brand.radii[written] * self.unit if isinstance(written, str) else written * self.unit

    def colour(self, written: str) -> Colour:
        """Return a colour of the theme."""
        return parse_colour(written, self.roles)

    def fill(self, written: FillSpec | None) -> Fill | None:
        """Return what to paint with."""
        if isinstance(written, GradientSpec):
            return Gradient(
                stops=tuple((place, self.colour(colour)) for place, colour in written.stops),
                angle=written.angle,
                centre=(written.radial[0], written.radial[1]) if written.radial else None,
                reach=written.reach,
            )
        return None if written is None else self.colour(written)

    def border(self, written: BorderSpec | None) -> Border | None:
        """Return a border in px."""
        if written is None:
            return None
        return Border(colour=self.colour(written.colour), width=max(1.0, written.width * self.unit))

    def shadow(self, written: ShadowSpec | None) -> Shadow | None:
        """Return a shadow in px."""
        if written is None:
            return None
        return Shadow(
            colour=self.colour(written.colour),
            blur=written.blur * self.unit,
            x=written.x * self.unit,
            y=written.y * self.unit,
        )

    def type_sizes(self, spec: WordsStyle) -> tuple[float, float]:
        """Return the largest and the smallest size of a text in px."""
        largest = self.type_size(spec.size)
        smallest = largest if spec.overflow == "error" else largest * _SMALLEST
        if spec.min_size is not None and spec.overflow != "error":
            smallest = self.type_size(spec.min_size)
        return largest, min(largest, smallest)

    def type_size(self, written: float | str) -> float:
        """Return a size of type in px."""
        return (self.brand.type[written] if isinstance(written, str) else written) * self.unit
