"""Drawings painted once, each as a sprite with its place on the canvas."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from studio.allowance import memory_bytes
from studio.code import modules_of, qr_of
from studio.colour import Colour, Fill
from studio.display import Border, Code, Drawing, Outline, Picture, Shadow, Shape, Stroke, Words
from studio.font import face, ink
from studio.mask import ellipse, filled, polygon, rounded, stroke
from studio.picture import aspect_of, blurred, crop_box, cut_photo, drawn, whole_photo

_MOST_BYTES = 128 * 1024 * 1024  # of painted sprites kept in memory, or a quarter of what a worker may use where that is less
_LARGE = 50_000  # px
_BLUR_REACH = 3.0  # sigmas after which a shadow is gone


@dataclass(frozen=True)
class Sprite:
    """A picture and the canvas px of its left top corner: RGBA (not premultiplied), or RGB where nothing shines through."""

    left: int
    top: int
    image: Image.Image

    def mask(self, opacity: float = 1.0) -> Image.Image | None:
        """Return how much of the ground each px hides, at an opacity; None where all of it."""
        if self.image.mode == "RGB":
            return None if opacity >= 1.0 else Image.new("L", self.image.size, round(255 * opacity))
        alpha = self.image.getchannel("A")
        return alpha if opacity >= 1.0 else alpha.point([round(value * opacity) for value in range(256)])

    def see_through(self, opacity: float = 1.0) -> Image.Image:
        """Return the picture as RGBA at an opacity."""
        image = self.image.convert("RGBA") if self.image.mode == "RGB" else self.image.copy()
        if opacity < 1.0:
            image.putalpha(image.getchannel("A").point([round(value * opacity) for value in range(256)]))
        return image


class Easel:
    """Keep painted sprites while there is room, oldest out first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Drawing, Sprite] = OrderedDict()
        self._bytes = 0
        self._most = min(_MOST_BYTES, memory_bytes() // 4)
        self._lock = threading.Lock()
        self._under_way: dict[Drawing, threading.Lock] = {}

    def paint(self, drawing: Drawing) -> Sprite:
        """Return the sprite of a drawing; the same drawing is painted once, also where threads ask for it together."""
        with self._lock:
            known = self._known(drawing)
            if known is not None:
                return known
            turn = self._under_way.setdefault(drawing, threading.Lock())
        with turn:
            return self._painted(drawing)

    def _known(self, drawing: Drawing) -> Sprite | None:
        known = self._kept.get(drawing)
        if known is not None:
            self._kept.move_to_end(drawing)
        return known

    def _painted(self, drawing: Drawing) -> Sprite:
        with self._lock:
            known = self._known(drawing)
        if known is not None:
            return known
        sprite = paint(drawing)
        with self._lock:
            self._kept[drawing] = sprite
            self._bytes += _weight(sprite)
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= _weight(self._kept.popitem(last=False)[1])
            self._under_way.pop(drawing, None)
        return sprite


def _weight(sprite: Sprite) -> int:
    return sprite.image.width * sprite.image.height * 4


def paint(drawing: Drawing) -> Sprite:
    """Return a drawing as a sprite."""
    match drawing:
        case Shape():
            return _solid(_shape(drawing))
        case Picture():
            return _solid(_picture(drawing))
        case Words():
            return _words(drawing)
        case Code():
            return _code(drawing)
        case Stroke():
            return _stroke(drawing)


def _solid(sprite: Sprite) -> Sprite:
    """Return a large sprite as RGB where nothing shines through it: it is laid as fast as it can be copied."""
    image = sprite.image
    if image.mode == "RGB" or image.width * image.height < _LARGE or image.getchannel("A").getextrema()[0] != 255:
        return sprite
    return Sprite(sprite.left, sprite.top, image.convert("RGB"))


def _shape(shape: Shape) -> Sprite:
    left, top, right, bottom = shape.box.whole()
    mask = _outline(shape, right - left, bottom - top, 0.0)
    image = _masked(shape.fill, mask) if shape.border is None else _bordered(shape, shape.border, mask)
    return _with_shadow(Sprite(left, top, image), mask, shape.shadow)


def _bordered(shape: Shape, border: Border, mask: Image.Image) -> Image.Image:
    """Return a shape with its border; both are cut out together, or the fill would shine through at the border's outer edge."""
    size = mask.size
    image = Image.new("RGBA", size, (0, 0, 0, 0)) if shape.fill is None else filled(shape.fill, *size)
    image.alpha_composite(_masked(border.colour, _rim(shape, mask, border.width)))
    image.putalpha(ImageChops.multiply(image.getchannel("A"), mask))
    return image


def _outline(shape: Shape, width: int, height: int, inset: float) -> Image.Image:
    if shape.outline is Outline.ELLIPSE:
        return ellipse(width, height)
    if shape.outline is Outline.POLYGON:
        left, top, _, _ = shape.box.whole()
        return polygon(width, height, tuple((x - left, y - top) for x, y in shape.points))
    return rounded(width, height, max(0.0, shape.radius - inset))


def _rim(shape: Shape, mask: Image.Image, wide: float) -> Image.Image:
    """Return where a border lies: all but the inside, not yet cut out along the outline."""
    thick = max(1, round(wide))
    inner_width, inner_height = mask.width - 2 * thick, mask.height - 2 * thick
    if inner_width < 1 or inner_height < 1:
        return Image.new("L", mask.size, 255)
    if shape.outline is Outline.POLYGON:
        left, top, _, _ = shape.box.whole()
        corners = tuple((x - left, y - top) for x, y in (*shape.points, shape.points[0]))
        return stroke(mask.width, mask.height, corners, 2 * thick)
    reach = min(shape.radius, mask.width / 2, mask.height / 2)
    inside = (
        ellipse(inner_width, inner_height)
        if shape.outline is Outline.ELLIPSE
        else rounded(inner_width, inner_height, max(0.0, reach - thick))
    )
    hole = Image.new("L", mask.size, 0)
    hole.paste(inside, (thick, thick))
    return ImageChops.invert(hole)


def _masked(fill: Fill | None, mask: Image.Image) -> Image.Image:
    if fill is None:
        return Image.new("RGBA", mask.size, (0, 0, 0, 0))
    image = filled(fill, mask.width, mask.height)
    image.putalpha(ImageChops.multiply(image.getchannel("A"), mask))
    return image


def _with_shadow(sprite: Sprite, mask: Image.Image, shadow: Shadow | None) -> Sprite:
    if shadow is None:
        return sprite
    sigma = shadow.blur / 2
    reach = math.ceil(sigma * _BLUR_REACH)
    dx, dy = round(shadow.x), round(shadow.y)
    west, north = max(0, reach - dx), max(0, reach - dy)
    size = (mask.width + west + max(0, reach + dx), mask.height + north + max(0, reach + dy))
    soft = Image.new("L", size, 0)
    soft.paste(mask, (west + dx, north + dy))
    image = _masked(shadow.colour, blurred(soft, sigma))
    image.alpha_composite(sprite.image, (west, north))
    return Sprite(sprite.left - west, sprite.top - north, image)


def _picture(picture: Picture) -> Sprite:
    left, top, right, bottom = picture.box.whole()
    width, height = right - left, bottom - top
    image = _drawing(picture, width, height) if picture.path.suffix.lower() == ".svg" else _photo(picture, width, height)
    image = blurred(image, picture.blur)
    if picture.tint is not None:
        image = _masked(picture.tint, _alpha(image))
    if picture.scrim is not None:
        image = _veiled(image, filled(picture.scrim, width, height))
    if picture.radius > 0:
        image.putalpha(ImageChops.multiply(_alpha(image), rounded(width, height, picture.radius)))
    return Sprite(left, top, image)


def _alpha(image: Image.Image) -> Image.Image:
    return image.getchannel("A") if image.mode == "RGBA" else Image.new("L", image.size, 255)


def _veiled(image: Image.Image, veil: Image.Image) -> Image.Image:
    """Return a picture under a veil that lies only on the picture itself."""
    if image.mode == "RGB":
        image.paste(veil, (0, 0), veil)
        return image
    veil.putalpha(ImageChops.multiply(veil.getchannel("A"), image.getchannel("A")))
    image.alpha_composite(veil)
    return image


def _photo(picture: Picture, width: int, height: int) -> Image.Image:
    if picture.fit == "cover":
        return cut_photo(picture.path, width, height, picture.focus)
    if picture.fit == "stretch":
        return whole_photo(picture.path, width, height)
    wide, tall = _contained(width, height, aspect_of(picture.path))
    return _centred(whole_photo(picture.path, wide, tall).convert("RGBA"), width, height)


def _drawing(picture: Picture, width: int, height: int) -> Image.Image:
    inks = dict(picture.inks)
    aspect = aspect_of(picture.path)
    if picture.fit == "contain":
        return _centred(drawn(picture.path, inks, _contained(width, height, aspect)[0]), width, height)
    if picture.fit == "stretch":
        return drawn(picture.path, inks, width).resize((width, height), Image.Resampling.LANCZOS)
    large = drawn(picture.path, inks, max(width, math.ceil(height * aspect)))
    box = crop_box(large.width, large.height, width / height, picture.focus)
    return large.resize((width, height), Image.Resampling.LANCZOS, box=box)


def _contained(width: int, height: int, aspect: float) -> tuple[int, int]:
    wide = min(width, height * aspect)
    return max(1, round(wide)), max(1, round(wide / aspect))


def _centred(image: Image.Image, width: int, height: int) -> Image.Image:
    canvas = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    canvas.paste(image, ((width - image.width) // 2, (height - image.height) // 2))
    return canvas


def _words(words: Words) -> Sprite:
    reach = _ink_box(words)
    size = (reach[2] - reach[0], reach[3] - reach[1])
    layers = [(colour, _letters(words, colour, reach, size)) for colour in dict.fromkeys(run.colour for run in words.runs)]
    if len(layers) == 1:  # nearly always; a figure that counts is written afresh at each step
        colour, mask = layers[0]
        return _with_shadow(Sprite(reach[0], reach[1], _masked(colour, mask)), mask, words.shadow)
    image, mask = Image.new("RGBA", size, (0, 0, 0, 0)), Image.new("L", size, 0)
    for colour, layer in layers:
        image.alpha_composite(_masked(colour, layer))
        mask = ImageChops.lighter(mask, layer)
    return _with_shadow(Sprite(reach[0], reach[1], image), mask, words.shadow)


def _letters(words: Words, colour: Colour, reach: tuple[int, int, int, int], size: tuple[int, int]) -> Image.Image:
    """Return the ink of one colour within the reach of all."""
    layer = Image.new("L", size, 0)
    pen = ImageDraw.Draw(layer)
    for run in words.runs:
        if run.colour == colour:
            _write(pen, words, run.text, run.x - reach[0], run.y - reach[1])
    return layer


def _write(pen: ImageDraw.ImageDraw, words: Words, text: str, x: float, y: float) -> None:
    font = face(words.font, words.size)
    if not words.tracking:
        pen.text((x, y), text, fill=255, font=font, anchor="ls")
        return
    for place, letter in enumerate(text):
        # Where the letter stands in the whole word: letter by letter, kerning is lost and the word outgrows its measured box.
        along = font.getlength(text[: place + 1]) - font.getlength(letter) + place * words.tracking
        pen.text((x + along, y), letter, fill=255, font=font, anchor="ls")


def _ink_box(words: Words) -> tuple[int, int, int, int]:
    """Return the canvas px that the ink of all runs can touch; never less than the ink, whatever the font's ascender says."""
    lefts, tops, rights, bottoms = [], [], [], []
    for run in words.runs:
        reach = ink(words.font, words.size, run.text)
        lefts.append(run.x + reach.left)
        tops.append(run.y + reach.top)
        rights.append(run.x + reach.right + words.tracking * len(run.text))
        bottoms.append(run.y + reach.bottom)
    if not lefts:
        left, top, right, bottom = words.box.whole()
        return left, top, right, bottom
    return math.floor(min(lefts)) - 1, math.floor(min(tops)) - 1, math.ceil(max(rights)) + 2, math.ceil(max(bottoms)) + 1


def _code(code: Code) -> Sprite:
    left, top, right, bottom = code.box.whole()
    side = min(right - left, bottom - top)
    made = qr_of(code.content)
    if made is None or side < 1:
        return Sprite(left, top, Image.new("RGBA", (max(1, side), max(1, side)), tuple(code.background)))
    modules = modules_of(made, code.quiet)
    scale = max(1, side // modules)  # whole px a module: a scaled QR code blurs and may not scan
    offset = (side - modules * scale) // 2
    image = Image.new("RGBA", (side, side), tuple(code.background))
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(made.matrix):
        for column, dark in enumerate(line):
            if dark:
                x, y = offset + (column + code.quiet) * scale, offset + (row + code.quiet) * scale
                pen.rectangle((x, y, x + scale - 1, y + scale - 1), fill=tuple(code.colour))
    return Sprite(left, top, image)


def _stroke(line: Stroke) -> Sprite:
    reach = line.width / 2 + 1
    left, top = math.floor(min(x for x, _ in line.points) - reach), math.floor(min(y for _, y in line.points) - reach)
    right, bottom = math.ceil(max(x for x, _ in line.points) + reach), math.ceil(max(y for _, y in line.points) + reach)
    points = tuple((x - left, y - top) for x, y in line.points)
    return Sprite(left, top, _masked(line.colour, stroke(right - left, bottom - top, points, line.width)))
