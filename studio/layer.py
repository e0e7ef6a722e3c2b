"""What a designer may write of each kind of layer; docs/templates.md is the reference."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from reading.document import Record

Length = float | str  # units, "50%" of the parent, or a name from the brand's spaces
Padding = Length | list[Length]
Fraction = Annotated[float, Field(ge=0, le=1)]
Point = Annotated[list[float], Field(min_length=2, max_length=2)]
Focus = Annotated[list[Fraction], Field(min_length=2, max_length=2)]
Stop = tuple[Fraction, str]


Blur = Annotated[float, Field(ge=0, le=400)]
Units = Annotated[float, Field(ge=-6000, le=6000)]  # the widest canvas, a board over a road, has 5,400


class GradientSpec(Record):
    """A change of colour: along `angle`, or outward from `radial`."""

    angle: float = 180.0
    radial: Point | None = None
    reach: Annotated[float, Field(gt=0, le=100)] = 0.7
    stops: Annotated[list[Stop], Field(min_length=2)]


FillSpec = str | GradientSpec


class BoxSpec(Record):
    """Where a layer lies in its parent."""

    left: Length | None = None
    top: Length | None = None
    right: Length | None = None
    bottom: Length | None = None
    width: Length | None = None
    height: Length | None = None


class BorderSpec(Record):
    """A line around a box."""

    colour: str
    width: Annotated[float, Field(ge=0, le=1000)] = 2.0


class ShadowSpec(Record):
    """A soft shadow behind a box or letters."""

    colour: str = "#000000/25%"
    blur: Blur = 24.0
    x: Units = 0.0
    y: Units = 8.0


class MotionSpec(Record):
    """How a layer comes or goes."""

    move: Literal["fade", "rise", "slide", "pop", "wipe", "none"] = "fade"
    delay: Annotated[float, Field(ge=0)] = 0.0
    seconds: Annotated[float, Field(gt=0)] = 0.6
    ease: Literal["out", "in", "in_out", "linear", "back"] = "out"
    from_: Literal["left", "right", "top", "bottom"] = Field(default="left", alias="from")
    distance: Units | None = None
    before: Annotated[float, Field(ge=0)] = 0.0


class KenBurnsSpec(Record):
    """A slow zoom into a picture over its scene."""

    from_: Annotated[float, Field(ge=1, le=2)] = Field(default=1.0, alias="from")
    to: Annotated[float, Field(ge=1, le=2)] = 1.1
    focus: Focus | None = None


class CountSpec(Record):
    """A figure that runs up to its value."""

    from_: float = Field(default=0.0, alias="from")
    delay: Annotated[float, Field(ge=0)] = 0.3
    seconds: Annotated[float, Field(gt=0)] = 1.2


class PathSpec(Record):
    """A way along points, each an offset from where the layer stands; it ends there."""

    points: Annotated[list[Point], Field(min_length=2, max_length=24)]
    delay: Annotated[float, Field(ge=0)] = 0.0
    seconds: Annotated[float, Field(gt=0)] = 2.0
    ease: Literal["out", "in", "in_out", "linear", "back"] = "in_out"


class TypeOnSpec(Record):
    """Text that appears bit by bit."""

    by: Literal["word", "letter"] = "word"
    delay: Annotated[float, Field(ge=0)] = 0.3
    seconds: Annotated[float, Field(gt=0, le=30)] = 1.5


def _spelt_out_box(value: object) -> object:
    if isinstance(value, list) and len(value) == 4:
        return dict(zip(("left", "top", "width", "height"), value, strict=True))
    return value


def _spelt_out_motion(value: object) -> object:
    return {"move": value} if isinstance(value, str) else value


Motion = Annotated[MotionSpec, BeforeValidator(_spelt_out_motion)]


class LayerSpec(Record):
    """The keys of every layer."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    box: Annotated[BoxSpec, BeforeValidator(_spelt_out_box)] | None = None
    within: Literal["canvas", "safe"] = "canvas"
    width: Length | None = None
    height: Length | None = None
    grow: Annotated[float, Field(ge=0)] = 0.0
    ratio: Annotated[float, Field(gt=0)] | None = None
    visible_if: str | None = None
    opacity: Fraction = 1.0
    padding: Padding = 0.0
    fill: FillSpec | None = None
    radius: Length = 0.0
    border: BorderSpec | None = None
    shadow: ShadowSpec | None = None
    enter: Motion | None = None
    exit: Motion | None = None
    path: PathSpec | None = None
    locked: bool = False
    hide_in: list[str] = Field(default_factory=list)


class FillLayer(LayerSpec):
    """Paint the whole box."""

    type: Literal["fill"]
    fill: FillSpec


class SpaceLayer(LayerSpec):
    """Keep room empty in a stack."""

    type: Literal["space"]


class ShapeLayer(LayerSpec):
    """Draw a plain shape."""

    type: Literal["shape"]
    shape: Literal["rect", "ellipse", "line", "polygon"] = "rect"
    points: list[Point] = Field(default_factory=list)


class ImageLayer(LayerSpec):
    """Show a photo or a drawing."""

    type: Literal["image"]
    source: str
    fit: Literal["cover", "contain", "stretch"] | None = None
    focus: Focus = Field(default_factory=lambda: [0.5, 0.5])
    tint: str | None = None
    scrim: FillSpec | None = None
    blur: Blur = 0.0
    kenburns: KenBurnsSpec | None = None


class IconLayer(LayerSpec):
    """Draw an icon of assets/icons in one colour."""

    type: Literal["icon"]
    icon: str
    colour: str = "primary"


class WordsStyle(LayerSpec):
    """The keys of everything that is set in type."""

    font: str = "body"
    size: float | str = "body"
    min_size: float | str | None = None
    max_lines: Annotated[int, Field(ge=1, le=60)] = 8
    colour: str = "text"
    align: Literal["left", "center", "right"] = "left"
    valign: Literal["top", "middle", "bottom"] = "top"
    leading: Annotated[float, Field(ge=0.8, le=3)] = 1.25
    tracking: Annotated[float, Field(ge=-200, le=2000)] = 0.0
    case: Literal["none", "upper"] = "none"
    balance: bool = True
    overflow: Literal["shrink", "ellipsis", "error"] = "shrink"
    emphasis: str | None = None


class TextLayer(WordsStyle):
    """Set text."""

    type: Literal["text"]
    text: str
    type_on: TypeOnSpec | None = None


class NumberLayer(WordsStyle):
    """Set a figure large; in a clip it may count."""

    type: Literal["number"]
    value: str
    count: CountSpec | None = None
    max_lines: Annotated[int, Field(ge=1, le=60)] = 1
    balance: bool = False


class SubtitleLayer(WordsStyle):
    """Show what a clip says now."""

    type: Literal["subtitle"]
    align: Literal["left", "center", "right"] = "center"
    valign: Literal["top", "middle", "bottom"] = "bottom"
    max_lines: Annotated[int, Field(ge=1, le=60)] = 2


class StackLayer(LayerSpec):
    """Put children one after another."""

    type: Literal["stack"]
    direction: Literal["vertical", "horizontal"] = "vertical"
    gap: Length = 0.0
    align: Literal["start", "center", "end", "stretch"] = "stretch"
    justify: Literal["start", "center", "end", "between"] = "start"
    children: list[dict[str, object]]


class GroupLayer(LayerSpec):
    """Lay children over one another."""

    type: Literal["group"]
    children: list[dict[str, object]]


class ListLayer(LayerSpec):
    """Repeat one layer for each row of a list field."""

    type: Literal["list"]
    items: str
    direction: Literal["vertical", "horizontal", "grid"] = "vertical"
    columns: Annotated[int, Field(ge=1, le=12)] = 2
    gap: Length = 0.0
    row_gap: Length | None = None
    limit: Annotated[int, Field(ge=1)] | None = None
    equal: bool = True
    grow_rows: bool = False
    stagger: Annotated[float, Field(ge=0)] = 0.0
    layer: dict[str, object]


class QrLayer(LayerSpec):
    """Draw a QR code."""

    type: Literal["qr"]
    content: str
    colour: str = "#000000"
    background: str = "#ffffff"
    quiet: Annotated[int, Field(ge=0, le=8)] = 2


class RevealSpec(Record):
    """How a chart builds up in a clip, row by row."""

    delay: Annotated[float, Field(ge=0)] = 0.3
    seconds: Annotated[float, Field(gt=0)] = 0.8
    stagger: Annotated[float, Field(ge=0)] = 0.12


class ChartLayer(LayerSpec):
    """Draw the rows of a list as a chart, each with its value in figures."""

    type: Literal["chart"]
    chart: Literal["bar", "line", "donut", "progress", "timeline"]
    items: str
    direction: Literal["horizontal", "vertical"] | None = None
    unit: str = ""
    whole: Annotated[float, Field(gt=0)] = 100.0
    start: Literal["zero", "auto"] = "zero"
    centre: str = ""
    font: str = "body"
    value_font: str = "strong"
    size: float | str = "body"
    min_size: float | str | None = None
    value_size: float | str | None = None
    colour: str = "primary"
    highlight: str = "accent"
    text_colour: str = "text"
    value_colour: str = "text"
    track: str = "line"
    gap: Length = 20.0
    limit: Annotated[int, Field(ge=1, le=24)] = 12
    reveal: RevealSpec | None = None


class MapLayer(LayerSpec):
    """Draw a map of assets/maps, the places that a list names in colour."""

    type: Literal["map"]
    map: str
    items: str | None = None
    unit: str = ""
    named: Literal["highlighted", "all", "none"] = "highlighted"
    colour: str = "primary"
    highlight: str = "primary"
    highlight_text: str = "on_primary"
    track: str = "line"
    plate: str = "surface"
    font: str = "strong"
    size: float | str = "small"
    min_size: float | str | None = None
    text_colour: str = "text"
    foot_size: float | str = 24.0
    foot_colour: str = "muted"


class ProgressLayer(LayerSpec):
    """Draw a bar filled to a share of its length."""

    type: Literal["progress"]
    value: str | None = None
    colour: str = "primary"
    direction: Literal["horizontal", "vertical"] = "horizontal"


KINDS: dict[str, type[LayerSpec]] = {
    "fill": FillLayer,
    "space": SpaceLayer,
    "shape": ShapeLayer,
    "image": ImageLayer,
    "icon": IconLayer,
    "text": TextLayer,
    "number": NumberLayer,
    "subtitle": SubtitleLayer,
    "stack": StackLayer,
    "group": GroupLayer,
    "list": ListLayer,
    "qr": QrLayer,
    "progress": ProgressLayer,
    "chart": ChartLayer,
    "map": MapLayer,
}
