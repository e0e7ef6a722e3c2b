"""A font file at work: which letters it has, how wide words run, how far their ink reaches."""

from __future__ import annotations

import struct
import unicodedata
import warnings
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont, features

MEASURED_AT = 200  # px; advance widths are measured once at this size and scaled, so that fitting never calls FreeType
_BASES = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VIETNAMESE = "".join(
    sorted({unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in _TONES} | set("ăâđêôơưĂÂĐÊÔƠƯ"))
)


class Ink(NamedTuple):
    """Where the ink of a line lies, in px from the baseline's start; `top` is negative above the baseline."""

    left: float
    top: float
    right: float
    bottom: float


@lru_cache(maxsize=1)
def layout_engine() -> ImageFont.Layout:
    """Return Raqm where it works, else basic layout with one warning.

    Pillow loads FriBiDi from the system; without libfribidi0 it falls back silently, and basic layout misplaces loose marks.
    """
    if features.check("raqm") and features.check("fribidi"):
        return ImageFont.Layout.RAQM
    warnings.warn(
        "libfribidi0 is not installed: text uses basic layout, right for NFC Vietnamese only", RuntimeWarning, stacklevel=2
    )
    return ImageFont.Layout.BASIC


@lru_cache(maxsize=256)
def face(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """Return the opened font at a size in px."""
    return ImageFont.truetype(str(path), size, layout_engine=layout_engine())


@lru_cache(maxsize=65536)
def advance(path: Path, text: str) -> float:
    """Return the width of text in em."""
    return float(face(path, MEASURED_AT).getlength(text)) / MEASURED_AT


@lru_cache(maxsize=16384)
def ink(path: Path, size: int, text: str) -> Ink:
    """Return where the ink of a line lies at a size in px."""
    return Ink(*face(path, size).getbbox(text, anchor="ls"))


def missing_glyphs(path: Path, text: str) -> str:
    """Return the characters of text that the font cannot draw, each once."""
    known = coverage(path)
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in known and not letter.isspace()))


@lru_cache(maxsize=64)
def coverage(path: Path) -> frozenset[int]:
    """Return the code points that the font maps to a glyph, from its cmap table; raise ValueError when it is not a font."""
    data = path.read_bytes()
    try:
        table = _table(data, b"cmap")
        count = struct.unpack_from(">H", data, table + 2)[0]
        offsets = {struct.unpack_from(">HHI", data, table + 4 + 8 * index)[2] for index in range(count)}
        return frozenset().union(*(_mapped(data, table + offset) for offset in offsets))
    except (struct.error, IndexError) as error:
        raise ValueError("not a TrueType or OpenType font") from error


def _table(data: bytes, tag: bytes) -> int:
    count = struct.unpack_from(">H", data, 4)[0]
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError("the font has no cmap table")


def _mapped(data: bytes, start: int) -> set[int]:
    kind = struct.unpack_from(">H", data, start)[0]
    if kind == 4:
        return _segments(data, start)
    if kind == 12:
        groups = struct.unpack_from(">I", data, start + 12)[0]
        spans = (struct.unpack_from(">III", data, start + 16 + 12 * index) for index in range(groups))
        return {code for first, last, _ in spans for code in range(first, last + 1)}
    return set()


def _segments(data: bytes, start: int) -> set[int]:
    """Return the code points of a format 4 subtable (OpenType specification, cmap)."""
    count = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts = struct.unpack_from(f">{count}H", data, start + 16 + 2 * count)
    return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1) if code != 0xFFFF}
