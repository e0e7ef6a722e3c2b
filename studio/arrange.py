"""The arithmetic of one layout: how large things are, and where they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from studio.chart import natural_height
from studio.display import Box, Item, Motion
from studio.draft import Draftsman
from studio.fit import fit, natural_width
from studio.layer import (
    BoxSpec,
    ChartLayer,
    GroupLayer,
    IconLayer,
    ImageLayer,
    LayerSpec,
    Length,
    ListLayer,
    MapLayer,
    ProgressLayer,
    QrLayer,
    ShapeLayer,
    StackLayer,
    WordsStyle,
)
from studio.node import Node
from studio.ruler import Ruler

_SLACK = 0.75  # px by which rounding may make content higher than its box
_QR_SIDE = 200.0  # units, where a stack gives a QR code no size
_MAP_HEIGHT = 1.25  # of the width, where a map is given no height: about Hanoi's own shape
_BAR = 16.0  # units, the thickness of a progress bar without one


@dataclass(kw_only=True)
class Pass:
    """One try at a layout: how far type has shrunk (1 = not at all), and what came of it."""

    shrink: float
    caps: dict[str, float]
    items: list[Item] = field(default_factory=list)
    overflows: list[str] = field(default_factory=list)
    cuts: list[str] = field(default_factory=list)
    sizes: dict[str, list[int]] = field(default_factory=dict)

    def uneven(self) -> dict[str, float]:
        """Return the smallest size of each repeated text whose rows differ."""
        return {name: min(sizes) for name, sizes in self.sizes.items() if len(set(sizes)) > 1}


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The arithmetic of one pass."""

    ruler: Ruler
    draftsman: Draftsman
    state: Pass

    # where a box lies

    def box_in(self, node: Node, parent: Box) -> Box:
        """Return the box of a node that is not in a stack."""
        spec, own = node.spec, node.spec.box or BoxSpec()
        width, height = own.width or spec.width, own.height or spec.height
        if spec.ratio and width is None and height is not None:
            down = self._span(own.top, own.bottom, height, parent.height, lambda: 0.0)
            wide = down[1] * spec.ratio
            across = self._span(own.left, own.right, "auto", parent.width, lambda: wide)
        else:
            across = self._span(own.left, own.right, width, parent.width, lambda: self.natural(node, parent.width)[0])
            by_ratio = bool(spec.ratio and height is None and width is not None)
            tall = self._thunk(node, across[1])
            down = self._span(own.top, own.bottom, "auto" if by_ratio else height, parent.height, tall)
        return Box(left=parent.left + across[0], top=parent.top + down[0], width=across[1], height=down[1])

    def _thunk(self, node: Node, width: float) -> Callable[[], float]:
        """Return how high a node would be at a width, to be measured only if asked."""
        return lambda: width / node.spec.ratio if node.spec.ratio else self.content_height(node, width)

    def _span(
        self, start: Length | None, end: Length | None, extent: Length | None, whole: float, content: Callable[[], float]
    ) -> tuple[float, float]:
        """Return where one side of a box starts and how long it is."""
        before = None if start is None else self.ruler.length(start, whole)
        after = None if end is None else self.ruler.length(end, whole)
        if extent is None:
            return before or 0.0, max(0.0, whole - (before or 0.0) - (after or 0.0))
        room = whole - (before or 0.0) - (after or 0.0)
        long = min(content(), room) if extent == "auto" else self.ruler.length(extent, whole)
        if before is not None:
            return before, long
        return (whole - after - long if after is not None else (whole - long) / 2), long

    def given(self, written: Length | None, whole: float) -> float | None:
        """Return an extent that the designer fixed, in px."""
        return None if written is None or written == "auto" else self.ruler.length(written, whole)

    # how large content is

    def natural(self, node: Node, room: float, tall: float = 0.0) -> tuple[float, float]:
        """Return the width and height that a node takes in a stack; `room` is the width there is, `tall` the height of 100 %."""
        spec = node.spec
        width = self.given(spec.width, room)
        height = self.given(spec.height, tall)
        aspect = spec.ratio or self._aspect(node)
        if aspect:
            if width is None:
                width = height * aspect if height is not None else room
            return width, height if height is not None else width / aspect
        if width is None:
            width = min(room, self._content_width(node, room))
        return width, height if height is not None else self.content_height(node, width)

    def _aspect(self, node: Node) -> float | None:
        if isinstance(node.spec, ImageLayer | IconLayer):
            return self.draftsman.aspect(node)
        return 1.0 if isinstance(node.spec, QrLayer) and (node.spec.width or node.spec.height) else None

    def content_height(self, node: Node, width: float) -> float:
        """Return how high the content is at a width, padding included."""
        top, right, bottom, left = self.ruler.sides(node.spec.padding)
        return top + bottom + self._inner_height(node, max(0.0, width - left - right))

    def _inner_height(self, node: Node, width: float) -> float:
        spec = node.spec
        if isinstance(spec, WordsStyle):
            return fit(self.draftsman.setting(node), width, None, self.cap(node)).height
        if isinstance(spec, ListLayer) and spec.direction == "grid":
            heights = self._grid_heights(node, width)
            return sum(heights) + self._row_gap(spec) * (len(heights) - 1)
        if isinstance(spec, StackLayer | ListLayer):
            return self._linear_height(node, width)
        if isinstance(spec, GroupLayer):
            return max((self._reach(child, width) for child in node.children), default=0.0)
        if isinstance(spec, ImageLayer | IconLayer):
            return width / (self.draftsman.aspect(node) or 1.0)
        if isinstance(spec, ChartLayer):
            return natural_height(spec, node.rows, width, self.ruler)
        if isinstance(spec, MapLayer):
            return 0.0 if spec.grow else width * _MAP_HEIGHT
        return self._plain_extent(spec)

    def _content_width(self, node: Node, room: float) -> float:
        spec = node.spec
        _, right, _, left = self.ruler.sides(spec.padding)
        inner = max(0.0, room - left - right)
        if isinstance(spec, WordsStyle):
            setting = self.draftsman.setting(node)
            wide = natural_width(setting, self.cap(node))
            return left + right + (wide + 1 if wide < inner else fit(setting, inner, None, self.cap(node)).width + 1)
        if isinstance(spec, StackLayer):
            gap = self.ruler.length(spec.gap, 0.0)
            widths = [self.natural(child, inner)[0] for child in node.children]
            if spec.direction == "horizontal":
                return (
                    left
                    + right
                    + (room if any(child.spec.grow for child in node.children) else sum(widths) + gap * (len(widths) - 1))
                )
            return left + right + max(widths, default=0.0)
        return self._plain_extent(spec) or room

    def _plain_extent(self, spec: LayerSpec) -> float:
        if isinstance(spec, QrLayer):
            return _QR_SIDE * self.ruler.unit
        if isinstance(spec, ProgressLayer):
            return _BAR * self.ruler.unit
        return 2.0 * self.ruler.unit if isinstance(spec, ShapeLayer) and spec.shape == "line" else 0.0

    def _reach(self, child: Node, width: float) -> float:
        box = self.box_in(child, Box(left=0.0, top=0.0, width=width, height=0.0))
        return box.top + max(box.height, self.content_height(child, box.width) if not child.spec.height else 0.0)

    def cap(self, node: Node) -> float:
        """Return the largest type that this pass allows a text, in px."""
        assert isinstance(node.spec, WordsStyle)
        largest, smallest = self.ruler.type_sizes(node.spec)
        return min(smallest + (largest - smallest) * self.state.shrink, self.state.caps.get(node.spec.id, largest))

    # stacks and lists

    def _gap(self, node: Node) -> float:
        spec = node.spec
        assert isinstance(spec, StackLayer | ListLayer)
        return self.ruler.length(spec.gap, 0.0)

    def _row_gap(self, spec: ListLayer) -> float:
        return self.ruler.length(spec.gap if spec.row_gap is None else spec.row_gap, 0.0)

    def _is_row(self, node: Node) -> bool:
        return isinstance(node.spec, StackLayer | ListLayer) and node.spec.direction == "horizontal"

    def _linear_height(self, node: Node, width: float) -> float:
        if self._is_row(node):
            widths = self._row_widths(node, width)
            return max((self._height_at(child, wide) for child, wide in zip(node.children, widths, strict=True)), default=0.0)
        heights = [self._height_at(child, self._cross_width(node, child, width)) for child in node.children]
        return sum(heights) + self._gap(node) * (len(heights) - 1)

    def _height_at(self, child: Node, width: float, tall: float = 0.0) -> float:
        spec = child.spec
        given = self.given(spec.height, tall)
        if given is not None:
            return given
        aspect = spec.ratio or self._aspect(child)
        return width / aspect if aspect else self.content_height(child, width)

    def _cross_width(self, node: Node, child: Node, width: float) -> float:
        given = self.given(child.spec.width, width)
        if given is not None:
            return given
        stretched = not isinstance(node.spec, StackLayer) or node.spec.align == "stretch"
        sized = child.spec.width == "auto" or (
            isinstance(child.spec, ImageLayer | IconLayer | QrLayer) and child.spec.height is not None
        )
        return width if stretched and not sized else min(width, self.natural(child, width)[0])

    def _row_widths(self, node: Node, width: float) -> list[float]:
        gap = self._gap(node)
        room = width - gap * (len(node.children) - 1)
        if isinstance(node.spec, ListLayer) and node.spec.equal:
            return [room / len(node.children)] * len(node.children)
        fixed = {
            index: self.natural(child, width)[0]
            for index, child in enumerate(node.children)
            if child.spec.width or not child.spec.grow
        }
        left = room - sum(fixed.values())
        shares = sum(child.spec.grow for index, child in enumerate(node.children) if index not in fixed)
        if left < 0 and fixed:
            fixed = self._squeezed(node, fixed, left)
            left = room - sum(fixed.values())
        return [
            fixed[index] if index in fixed else max(0.0, left) * child.spec.grow / shares
            for index, child in enumerate(node.children)
        ]

    def _squeezed(self, node: Node, fixed: dict[int, float], left: float) -> dict[int, float]:
        """Return the widths with the missing room taken from the texts that may break."""
        soft = {
            index: wide
            for index, wide in fixed.items()
            if not node.children[index].spec.width and not self._aspect(node.children[index])
        }
        total = sum(soft.values())
        return {index: wide + (left * wide / total if index in soft and total else 0.0) for index, wide in fixed.items()}

    def _grid_heights(self, node: Node, width: float) -> list[float]:
        spec = node.spec
        assert isinstance(spec, ListLayer)
        cell = self._cell_width(spec, width)
        heights = [self._height_at(child, cell) for child in node.children]
        rows = [max(heights[start : start + spec.columns]) for start in range(0, len(heights), spec.columns)]
        return [max(rows)] * len(rows) if spec.equal and rows else rows

    def _cell_width(self, spec: ListLayer, width: float) -> float:
        return (width - self.ruler.length(spec.gap, 0.0) * (spec.columns - 1)) / spec.columns

    # placing

    def place(self, node: Node, box: Box, motions: tuple[Motion, ...]) -> None:
        """Put a node and what is in it on the display list."""
        motions = (*motions, *self.draftsman.motions(node, box))
        inner = self.ruler.inside(node.spec.padding, box)
        if isinstance(node.spec, WordsStyle):
            self._place_words(node, box, inner, motions)
            return
        self.state.items += self.draftsman.plain(node, box, motions)
        if isinstance(node.spec, ChartLayer | MapLayer):
            self._place_chart(node, inner, motions)
        if isinstance(node.spec, ListLayer) and node.spec.direction == "grid":
            self._place_grid(node, inner, motions)
        elif isinstance(node.spec, StackLayer | ListLayer):
            self._place_linear(node, inner, motions)
        elif isinstance(node.spec, GroupLayer):
            for child in node.children:
                self.place(child, self.box_in(child, inner), motions)

    def _place_words(self, node: Node, box: Box, inner: Box, motions: tuple[Motion, ...]) -> None:
        spec = node.spec
        assert isinstance(spec, WordsStyle)
        block = fit(self.draftsman.setting(node), inner.width, inner.height + _SLACK, self.cap(node))
        if not block.fits:
            self.state.overflows.append(spec.id)
        if block.cut:
            self.state.cuts.append(spec.id)
        if node.repeated:
            self.state.sizes.setdefault(spec.id, []).append(block.size)
        self.state.items += self.draftsman.words(node, box, inner, block, motions)

    def _place_chart(self, node: Node, inner: Box, motions: tuple[Motion, ...]) -> None:
        items, fits = self.draftsman.chart(node, inner, motions)
        self.state.items += items
        if not fits:
            self.state.overflows.append(node.spec.id)

    def _place_linear(self, node: Node, inner: Box, motions: tuple[Motion, ...]) -> None:
        row = self._is_row(node)
        sizes = self._row_sizes(node, inner) if row else self._column_sizes(node, inner)
        whole = inner.width if row else inner.height
        gap = self._gap(node)
        left = whole - sum(size[0 if row else 1] for size in sizes) - gap * (len(sizes) - 1)
        if left < -_SLACK:
            self.state.overflows.append(node.spec.id)
        justify = node.spec.justify if isinstance(node.spec, StackLayer) else "start"
        at = {"center": max(0.0, left) / 2, "end": max(0.0, left)}.get(justify, 0.0)
        if justify == "between" and len(sizes) > 1:
            gap += max(0.0, left) / (len(sizes) - 1)
        for child, (width, height) in zip(node.children, sizes, strict=True):
            self.place(child, self._child_box(node, inner, at, width, height), motions)
            at += (width if row else height) + gap

    def _child_box(self, node: Node, inner: Box, at: float, width: float, height: float) -> Box:
        align = node.spec.align if isinstance(node.spec, StackLayer) else "stretch"
        share = {"center": 0.5, "end": 1.0}.get(align, 0.0)
        if self._is_row(node):
            return Box(left=inner.left + at, top=inner.top + (inner.height - height) * share, width=width, height=height)
        return Box(left=inner.left + (inner.width - width) * share, top=inner.top + at, width=width, height=height)

    def _column_sizes(self, node: Node, inner: Box) -> list[tuple[float, float]]:
        widths = [self._cross_width(node, child, inner.width) for child in node.children]
        share_all = isinstance(node.spec, ListLayer) and node.spec.grow_rows
        grows = [1.0 if share_all else child.spec.grow if child.spec.height is None else 0.0 for child in node.children]
        pairs = zip(node.children, widths, grows, strict=True)
        heights = [0.0 if grow else self._height_at(child, width, inner.height) for child, width, grow in pairs]
        left = max(0.0, inner.height - sum(heights) - self._gap(node) * (len(heights) - 1))
        total = sum(grows)
        grown = [height + (left * grow / total if total else 0.0) for height, grow in zip(heights, grows, strict=True)]
        for child, width, height, grow in zip(node.children, widths, grown, grows, strict=True):
            if (
                grow
                and not isinstance(child.spec, WordsStyle | ImageLayer | IconLayer | ChartLayer | MapLayer)
                and self.content_height(child, width) > height + _SLACK
            ):
                self.state.overflows.append(child.spec.id)
        return list(zip(widths, grown, strict=True))

    def _row_sizes(self, node: Node, inner: Box) -> list[tuple[float, float]]:
        widths = self._row_widths(node, inner.width)
        stretched = not isinstance(node.spec, StackLayer) or node.spec.align == "stretch"
        heights = [self._height_at(child, width, inner.height) for child, width in zip(node.children, widths, strict=True)]
        if max(heights, default=0.0) > inner.height + _SLACK:
            self.state.overflows.append(node.spec.id)
        fixed = [child.spec.height is not None or self._aspect(child) is not None for child in node.children]
        return [
            (width, inner.height if stretched and not held else min(height, inner.height))
            for width, height, held in zip(widths, heights, fixed, strict=True)
        ]

    def _place_grid(self, node: Node, inner: Box, motions: tuple[Motion, ...]) -> None:
        spec = node.spec
        assert isinstance(spec, ListLayer)
        cell, gap, row_gap = self._cell_width(spec, inner.width), self.ruler.length(spec.gap, 0.0), self._row_gap(spec)
        heights = self._grid_heights(node, inner.width)
        if sum(heights) + row_gap * (len(heights) - 1) > inner.height + _SLACK:
            self.state.overflows.append(spec.id)
        if spec.grow_rows:
            heights = [(inner.height - row_gap * (len(heights) - 1)) / len(heights)] * len(heights)
        top = inner.top
        for row, height in enumerate(heights):
            for column, child in enumerate(node.children[row * spec.columns : (row + 1) * spec.columns]):
                self.place(child, Box(left=inner.left + column * (cell + gap), top=top, width=cell, height=height), motions)
            top += height + row_gap
