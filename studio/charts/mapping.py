"""A map: every place in its outline, some of them coloured and named, and the line that says what it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from studio.atlas import Atlas, Place
from studio.charts.graph import Datum, Graph, Mark, bar, mixed
from studio.colour import Colour
from studio.display import Box, Outline, Shape
from studio.fit import Block
from studio.lettering import Hand

_PALEST = 0.3  # of the way from the colour of all others to a place's own, for the smallest value
_STRONG = 0.6  # of that way: from here on, names in a place take the colour of letters on its ink
_GAP = 0.08  # of a tile
_ROUND = 0.16


@dataclass(frozen=True, kw_only=True)
class MapLook:
    """How a map looks; lengths in px. `named` tells which places are named: all, highlighted, none."""

    label: Hand
    on_ink: Hand
    foot: Hand
    foot_size: float
    colour: Colour
    highlight: Colour
    track: Colour
    plate: Colour
    named: str
    note: str
    unit: float


def draw_map(atlas: Atlas, rows: Mapping[str, Datum], box: Box, look: MapLook, size: float) -> Graph:
    """Return the map with its note; `rows` is what the data says of some places, by their names on the map."""
    note = look.foot.block(look.note, look.foot_size, box.width, 2)
    foot = note.height + 0.4 * look.foot_size
    sheet = _Sheet(atlas, Box(left=box.left, top=box.top, width=box.width, height=box.height - foot))
    most = max((row.amount for row in rows.values() if row.amount == row.amount), default=0.0)
    strengths = {name: _strength(row, most) for name, row in rows.items()}
    inks = {place.name: _ink(rows.get(place.name), strengths.get(place.name, 0.0), look) for place in atlas.places}
    marks = [Mark(drawing=shape) for place in atlas.places for shape in sheet.shapes(place, inks[place.name])]
    names = _Names(sheet, look, size)
    if look.named == "all":
        marks += names.inside(atlas.places, rows, strengths)
    elif look.named == "highlighted":
        marks += names.beside([place for place in atlas.places if place.name in rows], rows)
    under = Box(left=box.left, top=box.bottom - note.height, width=box.width, height=note.height)
    marks.append(Mark(drawing=look.foot.words(note, under, 0.5)))
    return Graph(marks=tuple(marks), fits=names.fits and note.fits and sheet.scale > 0)


def _strength(row: Datum, most: float) -> float:
    """Return how strongly a place is coloured, 0 to 1: wholly where it is highlighted or has no value."""
    if row.highlight or row.amount != row.amount:
        return 1.0
    return _PALEST + (1 - _PALEST) * max(0.0, row.amount) / (most or 1.0)


def _ink(row: Datum | None, strength: float, look: MapLook) -> Colour:
    """Return a place's colour, which stands out from all others on a dark ground and on a light one."""
    if row is None:
        return look.track
    own = look.highlight if row.highlight or row.amount != row.amount else look.colour
    return mixed(look.track, own, strength)


class _Sheet:
    """The map's outlines scaled into its box."""

    def __init__(self, atlas: Atlas, box: Box) -> None:
        points = [point for place in atlas.places for ring in place.rings for point in ring]
        self._left, self._top = min(x for x, _ in points), min(y for _, y in points)
        wide, tall = max(x for x, _ in points) - self._left, max(y for _, y in points) - self._top
        self.scale = max(0.0, min(box.width / (wide or 1.0), box.height / (tall or 1.0)))
        self._east = box.left + (box.width - wide * self.scale) / 2
        self._south = box.top + (box.height - tall * self.scale) / 2
        self._tiled = atlas.tiled
        self.box = box

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._east + (x - self._left) * self.scale, self._south + (y - self._top) * self.scale

    def around(self, place: Place) -> Box:
        """Return the box around a place, a tile's gap left out."""
        points = [self._at(x, y) for ring in place.rings for x, y in ring]
        left, top = min(x for x, _ in points), min(y for _, y in points)
        wide, tall = max(x for x, _ in points) - left, max(y for _, y in points) - top
        gap = self.scale * _GAP if self._tiled else 0.0
        return Box(left=left + gap / 2, top=top + gap / 2, width=wide - gap, height=tall - gap)

    def shapes(self, place: Place, colour: Colour) -> Iterator[Shape]:
        """Yield the outlines of a place."""
        if self._tiled:
            tile = self.around(place)
            yield bar(tile.left, tile.top, tile.width, tile.height, colour, self.scale * _ROUND)
            return
        for ring in place.rings:
            points = tuple(self._at(x, y) for x, y in ring)
            left, top = min(x for x, _ in points), min(y for _, y in points)
            wide, tall = max(x for x, _ in points) - left, max(y for _, y in points) - top
            around = Box(left=left, top=top, width=wide, height=tall)
            yield Shape(box=around, outline=Outline.POLYGON, fill=colour, points=points)


class _Names:
    """The names of places: inside them, or on plates beside them that cover neither one another nor a named place."""

    def __init__(self, sheet: _Sheet, look: MapLook, size: float) -> None:
        self._sheet, self._look, self._size = sheet, look, size
        self.fits = True

    def _block(self, place: Place, rows: Mapping[str, Datum], width: float) -> Block:
        row = rows.get(place.name)
        text = (row.label if row else _short(place.name)) + (f"\n{row.value}" if row and row.value else "")
        return self._look.label.block(text, self._size, width, 4 if width < 1e5 else 2)

    def inside(self, places: Sequence[Place], rows: Mapping[str, Datum], strengths: Mapping[str, float]) -> Iterator[Mark]:
        """Yield every name inside its place."""
        for place in places:
            around = self._sheet.around(place)
            block = self._block(place, rows, around.width * 0.94)
            self.fits = self.fits and block.fits and block.height <= around.height
            hand = self._look.on_ink if strengths.get(place.name, 0.0) >= _STRONG else self._look.label
            yield Mark(drawing=hand.centred(block, around, around.top + around.height / 2, 0.5))

    def beside(self, places: Sequence[Place], rows: Mapping[str, Datum]) -> Iterator[Mark]:
        """Yield names on plates."""
        taken = [self._sheet.around(place) for place in places]
        for index, place in enumerate(places):
            block = self._block(place, rows, 1e6)
            plate = self._free(block, self._sheet.around(place), taken)
            if plate is None:
                self.fits = False
                continue
            taken.append(plate)
            yield Mark(
                drawing=bar(plate.left, plate.top, plate.width, plate.height, self._look.plate, 0.3 * self._size), row=index
            )
            yield Mark(drawing=self._look.label.centred(block, plate, plate.top + plate.height / 2, 0.5), row=index)

    def _free(self, block: Block, around: Box, taken: Sequence[Box]) -> Box | None:
        wide, tall = block.width + 0.7 * self._size, block.height + 0.1 * self._size
        gap = 0.2 * self._size
        middle, centre = around.top + (around.height - tall) / 2, around.left + (around.width - wide) / 2
        spots = [
            (around.right + gap, middle),
            (around.left - gap - wide, middle),
            (centre, around.top - gap - tall),
            (centre, around.bottom + gap),
            *((x, y) for y in (around.top - tall, around.bottom) for x in (around.right + gap, around.left - gap - wide)),
        ]
        tried = (Box(left=left, top=top, width=wide, height=tall) for left, top in spots)
        return next((plate for plate in tried if _within(plate, self._sheet.box) and not _meets(plate, taken)), None)


def _short(name: str) -> str:
    return name.split(" ", 1)[1] if name.startswith(("Phường ", "Xã ")) else name


def _within(inner: Box, outer: Box) -> bool:
    return inner.left >= outer.left and inner.right <= outer.right and inner.top >= outer.top and inner.bottom <= outer.bottom


def _meets(box: Box, others: Iterable[Box]) -> bool:
    return any(_touch(box, other) for other in others)


def _touch(box: Box, other: Box) -> bool:
    across = box.left < other.right and other.left < box.right
    return across and box.top < other.bottom and other.top < box.bottom
