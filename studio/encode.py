"""Frames and sound into an MP4: the same input gives the same bytes, in any process, at any age of it."""

from __future__ import annotations

import io
import platform
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.codec.context import Flags
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.compose import Projector
from studio.film import Film
from studio.motion import FRAMES_A_SECOND
from studio.plane import Frame
from studio.sound import SAMPLES_A_SECOND, Samples, mix

_BT709 = 1  # AVCOL_SPC_BT709, AVCOL_PRI_BT709 and AVCOL_TRC_BT709 are all 1
_LIMITED = 1  # AVCOL_RANGE_MPEG
_PRESET, _CRF = "veryfast", "20"
_AAC_FRAME = 1024
_BITEXACT = {"fflags": "+bitexact"}

Tick = Callable[[], None]  # called after each frame; what it raises ends the encoding


def _nothing() -> None:
    pass


@lru_cache(maxsize=1)
def _encoder_options() -> dict[str, str]:
    """Return x264's options.

    Its AVX-512 path gives different bytes from run to run in a long-lived process (seen with x264 in PyAV 18.1); AVX2 does not.
    """
    options = {"preset": _PRESET, "crf": _CRF, "threads": "1"}
    if "avx2" in _processor_flags():
        options["x264-params"] = "asm=avx2"
    return options


def _processor_flags() -> frozenset[str]:
    described = Path("/proc/cpuinfo")
    if platform.machine() not in ("x86_64", "AMD64") or not described.is_file():
        return frozenset()
    line = next((line for line in described.read_text().splitlines() if line.startswith("flags")), "")
    return frozenset(line.split())


def encoder_identity() -> str:
    """Return what makes the encoder's bytes its own, for the cache key."""
    return f"{av.__version__} {sorted(_encoder_options().items())}"


def encode_segment(projector: Projector, frames: range, tick: Tick = _nothing) -> bytes:
    """Return a stretch of a film as a silent MP4 of its own."""
    film = projector.film
    target = io.BytesIO()
    with av.open(target, "w", format="mp4", options=_BITEXACT) as container:
        stream = _video_stream(container, film)
        picture = _Picture(film.width, film.height)
        for place, number in enumerate(frames):
            container.mux(stream.encode(picture.showing(projector.frame(number), place)))
            tick()
        container.mux(stream.encode(None))
    return target.getvalue()


def _video_stream(container: OutputContainer, film: Film) -> VideoStream:
    stream = container.add_stream("libx264", rate=FRAMES_A_SECOND, options=dict(_encoder_options()))
    context = stream.codec_context
    context.width, context.height, context.pix_fmt = film.width, film.height, "yuv420p"
    context.time_base = Fraction(1, FRAMES_A_SECOND)
    context.thread_count = 1
    context.flags |= Flags.bitexact
    context.color_range = _LIMITED
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    return stream


class _Picture:
    """One frame in the encoder's own layout, filled again and again: x264 has copied it before encode() returns."""

    def __init__(self, width: int, height: int) -> None:
        self._frame = VideoFrame(width, height, "yuv420p")
        self._planes = [
            np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
            for plane in self._frame.planes
        ]
        self._frame.time_base = Fraction(1, FRAMES_A_SECOND)
        # tagged before encoding: an untagged frame is taken for BT.601 and brand red comes out another red
        self._frame.colorspace = _BT709
        self._frame.color_range = _LIMITED
        self._frame.color_primaries = self._frame.color_trc = _BT709

    def showing(self, frame: Frame, place: int) -> VideoFrame:
        """Return the picture of a frame at its place in the stretch."""
        for plane, shown in zip(self._planes, (frame.y, frame.u, frame.v), strict=True):
            np.copyto(plane, shown)
        self._frame.pts = place
        return self._frame


def join(film: Film, parts: Sequence[bytes], path: Path) -> None:
    """Write the finished clip: the stretches' packets as they are, and the sound."""
    sound = mix(film.bed, film.seconds, film.voice) if film.is_heard else None
    with av.open(str(path), "w", format="mp4", options={**_BITEXACT, "movflags": "+faststart"}) as container:
        with av.open(io.BytesIO(parts[0]), "r") as first:
            video = container.add_stream_from_template(first.streams.video[0])
        packets = list(_joined(parts, video))
        packets += [] if sound is None else list(_audio_packets(container, sound))
        for packet in sorted(packets, key=_moment):
            container.mux(packet)


def _joined(parts: Sequence[bytes], video: VideoStream) -> Iterator[Packet[Any]]:
    start = Fraction(0)
    for part in parts:
        with av.open(io.BytesIO(part), "r") as source:
            yield from _shifted(source, start, video)
            start += _length(source)


def _shifted(source: InputContainer, start: Fraction, video: VideoStream) -> Iterator[Packet[Any]]:
    for packet in source.demux(video=0):
        if packet.dts is None or packet.pts is None:
            continue
        shift = int(start / packet.time_base)
        packet.pts += shift
        packet.dts += shift
        packet.stream = video
        yield packet


def _length(source: InputContainer) -> Fraction:
    return Fraction(source.streams.video[0].frames, FRAMES_A_SECOND)


def _audio_packets(container: OutputContainer, sound: Samples) -> Iterator[Packet[Any]]:
    stream = container.add_stream("aac", rate=SAMPLES_A_SECOND)
    stream.bit_rate = 128_000
    stream.codec_context.layout = "stereo"
    stream.codec_context.flags |= Flags.bitexact
    for start in range(0, sound.shape[1], _AAC_FRAME):
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(sound[:, start : start + _AAC_FRAME]), format="fltp", layout="stereo"
        )
        frame.sample_rate, frame.pts, frame.time_base = SAMPLES_A_SECOND, start, Fraction(1, SAMPLES_A_SECOND)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _moment(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * packet.time_base
