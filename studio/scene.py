"""A template with data, at a size and in a theme, resolved to display lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.brand import Brand
from studio.contract import context_of, language_of
from studio.display import Box, DisplayList
from studio.draft import Draftsman
from studio.layout import lay_out
from studio.node import Context, Node, fill_in
from studio.picture import PictureShelf
from studio.ruler import Ruler
from studio.safe import covered_margins
from studio.size import SIZES, Margins, Size
from studio.template import Template
from studio.tree import Layer


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One template, size, theme and data: what every scene of it shares."""

    template: Template
    brand: Brand
    size: str
    theme: str
    context: Context
    language: str

    @property
    def canvas(self) -> Size:
        """Return the canvas."""
        return SIZES[self.size]

    def display(self, layers: Sequence[Layer], context: Context, seconds: float | None = None) -> DisplayList:
        """Return layers as a display list; `seconds` is the scene's length, None for a still."""
        return self.display_nodes(fill_in(layers, context), seconds)

    def display_nodes(self, nodes: Sequence[Node], seconds: float | None) -> DisplayList:
        """Return nodes as a display list."""
        ruler = Ruler(brand=self.brand, roles=self.brand.colours[self.theme], unit=self.canvas.unit)
        shelf = PictureShelf(folder=self.template.folder, brand=self.brand, root=self.template.root)
        draftsman = Draftsman(ruler=ruler, shelf=shelf, language=self.language, seconds=seconds)
        frame = Box(left=0.0, top=0.0, width=self.canvas.width, height=self.canvas.height)
        safe = _safe(frame, self.template.designs[self.size].margins, self.canvas.unit)
        items, problems = lay_out(nodes, frame, safe, ruler, draftsman)
        seen = _safe(frame, covered_margins(self.size, self.template.designs[self.size].margins), self.canvas.unit)
        return DisplayList(width=self.canvas.width, height=self.canvas.height, items=items, problems=problems, safe=seen)


def stage(template: Template, brand: Brand, data: Mapping[str, object], size: str, theme: str) -> Stage:
    """Return the stage on which a template's layers are laid out."""
    language = language_of(data)
    own = {"language": language, "theme": theme, "size": size, "layout": template.designs[size].layout}
    context = {**context_of(template.fields, data), **own}
    return Stage(template=template, brand=brand, size=size, theme=theme, context=context, language=language)


def _safe(frame: Box, margins: Margins, unit: float) -> Box:
    return Box(
        left=margins.left * unit,
        top=margins.top * unit,
        width=frame.width - (margins.left + margins.right) * unit,
        height=frame.height - (margins.top + margins.bottom) * unit,
    )
