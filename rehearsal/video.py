"""The duration and frame size of an mp4, read from its boxes."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A real clip; size in pixels and playing time, 0 where the boxes do not tell."""

    seconds: float = 0.0
    width: int = 0
    height: int = 0


def measure(data: bytes) -> Measured | None:
    """Read the boxes of a clip, or give None where the bytes do not start with an ftyp box."""
    if len(data) < 16 or data[4:8] != b"ftyp":
        return None
    movie = next((body for kind, body in _boxes(data) if kind == b"moov"), b"")
    width, height = max((_frame(body) for kind, body in _boxes(movie) if kind == b"trak"), default=(0, 0))
    seconds = next((_seconds(body) for kind, body in _boxes(movie) if kind == b"mvhd"), 0.0)
    return Measured(seconds=seconds, width=width, height=height)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if size == 1 and at + 16 <= len(data):
            size, head = struct.unpack(">Q", data[at + 8 : at + 16])[0], 16
        size = len(data) - at if size == 0 else size
        if size < head:
            return
        yield kind, data[at + head : at + size]
        at += size


def _seconds(header: bytes) -> float:
    long = header[:1] == b"\x01"
    start, form = (20, ">IQ") if long else (12, ">II")
    if len(header) < start + struct.calcsize(form):
        return 0.0
    scale, length = struct.unpack(form, header[start : start + struct.calcsize(form)])
    return float(length) / scale if scale else 0.0


def _frame(track: bytes) -> tuple[int, int]:
    header = next((body for kind, body in _boxes(track) if kind == b"tkhd"), b"")
    if len(header) < 84:
        return (0, 0)
    width, height = struct.unpack(">II", header[-8:])
    return (width >> 16, height >> 16)
