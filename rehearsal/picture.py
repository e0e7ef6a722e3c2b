"""The dimensions of a JPEG, PNG or GIF, read from its own headers."""

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
    return None


def _png(data: bytes) -> Measured | None:
    if len(data) < 45 or data[12:16] != b"IHDR" or b"IDAT" not in data or b"IEND" not in data[-16:]:
        return None
    if zlib.crc32(data[12:29]) != struct.unpack(">I", data[29:33])[0]:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return Measured(content_type="image/png", extension="png", width=width, height=height) if width and height else None


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
