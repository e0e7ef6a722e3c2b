"""A display list folded into one picture, and that picture into a file's bytes."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from isal import isal_zlib
from PIL import Image

from studio.display import Bar, DisplayList, Item, KenBurns, Picture, Reel
from studio.film import Film
from studio.motion import FRAMES_A_SECOND
from studio.paint import Easel, Sprite
from studio.plane import picture_of
from studio.reel import picture_at
from studio.zoom import Zoom, zoom_of

JPEG_QUALITY = 90


def fold(display: DisplayList, easel: Easel) -> Image.Image:
    """Return the display list at rest as an RGB picture; what nothing covers is white."""
    canvas = Image.new("RGB", (display.width, display.height), "white")
    for item in display.items:
        lay(canvas, easel.paint(item.drawing), item.opacity)
    return canvas


def fold_film(film: Film, easel: Easel, number: int | None = None) -> Image.Image:
    """Return a frame at rest, the one that stands for the clip if none is named, painted like a still: sharper than decoded."""
    number = film.poster if number is None else number
    shot = next(shot for shot in reversed(film.shots) if shot.start <= number)
    canvas = Image.new("RGB", (film.width, film.height), "white")
    for item in shot.display.items:
        _lay_item(canvas, item, easel, (number - shot.start) / FRAMES_A_SECOND, shot.frames / FRAMES_A_SECOND)
    for overlay in film.overlays:
        if overlay.start <= number < overlay.end and not any(start <= number < end for start, end in overlay.hidden):
            _lay_overlay(canvas, overlay.item, easel, (number + 1) / film.frames)
    return canvas


def _lay_item(canvas: Image.Image, item: Item, easel: Easel, moment: float, seconds: float) -> None:
    if isinstance(item.live, KenBurns) and isinstance(item.drawing, Picture):
        _lay_zoomed(canvas, zoom_of(item, item.live, seconds), moment)
    elif isinstance(item.live, Reel):
        picture = picture_at(item.live, round(moment * FRAMES_A_SECOND))
        lay(canvas, Sprite(item.live.left, item.live.top, picture), item.opacity)
    else:
        lay(canvas, easel.paint(item.drawing), item.opacity)


def _lay_zoomed(canvas: Image.Image, zoom: Zoom, moment: float) -> None:
    mask = None if zoom.mask is None else Image.fromarray(zoom.mask)
    canvas.paste(picture_of(zoom.seen(moment)), (zoom.left, zoom.top), mask)


def _lay_overlay(canvas: Image.Image, item: Item, easel: Easel, share: float) -> None:
    sprite = easel.paint(item.drawing)
    if isinstance(item.live, Bar):
        wide = max(1, round(sprite.image.width * share)) if item.live.horizontal else sprite.image.width
        tall = sprite.image.height if item.live.horizontal else max(1, round(sprite.image.height * share))
        start = sprite.image.height - tall
        sprite = Sprite(sprite.left, sprite.top + start, sprite.image.crop((0, start, wide, sprite.image.height)))
    lay(canvas, sprite, item.opacity)


def lay(canvas: Image.Image, sprite: Sprite, opacity: float = 1.0) -> None:
    """Lay a sprite over an RGB canvas."""
    canvas.paste(sprite.image, (sprite.left, sprite.top), sprite.mask(opacity))


def jpeg(image: Image.Image, dpi: int | None = None) -> bytes:
    """Return the picture as JPEG; colours at full resolution, for red letters stay sharp. With `dpi` it prints at its size."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=JPEG_QUALITY, subsampling=0, dpi=(dpi or 0, dpi or 0))
    return stream.getvalue()


def png(image: Image.Image, dpi: int | None = None) -> bytes:
    """Return the picture as PNG: the Up filter by numpy and ISA-L deflate, a thirtieth of the time of Pillow's default."""
    pixels = np.asarray(image.convert("RGB")).reshape(image.height, -1)
    rows = np.empty((image.height, pixels.shape[1] + 1), dtype=np.uint8)
    rows[:, 0] = 2
    rows[0, 1:] = pixels[0]
    np.subtract(pixels[1:], pixels[:-1], out=rows[1:, 1:])
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 0)
    body = isal_zlib.compress(rows.tobytes(), 1)
    print_size = _chunk(b"pHYs", struct.pack(">IIB", *[round((dpi or 0) / 0.0254)] * 2, 1)) if dpi else b""  # dots a metre
    parts = (_chunk(b"IHDR", header), _chunk(b"sRGB", b"\0"), print_size, _chunk(b"IDAT", body), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
