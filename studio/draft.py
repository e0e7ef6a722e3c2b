"""Nodes in their boxes turned into drawings with motion."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from studio.chart import draw_atlas, draw_chart
from studio.charts.graph import Mark
from studio.display import Bar, Box, Code, Counter, Drawing, Item, KenBurns, Motion, Outline, Picture, Run, Shape, Words
from studio.fit import Block, Line, Setting
from studio.font import advance
from studio.layer import (
    ChartLayer,
    IconLayer,
    ImageLayer,
    LayerSpec,
    MapLayer,
    MotionSpec,
    NumberLayer,
    PathSpec,
    ProgressLayer,
    QrLayer,
    ShapeLayer,
    SubtitleLayer,
    TextLayer,
    WordsStyle,
)
from studio.motion import FRAMES_A_SECOND, count_steps, typing_steps
from studio.node import Node
from studio.number import read_share, running
from studio.picture import PictureShelf, is_see_through
from studio.ruler import Ruler
from studio.words import Piece

_DISTANCES = {"rise": 48.0, "slide": 120.0}  # units


@dataclass(frozen=True, kw_only=True)
class Draftsman:
    """Draw for one canvas; `seconds` is how long the scene lasts, None for a still."""

    ruler: Ruler
    shelf: PictureShelf
    language: str
    seconds: float | None = None

    def setting(self, node: Node) -> Setting:
        """Return how a node's words want to be set."""
        spec = node.spec
        assert isinstance(spec, WordsStyle)
        largest, smallest = self.ruler.type_sizes(spec)
        return Setting(
            text=node.text,
            font=self.ruler.brand.fonts[spec.font],
            largest=largest,
            smallest=smallest,
            max_lines=spec.max_lines,
            leading=spec.leading,
            tracking=spec.tracking,
            balance=spec.balance,
            emphasis=spec.emphasis is not None,
            ellipsis=spec.overflow == "ellipsis",
            figure=isinstance(spec, NumberLayer),
        )

    def aspect(self, node: Node) -> float | None:
        """Return width / height of a node's picture, None where it cannot be read."""
        path = self.shelf.find(node.text)
        return None if path is None else self.shelf.aspect(path)

    def plain(self, node: Node, box: Box, motions: tuple[Motion, ...]) -> Iterator[Item]:
        """Yield the items of a layer without words: its background, then what it shows."""
        spec = node.spec
        match spec:
            case ShapeLayer():
                yield self._item(spec, self._shape(spec, box), motions)
            case ImageLayer():
                yield from self._picture(node, spec, box, motions)
            case IconLayer():
                yield from self._icon(node, spec, box, motions)
            case QrLayer():
                yield from self._panel(spec, box, motions)
                yield self._item(spec, self._code(node, spec, box), motions)
            case ProgressLayer():
                yield from self._progress(node, spec, box, motions)
            case _:
                yield from self._panel(spec, box, motions)

    def chart(self, node: Node, inner: Box, motions: tuple[Motion, ...]) -> tuple[tuple[Item, ...], bool]:
        """Return the items of a chart or map in its box, and whether its texts fit."""
        spec = node.spec
        if isinstance(spec, MapLayer):
            drawn = draw_atlas(spec, node.rows, self.language, inner, self.ruler)
            return tuple(self._item(spec, mark.drawing, motions) for mark in drawn.marks), drawn.fits
        assert isinstance(spec, ChartLayer)
        if not node.rows:
            return (), True
        graph = draw_chart(spec, node.rows, node.text, inner, self.ruler)
        items = (self._item(spec, mark.drawing, (*motions, *self._reveal(spec, mark, node.delay))) for mark in graph.marks)
        return tuple(items), graph.fits

    def _reveal(self, spec: ChartLayer, mark: Mark, delay: float) -> Iterator[Motion]:
        """Yield how a part of a chart comes: bars and lines grow, then their texts fade in."""
        if spec.reveal is None or self.seconds is None or (mark.row is None and mark.grows_from is None):
            return
        start = spec.reveal.delay + delay + spec.reveal.stagger * (mark.row or 0)
        drawing = mark.drawing
        if isinstance(drawing, Words) or mark.grows_from in (None, "fade"):
            late = spec.reveal.seconds * (0.5 if isinstance(drawing, Words) else 0.0)
            written = MotionSpec(move="fade", seconds=spec.reveal.seconds * 0.5, ease="linear")
            yield self._motion(written, drawing.box, True, start + late)
        else:
            written = MotionSpec.model_validate({"move": "wipe", "from": mark.grows_from, "seconds": spec.reveal.seconds})
            yield self._motion(written, drawing.box, True, start)

    def words(self, node: Node, box: Box, inner: Box, block: Block, motions: tuple[Motion, ...]) -> Iterator[Item]:
        """Yield the background and the lines of a text set in `inner`."""
        spec = node.spec
        assert isinstance(spec, WordsStyle)
        placed = self._block_box(spec, inner, block)
        yield from self._panel(spec, self._hug(spec, placed) if isinstance(spec, SubtitleLayer) else box, motions)
        lines = self._set(node, spec, placed, block, block.lines)
        live = self._counter(node, spec, placed, block, lines) or self._typed(spec, lines, node.delay)
        item = self._item(spec, lines, motions, live)
        yield replace(item, asked=int(self.ruler.type_sizes(spec)[0]))

    def motions(self, node: Node, box: Box) -> Iterator[Motion]:
        """Yield a node's own coming and going; a still has none."""
        if self.seconds is None:
            return
        if node.spec.enter is not None and node.spec.enter.move != "none":
            yield self._motion(node.spec.enter, box, True, node.spec.enter.delay + node.delay)
        if node.spec.exit is not None and node.spec.exit.move != "none":
            start = self.seconds - node.spec.exit.before - node.spec.exit.seconds
            yield self._motion(node.spec.exit, box, False, max(0.0, start))
        if node.spec.path is not None:
            yield self._path(node.spec.path, box, node.delay)

    def _motion(self, spec: MotionSpec, box: Box, entering: bool, start: float) -> Motion:
        distance = (_DISTANCES.get(spec.move, 0.0) if spec.distance is None else spec.distance) * self.ruler.unit
        side = "bottom" if spec.move == "rise" else spec.from_
        dx = {"left": -1, "right": 1}.get(side, 0) * distance
        dy = {"top": -1, "bottom": 1}.get(side, 0) * distance
        if spec.move == "wipe":
            dx, dy = {"left": -1.0, "right": 1.0}.get(side, 0.0), {"top": -1.0, "bottom": 1.0}.get(side, 0.0)
        return Motion(entering=entering, move=spec.move, ease=spec.ease, start=start, seconds=spec.seconds, dx=dx, dy=dy, box=box)

    def _path(self, spec: PathSpec, box: Box, delay: float) -> Motion:
        points = tuple((x * self.ruler.unit, y * self.ruler.unit) for x, y in spec.points)
        start = spec.delay + delay
        return Motion(
            entering=True,
            move="path",
            ease=spec.ease,
            start=start,
            seconds=spec.seconds,
            dx=0.0,
            dy=0.0,
            box=box,
            points=points,
        )

    def _item(
        self, spec: LayerSpec, drawing: Drawing, motions: tuple[Motion, ...], live: KenBurns | Counter | Bar | None = None
    ) -> Item:
        return Item(id=spec.id, drawing=drawing, opacity=spec.opacity, motions=motions, live=live, locked=spec.locked)

    def _panel(self, spec: LayerSpec, box: Box, motions: tuple[Motion, ...]) -> Iterator[Item]:
        if spec.fill is not None or spec.border is not None:
            yield self._item(spec, self._rectangle(spec, box), motions)

    def _rectangle(self, spec: LayerSpec, box: Box) -> Shape:
        return Shape(
            box=box,
            fill=self.ruler.fill(spec.fill),
            radius=self.ruler.radius(spec.radius),
            border=self.ruler.border(spec.border),
            shadow=self.ruler.shadow(spec.shadow),
        )

    def _shape(self, spec: ShapeLayer, box: Box) -> Shape:
        outline = {"ellipse": Outline.ELLIPSE, "polygon": Outline.POLYGON}.get(spec.shape, Outline.RECTANGLE)
        return Shape(
            box=box,
            outline=outline,
            fill=self.ruler.fill(spec.fill),
            radius=self.ruler.radius(spec.radius),
            border=self.ruler.border(spec.border),
            shadow=self.ruler.shadow(spec.shadow),
            points=tuple((box.left + x * box.width, box.top + y * box.height) for x, y in spec.points),
        )

    def _picture(self, node: Node, spec: ImageLayer, box: Box, motions: tuple[Motion, ...]) -> Iterator[Item]:
        yield from self._panel(spec, box, motions)
        path = self.shelf.find(node.text)
        if path is None:
            return
        picture = Picture(
            box=self.ruler.inside(spec.padding, box),
            path=path,
            digest=self.shelf.digest(path),
            fit=spec.fit or ("contain" if path.suffix == ".svg" and spec.kenburns is None else "cover"),
            focus=(spec.focus[0], spec.focus[1]),
            inks=tuple(sorted(self.ruler.roles.items())) if path.suffix == ".svg" else (),
            tint=self.ruler.colour(spec.tint) if spec.tint else None,
            scrim=self.ruler.fill(spec.scrim),
            blur=spec.blur * self.ruler.unit,
            radius=self.ruler.radius(spec.radius),
        )
        yield self._item(spec, picture, motions, self._kenburns(spec, path))

    def _icon(self, node: Node, spec: IconLayer, box: Box, motions: tuple[Motion, ...]) -> Iterator[Item]:
        yield from self._panel(spec, box, motions)
        path = self.shelf.find(node.text)
        if path is not None:
            icon = Picture(
                box=self.ruler.inside(spec.padding, box),
                path=path,
                digest=self.shelf.digest(path),
                fit="contain",
                focus=(0.5, 0.5),
                tint=self.ruler.colour(spec.colour),
            )
            yield self._item(spec, icon, motions)

    def _kenburns(self, spec: ImageLayer, path: Path) -> KenBurns | None:
        """Return how a picture comes nearer; one that lets the ground through stays as it is: a zoom has no alpha."""
        written = spec.kenburns
        if written is None or self.seconds is None or is_see_through(path):
            return None
        focus = written.focus or spec.focus
        return KenBurns(start=written.from_, end=written.to, focus=(focus[0], focus[1]))

    def _code(self, node: Node, spec: QrLayer, box: Box) -> Code:
        inner = self.ruler.inside(spec.padding, box)
        side = min(inner.width, inner.height)
        square = Box(
            left=inner.left + (inner.width - side) / 2, top=inner.top + (inner.height - side) / 2, width=side, height=side
        )
        colour, background = self.ruler.colour(spec.colour), self.ruler.colour(spec.background)
        return Code(box=square, content=node.text, colour=colour, background=background, quiet=spec.quiet)

    def _progress(self, node: Node, spec: ProgressLayer, box: Box, motions: tuple[Motion, ...]) -> Iterator[Item]:
        yield from self._panel(spec, box, motions)
        across = spec.direction == "horizontal"
        live = node.text == "" and self.seconds is not None
        share = 1.0 if live else (read_share(node.text) or 0.0)
        full = Box(left=box.left, top=box.top, width=box.width * share, height=box.height)
        if not across:
            full = Box(left=box.left, top=box.bottom - box.height * share, width=box.width, height=box.height * share)
        bar = Shape(box=full, fill=self.ruler.colour(spec.colour), radius=self.ruler.radius(spec.radius))
        if share > 0:
            yield self._item(spec, bar, motions, Bar(full=bar, horizontal=across) if live else None)

    # words

    def _block_box(self, spec: WordsStyle, inner: Box, block: Block) -> Box:
        spare = {"middle": 0.5, "bottom": 1.0}.get(spec.valign, 0.0) * (inner.height - block.height)
        side = {"center": 0.5, "right": 1.0}.get(spec.align, 0.0) * (inner.width - block.width)
        return Box(left=inner.left + side, top=inner.top + max(0.0, spare), width=block.width, height=block.height)

    def _hug(self, spec: WordsStyle, placed: Box) -> Box:
        top, right, bottom, left = self.ruler.sides(spec.padding)
        return Box(
            left=placed.left - left, top=placed.top - top, width=placed.width + left + right, height=placed.height + top + bottom
        )

    def _set(self, node: Node, spec: WordsStyle, placed: Box, block: Block, lines: tuple[Line, ...]) -> Words:
        runs = tuple(run for line in lines for run in self._runs(node, spec, placed, block, line))
        return Words(
            box=placed,
            runs=runs,
            font=self.ruler.brand.fonts[spec.font],
            size=block.size,
            tracking=spec.tracking * block.size / 1000,
            shadow=self.ruler.shadow(spec.shadow) if spec.fill is None else None,
        )

    def _runs(self, node: Node, spec: WordsStyle, placed: Box, block: Block, line: Line) -> Iterator[Run]:
        side = {"center": 0.5, "right": 1.0}.get(spec.align, 0.0) * (placed.width - line.width)
        x = placed.left + side
        font = self.ruler.brand.fonts[spec.font]
        for emphasised, text in _same_ink(line.pieces):
            colour = self.ruler.colour(spec.emphasis if emphasised and spec.emphasis else spec.colour)
            yield Run(text=text.rstrip(" "), x=round(x), y=round(placed.top) + round(line.baseline), colour=colour)
            x += advance(font, text) * block.size + len(text) * spec.tracking * block.size / 1000

    def _counter(self, node: Node, spec: WordsStyle, placed: Box, block: Block, at_rest: Words) -> Counter | None:
        if not isinstance(spec, NumberLayer) or spec.count is None or self.seconds is None or len(block.lines) != 1:
            return None
        figure = running(node.text, self.language)
        if figure is None:
            return None
        texts = [figure.at(value) for value in count_steps(spec.count.from_, figure.value, spec.count.seconds)]
        steps = tuple(self._step(node, spec, placed, block, text) for text in texts)
        return Counter(steps=(*steps, at_rest), delay=spec.count.delay + node.delay, seconds=spec.count.seconds)

    def _typed(self, spec: WordsStyle, lines: Words, delay: float) -> Counter | None:
        if not isinstance(spec, TextLayer) or spec.type_on is None or self.seconds is None:
            return None
        frames = max(1, math.ceil(spec.type_on.seconds * FRAMES_A_SECOND))
        shown = typing_steps([run.text for run in lines.runs], spec.type_on.by, frames)
        steps = tuple(replace(lines, runs=tuple(_typed_runs(lines.runs, letters))) for letters in shown)
        return Counter(steps=(*steps, lines), delay=spec.type_on.delay + delay, seconds=spec.type_on.seconds)

    def _step(self, node: Node, spec: NumberLayer, placed: Box, block: Block, text: str) -> Words:
        wide = advance(self.ruler.brand.fonts[spec.font], text) * block.size
        line = Line(pieces=(Piece(text),), width=wide, baseline=block.lines[0].baseline)
        return self._set(node, spec, placed, block, (line,))


def _typed_runs(runs: tuple[Run, ...], letters: int) -> Iterator[Run]:
    """Yield the first so many letters of the runs."""
    for run in runs:
        if letters <= 0:
            return
        yield run if len(run.text) <= letters else replace(run, text=run.text[:letters].rstrip())
        letters -= len(run.text)


def _same_ink(pieces: tuple[Piece, ...]) -> Iterator[tuple[bool, str]]:
    """Yield stretches of pieces of one emphasis, each but the last with the space that follows it."""
    text = ""
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        text += piece.text + ("" if last else " ")
        if last or pieces[index + 1].emphasised != piece.emphasised:
            yield piece.emphasised, text
            text = ""
