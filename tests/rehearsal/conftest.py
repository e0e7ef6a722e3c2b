"""A town with a clock that the test turns by hand, and small real pictures and clips."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from rehearsal.town import Town


@dataclass
class HandClock:
    """A clock that moves when it is told to."""

    now: datetime = datetime(2026, 10, 10, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def town(clock: HandClock, tmp_path: Path) -> Iterator[Town]:
    with Town(clock=clock, folder=tmp_path / "town") as town:
        yield town


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=10, trust_env=False) as client:
        yield client


def png(width: int = 8, height: int = 6, shade: int = 120) -> bytes:
    """Make a real grey PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress((b"\x00" + bytes([shade]) * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def mp4(size: int = 4096, seconds: int = 12, width: int = 1080, height: int = 1920) -> bytes:
    """Make the boxes of an mp4: enough for a platform that reads headers."""

    def box(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(body), kind) + body

    mvhd = box(b"mvhd", b"\x00" * 12 + struct.pack(">II", 1000, seconds * 1000) + b"\x00" * 80)
    tkhd = box(b"tkhd", b"\x00" * 76 + struct.pack(">II", width << 16, height << 16))
    head = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + box(b"moov", mvhd + box(b"trak", tkhd))
    return head + box(b"mdat", b"\x07" * (size - len(head) - 8))


def webp(width: int = 800, height: int = 600) -> bytes:
    """Make the headers of a lossless WebP picture."""
    body = b"WEBPVP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", (width - 1) | ((height - 1) << 14)) + b"\x00" * 13
    return b"RIFF" + struct.pack("<I", len(body)) + body
