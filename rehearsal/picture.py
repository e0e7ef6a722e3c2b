"""The dimensions of a JPEG, PNG, GIF or WebP, read from its own headers."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

_START_OF_FRAME = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A real picture: its type and its size in pixels."""

    content_type: str
    extension: str
    width: int
    height: int


def measure(data: bytes) -> Measured | None:
    """Read the size of a picture, or give None where the bytes are not a whole one."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) > 13:
        width, height = struct.unpack("<HH", data[6:10])
        return Measured(content_type="image/gif", extension="gif", width=width, height=height)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return None


def _png(data: bytes) -> Measured | None:
    if len(data) < 45 or data[12:16] != b"IHDR" or b"IDAT" not in data or b"IEND" not in data[-16:]:
        return None
    if zlib.crc32(data[12:29]) != struct.unpack(">I", data[29:33])[0]:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return Measured(content_type="image/png", extension="png", width=width, height=height) if width and height else None


def _webp(data: bytes) -> Measured | None:
    """Read the first chunk: lossy, lossless or extended, each with its own way to write a size."""
    if len(data) < 30 or struct.unpack("<I", data[4:8])[0] + 8 > len(data):
        return None
    kind = data[12:16]
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", data[26:30]))
    elif kind == b"VP8L" and data[20] == 0x2F:
        bits = struct.unpack("<I", data[21:25])[0]
        width, height = (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    elif kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    else:
        return None
    return Measured(content_type="image/webp", extension="webp", width=width, height=height) if width and height else None


def _jpeg(data: bytes) -> Measured | None:
    if b"\xff\xd9" not in data[-64:]:
        return None
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return Measured(content_type="image/jpeg", extension="jpg", width=width, height=height) if width and height else None
        at += _step(data, at, marker)
    return None


def _step(data: bytes, at: int, marker: int) -> int:
    if marker == 0xFF:
        return 1
    if marker in _WITHOUT_LENGTH:
        return 2
    return 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
